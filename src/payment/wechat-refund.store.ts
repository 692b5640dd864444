import { invariant, NO_FEN, type Fen, type Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { DueLook } from './wechat-order.store.js';

export type RefundProgress = 'asked' | 'processing' | 'done' | 'failed' | 'stuck';

/** Money on its way back to who paid. */
export interface PayRefund {
  readonly cityCode: string;
  readonly refundId: string;
  readonly orderId: string;
  readonly fen: Fen;
  readonly reason: string;
  /** `stuck`: WeChat cannot give it back by itself, a person has to; `failed`: nothing was given back. */
  readonly state: RefundProgress;
  readonly wechatId: string | null;
  readonly askedAt: Instant;
  readonly looks: number;
}

const COLUMNS = 'city_code AS "cityCode", refund_id AS "refundId", order_id AS "orderId", fen, reason, state, wechat_id AS "wechatId", asked_at AS "askedAt", looks';

/** Writes a refund down and counts it against its order, which the caller holds and has looked at; the database refuses one too much all the same. */
export async function insertRefund(tx: Tx, refund: Pick<PayRefund, 'cityCode' | 'refundId' | 'orderId' | 'fen' | 'reason' | 'askedAt'> & { readonly askedBy: string }): Promise<void> {
  const { cityCode, refundId, orderId, fen, reason, askedAt, askedBy } = refund;
  await tx.query(
    `INSERT INTO wechat_refund (city_code, refund_id, order_id, fen, reason, state, asked_at, asked_by, look_at) VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7, $6)`,
    [cityCode, refundId, orderId, fen, reason, at(askedAt), askedBy]);
  await addRefunded(tx, cityCode, orderId, fen);
}

async function addRefunded(tx: Tx, cityCode: string, orderId: string, fen: number): Promise<void> {
  const rows = await tx.query('UPDATE wechat_order SET refunded_fen = refunded_fen + $3 WHERE city_code = $1 AND order_id = $2 RETURNING order_id', [cityCode, orderId, fen]);
  invariant(rows.length === 1, 'a refund has its order');
}

export async function readRefund(tx: Tx, cityCode: string, refundId: string): Promise<PayRefund | null> {
  return (await tx.query<PayRefund>(`SELECT ${COLUMNS} FROM wechat_refund WHERE city_code = $1 AND refund_id = $2`, [cityCode, refundId]))[0] ?? null;
}

/** What an order's refunds come to that have not failed and are none of the named ones. */
export async function refundsBeside(tx: Tx, cityCode: string, orderId: string, named: readonly string[]): Promise<Fen> {
  const [row] = await tx.query<{ fen: Fen }>(
    `SELECT coalesce(sum(fen), 0)::bigint AS fen FROM wechat_refund WHERE city_code = $1 AND order_id = $2 AND state <> 'failed' AND NOT refund_id = ANY ($3::uuid[])`, [cityCode, orderId, named]);
  return row?.fen ?? NO_FEN;
}

/** Moves a refund whose order the caller holds; what a failed one held is free again. */
export async function changeRefund(tx: Tx, refund: PayRefund, state: RefundProgress, wechatId: string | null, lookAt: Instant | null, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE wechat_refund SET state = $3, wechat_id = coalesce($4, wechat_id), look_at = $5, settled_at = CASE WHEN $5::timestamptz IS NULL THEN $6::timestamptz END, looks = looks + 1
     WHERE city_code = $1 AND refund_id = $2`, [refund.cityCode, refund.refundId, state, wechatId, lookAt === null ? null : at(lookAt), at(now)]);
  if (state === 'failed') await addRefunded(tx, refund.cityCode, refund.orderId, -refund.fen);
}

/** Leaves the next step of a refund for later, without having asked. */
export async function postponeRefund(tx: Tx, { cityCode, refundId }: PayRefund, lookAt: Instant): Promise<void> {
  await tx.query('UPDATE wechat_refund SET look_at = $3 WHERE city_code = $1 AND refund_id = $2 AND look_at < $3', [cityCode, refundId, at(lookAt)]);
}

/** Refunds of every city whose next step has come. */
export async function dueRefunds(tx: Tx, now: Instant, most: number): Promise<DueLook[]> {
  return tx.query<DueLook>('SELECT city_code AS "cityCode", refund_id AS id, looks, look_at AS "lookAt" FROM wechat_refund WHERE look_at <= $1 ORDER BY look_at LIMIT $2', [at(now), most]);
}

/** A notice whose signature held. @returns false where it came before */
export async function insertPaymentNotice(tx: Tx, notice: { cityCode: string; noticeId: string; kind: 'paid' | 'refund'; aboutId: string; body: Buffer; signed: string; receivedAt: Instant }): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO wechat_notice (city_code, notice_id, kind, about_id, body, signed, received_at) SELECT $1, $2, $3, $4, $5, $6, $7 FROM region_city c WHERE c.city_code = $1
     ON CONFLICT (city_code, notice_id) DO NOTHING RETURNING notice_id`,
    [notice.cityCode, notice.noticeId, notice.kind, notice.aboutId, notice.body, notice.signed, at(notice.receivedAt)]);
  return rows.length > 0;
}
