import type { CivilDate } from '../../kernel/index.js';

/** How a booked meal gets to its eater: eaten here, fetched, brought. */
export const BOOKING_WAYS = ['dineIn', 'collect', 'deliver'] as const;
export type BookingWay = (typeof BOOKING_WAYS)[number];

/** `noShow` is where a booking ends that nobody fetched: it frees nothing any more and costs nothing. */
export const BOOKING_STATES = ['open', 'collected', 'cancelled', 'noShow'] as const;
export type BookingState = (typeof BOOKING_STATES)[number];

/** A line of a booking, with the name and price of the list it was booked by. */
export interface BookedItem {
  readonly itemCode: string;
  readonly name: string;
  readonly quantity: number;
  /** Of one portion. */
  readonly fen: number;
}

/** What a sale's look at a booking needs. */
export interface WaitingBooking {
  readonly bookingId: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly state: BookingState;
}

/** A sale that says which booking it hands out. */
export interface HandOut {
  readonly tapId: string;
  readonly bookingId: string;
  /** Behind the card; null where no elder is. */
  readonly elderId: string | null;
  readonly siteId: string;
  readonly mealDate: CivilDate;
}

export type HandOutFlag = 'booking-taken' | 'booking-cancelled';

/** What sales make of bookings: those that are handed out, and what a person should look at, by sale. */
export interface HandedOut {
  readonly collected: readonly { readonly bookingId: string; readonly tapId: string }[];
  readonly flags: ReadonlyMap<string, HandOutFlag>;
}

/**
 * Gives each booking to the first sale that asks for it. No sale is ever stopped by this: the meal is on the table. A
 * booking that was given up for a no-show is still handed out by a sale of its own day, which comes late from a till
 * without a network. Anything that is no booking of this elder here and today counts as taken.
 */
export function handOut(bookings: readonly WaitingBooking[], sales: readonly HandOut[]): HandedOut {
  const states = new Map(bookings.map((booking) => [booking.bookingId, booking]));
  const collected: { bookingId: string; tapId: string }[] = [];
  const flags = new Map<string, HandOutFlag>();
  for (const { tapId, bookingId, elderId, siteId, mealDate } of sales) {
    const booking = states.get(bookingId);
    const fits = booking !== undefined && booking.elderId === elderId && booking.siteId === siteId && booking.mealDate === mealDate;
    if (!fits || booking.state === 'collected') flags.set(tapId, 'booking-taken');
    else if (booking.state === 'cancelled') flags.set(tapId, 'booking-cancelled');
    else {
      collected.push({ bookingId, tapId });
      states.set(bookingId, { ...booking, state: 'collected' });
    }
  }
  return { collected, flags };
}
