import type { CivilDate } from '../kernel/index.js';
import type { BookedItem, BookingWay } from '../booking/domain/index.js';
import type { Tx } from '../platform/index.js';
import type { TillBooking } from './domain/index.js';

/** A booking with the card by which its elder eats. */
export interface BookedRow {
  readonly bookingId: string;
  readonly number: number;
  readonly mealDate: CivilDate;
  readonly mealPeriod: TillBooking['p'];
  readonly way: BookingWay;
  readonly state: TillBooking['s'];
  readonly items: readonly BookedItem[];
  readonly heldFen: number;
  readonly handle: string;
  readonly digest: string;
}

/** A site's bookings of some days that were not cancelled, by number. A card that no till can find has an empty digest: its code finds the booking. */
export async function bookedFrom(tx: Tx, cityCode: string, siteId: string, from: CivilDate, to: CivilDate): Promise<BookedRow[]> {
  return tx.query<BookedRow>(
    `SELECT b.booking_id AS "bookingId", b.number, b.meal_date AS "mealDate", b.meal_period AS "mealPeriod", b.way, b.state, b.items, b.held_fen AS "heldFen", k.handle, coalesce(k.till_digest, '') AS digest
     FROM booking b JOIN elder_card k ON k.city_code = b.city_code AND k.elder_id = b.elder_id AND k.state IN ('active', 'lost', 'frozen')
     WHERE b.city_code = $1 AND b.site_id = $2 AND b.meal_date BETWEEN $3 AND $4 AND b.state <> 'cancelled' ORDER BY b.meal_date, b.number`, [cityCode, siteId, from, to]);
}
