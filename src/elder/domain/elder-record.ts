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
  /** 户籍; a division of another city where the elder is registered there. */
  readonly hukouCode: string | null;
  /** 常住地 */
  readonly residenceCode: string | null;
  readonly categories: readonly CategoryRecord[];
  readonly careHomeStays: readonly CareHomeRecord[];
  readonly died: CivilDate | null;
}

/** The classes that staff record; ages are computed, never recorded. Identifiers of the product's vocabulary. */
export const CATEGORY_CODES = [
  'extremePovertyRecipient', 'extremePovertyHome', 'minLivingRecipient', 'borderlineRecipient', 'lowIncome',
  'livingAlone', 'emptyNest', 'leftBehind', 'withoutKin',
  'careDependent', 'halfDependent', 'severeCareNeed', 'dementia', 'severelyDisabled', 'disabilitySubsidies',
  'specialFamily', 'entitledGroup', 'basicServiceRecipient', 'vulnerableElder', 'assistedElder',
] as const;
export type CategoryCode = (typeof CATEGORY_CODES)[number];

/** Whether two spans of days, ends included and open ends unlimited, share a day. */
export function spansMeet(a: CareHomeRecord, b: CareHomeRecord): boolean {
  return (a.to === null || b.from <= a.to) && (b.to === null || a.from <= b.to);
}
