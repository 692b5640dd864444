import type { CivilDate } from '../../kernel/index.js';
import { codeAt } from './division.js';
import type { DivisionPath } from './facts.js';
import type { Level } from './funding-plan.js';
import type { Bearer, CompiledVersion } from './pack.js';

/** A fund whose subsidy ends on a day by an announcement, or begins again; the later number holds where both speak of a day. */
export interface FundEnd {
  readonly seq: number;
  /** Kind and division, such as `county@371502`. */
  readonly funderCode: string;
  readonly action: 'end' | 'resume';
  /** The first day without the subsidy, or the first with it again. */
  readonly fromDate: CivilDate;
  /** The last day of the budget year: the next year has a budget of its own. */
  readonly toDate: CivilDate;
  readonly documentNumber: string;
}

/** Purses that a pack names by their kind; what it calls otherwise (市、区) is the finance of its level. */
const NAMED = ['city', 'county', 'township', 'village', 'lotteryWelfareFund', 'charity'];

/**
 * The purse that bears a funder's part, by its code in the city. A part whose purse the facts do not tell falls to the
 * division of the site at the funder's level.
 */
function purseCode(funder: { readonly code: string; readonly level: Level }, division: string | null, site: DivisionPath): string {
  const kind = NAMED.includes(funder.code) ? funder.code : funder.level;
  return `${kind}@${division ?? codeAt(site, funder.level) ?? ''}`;
}

/** Where a meal's purses are looked for. */
type MealPlaces = Readonly<Record<Exclude<Bearer, 'pack'>, DivisionPath | null>> & { readonly site: DivisionPath };

/**
 * The end under which a meal falls: of any fund that bears a part under the version. A subsidy is one promise of all
 * its funders, so when one of them has ended, nothing is taken off the bill, and nobody else is charged with its part.
 */
export function endOfFunds(version: CompiledVersion, ends: readonly FundEnd[], places: MealPlaces, date: CivilDate): FundEnd | null {
  for (const funder of version.funders) {
    const division = funder.of === 'pack' ? funder.division : codeAt(places[funder.of], funder.level);
    const last = ends.filter((end) => end.funderCode === purseCode(funder, division, places.site) && end.fromDate <= date && date <= end.toDate).at(-1);
    if (last?.action === 'end') return last;
  }
  return null;
}
