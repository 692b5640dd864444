import { addDays, addMonths, ageOn, civilDate, firstDay, lastDay, monthOf, type CivilDate } from '../../kernel/index.js';
import type { AgeReached, CompiledVersion } from './pack.js';

/** The day whose age counts on a day. */
function dayThatCounts(date: CivilDate, reachedOn: AgeReached): CivilDate {
  if (reachedOn === 'same-month') return lastDay(monthOf(date));
  if (reachedOn === 'next-month') return addDays(firstDay(monthOf(date)), -1);
  return reachedOn === 'same-year' ? civilDate(`${date.slice(0, 4)}-12-31`) : date;
}

/** Full years of age on a day, as a version reads it. */
export function ageUnder(version: Pick<CompiledVersion, 'reachedOn' | 'leapBirthday'>, born: CivilDate, date: CivilDate): number {
  const { reachedOn, leapBirthday } = version;
  if (reachedOn === 'birthday' || reachedOn === 'day-after') return ageOn(born, date, reachedOn, leapBirthday);
  return ageOn(born, dayThatCounts(date, reachedOn), 'birthday', leapBirthday);
}

/** Whether a day is the birthday; 29 February is kept in a common year as the version says. */
export function isBirthday(version: Pick<CompiledVersion, 'leapBirthday'>, born: CivilDate, date: CivilDate): boolean {
  return ageOn(born, date, 'birthday', version.leapBirthday) > ageOn(born, addDays(date, -1), 'birthday', version.leapBirthday);
}

// Kept from meal to meal: meals come in runs of one day.
let lastAsked: CivilDate | null = null;
let lastEnd: CivilDate | null = null;

/** The last day of the month before a day. */
export function endOfMonthBefore(date: CivilDate): CivilDate {
  if (date !== lastAsked || lastEnd === null) {
    lastEnd = lastDay(addMonths(monthOf(date), -1));
    lastAsked = date;
  }
  return lastEnd;
}
