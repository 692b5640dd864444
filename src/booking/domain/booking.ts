import { NO_FEN, sumFen, type CivilDate, type Fen, type Instant } from '../../kernel/index.js';
import { cover, type Cover } from './cover.js';

/** How a booked meal gets to its eater: eaten here, fetched, brought. */
export const BOOKING_WAYS = ['dineIn', 'collect', 'deliver'] as const;
export type BookingWay = (typeof BOOKING_WAYS)[number];

/** `noShow` is where a booking ends that nobody fetched: it frees nothing any more, and costs what the city's rule says. */
export const BOOKING_STATES = ['open', 'collected', 'cancelled', 'noShow'] as const;
export type BookingState = (typeof BOOKING_STATES)[number];

/** How a booking was made: typed by staff for a call or at the counter, by the mini-program, by a standing order, with those of an estate. */
export const BOOKING_CHANNELS = ['telephone', 'counter', 'mini', 'standing', 'group'] as const;
export type BookingChannel = (typeof BOOKING_CHANNELS)[number];

/** When a booking is paid. */
export const BOOKING_PAYS = ['now', 'atMeal'] as const;
export type BookingPay = (typeof BOOKING_PAYS)[number];

/** How a booking is to be paid ahead. */
export interface Ahead {
  readonly pay: BookingPay;
  readonly expectedFen: Fen;
  /** Unpaid until then it is given up; null where nothing is paid ahead. */
  readonly payBy: Instant | null;
}

/** Paid when it is eaten. */
export const NO_AHEAD: Ahead = { pay: 'atMeal', expectedFen: NO_FEN, payBy: null };

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
  /** What it holds of what was paid ahead. */
  readonly heldFen: Fen;
  /** What a no-show has cost, and its meal makes good. */
  readonly keptFen: Fen;
  /** The order that it was paid with. */
  readonly orderId: string | null;
}

/** A sale that says which booking it hands out. */
export interface HandOut {
  readonly tapId: string;
  readonly bookingId: string;
  /** Behind the card; null where no elder is. */
  readonly elderId: string | null;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  /** How the own share is to be paid from what was paid ahead; null where it is paid otherwise. */
  readonly ahead: { readonly selfPayFen: Fen; readonly toldFen: Fen | null } | null;
}

export type HandOutFlag = 'booking-taken' | 'booking-cancelled' | 'booking-short';

/** A booking that a sale hands out, with what becomes of the money that it holds. */
export interface Collected {
  readonly bookingId: string;
  readonly tapId: string;
  readonly orderId: string | null;
  /** The no-show was none: so much is the booking's again, before it is used or goes back. */
  readonly excusedFen: Fen;
  readonly usedFen: Fen;
  readonly refundFen: Fen;
}

/** What sales make of bookings: those that are handed out, and what a person should look at, by sale. */
export interface HandedOut {
  readonly collected: readonly Collected[];
  readonly flags: ReadonlyMap<string, readonly HandOutFlag[]>;
  /** Of sales that are to be paid from a booking: what is due in cash. */
  readonly dueFen: ReadonlyMap<string, Fen>;
}

/**
 * Gives each booking to the first sale that asks for it. No sale is ever stopped by this: the meal is on the table. A
 * booking that was given up for a no-show is still handed out by a sale of its own day, which comes late from a till
 * without a network, and what that had cost counts as held again. Anything that is no booking of this elder here and
 * today counts as taken.
 */
export function handOut(bookings: readonly WaitingBooking[], sales: readonly HandOut[]): HandedOut {
  const states = new Map(bookings.map((booking) => [booking.bookingId, booking]));
  const collected: Collected[] = [];
  const flags = new Map<string, HandOutFlag[]>();
  const dueFen = new Map<string, Fen>();
  for (const { tapId, bookingId, elderId, siteId, mealDate, ahead } of sales) {
    const booking = states.get(bookingId);
    const fits = booking !== undefined && booking.elderId === elderId && booking.siteId === siteId && booking.mealDate === mealDate;
    const trouble: HandOutFlag | null = !fits || booking.state === 'collected' ? 'booking-taken' : booking.state === 'cancelled' ? 'booking-cancelled' : null;
    const heldFen = trouble === null && booking !== undefined ? sumFen([booking.heldFen, booking.keptFen]) : NO_FEN;
    const paid = paidBy(heldFen, ahead);
    if (ahead !== null) dueFen.set(tapId, paid.dueFen);
    const looked: HandOutFlag[] = [...(trouble === null ? [] : [trouble]), ...(paid.isShort ? ['booking-short' as const] : [])];
    if (looked.length > 0) flags.set(tapId, looked);
    if (trouble !== null || booking === undefined) continue;
    collected.push({ bookingId, tapId, orderId: booking.orderId, excusedFen: booking.keptFen, usedFen: paid.usedFen, refundFen: paid.refundFen });
    states.set(bookingId, { ...booking, state: 'collected', heldFen: NO_FEN, keptFen: NO_FEN });
  }
  return { collected, flags, dueFen };
}

/** Whoever pays at the till after all gets back what was paid ahead. */
function paidBy(heldFen: Fen, ahead: HandOut['ahead']): Cover {
  return ahead === null ? { usedFen: NO_FEN, refundFen: heldFen, dueFen: NO_FEN, isShort: false } : cover(heldFen, ahead.selfPayFen, ahead.toldFen);
}
