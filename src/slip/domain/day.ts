import { addDays, chinaInstant, type CivilDate, type Instant } from '../../kernel/index.js';
import type { MealPeriod } from '../../subsidy/domain/index.js';

/** Minutes since midnight at which a meal on paper counts as eaten: nobody writes the minute on a slip. */
const EATEN_AT: Readonly<Record<MealPeriod, number>> = { breakfast: 7 * 60 + 30, lunch: 12 * 60, dinner: 18 * 60 };

/** What a city allows canteens on paper. */
export interface SlipLimits {
  /** Days after the meal's within which its slips count in full. */
  readonly entryDays: number;
  /** Slips of one site and day: none beyond are printed or entered. */
  readonly siteDayMeals: number;
  /** People on one sheet. */
  readonly sheetPeople: number;
}

/** The moment at which a meal on paper counts as eaten; never after now. */
export function eatenAt(mealDate: CivilDate, mealPeriod: MealPeriod, now: Instant): Instant {
  return Math.min(chinaInstant(mealDate, EATEN_AT[mealPeriod]), now);
}

/** The last day on which a day's slips count in full. */
export function dueOn(mealDate: CivilDate, { entryDays }: Pick<SlipLimits, 'entryDays'>): CivilDate {
  return addDays(mealDate, entryDays);
}

/** The last moment of that day. */
export function dueUntil(mealDate: CivilDate, limits: Pick<SlipLimits, 'entryDays'>): Instant {
  return chinaInstant(addDays(dueOn(mealDate, limits), 1), 0) - 1;
}

/** What became of one slip. */
export interface SlipFate {
  readonly number: number;
  /** `voided`: a meal that was taken back. */
  readonly kind: 'meal' | 'spoilt' | 'refused' | 'voided';
}

/** A day's slips in figures. */
export interface DayCount {
  readonly printed: number;
  readonly meals: number;
  readonly spoilt: number;
  readonly voided: number;
  /** Numbers that were printed and of which nothing was ever heard, or nothing that stands in the books. */
  readonly missing: readonly number[];
}

/** Counts a day's slips: every printed number is a meal, spoilt, taken back, or missing. @param fates the newest of each number */
export function countDay(printed: number, fates: readonly SlipFate[]): DayCount {
  const of = (kind: SlipFate['kind']): number => fates.filter((fate) => fate.kind === kind).length;
  const heard = new Set(fates.filter(({ kind }) => kind !== 'refused').map(({ number }) => number));
  const missing = Array.from({ length: printed }, (_, index) => index + 1).filter((number) => !heard.has(number));
  return { printed, meals: of('meal'), spoilt: of('spoilt'), voided: of('voided'), missing };
}
