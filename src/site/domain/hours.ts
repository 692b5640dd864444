/** 早餐、午餐、晚餐 */
export const MEAL_PERIODS = ['breakfast', 'lunch', 'dinner'] as const;
export type MealPeriod = (typeof MEAL_PERIODS)[number];

/** When a meal period is served: minutes since midnight, `toMinute` not included. */
export interface MealHours {
  readonly mealPeriod: MealPeriod;
  readonly fromMinute: number;
  readonly toMinute: number;
}

export type HoursProblem = 'hours-repeated' | 'hours-backwards' | 'hours-overlap';

/** Checks the hours of a site: every period once, each with some length, none running into another, in the order of the day. */
export function checkHours(hours: readonly MealHours[]): HoursProblem | null {
  if (new Set(hours.map((entry) => entry.mealPeriod)).size < hours.length) return 'hours-repeated';
  if (hours.some((entry) => entry.toMinute <= entry.fromMinute)) return 'hours-backwards';
  const inOrder = [...hours].sort((a, b) => MEAL_PERIODS.indexOf(a.mealPeriod) - MEAL_PERIODS.indexOf(b.mealPeriod));
  const overlap = inOrder.some((entry, index) => index > 0 && entry.fromMinute < (inOrder[index - 1] as MealHours).toMinute);
  return overlap ? 'hours-overlap' : null;
}
