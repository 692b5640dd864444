import type { CivilDate } from '../../kernel/index.js';

/** A class that an elder belongs to, from its first to its last day, both included. */
export interface CategoryRecord {
  readonly code: string;
  readonly grade: string | null;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly source: string;
}

/** Living full time in a care home, first and last day included. */
export interface CareHomeRecord {
  readonly from: CivilDate;
  readonly to: CivilDate | null;
}

/** What other rooms may know of an elder: facts that rules look at, without a name or a number. */
export interface ElderRecord {
  readonly elderId: string;
  readonly born: CivilDate;
  /** 户籍 as of now; a division of another city where the elder is registered there. */
  readonly hukouCode: string | null;
  /** 常住地 as of now */
  readonly residenceCode: string | null;
  readonly categories: readonly CategoryRecord[];
  readonly careHomeStays: readonly CareHomeRecord[];
  readonly died: CivilDate | null;
  /** Every home with its first day, where the elder ever moved; empty: the two codes have always held. */
  readonly homes: readonly HomeRecord[];
}

export const HOME_KINDS = ['hukou', 'residence'] as const;
export type HomeKind = (typeof HOME_KINDS)[number];

/** Where an elder's hukou or residence lies from a day on; the first home of a kind has no first day. */
export interface HomeRecord {
  readonly kind: HomeKind;
  /** Null where none is known any more. */
  readonly code: string | null;
  readonly from: CivilDate | null;
}

/** Homes in the order of their kinds and first days: the form in which they are kept and compared. */
export function sortHomes(homes: readonly HomeRecord[]): HomeRecord[] {
  return homes.toSorted((a, b) => (a.kind === b.kind ? ((a.from ?? '') < (b.from ?? '') ? -1 : 1) : a.kind < b.kind ? -1 : 1));
}

/** The division of an elder's hukou or residence on a day: what held then, not what holds now. */
export function homeOn(elder: Pick<ElderRecord, 'hukouCode' | 'residenceCode' | 'homes'>, kind: HomeKind, date: CivilDate): string | null {
  const now = kind === 'hukou' ? elder.hukouCode : elder.residenceCode;
  if (elder.homes.length === 0) return now;
  const held = elder.homes.filter((home) => home.kind === kind);
  if (held.length === 0) return now;
  let found: HomeRecord | null = null;
  for (const home of held) if ((home.from ?? '') <= date && (found === null || (home.from ?? '') > (found.from ?? ''))) found = home;
  return found?.code ?? null;
}

/** Whether two spans of days, ends included and open ends unlimited, share a day. */
export function spansMeet(a: CareHomeRecord, b: CareHomeRecord): boolean {
  return (a.to === null || b.from <= a.to) && (b.to === null || a.from <= b.to);
}
