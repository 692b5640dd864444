import type { CivilDate } from '../../kernel/index.js';
import type { BookingState, BookingWay } from '../../booking/domain/index.js';
import type { MealPeriod } from '../../subsidy/domain/index.js';

/** A booking as a till may hold it: no name, no number of a card, no code that somebody could read off it. */
export interface TillBooking {
  readonly id: string;
  /** The card's handle at this terminal. */
  readonly h: string;
  /** The pick-up code's handle likewise. */
  readonly c: string;
  /** Number of the day. */
  readonly no: number;
  readonly d: CivilDate;
  readonly p: MealPeriod;
  readonly w: BookingWay;
  readonly s: Exclude<BookingState, 'cancelled'>;
  readonly i: readonly { readonly itemCode: string; readonly quantity: number; readonly name: string }[];
  /** What it holds of what was paid ahead, in fen: the sale takes only what is missing. */
  readonly f: number;
  /** Stands for the card where the code alone is shown; good on the meal's day, at this terminal, for this booking. */
  readonly n: string;
}

/** What is booked at a till's site today and tomorrow; signed by the server. */
export interface TillBookings {
  readonly format: 1;
  readonly siteId: string;
  readonly terminalId: string;
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly asOf: number;
  readonly rows: readonly TillBooking[];
}
