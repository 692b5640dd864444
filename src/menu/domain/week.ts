import { addDays, mondayOf, type CivilDate } from '../../kernel/index.js';
import type { MealPeriod } from './words.js';

/** A number of portions of an item on the table on a day. */
export interface MenuEntry {
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
  readonly itemCode: string;
  readonly portions: number;
}

export type WeekProblem = 'menu-monday-wrong' | 'menu-day-outside' | 'menu-entry-repeated' | 'menu-week-over';

/** Checks a week's menu: it begins on a Monday, every day lies in it, nothing stands there twice, and it is not over yet. */
export function checkWeek(monday: CivilDate, entries: readonly MenuEntry[], today: CivilDate): WeekProblem | null {
  const sunday = addDays(monday, 6);
  if (mondayOf(monday) !== monday) return 'menu-monday-wrong';
  if (sunday < today) return 'menu-week-over';
  if (entries.some((entry) => entry.mealDate < monday || entry.mealDate > sunday)) return 'menu-day-outside';
  const keys = new Set(entries.map((entry) => `${entry.mealDate} ${entry.mealPeriod} ${entry.itemCode}`));
  return keys.size < entries.length ? 'menu-entry-repeated' : null;
}
