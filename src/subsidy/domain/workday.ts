import { weekday, type CivilDate } from '../../kernel/index.js';
import type { DayKind, MealFacts } from './facts.js';

/** The State Council's holiday arrangement of one year: what differs from Monday to Friday. */
export interface Calendar {
  readonly year: number;
  readonly source: string;
  /** Days off that would be working days, and weekend days of a holiday. */
  readonly holidays: readonly CivilDate[];
  /** Saturdays and Sundays that are worked (调休上班). */
  readonly workdays: readonly CivilDate[];
}

/** What a day is by a calendar: worked, a weekend's day, or a day of a statutory holiday. */
export function dayKind(date: CivilDate, calendar: Calendar | null): DayKind {
  if (calendar !== null && calendar.year === Number(date.slice(0, 4)) && calendar.holidays.includes(date)) return 'holiday';
  return isWorkday(date, calendar) ? 'workday' : 'weekend';
}

/** What the day of a meal is: as told, or else from whether it is worked and the day of the week. */
export function dayKindOf({ date, workday, dayKind: told }: MealFacts): DayKind {
  if (told !== undefined) return told;
  const inWeek = weekday(date) <= 5;
  if (workday ?? inWeek) return 'workday';
  return inWeek ? 'holiday' : 'weekend';
}

/** Whether what a day is rests on the plain week alone, for want of a calendar of its year. */
export function isDayGuessed({ workday, dayKind: told, dayGuessed }: MealFacts): boolean {
  return dayGuessed === true || (workday === undefined && told === undefined);
}

/** Whether a day is worked (工作日). Without a calendar for the year: Monday to Friday. */
export function isWorkday(date: CivilDate, calendar: Calendar | null): boolean {
  if (calendar !== null && calendar.year === Number(date.slice(0, 4))) {
    if (calendar.holidays.includes(date)) return false;
    if (calendar.workdays.includes(date)) return true;
  }
  return weekday(date) <= 5;
}
