import { weekday, type CivilDate } from '../../kernel/index.js';
import type { DayKind } from '../../subsidy/domain/index.js';

/** The words for a standing order's days: those that are worked by the city's calendar, or days of the week. */
export const STANDING_DAYS = ['workdays', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type StandingDay = (typeof STANDING_DAYS)[number];

/** Numbers of weekdays as they are kept, 1 Monday to 7 Sunday; none for the days that are worked. Null where both are named, or nothing. */
export function weekdaysOf(days: readonly StandingDay[]): number[] | null {
  if (days.includes('workdays')) return days.length === 1 ? [] : null;
  return days.length === 0 ? null : [...new Set(days.map((day) => STANDING_DAYS.indexOf(day)))].sort();
}

/** The words of kept weekdays. */
export function daysOf(weekdays: readonly number[]): StandingDay[] {
  return weekdays.length === 0 ? ['workdays'] : weekdays.map((day) => STANDING_DAYS[day] as StandingDay);
}

/** The refusal after which nobody misses a meal: the elder has that one already. */
export const HAS_MEAL = 'booking-exists';

/**
 * What a standing order does on a day: books, says that the day is off, or nothing where it is none of its days. On a
 * statutory holiday nobody is surprised by a meal; a Saturday that is worked counts for the days that are worked.
 */
export function standsOn(weekdays: readonly number[], date: CivilDate, kind: DayKind): 'book' | 'dayOff' | null {
  if (weekdays.length > 0) return !weekdays.includes(weekday(date)) ? null : kind === 'holiday' ? 'dayOff' : 'book';
  if (kind === 'workday') return 'book';
  return weekday(date) <= 5 ? 'dayOff' : null;
}
