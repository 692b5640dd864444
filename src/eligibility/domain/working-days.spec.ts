import fc from 'fast-check';
import { addDays, civilDate, weekday, type CivilDate } from '../../kernel/index.js';
import { addWorkingDays, daysLate, startClock, stopClock, workingDaysBetween } from './working-days.js';

/** The National Day of 2024: off from 1 to 7 October, worked on Sunday 29 September and Saturday 12 October. */
const OFF = ['2024-10-01', '2024-10-02', '2024-10-03', '2024-10-04', '2024-10-05', '2024-10-06', '2024-10-07'];
const WORKED = ['2024-09-29', '2024-10-12'];
const isWorkday = (date: CivilDate): boolean => !OFF.includes(date) && (WORKED.includes(date) || weekday(date) <= 5);
const day = civilDate;

it.each([
  ['2024-09-27', 1, '2024-09-29'], ['2024-09-27', 3, '2024-10-08'], ['2024-09-30', 5, '2024-10-12'], ['2024-10-05', 1, '2024-10-08'], ['2024-10-02', 0, '2024-10-02'],
])('after %s, %i working days end on %s', (from, days, end) => expect(addWorkingDays(day(from), days, isWorkday)).toBe(end));

it('the clock stands still while something is asked for', () => {
  const running = startClock(day('2024-09-27'), 5, isWorkday);
  expect(running.dueOn).toBe('2024-10-10');
  const still = stopClock(running, day('2024-09-30'), isWorkday);
  expect(still).toEqual({ from: '2024-09-30', daysLeft: 3, dueOn: null });
  expect(startClock(day('2024-10-18'), still.daysLeft, isWorkday).dueOn).toBe('2024-10-23');
  expect(stopClock(running, day('2024-11-20'), isWorkday).daysLeft).toBe(0);
});

it('lateness counts working days, and nothing while the clock stands still', () => {
  expect([daysLate(day('2024-09-30'), day('2024-10-07'), isWorkday), daysLate(day('2024-09-30'), day('2024-10-09'), isWorkday), daysLate(null, day('2024-10-09'), isWorkday)]).toEqual([0, 2, 0]);
});

it('adding and counting agree, whatever the day and the number', () => {
  fc.assert(fc.property(fc.nat(60), fc.nat(40), (offset, days) => {
    const from = addDays(day('2024-09-01'), offset);
    const end = addWorkingDays(from, days, isWorkday);
    expect(workingDaysBetween(from, end, isWorkday)).toBe(days);
    if (days > 0) expect(isWorkday(end)).toBe(true);
  }));
});

it('stopping and going on never gives more days than the period has', () => {
  fc.assert(fc.property(fc.nat(20), fc.nat(15), fc.nat(30), (days, until, pause) => {
    const from = day('2024-09-02');
    const asked = addDays(from, until);
    const still = stopClock(startClock(from, days, isWorkday), asked, isWorkday);
    const again = startClock(addDays(asked, pause), still.daysLeft, isWorkday);
    expect(workingDaysBetween(from, asked, isWorkday) + again.daysLeft).toBe(Math.max(days, workingDaysBetween(from, asked, isWorkday)));
  }));
});
