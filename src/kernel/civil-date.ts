import { invariant } from './invariant.js';

declare const dateBrand: unique symbol;
declare const monthBrand: unique symbol;

/** A day of the calendar, `YYYY-MM-DD`, without a time or a zone. Births and meals are civil dates. */
export type CivilDate = string & { readonly [dateBrand]: 'CivilDate' };

/** A month of the calendar, `YYYY-MM`. */
export type CivilMonth = string & { readonly [monthBrand]: 'CivilMonth' };

/** A moment on the clock in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^(\d{4})-(\d{2})$/;
const DAY_MS = 86_400_000;
/** China has kept UTC+8 without summer time since 1992; meals are recorded long after that. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether the text is a real day between the years 1800 and 9999. */
export function isCivilDate(text: unknown): text is CivilDate {
  const match = typeof text === 'string' ? DATE.exec(text) : null;
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1800 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Whether the text is a real month between the years 1800 and 9999. */
export function isCivilMonth(text: unknown): text is CivilMonth {
  return typeof text === 'string' && MONTH.test(text) && isCivilDate(`${text}-01`);
}

/** @throws InvariantBroken when the text is no real day */
export function civilDate(text: string): CivilDate {
  invariant(isCivilDate(text), `not a civil date: ${text}`);
  return text;
}

/** @throws InvariantBroken when the text is no real month */
export function civilMonth(text: string): CivilMonth {
  invariant(isCivilMonth(text), `not a civil month: ${text}`);
  return text;
}

function dayNumber(date: CivilDate): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / DAY_MS;
}

/** The day `days` after (or, negative, before) a day. */
export function addDays(date: CivilDate, days: number): CivilDate {
  return civilDate(new Date((dayNumber(date) + days) * DAY_MS).toISOString().slice(0, 10));
}

/** Whole days from one day to another; negative when `to` comes first. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** The month a day lies in. */
export function monthOf(date: CivilDate): CivilMonth {
  return civilMonth(date.slice(0, 7));
}

/** The month `months` after (or, negative, before) a month. */
export function addMonths(month: CivilMonth, months: number): CivilMonth {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return civilMonth(`${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`);
}

/** First day of a month. */
export function firstDay(month: CivilMonth): CivilDate {
  return civilDate(`${month}-01`);
}

/** Last day of a month. */
export function lastDay(month: CivilMonth): CivilDate {
  const days = daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5, 7)));
  return civilDate(`${month}-${String(days).padStart(2, '0')}`);
}

/** Day of the week, 1 for Monday to 7 for Sunday (ISO 8601, GB/T 7408.1). */
export function weekday(date: CivilDate): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7 + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
}

/** Monday of the natural week (自然周) that a day lies in. */
export function mondayOf(date: CivilDate): CivilDate {
  return addDays(date, 1 - weekday(date));
}

/** Which day a 29 February birth is kept on in a common year. */
export type LeapBirthday = 'february-28' | 'march-1';

/**
 * Full years of age (周岁) on a day.
 * @param reachedOn `birthday`: the year is full on the birthday itself; `day-after`: on the day after it
 *   (the reading of criminal law). No meal scheme publishes which, so a pack chooses.
 */
export function ageOn(
  born: CivilDate,
  day: CivilDate,
  reachedOn: 'birthday' | 'day-after' = 'birthday',
  leap: LeapBirthday = 'march-1',
): number {
  const reference = reachedOn === 'birthday' ? day : addDays(day, -1);
  const year = Number(reference.slice(0, 4));
  let birthday = born.slice(5);
  if (birthday === '02-29' && !isLeap(year)) birthday = leap === 'march-1' ? '03-01' : '02-28';
  return year - Number(born.slice(0, 4)) - (reference.slice(5) < birthday ? 1 : 0);
}

/** The civil date in China at a moment. */
export function chinaDate(instant: Instant): CivilDate {
  return civilDate(new Date(instant + CHINA_OFFSET_MS).toISOString().slice(0, 10));
}

/** Minutes since midnight in China at a moment, 0 to 1439. */
export function chinaMinute(instant: Instant): number {
  return Math.floor((((instant + CHINA_OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS / 60_000);
}

/** A moment as clocks in China show it, with their zone: `2024-12-03T11:42:00+08:00`. */
export function chinaTime(instant: Instant): string {
  return `${new Date(instant + CHINA_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/** The moment of a China day and minute since midnight. */
export function chinaInstant(date: CivilDate, minute: number): Instant {
  return dayNumber(date) * DAY_MS + minute * 60_000 - CHINA_OFFSET_MS;
}
