import type { ElderFacts, MealDecision, MealFacts, SiteFacts } from '../domain/index.js';

/** `error`: the version must not be published so. `warning`: somebody should look before signing. */
export type Severity = 'error' | 'warning';

/** A meal that shows the finding, in the words of a case file: it can be handed to `policy explain` as it stands. */
export interface LintExample {
  readonly elder: {
    readonly born: string;
    readonly hukou: string | null;
    readonly residence: string | null;
    readonly categories: readonly (string | { readonly code: string; readonly grade: string })[];
    readonly vouchers?: ElderFacts['vouchers'];
  };
  readonly site: { readonly kind: string; readonly supplyMode: string | null; readonly division: string; readonly grade: string | null };
  readonly meal: MealFacts;
}

/** One thing that is wrong or strange in a version, with what to do next and a meal that shows it. */
export interface LintFinding {
  /** Stable, for programs; in kebab-case. */
  readonly code: string;
  readonly severity: Severity;
  /** What is the matter and what to do next, in Chinese. */
  readonly sentence: string;
  readonly ruleId: string | null;
  readonly classId?: string;
  readonly example: LintExample | null;
  /** Which file it stands in, and where inside it; `placeFindings` makes file and line of them. */
  readonly in: 'pack' | 'version';
  readonly path: readonly (string | number)[];
  readonly file?: string;
  readonly line?: number;
}

/** What the lint may know beside the pack; without it the checks that need it are left out. */
export interface LintContext {
  /** Decisions of the pack's own cases: each class wants one that reaches it. */
  readonly decisions?: readonly Pick<MealDecision, 'version' | 'reasons'>[];
  /** Whether the version file says how the birthday is read (`age:`). */
  readonly saysAge?: boolean;
  /** The last year whose calendar of holidays is at hand. */
  readonly lastCalendarYear?: number;
}

/** The facts of one meal, as the engine takes them. */
export interface Facts {
  readonly elder: ElderFacts;
  readonly site: SiteFacts;
  readonly meal: MealFacts;
}

/** Writes facts as a case. */
export function exampleOf({ elder, site, meal }: Facts): LintExample {
  return {
    elder: {
      born: elder.born, hukou: elder.hukou?.at(-1) ?? null, residence: elder.residence?.at(-1) ?? null,
      categories: elder.categories.map(({ code, grade }) => (grade == null ? code : { code, grade })),
      ...((elder.vouchers ?? []).length === 0 ? {} : { vouchers: elder.vouchers }),
    },
    site: { kind: site.kind, supplyMode: site.supplyMode, division: site.division.at(-1) ?? '', grade: site.grade ?? null },
    meal,
  };
}

/** Gathers findings; the same code at the same place is told once, with its first example. */
export class Findings {
  readonly list: LintFinding[] = [];
  private readonly told = new Set<string>();

  /** @param at the place inside the file, and what it concerns */
  add(severity: Severity, code: string, at: { in?: 'pack' | 'version'; path: LintFinding['path']; ruleId?: string; classId?: string; key?: string }, sentence: string, facts: Facts | null = null): void {
    const place = at.in ?? 'version';
    const key = `${code} ${place} ${at.path.join('.')} ${at.key ?? ''}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.list.push({
      code, severity, sentence, ruleId: at.ruleId ?? null, ...(at.classId === undefined ? {} : { classId: at.classId }),
      example: facts === null ? null : exampleOf(facts), in: place, path: at.path,
    });
  }
}
