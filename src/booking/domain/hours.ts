import { addDays, chinaInstant, type CivilDate, type Instant } from '../../kernel/index.js';
import type { MealPeriod } from '../../menu/domain/index.js';

export const CUT_OFF_KINDS = ['beforeMeal', 'dayBefore'] as const;
export type CutOffKind = (typeof CUT_OFF_KINDS)[number];

/** What a site's bookings of one meal go by. Minutes are counted from midnight in China. */
export interface BookingHours {
  readonly beginsMinute: number;
  readonly endsMinute: number;
  readonly cutOff: CutOffKind;
  /** `beforeMeal`: so many minutes before the meal begins; `dayBefore`: at this minute of the day before. */
  readonly cutOffMinutes: number;
  /** The most portions of one day; null for as many as are asked for. */
  readonly dayPortions: number | null;
}

/** Where a site has set nothing. */
export const USUAL_HOURS: Readonly<Record<MealPeriod, BookingHours>> = {
  breakfast: { beginsMinute: 390, endsMinute: 540, cutOff: 'dayBefore', cutOffMinutes: 1_080, dayPortions: null },
  lunch: { beginsMinute: 660, endsMinute: 810, cutOff: 'beforeMeal', cutOffMinutes: 120, dayPortions: null },
  dinner: { beginsMinute: 1_020, endsMinute: 1_140, cutOff: 'beforeMeal', cutOffMinutes: 120, dayPortions: null },
};

/** So long after a meal's end somebody who is late still gets what they booked. */
export const GRACE_MINUTES = 60;
const MINUTE_MS = 60_000;

/** From this moment on a meal is neither booked nor changed nor cancelled. */
export function closesAt({ cutOff, cutOffMinutes, beginsMinute }: BookingHours, mealDate: CivilDate): Instant {
  if (cutOff === 'dayBefore') return chinaInstant(addDays(mealDate, -1), cutOffMinutes);
  return chinaInstant(mealDate, beginsMinute) - cutOffMinutes * MINUTE_MS;
}

/** From this moment on a booking that was not fetched is a no-show. */
export function givenUpAt({ endsMinute }: BookingHours, mealDate: CivilDate): Instant {
  return chinaInstant(mealDate, endsMinute + GRACE_MINUTES);
}

/** Portions of a bill, as quotas count them. */
export function portionsOf(items: readonly { readonly quantity: number }[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Whether a note holds a row of digits that may be a telephone or an identity number. */
export function namesSomebody(note: string): boolean {
  return /\d[\d\s-]{5,}\d/.test(note.normalize('NFKC'));
}
