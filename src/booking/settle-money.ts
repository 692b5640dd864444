import { fen, minusFen, NO_FEN, type Clock, type Fen } from '../kernel/index.js';
import type { PayOrders } from '../payment/index.js';
import { derivedId, stageJobs, type Tx } from '../platform/index.js';
import type { Collected } from './domain/index.js';
import { BY_HAND, markCollected, markReopened, moneyBehind } from './hand-out.store.js';
import { insertMoney, type MoneyEntry } from './money.store.js';

/** The job that gives money back to whoever paid it. */
export const REFUND = 'booking.refund';

/** The job that ends orders which nobody is to pay any more. */
export const WITHDRAW = 'booking.withdraw';

/** Ends the orders of a booking that was given up unpaid, some moments later. */
export async function withdrawOrders(tx: Tx, clock: Clock, cityCode: string, bookingId: string): Promise<void> {
  await stageJobs(tx, clock, [{ cityCode, job: WITHDRAW, key: bookingId, payload: { bookingId } }]);
}

/** Writes entries down and stages the refunds among them, in the transaction of their cause. */
async function moveMoney(tx: Tx, clock: Clock, cityCode: string, entries: readonly MoneyEntry[], by: string): Promise<void> {
  const made = new Set(await insertMoney(tx, cityCode, entries, by, clock.now()));
  await stageJobs(tx, clock, entries.filter(({ entryId, kind, reason }) => kind === 'refund' && reason !== BY_HAND && made.has(entryId))
    .map(({ entryId, orderId, bookingId, fen, reason }) => ({ cityCode, job: REFUND, key: entryId, payload: { entryId, orderId, bookingId, fen, reason } })));
}

function entry(kind: MoneyEntry['kind'], of: { readonly bookingId: string; readonly orderId: string | null; readonly fen: Fen; readonly reason: string; readonly cause: string; readonly tapId?: string }): MoneyEntry[] {
  const { bookingId, orderId, fen, reason, cause, tapId = null } = of;
  return fen === 0 || orderId === null ? [] : [{ entryId: derivedId(`booking.${kind}`, bookingId, cause), bookingId, orderId, kind, fen, tapId, reason }];
}

/**
 * Hands bookings out with sales: the money that they hold pays own shares, and what is left goes back. The bookings are locked.
 * @param reason where the sales did not name them
 */
export async function collectBookings(tx: Tx, clock: Clock, cityCode: string, collected: readonly Collected[], by: string, reason: string | null = null): Promise<void> {
  await markCollected(tx, cityCode, collected, reason, by, clock.now());
  const entries = collected.flatMap(({ bookingId, tapId, orderId, excusedFen, usedFen, refundFen }) => [
    ...entry('excused', { bookingId, orderId, fen: excusedFen, reason: 'meal', cause: tapId }),
    ...entry('used', { bookingId, orderId, fen: usedFen, reason: 'meal', cause: tapId, tapId }), ...entry('refund', { bookingId, orderId, fen: refundFen, reason: 'meal', cause: tapId })]);
  if (entries.length > 0) await moveMoney(tx, clock, cityCode, entries, by);
}

/**
 * A sale was taken back: its booking waits again and holds what the sale had used, or that goes back where the meal is
 * booked anew. What staff have given back of it by hand meanwhile is not there any more.
 */
export async function reopenBooking(tx: Tx, { clock, orders }: { readonly clock: Clock; readonly orders: PayOrders }, cityCode: string, tapId: string, by: string): Promise<void> {
  const behind = await moneyBehind(tx, cityCode, tapId);
  // The order is locked before its booking, as everywhere.
  const leftFen = behind === undefined ? NO_FEN : await orders.lockLeft(tx, cityCode, behind.orderId, behind.refunds);
  // What goes back is a refund of its own beside the one of what the meal left over.
  const back = await markReopened(tx, cityCode, tapId, fen(Math.max(0, leftFen - (behind?.refundedFen ?? 0))), by, clock.now());
  const entries = back.flatMap(({ bookingId, state, orderId, usedFen, leftFen }) => [
    ...entry('returned', { bookingId, orderId, fen: usedFen, reason: 'void', cause: tapId, tapId }),
    ...entry('refund', { bookingId, orderId, fen: minusFen(usedFen, leftFen), reason: BY_HAND, cause: `by hand ${tapId}` }),
    ...(state === 'cancelled' ? entry('refund', { bookingId, orderId, fen: leftFen, reason: 'void', cause: `void ${tapId}` }) : [])]);
  if (entries.length > 0) await moveMoney(tx, clock, cityCode, entries, by);
}

/** What an ended booking held: a part may be kept, the rest goes back. @param cause names the ending among all of this booking */
export async function releaseMoney(tx: Tx, clock: Clock, cityCode: string, ended: { readonly bookingId: string; readonly orderId: string | null; readonly heldFen: Fen; readonly keptFen: Fen }, reason: string, cause: string, by: string): Promise<void> {
  const { bookingId, orderId, heldFen, keptFen } = ended;
  const entries = [...entry('kept', { bookingId, orderId, fen: keptFen, reason, cause }), ...entry('refund', { bookingId, orderId, fen: minusFen(heldFen, keptFen), reason, cause })];
  if (entries.length > 0) await moveMoney(tx, clock, cityCode, entries, by);
}

/** An order was paid: for a booking that can use it, or to be given back at once. */
export async function noteOrderPaid(tx: Tx, clock: Clock, cityCode: string, paid: { readonly bookingId: string; readonly orderId: string; readonly fen: Fen }, isUsable: boolean, by: string): Promise<void> {
  const entries = [...entry('paid', { ...paid, reason: 'order', cause: paid.orderId }), ...(isUsable ? [] : entry('refund', { ...paid, reason: 'late', cause: paid.orderId }))];
  await moveMoney(tx, clock, cityCode, entries, by);
}
