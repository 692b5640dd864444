import type { Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** What moved of a booking's money: paid; used for an own share; given back to the booking by a void, or to the payer; kept for a no-show, and the booking's again once that was none. */
export interface MoneyEntry {
  /** Made from its cause, so that the cause moves money once. */
  readonly entryId: string;
  readonly bookingId: string;
  readonly orderId: string;
  readonly kind: 'paid' | 'used' | 'returned' | 'refund' | 'kept' | 'excused';
  /** Above 0. */
  readonly fen: Fen;
  /** Of what a sale used or gave back. */
  readonly tapId: string | null;
  readonly reason: string;
}

/** Writes entries down; what is there already stays. @returns ids of those that are new */
export async function insertMoney(tx: Tx, cityCode: string, entries: readonly MoneyEntry[], by: string, now: Instant): Promise<string[]> {
  if (entries.length === 0) return [];
  const rows = await tx.query<{ entryId: string }>(
    `INSERT INTO booking_money (city_code, entry_id, booking_id, order_id, kind, fen, tap_id, reason, recorded_at, recorded_by)
     SELECT $1, e.*, $9, $10 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::uuid[], $8::text[]) AS e
     ON CONFLICT (city_code, entry_id) DO NOTHING RETURNING entry_id AS "entryId"`,
    [cityCode, entries.map((one) => one.entryId), entries.map((one) => one.bookingId), entries.map((one) => one.orderId), entries.map((one) => one.kind), entries.map((one) => one.fen),
      entries.map((one) => one.tapId), entries.map((one) => one.reason), at(now), by]);
  return rows.map(({ entryId }) => entryId);
}

/** An order was paid, and the booking holds it. The booking is locked by the caller, open, and holds nothing. */
export async function holdPaid(tx: Tx, cityCode: string, bookingId: string, orderId: string, fen: Fen): Promise<void> {
  await tx.query('UPDATE booking SET held_fen = $4, order_id = $3 WHERE city_code = $1 AND booking_id = $2', [cityCode, bookingId, orderId, fen]);
}
