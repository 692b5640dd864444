import { addDays, type CivilDate } from '../../kernel/index.js';

/** Whether a day is worked, by the State Council's calendar. */
export type IsWorkday = (date: CivilDate) => boolean;

/**
 * The last day of a period of working days that begins after a day: the day of receipt does not count. Of 0 days it is
 * the day itself.
 */
export function addWorkingDays(after: CivilDate, days: number, isWorkday: IsWorkday): CivilDate {
  let [day, left] = [after, days];
  while (left > 0) {
    day = addDays(day, 1);
    if (isWorkday(day)) left -= 1;
  }
  return day;
}

/** Working days from the day after `from` up to and with `to`; 0 when `to` is not later. */
export function workingDaysBetween(from: CivilDate, to: CivilDate, isWorkday: IsWorkday): number {
  let days = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isWorkday(day)) days += 1;
  return days;
}

/** A period that runs, or that stands still while the applicant is asked for something. */
export interface StepClock {
  /** Since when `daysLeft` counts. */
  readonly from: CivilDate;
  readonly daysLeft: number;
  /** The last day of the period; null while it stands still. */
  readonly dueOn: CivilDate | null;
}

/** A new period that begins after a day. */
export function startClock(on: CivilDate, days: number, isWorkday: IsWorkday): StepClock {
  return { from: on, daysLeft: days, dueOn: addWorkingDays(on, days, isWorkday) };
}

/** The period standing still from a day on: what has passed is used up. */
export function stopClock(clock: StepClock, on: CivilDate, isWorkday: IsWorkday): StepClock {
  return { from: on, daysLeft: Math.max(0, clock.daysLeft - workingDaysBetween(clock.from, on, isWorkday)), dueOn: null };
}

/** How many working days late a step is on a day; 0 when in time or standing still. */
export function daysLate(dueOn: CivilDate | null, on: CivilDate, isWorkday: IsWorkday): number {
  return dueOn === null ? 0 : workingDaysBetween(dueOn, on, isWorkday);
}
