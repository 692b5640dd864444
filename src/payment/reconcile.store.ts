import type { CivilDate, Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { BillLine, Difference, OwnOrder, OwnRefund } from './domain/index.js';

/** A sub-merchant's day. */
export interface BillDay {
  readonly cityCode: string;
  readonly date: CivilDate;
  readonly subMchId: string;
}

/** A bill as it was fetched. */
export interface TradeBillRow {
  readonly subMchId: string;
  readonly lines: number;
  readonly paidFen: Fen;
  /** Of it, what was taken back because a charge had become of no use. */
  readonly reversedFen: Fen;
  readonly refundFen: Fen;
  readonly ownPaidFen: Fen;
  readonly ownRefundFen: Fen;
  readonly fetchedAt: Instant;
}

/** Who has this sub-merchant, for people. */
export interface BillMerchant {
  readonly subMchId: string;
  readonly operatorId: string;
  readonly operatorName: string;
}

const DAY = `($2::date::timestamp AT TIME ZONE 'Asia/Shanghai')`;
const NEXT_DAY = `(($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')`;

/** Days of sub-merchants whose bill should be there and was not fetched, the earliest first; only ever those that were confirmed. @param cityCode null for every city */
export async function daysWithoutBill(tx: Tx, cityCode: string | null, from: CivilDate, to: CivilDate): Promise<BillDay[]> {
  return tx.query<BillDay>(
    `SELECT m.city_code AS "cityCode", m.sub_mchid AS "subMchId", d.day::date::text AS date
     FROM (SELECT m.city_code, m.sub_mchid, min((c.decided_at AT TIME ZONE 'Asia/Shanghai')::date) AS since
           FROM operator_merchant m JOIN operator_merchant_decision c ON c.city_code = m.city_code AND c.merchant_id = m.merchant_id AND c.outcome = 'confirmed'
           WHERE ($1::text IS NULL OR m.city_code = $1) AND m.sub_mchid IS NOT NULL GROUP BY 1, 2) m
     JOIN generate_series($2::date, $3::date, interval '1 day') AS d (day) ON d.day >= m.since
     WHERE NOT EXISTS (SELECT FROM trade_bill b WHERE b.city_code = m.city_code AND b.sub_mchid = m.sub_mchid AND b.bill_date = d.day)
     ORDER BY d.day, 1, 2`, [cityCode, from, to]);
}

/** A city's sub-merchants that were confirmed by the end of a day. */
export async function merchantsOn(tx: Tx, cityCode: string, date: CivilDate): Promise<BillMerchant[]> {
  return tx.query<BillMerchant>(
    `SELECT DISTINCT ON (m.sub_mchid) m.sub_mchid AS "subMchId", m.operator_id AS "operatorId", o.name AS "operatorName"
     FROM operator_merchant m JOIN operator_merchant_decision c ON c.city_code = m.city_code AND c.merchant_id = m.merchant_id AND c.outcome = 'confirmed'
     JOIN site_operator_org o ON o.city_code = m.city_code AND o.operator_id = m.operator_id
     WHERE m.city_code = $1 AND m.sub_mchid IS NOT NULL AND c.decided_at < ${NEXT_DAY} ORDER BY m.sub_mchid, c.seq DESC`, [cityCode, date]);
}

/** Our orders that a day's bill names, or should: those paid on it. */
export async function ownOrders(tx: Tx, { cityCode, date, subMchId }: BillDay, named: readonly string[]): Promise<OwnOrder[]> {
  return tx.query<OwnOrder>(
    `SELECT order_id AS "orderId", fen, state, closed_by AS "closedBy", transaction_id AS "transactionId",
       coalesce(paid_at >= ${DAY} AND paid_at < ${NEXT_DAY}, false) AS "isOfDay", coalesce(settled_at >= ${NEXT_DAY}, false) AS "mayEndLater"
     FROM wechat_order WHERE city_code = $1 AND sub_mchid = $3 AND (order_id = ANY ($4::uuid[]) OR (paid_at >= ${DAY} AND paid_at < ${NEXT_DAY})) ORDER BY order_id`,
    [cityCode, date, subMchId, named]);
}

/**
 * Our refunds that a day's bill names, or should: those done on it that stand in none before. WeChat may have been done
 * with one the day before, so as long as an earlier bill is missing nothing is expected of this one.
 */
export async function ownRefunds(tx: Tx, { cityCode, date, subMchId }: BillDay, named: readonly string[]): Promise<OwnRefund[]> {
  return tx.query<OwnRefund>(
    `SELECT r.refund_id AS "refundId", r.order_id AS "orderId", r.fen, r.state,
       (r.state = 'done' AND r.settled_at >= ${DAY} AND r.settled_at < ${NEXT_DAY}
         AND NOT EXISTS (SELECT FROM trade_bill_line l WHERE l.city_code = r.city_code AND l.refund_id = r.refund_id AND l.bill_date < $2)
         AND NOT EXISTS (SELECT FROM generate_series((r.asked_at AT TIME ZONE 'Asia/Shanghai')::date, $2::date - 1, interval '1 day') AS d (day)
           WHERE NOT EXISTS (SELECT FROM trade_bill b WHERE b.city_code = r.city_code AND b.sub_mchid = o.sub_mchid AND b.bill_date = d.day))) AS "isOfDay"
     FROM wechat_refund r JOIN wechat_order o ON o.city_code = r.city_code AND o.order_id = r.order_id
     WHERE r.city_code = $1 AND o.sub_mchid = $3 AND (r.refund_id = ANY ($4::uuid[]) OR (r.state = 'done' AND r.settled_at >= ${DAY} AND r.settled_at < ${NEXT_DAY})) ORDER BY r.refund_id`,
    [cityCode, date, subMchId, named]);
}

/** Keeps a bill, its lines and what differed. @returns false where it was kept before */
export async function insertBill(tx: Tx, { cityCode, date, subMchId }: BillDay, bill: Omit<TradeBillRow, 'subMchId' | 'lines'> & { readonly sha256: string | null }, lines: readonly (BillLine & { readonly at: Instant })[], differences: readonly Difference[]): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO trade_bill (city_code, bill_date, sub_mchid, sha256, lines, paid_fen, reversed_fen, refund_fen, own_paid_fen, own_refund_fen, fetched_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING sub_mchid`,
    [cityCode, date, subMchId, bill.sha256, lines.length, bill.paidFen, bill.reversedFen, bill.refundFen, bill.ownPaidFen, bill.ownRefundFen, at(bill.fetchedAt)]);
  if (rows.length === 0) return false;
  await tx.query(
    `INSERT INTO trade_bill_line (city_code, bill_date, sub_mchid, line, kind, order_id, refund_id, number, transaction_id, fen, at)
     SELECT $1, $2, $3, l.line, l.kind, l.order_id, l.refund_id, l.number, l.transaction_id, l.fen, l.at
     FROM unnest($4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::bigint[], $10::timestamptz[]) WITH ORDINALITY AS l (kind, order_id, refund_id, number, transaction_id, fen, at, line)`,
    [cityCode, date, subMchId, lines.map(({ kind }) => kind), lines.map(({ orderId }) => orderId), lines.map(({ refundId }) => refundId), lines.map(({ number }) => number), lines.map(({ transactionId }) => transactionId), lines.map(({ fen }) => fen), lines.map((line) => at(line.at))]);
  await tx.query(
    `INSERT INTO trade_bill_difference (city_code, bill_date, sub_mchid, difference, kind, order_id, refund_id, number, their_fen, own_fen)
     SELECT $1, $2, $3, d.difference, d.kind, d.order_id, d.refund_id, d.number, d.their_fen, d.own_fen
     FROM unnest($4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::bigint[], $9::bigint[]) WITH ORDINALITY AS d (kind, order_id, refund_id, number, their_fen, own_fen, difference)`,
    [cityCode, date, subMchId, differences.map(({ kind }) => kind), differences.map(({ orderId }) => orderId), differences.map(({ refundId }) => refundId), differences.map(({ number }) => number), differences.map(({ theirFen }) => theirFen), differences.map(({ ownFen }) => ownFen)]);
  return true;
}

export async function hasBill(tx: Tx, { cityCode, date, subMchId }: BillDay): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM trade_bill WHERE city_code = $1 AND bill_date = $2 AND sub_mchid = $3', [cityCode, date, subMchId])).length > 0;
}

/** The bills of a city's day. */
export async function readBills(tx: Tx, cityCode: string, date: CivilDate): Promise<TradeBillRow[]> {
  return tx.query<TradeBillRow>(
    `SELECT sub_mchid AS "subMchId", lines, paid_fen AS "paidFen", reversed_fen AS "reversedFen", refund_fen AS "refundFen", own_paid_fen AS "ownPaidFen", own_refund_fen AS "ownRefundFen", fetched_at AS "fetchedAt"
     FROM trade_bill WHERE city_code = $1 AND bill_date = $2 ORDER BY sub_mchid`, [cityCode, date]);
}

export async function readBillLines(tx: Tx, { cityCode, date, subMchId }: BillDay): Promise<BillLine[]> {
  return tx.query<BillLine>(
    `SELECT kind, order_id AS "orderId", refund_id AS "refundId", number, transaction_id AS "transactionId", fen
     FROM trade_bill_line WHERE city_code = $1 AND bill_date = $2 AND sub_mchid = $3 ORDER BY line`, [cityCode, date, subMchId]);
}

/** What differed when the bill came. */
export async function readDifferences(tx: Tx, { cityCode, date, subMchId }: BillDay, most: number): Promise<Difference[]> {
  return tx.query<Difference>(
    `SELECT kind, order_id AS "orderId", refund_id AS "refundId", number, their_fen AS "theirFen", own_fen AS "ownFen"
     FROM trade_bill_difference WHERE city_code = $1 AND bill_date = $2 AND sub_mchid = $3 ORDER BY difference LIMIT $4`, [cityCode, date, subMchId, most]);
}
