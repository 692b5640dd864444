import type { CivilDate } from '../../kernel/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../../subsidy/domain/index.js';

/** What a printed code's uses begin with: it is used once a meal, others once at all. */
export const PRINTED_HEAD = 'print:';
/** Meals a day by one printed code. */
export const PRINTED_DAY_MEALS = 2;

/**
 * What a sale by a code uses up. One sale has it, whichever tills send it: of codes that are shown the code itself, of a
 * printed one its meal.
 * @param use as the note names it: the kind with the code's id, and its step where it has steps
 */
export function claimOf(use: string, mealDate: CivilDate, mealPeriod: MealPeriod): string {
  return use.startsWith(PRINTED_HEAD) ? `${use}:${mealDate}:${mealPeriod}` : use;
}

/** The claims that decide about one: its own and, of a printed code, those of the same day. */
export function claimsBeside(claim: string): string[] {
  const period = claim.slice(claim.lastIndexOf(':') + 1);
  return claim.startsWith(PRINTED_HEAD) ? MEAL_PERIODS.map((other) => claim.slice(0, -period.length) + other) : [claim];
}

/** Why a code gives nothing any more, or null. @param used claims that standing sales have */
export function codeProblem(claim: string, used: ReadonlySet<string>): 'code-used' | 'code-day-full' | null {
  if (used.has(claim)) return 'code-used';
  return claim.startsWith(PRINTED_HEAD) && claimsBeside(claim).filter((one) => used.has(one)).length >= PRINTED_DAY_MEALS ? 'code-day-full' : null;
}
