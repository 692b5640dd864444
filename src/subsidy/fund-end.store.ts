import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { FundEnd } from './domain/index.js';
import { lockPolicies } from './policy.store.js';

/** An end of a fund's subsidy as it was drafted, and who put both names under it. */
export interface SignedFundEnd extends Omit<FundEnd, 'seq'> {
  readonly endId: string;
  readonly noticeDays: number;
  readonly drafterId: string;
  readonly countersignerId: string;
}

/** Ends and new beginnings of funds' subsidies that rule in a city, in the order of publication. */
export async function publishedFundEnds(tx: Tx, cityCode: string): Promise<FundEnd[]> {
  return tx.query<FundEnd>(
    `SELECT seq, funder_code AS "funderCode", action, from_date AS "fromDate", to_date AS "toDate", document_number AS "documentNumber"
     FROM policy_fund_end WHERE city_code = $1 ORDER BY seq`, [cityCode]);
}

/** Puts an end in force under the city's next number; every meal from its day on is decided by it. */
export async function publishFundEnd(tx: Tx, cityCode: string, end: SignedFundEnd, now: Instant): Promise<void> {
  await lockPolicies(tx, cityCode);
  await tx.query(
    `INSERT INTO policy_fund_end (city_code, seq, end_id, funder_code, action, from_date, to_date, document_number, notice_days, drafter_id, countersigner_id, published_at)
     SELECT $1, coalesce((SELECT max(e.seq) FROM policy_fund_end e WHERE e.city_code = $1), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11`,
    [cityCode, end.endId, end.funderCode, end.action, end.fromDate, end.toDate, end.documentNumber, end.noticeDays, end.drafterId, end.countersignerId, at(now)]);
}
