import { chinaDate, type CivilDate } from '../../../src/kernel/civil-date.js';
import { fen } from '../../../src/kernel/fen.js';
import type { CompiledVersion, MealFacts, SiteFacts, Use } from '../../../src/subsidy/domain/index.js';
import { decideAtTill, type TillRow } from '../../../src/till/domain/roster.js';
import { UNKNOWN, type Judged, type Question } from '../decide.js';
import type { Person } from '../view.js';
import type { TillLimits, Trace } from './own-meals.js';

/** Everything that a till decides with and that names nobody. */
export interface Catalogue {
  readonly site: { readonly siteId: string; readonly name: string; readonly state: string; readonly licenceValid: boolean; readonly facts: SiteFacts };
  readonly days: readonly ({ readonly date: CivilDate } & Pick<MealFacts, 'workday' | 'dayKind' | 'dayGuessed'>)[];
  readonly limits: TillLimits;
  /** Left out where the city offers no prepaid balances. */
  readonly prepayment?: true;
  /** Left out where nobody takes payments by WeChat for this site. */
  readonly payCode?: true;
  readonly versions: Readonly<Record<string, CompiledVersion>>;
}

/** Limits that somebody already met today: softer than trouble. */
const SECOND = ['second-meal-this-period', 'second-meal-today'];

/** The eater as the cashier may address them; a photo is put to it by whoever keeps one. */
export function personOf({ n, t, r }: TillRow): Person {
  return { surname: n, title: t, regular: r === 1, photo: null };
}

/** The meal as the engine looks at it. A day beyond the catalogue is one of the plain week. */
function mealOf(catalogue: Catalogue, { mealPeriod, priceFen, othersFen }: Question, now: number): MealFacts {
  const date = chinaDate(now);
  const known = catalogue.days.find((day) => day.date === date);
  const { date: _date, ...day } = known ?? { date, dayGuessed: true as const };
  return { date, period: mealPeriod, priceFen: fen(priceFen - othersFen), ...day };
}

/**
 * What a meal costs whom, by a row of the roster.
 * @param own what this till's own sales change of the row's counters
 * @param isAbove whether a subsidy would pass what this till may grant by itself: the bill is then taken, and settled on upload
 */
export function judge(row: TillRow, catalogue: Catalogue, question: Question, own: readonly Use[], now: number, isAbove: (trace: Trace) => boolean): Judged {
  const person = personOf(row);
  const meal = mealOf(catalogue, question, now);
  const { selfPayFen, subsidyFen, uses, refusal, needsProof } = decideAtTill({ row, versions: new Map(Object.entries(catalogue.versions)), site: catalogue.site.facts, meal, ownUses: own });
  const trace: Trace = { handle: row.h, mealDate: meal.date, uses, subsidyFen };
  const second = refusal !== null && SECOND.includes(refusal);
  return { ...UNKNOWN, split: question.away && isAbove(trace) ? null : { selfPayFen: selfPayFen + question.othersFen, subsidyFen }, person, second, needsProof, trace };
}
