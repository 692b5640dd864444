import { weekday, type CivilDate } from '../../kernel/index.js';

/** The State Council's holiday arrangement of one year: what differs from Monday to Friday. */
export interface Calendar {
  readonly year: number;
  readonly source: string;
  /** Days off that would be working days, and weekend days of a holiday. */
  readonly holidays: readonly CivilDate[];
  /** Saturdays and Sundays that are worked (调休上班). */
  readonly workdays: readonly CivilDate[];
}

/** Whether a day is worked (工作日). Without a calendar for the year: Monday to Friday. */
export function isWorkday(date: CivilDate, calendar: Calendar | null): boolean {
  if (calendar !== null && calendar.year === Number(date.slice(0, 4))) {
    if (calendar.holidays.includes(date)) return false;
    if (calendar.workdays.includes(date)) return true;
  }
  return weekday(date) <= 5;
}
