import type { Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Collected, WaitingBooking } from './domain/index.js';

/** The bookings that sales name, locked in the order of their ids; ids that no booking has are left out. */
export async function lockBookings(tx: Tx, cityCode: string, bookingIds: readonly string[]): Promise<WaitingBooking[]> {
  return tx.query<WaitingBooking>(
    `SELECT booking_id AS "bookingId", elder_id AS "elderId", site_id AS "siteId", meal_date AS "mealDate", state, held_fen AS "heldFen", order_id AS "orderId",
       CASE WHEN state <> 'noShow' THEN 0 ELSE (
         SELECT coalesce(sum(CASE m.kind WHEN 'kept' THEN m.fen ELSE -m.fen END), 0) FROM booking_money m
         WHERE m.city_code = booking.city_code AND m.booking_id = booking.booking_id AND m.order_id = booking.order_id AND m.kind IN ('kept', 'excused')) END::bigint AS "keptFen"
     FROM booking WHERE city_code = $1 AND booking_id = ANY ($2::uuid[]) ORDER BY booking_id FOR NO KEY UPDATE`, [cityCode, [...bookingIds]], 'booking.lock');
}

/**
 * Notes that sales handed bookings out, which hold nothing any more. The bookings are locked, and none of them is collected.
 * @param reason where the sale did not name the booking
 */
export async function markCollected(tx: Tx, cityCode: string, collected: readonly Pick<Collected, 'bookingId' | 'tapId'>[], reason: string | null, by: string, now: Instant): Promise<void> {
  if (collected.length === 0) return;
  await tx.query(
    `WITH taken AS (
       UPDATE booking b SET state = 'collected', tap_id = w.tap_id, held_fen = 0, events = b.events + 1 FROM unnest($2::uuid[], $3::uuid[]) AS w (booking_id, tap_id)
       WHERE b.city_code = $1 AND b.booking_id = w.booking_id RETURNING b.booking_id, b.events, b.tap_id)
     INSERT INTO booking_event (city_code, booking_id, event_no, kind, tap_id, reason, recorded_at, recorded_by)
     SELECT $1, booking_id, events, 'collected', tap_id, $6, $4, $5 FROM taken`,
    [cityCode, collected.map(({ bookingId }) => bookingId), collected.map(({ tapId }) => tapId), at(now), by, reason], 'booking.collect');
}

/** Why a booking's entry says that money went back which staff have given back by themselves. */
export const BY_HAND = 'byHand';

/** By which order the booking that a sale handed out was paid, and the refunds that its own entries have asked for. */
export async function moneyBehind(tx: Tx, cityCode: string, tapId: string): Promise<{ readonly orderId: string; readonly refunds: readonly string[]; readonly refundedFen: Fen } | undefined> {
  const [row] = await tx.query<{ orderId: string; refunds: string[]; refundedFen: Fen }>(
    `SELECT b.order_id AS "orderId", array_remove(array_agg(y.entry_id::text), NULL) AS refunds, coalesce(sum(y.fen) FILTER (WHERE y.reason <> $3), 0)::bigint AS "refundedFen"
     FROM booking b LEFT JOIN booking_money y ON y.city_code = b.city_code AND y.booking_id = b.booking_id AND y.order_id = b.order_id AND y.kind = 'refund'
     WHERE b.city_code = $1 AND b.tap_id = $2 AND b.state = 'collected' AND b.order_id IS NOT NULL GROUP BY b.order_id`, [cityCode, tapId, BY_HAND], 'booking.money-behind');
  return row;
}

/** A booking that a void gave back, with what of its money the sale had used. */
export interface Reopened {
  readonly bookingId: string;
  readonly state: 'open' | 'cancelled';
  readonly orderId: string | null;
  readonly usedFen: Fen;
  /** Of that, what is there still to pay for the meal, or to be given back. */
  readonly leftFen: Fen;
}

/**
 * A sale was taken back: what it handed out waits again, and holds what the sale had used. Where the elder has booked the
 * meal anew meanwhile, that one waits, and this one is cancelled.
 * @param mostFen so much of it is still with the receiver; the rest went back to the payer by hand
 */
export async function markReopened(tx: Tx, cityCode: string, tapId: string, mostFen: Fen, by: string, now: Instant): Promise<Reopened[]> {
  return tx.query<Reopened>(
    `WITH back AS (
       SELECT b.booking_id, EXISTS (SELECT FROM booking o WHERE o.city_code = b.city_code AND o.elder_id = b.elder_id AND o.site_id = b.site_id
           AND o.meal_date = b.meal_date AND o.meal_period = b.meal_period AND o.state = 'open') AS anew,
         coalesce((SELECT sum(y.fen) FROM booking_money y WHERE y.city_code = b.city_code AND y.tap_id = b.tap_id AND y.kind = 'used'), 0)::bigint AS used
       FROM booking b WHERE b.city_code = $1 AND b.tap_id = $2 AND b.state = 'collected' FOR NO KEY UPDATE
     ), opened AS (
       UPDATE booking b SET state = CASE WHEN back.anew THEN 'cancelled' ELSE 'open' END, tap_id = NULL, held_fen = CASE WHEN back.anew THEN 0 ELSE least(back.used, $5) END, events = b.events + 1
       FROM back WHERE b.city_code = $1 AND b.booking_id = back.booking_id RETURNING b.booking_id, b.events, b.state, b.order_id, back.used
     ), told AS (
       INSERT INTO booking_event (city_code, booking_id, event_no, kind, tap_id, recorded_at, recorded_by)
       SELECT $1, booking_id, events, 'reopened', $2, $3, $4 FROM opened)
     SELECT booking_id AS "bookingId", state, order_id AS "orderId", used AS "usedFen", least(used, $5) AS "leftFen" FROM opened`,
    [cityCode, tapId, at(now), by, mostFen], 'booking.reopen');
}
