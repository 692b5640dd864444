import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** The sub-merchant of an operator as somebody recorded it, and what another person said to it. */
export interface MerchantRow {
  readonly merchantId: string;
  readonly operatorId: string;
  /** Null ends payments by WeChat to this operator. */
  readonly subMchId: string | null;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
  readonly state: 'recorded' | 'confirmed' | 'rejected';
}

/** A city's sub-merchants: those that wait first, then those decided last. */
export async function readMerchants(tx: Tx, cityCode: string): Promise<MerchantRow[]> {
  return tx.query<MerchantRow>(
    `SELECT m.merchant_id AS "merchantId", m.operator_id AS "operatorId", m.sub_mchid AS "subMchId", m.recorded_at AS "recordedAt", m.recorded_by AS "recordedBy", coalesce(d.outcome, 'recorded') AS state
     FROM operator_merchant m LEFT JOIN operator_merchant_decision d ON d.city_code = m.city_code AND d.merchant_id = m.merchant_id
     WHERE m.city_code = $1 ORDER BY d.seq DESC NULLS FIRST, m.recorded_at DESC, m.merchant_id`, [cityCode]);
}

export async function insertMerchant(tx: Tx, cityCode: string, row: Omit<MerchantRow, 'state'>): Promise<void> {
  await tx.query('INSERT INTO operator_merchant (city_code, merchant_id, operator_id, sub_mchid, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6)',
    [cityCode, row.merchantId, row.operatorId, row.subMchId, at(row.recordedAt), row.recordedBy]);
}

/** Decides a sub-merchant. @returns false where somebody has decided it already */
export async function insertMerchantDecision(tx: Tx, cityCode: string, merchantId: string, decision: { outcome: 'confirmed' | 'rejected'; by: string; now: Instant }): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO operator_merchant_decision (city_code, merchant_id, outcome, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_code, merchant_id) DO NOTHING RETURNING merchant_id`, [cityCode, merchantId, decision.outcome, at(decision.now), decision.by]);
  return rows.length > 0;
}

/** One word on sub-merchants after the other: two operators could be given the same number at once. */
export async function lockMerchants(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('payment.merchant'), hashtext($1))`, [cityCode]);
}

/** The operator that is paid by a sub-merchant: whose number that was confirmed last is this one; null where it is nobody's. */
export async function holderOf(tx: Tx, cityCode: string, subMchId: string): Promise<string | null> {
  const [row] = await tx.query<{ operatorId: string }>(
    `SELECT operator_id AS "operatorId"
     FROM (SELECT DISTINCT ON (m.operator_id) m.operator_id, m.sub_mchid
           FROM operator_merchant m JOIN operator_merchant_decision d ON d.city_code = m.city_code AND d.merchant_id = m.merchant_id AND d.outcome = 'confirmed'
           WHERE m.city_code = $1 ORDER BY m.operator_id, d.seq DESC) latest
     WHERE sub_mchid = $2 LIMIT 1`, [cityCode, subMchId]);
  return row?.operatorId ?? null;
}

/** Who takes the money at a site on a day by WeChat: its operator's sub-merchant that was confirmed last; null where nobody does. */
export async function merchantOfSite(tx: Tx, cityCode: string, siteId: string, on: CivilDate): Promise<{ readonly operatorId: string; readonly subMchId: string } | null> {
  const [row] = await tx.query<{ operatorId: string; subMchId: string | null }>(
    `SELECT o.operator_id AS "operatorId", m.sub_mchid AS "subMchId"
     FROM (SELECT operator_id FROM site_operation WHERE city_code = $1 AND site_id = $2 AND from_date <= $3 ORDER BY from_date DESC LIMIT 1) o
     JOIN LATERAL (
       SELECT m.sub_mchid FROM operator_merchant m JOIN operator_merchant_decision d ON d.city_code = m.city_code AND d.merchant_id = m.merchant_id AND d.outcome = 'confirmed'
       WHERE m.city_code = $1 AND m.operator_id = o.operator_id ORDER BY d.seq DESC LIMIT 1) m ON true`, [cityCode, siteId, on]);
  return row === undefined || row.subMchId === null ? null : { operatorId: row.operatorId, subMchId: row.subMchId };
}
