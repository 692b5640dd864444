import type { CivilDate, Fen } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { ROW, type BookingRow } from './booking.store.js';

/** A booking as its elder's family sees it: where it is, and what became of what was paid. */
export interface KinBookingRow extends BookingRow {
  readonly siteName: string;
  readonly paidFen: Fen;
  readonly usedFen: Fen;
  readonly refundFen: Fen;
  readonly keptFen: Fen;
  /** Why it was cancelled, null where it was not. */
  readonly reason: string | null;
}

const MOST = 100;

/** An elder's bookings from a day on, the next meal first; the newest of them where there are too many. */
export async function bookingsOfElder(tx: Tx, cityCode: string, elderId: string, from: CivilDate): Promise<KinBookingRow[]> {
  return tx.query<KinBookingRow>(
    `SELECT ${ROW}, s.name AS "siteName", y.paid AS "paidFen", y.used AS "usedFen", y.refund AS "refundFen", y.kept AS "keptFen",
       (SELECT e.reason FROM booking_event e WHERE e.city_code = b.city_code AND e.booking_id = b.booking_id AND e.kind = 'cancelled' ORDER BY e.event_no DESC LIMIT 1) AS reason
     FROM booking b JOIN site s ON s.city_code = b.city_code AND s.site_id = b.site_id
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(m.fen) FILTER (WHERE m.kind = 'paid'), 0)::bigint AS paid, coalesce(sum(CASE m.kind WHEN 'used' THEN m.fen WHEN 'returned' THEN -m.fen END), 0)::bigint AS used,
         coalesce(sum(m.fen) FILTER (WHERE m.kind = 'refund'), 0)::bigint AS refund, coalesce(sum(CASE m.kind WHEN 'kept' THEN m.fen WHEN 'excused' THEN -m.fen END), 0)::bigint AS kept
       FROM booking_money m WHERE m.city_code = b.city_code AND m.booking_id = b.booking_id) y
     WHERE b.city_code = $1 AND b.elder_id = $2 AND b.meal_date >= $3 ORDER BY b.meal_date DESC, b.made_at DESC LIMIT ${MOST}`, [cityCode, elderId, from]);
}
