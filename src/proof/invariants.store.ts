import type { Tx } from '../platform/index.js';
import type { Allowed } from './allowed.js';
import { CLAIM_INVARIANTS } from './claim-invariants.store.js';
import type { Invariant, Violation } from './invariant.js';
import { LEDGER_INVARIANTS } from './ledger-invariants.store.js';
import { BOOKING_INVARIANTS, PAID_BOOKING_INVARIANTS } from './booking-invariants.store.js';
import { PREPAID_INVARIANTS } from './prepaid-invariants.store.js';
import { REVIEW_INVARIANTS } from './review-invariants.store.js';
import { SEAL_INVARIANTS } from './seal-invariants.store.js';
import { SLIP_INVARIANTS } from './slip-invariants.store.js';
import { TAP_INVARIANTS } from './tap-invariants.store.js';
import { TILL_INVARIANTS } from './till-invariants.store.js';
import { TRAIL_INVARIANTS } from './trail-invariants.store.js';
import { WECHAT_INVARIANTS } from './wechat-invariants.store.js';

/** Every invariant in the order of its number. */
export const INVARIANTS: readonly Invariant[] = [...LEDGER_INVARIANTS, ...TAP_INVARIANTS, ...CLAIM_INVARIANTS, ...TILL_INVARIANTS, ...TRAIL_INVARIANTS, ...SEAL_INVARIANTS, ...SLIP_INVARIANTS, ...REVIEW_INVARIANTS, ...BOOKING_INVARIANTS, ...PAID_BOOKING_INVARIANTS, ...PREPAID_INVARIANTS, ...WECHAT_INVARIANTS]
  .sort((a, b) => (a.id < b.id ? -1 : 1));

const SAMPLE = 5;

/**
 * Gets the transaction ready for reading whole tables: every comparison here is of all rows with all rows, and right
 * after a large load the planner, still without figures, would walk them row by row.
 */
export async function expectWholeTables(tx: Tx): Promise<void> {
  await tx.query("SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)");
}

/**
 * Looks for what breaks an invariant.
 * @param cityCode null for all cities
 * @returns the violation, or null where it holds
 */
export async function findViolation(tx: Tx, invariant: Invariant, cityCode: string | null, allowed: Allowed): Promise<Violation | null> {
  const rows = await tx.query<{ what: string; count: number }>(
    `WITH broken AS (${invariant.sql}), given AS (SELECT $1::text, $2::jsonb)
     SELECT b.what, count(*) OVER () AS count FROM broken b, given ORDER BY b.what LIMIT ${SAMPLE}`,
    [cityCode, JSON.stringify(allowed)],
  );
  const [first] = rows;
  return first === undefined ? null : { id: invariant.id, sentence: invariant.sentence, count: first.count, sample: rows.map((row) => row.what) };
}

/** Keeps what a run found. */
export async function insertRun(tx: Tx, run: { cityCode: string; ranFor: string; ranAt: string; checked: number; violations: readonly Violation[] }): Promise<void> {
  await tx.query(
    `INSERT INTO proof_run (city_code, ran_for, ran_at, checked, violations) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_code, ran_for) DO NOTHING`,
    [run.cityCode, run.ranFor, run.ranAt, run.checked, JSON.stringify(run.violations)],
  );
}

/** Cities whose books were not looked at for a day yet. */
export async function citiesWithoutRun(tx: Tx, ranFor: string): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>(
    `SELECT c.city_code AS "cityCode" FROM region_city c
     WHERE NOT EXISTS (SELECT FROM proof_run r WHERE r.city_code = c.city_code AND r.ran_for = $1) ORDER BY c.city_code`,
    [ranFor],
  );
  return rows.map((row) => row.cityCode);
}

/** Cities whose books were looked at some night since a day, and not this last one. */
export async function citiesThatMissed(tx: Tx, date: string, since: string): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>(
    `SELECT r.city_code AS "cityCode" FROM proof_run r GROUP BY r.city_code HAVING max(r.ran_for) < $1::date AND max(r.ran_for) >= $2::date ORDER BY r.city_code`,
    [date, since],
  );
  return rows.map((row) => row.cityCode);
}
