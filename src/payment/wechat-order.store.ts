import type { Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { OrderState, PayWay } from './domain/index.js';

/** What an order pays for. */
export type PayPurpose = 'booking' | 'tap';

/** An order at WeChat Pay as it stands. */
export interface PayOrder {
  readonly cityCode: string;
  readonly orderId: string;
  readonly purpose: PayPurpose;
  /** The booking or the tap. */
  readonly referenceId: string;
  readonly way: PayWay;
  readonly elderId: string | null;
  /** The mini-program account that pays; null at a till. */
  readonly accountId: string | null;
  readonly operatorId: string;
  readonly siteId: string;
  readonly subMchId: string;
  readonly description: string;
  readonly fen: Fen;
  readonly state: OrderState;
  readonly closedBy: string | null;
  readonly withdrawn: boolean;
  readonly transactionId: string | null;
  readonly paidAt: Instant | null;
  /** Of all refunds asked for and not failed. */
  readonly refundedFen: Fen;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly looks: number;
  readonly lookAt: Instant | null;
}

export type NewPayOrder = Pick<PayOrder, 'cityCode' | 'orderId' | 'purpose' | 'referenceId' | 'way' | 'elderId' | 'accountId' | 'operatorId' | 'siteId' | 'subMchId' | 'description' | 'fen' | 'openedAt' | 'expiresAt'> & { readonly state: 'created' | 'paying'; readonly lookAt: Instant };

const COLUMNS = `city_code AS "cityCode", order_id AS "orderId", purpose, reference_id AS "referenceId", way, elder_id AS "elderId", account_id AS "accountId", operator_id AS "operatorId",
  site_id AS "siteId", sub_mchid AS "subMchId", description, fen, state, closed_by AS "closedBy", withdrawn, transaction_id AS "transactionId", paid_at AS "paidAt",
  refunded_fen AS "refundedFen", opened_at AS "openedAt", expires_at AS "expiresAt", looks, look_at AS "lookAt"`;

/** Writes an order down before WeChat hears of it. @returns false where its id is known already */
export async function insertOrder(tx: Tx, order: NewPayOrder): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO wechat_order (city_code, order_id, purpose, reference_id, way, elder_id, account_id, operator_id, site_id, sub_mchid, description, fen, state, opened_at, expires_at, look_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (city_code, order_id) DO NOTHING RETURNING order_id`,
    [
      order.cityCode, order.orderId, order.purpose, order.referenceId, order.way, order.elderId, order.accountId, order.operatorId, order.siteId, order.subMchId, order.description, order.fen,
      order.state, at(order.openedAt), at(order.expiresAt), at(order.lookAt),
    ]);
  return rows.length > 0;
}

export async function readOrder(tx: Tx, cityCode: string, orderId: string): Promise<PayOrder | null> {
  return (await tx.query<PayOrder>(`SELECT ${COLUMNS} FROM wechat_order WHERE city_code = $1 AND order_id = $2`, [cityCode, orderId]))[0] ?? null;
}

/** Locks an order: whatever changes it, or asks for a refund of it, holds this. */
export async function lockOrder(tx: Tx, cityCode: string, orderId: string): Promise<PayOrder | null> {
  return (await tx.query<PayOrder>(`SELECT ${COLUMNS} FROM wechat_order WHERE city_code = $1 AND order_id = $2 FOR UPDATE`, [cityCode, orderId]))[0] ?? null;
}

/** The orders of a booking or a tap, the latest first. */
export async function ordersOf(tx: Tx, cityCode: string, purpose: PayPurpose, referenceIds: readonly string[]): Promise<PayOrder[]> {
  return tx.query<PayOrder>(`SELECT ${COLUMNS} FROM wechat_order WHERE city_code = $1 AND purpose = $2 AND reference_id = ANY ($3::uuid[]) ORDER BY opened_at DESC, order_id`, [cityCode, purpose, referenceIds]);
}

/** Where an order goes from here; `lookAt` is null at its end, unless WeChat speaks once more of one that was closed. */
export interface OrderChange {
  readonly state: OrderState;
  readonly closedBy: string | null;
  readonly transactionId: string | null;
  readonly paidAt: Instant | null;
  readonly lookAt: Instant | null;
  /** Whether WeChat was asked about it. */
  readonly looked: boolean;
}

/** Changes an order that the caller holds, and says why. */
export async function changeOrder(tx: Tx, order: Pick<PayOrder, 'cityCode' | 'orderId'>, change: OrderChange, event: { asked: string; heard: string }, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE wechat_order SET state = $3, closed_by = $4, transaction_id = $5, paid_at = $6, look_at = $7, looks = looks + $9,
       settled_at = CASE WHEN $3 = 'closed' AND state = 'closed' THEN settled_at WHEN $3 IN ('paid', 'closed') THEN $8::timestamptz END
     WHERE city_code = $1 AND order_id = $2`,
    [order.cityCode, order.orderId, change.state, change.closedBy, change.transactionId, change.paidAt === null ? null : at(change.paidAt), change.lookAt === null ? null : at(change.lookAt), at(now), change.looked ? 1 : 0]);
  await insertOrderEvent(tx, order, event, change.state, now);
}

export async function insertOrderEvent(tx: Tx, order: Pick<PayOrder, 'cityCode' | 'orderId'>, { asked, heard }: { asked: string; heard: string }, state: OrderState, now: Instant): Promise<void> {
  await tx.query('INSERT INTO wechat_order_event (city_code, order_id, asked, heard, state, at) VALUES ($1, $2, $3, $4, $5, $6)', [order.cityCode, order.orderId, asked, heard.slice(0, 80), state, at(now)]);
}

/** Notes that nobody wants an order any more; an open one is looked at by the given moment at the latest. */
export async function markWithdrawn(tx: Tx, order: PayOrder, lookAt: Instant): Promise<void> {
  await tx.query('UPDATE wechat_order SET withdrawn = true, look_at = least(look_at, CASE WHEN look_at IS NOT NULL THEN $3::timestamptz END) WHERE city_code = $1 AND order_id = $2', [order.cityCode, order.orderId, at(lookAt)]);
}

/** An order that is to be looked at, and how often it was. */
export interface DueLook {
  readonly cityCode: string;
  readonly id: string;
  readonly looks: number;
  readonly lookAt: Instant;
}

/** Orders of every city whose next look has come, the longest due first. */
export async function dueOrders(tx: Tx, now: Instant, most: number): Promise<DueLook[]> {
  return tx.query<DueLook>('SELECT city_code AS "cityCode", order_id AS id, looks, look_at AS "lookAt" FROM wechat_order WHERE look_at <= $1 ORDER BY look_at LIMIT $2', [at(now), most]);
}

/** WeChat gives up telling us after 24 hours and 4 minutes; no order may be open much longer after its end. */
export const OVERDUE_MS = (24 * 60 + 10) * 60_000;

/** How many orders of each city are open, and how many of those for more than a day. */
export async function openOrders(tx: Tx, now: Instant): Promise<{ readonly cityCode: string; readonly open: number; readonly overdue: number }[]> {
  return tx.query(
    `SELECT city_code AS "cityCode", count(*)::int AS open, (count(*) FILTER (WHERE expires_at < $1))::int AS overdue FROM wechat_order WHERE look_at IS NOT NULL GROUP BY city_code`, [at(now - OVERDUE_MS)]);
}

/** A refund that needs a person: WeChat cannot pay it out by itself, or ended it without money and nobody has asked for so much since. */
const NEEDS_PERSON = `((r.look_at IS NOT NULL AND r.state = 'stuck') OR (r.state = 'failed' AND NOT EXISTS (
  SELECT FROM wechat_refund n WHERE n.city_code = r.city_code AND n.order_id = r.order_id AND n.refund_id <> r.refund_id AND n.asked_at >= r.settled_at AND n.fen >= r.fen)))`;

/** What hangs in a city: orders that are open or in doubt for more than a day, and refunds that a person has to see to. */
export async function countHanging(tx: Tx, cityCode: string, now: Instant): Promise<{ readonly orders: number; readonly refunds: number }> {
  const [row] = await tx.query<{ orders: number; refunds: number }>(
    `SELECT (SELECT count(*)::int FROM wechat_order WHERE city_code = $1 AND look_at IS NOT NULL AND expires_at < $2) AS orders,
       (SELECT count(*)::int FROM wechat_refund r WHERE r.city_code = $1 AND ${NEEDS_PERSON}) AS refunds`, [cityCode, at(now - OVERDUE_MS)]);
  return row ?? { orders: 0, refunds: 0 };
}

/** Open orders of a city that expired before a moment, and refunds that a person has to see to. */
export async function listUnsettled(tx: Tx, cityCode: string, before: Instant, most: number): Promise<{ readonly orderId: string; readonly refundId: string | null; readonly state: string; readonly fen: Fen; readonly siteId: string; readonly since: Instant }[]> {
  return tx.query(
    `SELECT order_id AS "orderId", NULL::uuid AS "refundId", state, fen, site_id AS "siteId", opened_at AS since FROM wechat_order WHERE city_code = $1 AND look_at IS NOT NULL AND expires_at < $2
     UNION ALL
     SELECT r.order_id, r.refund_id, r.state, r.fen, o.site_id, r.asked_at FROM wechat_refund r JOIN wechat_order o ON o.city_code = r.city_code AND o.order_id = r.order_id
     WHERE r.city_code = $1 AND ((r.look_at IS NOT NULL AND r.asked_at < $2) OR ${NEEDS_PERSON})
     ORDER BY since, "orderId" LIMIT $3`, [cityCode, at(before), most]);
}
