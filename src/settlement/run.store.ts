import type { CivilMonth, Fen, Instant } from '../kernel/index.js';
import { at, type JobRequest, type Tx } from '../platform/index.js';

/** The closing of a city's month, and how far its claims are. */
export interface RunRow {
  readonly runId: string;
  readonly month: CivilMonth;
  readonly closedBy: string;
  readonly closedAt: Instant;
  readonly rootHash: string;
  readonly claimsTotal: number;
  readonly claimsDone: number;
  readonly claimsWithDifference: number;
  readonly claimedFen: Fen;
}

export async function insertRun(tx: Tx, cityCode: string, run: { runId: string; month: CivilMonth; closedBy: string; closedAt: Instant; rootHash: string }): Promise<void> {
  await tx.query(
    'INSERT INTO settlement_run (city_code, run_id, month, closed_by, closed_at, root_hash) VALUES ($1, $2, $3, $4, $5, $6)',
    [cityCode, run.runId, run.month, run.closedBy, at(run.closedAt), run.rootHash]);
}

/** Runs by month, the newest first; of one id when given. */
export async function readRuns(tx: Tx, cityCode: string, runId: string | null): Promise<RunRow[]> {
  return tx.query<RunRow>(
    `SELECT r.run_id AS "runId", r.month, r.closed_by AS "closedBy", r.closed_at AS "closedAt", r.root_hash AS "rootHash",
       count(c.claim_id) AS "claimsTotal", count(c.claim_id) FILTER (WHERE c.state <> 'building') AS "claimsDone",
       count(c.claim_id) FILTER (WHERE c.difference_fen > 0) AS "claimsWithDifference", COALESCE(sum(c.claimed_fen), 0)::bigint AS "claimedFen"
     FROM settlement_run r LEFT JOIN claim c ON c.city_code = r.city_code AND c.run_id = r.run_id
     WHERE r.city_code = $1 AND ($2::uuid IS NULL OR r.run_id = $2)
     GROUP BY r.city_code, r.run_id ORDER BY r.month DESC LIMIT 120`, [cityCode, runId]);
}

/** Takes the next `count` numbers of a series, county and year; the first of them. */
export async function takeNumbers(tx: Tx, cityCode: string, series: 'claim' | 'batch', countyCode: string, year: number, count: number): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `INSERT INTO settlement_sequence AS s (city_code, series, county_code, year, last_number) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_code, series, county_code, year) DO UPDATE SET last_number = s.last_number + EXCLUDED.last_number
     RETURNING last_number AS last`, [cityCode, series, countyCode, year, count]);
  return (row?.last ?? count) - count + 1;
}

/** A claim to be built. */
export interface NewClaim {
  readonly claimId: string;
  readonly siteId: string;
  readonly divisionCode: string;
  readonly countyCode: string;
  readonly number: number;
  readonly claimNumber: string;
}

export async function insertClaims(tx: Tx, cityCode: string, run: { runId: string; month: CivilMonth }, claims: readonly NewClaim[]): Promise<void> {
  await tx.query(
    `INSERT INTO claim (city_code, run_id, month, year, kind, state, claim_id, site_id, division_code, county_code, number, claim_number)
     SELECT $1, $2::uuid, $3::text, substr($3::text, 1, 4)::int, 'mealSubsidy', 'building', n.*
     FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::int[], $9::text[]) n`,
    [cityCode, run.runId, run.month, claims.map((c) => c.claimId), claims.map((c) => c.siteId), claims.map((c) => c.divisionCode),
      claims.map((c) => c.countyCode), claims.map((c) => c.number), claims.map((c) => c.claimNumber)]);
}

/** Claims of any city that are still to be built, as the jobs that build them. */
export async function claimsToBuild(tx: Tx, job: string): Promise<JobRequest[]> {
  const rows = await tx.query<{ cityCode: string; claimId: string }>(
    `SELECT city_code AS "cityCode", claim_id AS "claimId" FROM claim WHERE state = 'building' ORDER BY city_code, claim_id LIMIT 2000`);
  return rows.map(({ cityCode, claimId }) => ({ cityCode, job, key: claimId, payload: { claimId } }));
}

/** What releases took out of sites' receivables in a month of booking, by site and funder. */
export async function releasedInMonth(tx: Tx, cityCode: string, month: CivilMonth, siteIds: readonly string[]): Promise<{ siteId: string; funderCode: string; fen: number }[]> {
  return tx.query(
    `SELECT site_id AS "siteId", funder_code AS "funderCode", sum(fen)::bigint AS fen FROM claim_booking
     WHERE city_code = $1 AND booked_month = $2 AND site_id = ANY ($3::uuid[]) GROUP BY site_id, funder_code`,
    [cityCode, month, siteIds]);
}

/** Remembers what a release took out of receivables. */
export async function insertBookings(
  tx: Tx, cityCode: string, rows: readonly { claimId: string; funderCode: string; siteId: string; bookedMonth: CivilMonth; fen: Fen }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO claim_booking (city_code, claim_id, funder_code, site_id, booked_month, fen)
     SELECT $1, b.* FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bigint[]) b`,
    [cityCode, rows.map((r) => r.claimId), rows.map((r) => r.funderCode), rows.map((r) => r.siteId), rows.map((r) => r.bookedMonth), rows.map((r) => r.fen)]);
}
