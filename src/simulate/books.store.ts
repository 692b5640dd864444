import { CITY_CODE } from './domain/index.js';
import { withClient } from './cluster.store.js';

/** A tap as its row says it. */
export interface TapRow {
  readonly tapId: string;
  readonly committed: number;
  readonly terminalId: string;
  readonly journalNumber: number;
  readonly deviceTime: number;
  readonly receivedAt: number;
  readonly offline: boolean;
  readonly outcome: string;
  readonly code: string | null;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
  readonly elderId: string | null;
  readonly mealDate: string;
  readonly bookedMonth: string;
}

/** Everything that a month left behind, as the auditor reads it. */
export interface Books {
  readonly taps: readonly TapRow[];
  readonly shares: readonly { tapId: string; funderCode: string; fen: number }[];
  readonly deeds: readonly { deedId: string; committed: number; at: number }[];
  readonly voids: readonly { voidId: string; tapId: string; at: number }[];
  readonly balances: readonly { month: string; account: string; debit: number; credit: number }[];
  readonly transfers: readonly { month: string; account: string; debit: number; credit: number }[];
  readonly uses: readonly { elderId: string; day: string; count: number }[];
  readonly claims: readonly { month: string; siteId: string; state: string; meals: number; claimedFen: number; approvedFen: number; paidFen: number; differenceFen: number }[];
  readonly lines: readonly { month: string; siteId: string; mealMonth: string; funderCode: string; meals: number; fen: number }[];
  /** Effects that a deed had more than once, in words. */
  readonly twice: readonly string[];
  /** Kinds of jobs that nobody did. */
  readonly openJobs: readonly string[];
}

const COMMITTED = (alias: string): string => `(extract(epoch FROM pg_xact_commit_timestamp(${alias}.xmin)) * 1000000)::bigint::float8 AS committed`;
const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

const TAPS = `
  SELECT m.tap_id AS "tapId", ${COMMITTED('m')}, m.terminal_id AS "terminalId", (SELECT c.journal_number::float8 FROM tap_claim c WHERE c.city_code = m.city_code AND c.tap_id = m.tap_id LIMIT 1) AS "journalNumber", ${MS('m.device_time')} AS "deviceTime", ${MS('m.received_at')} AS "receivedAt", m.offline, m.outcome, m.code,
    m.price_fen::float8 AS "priceFen", m.self_pay_fen::float8 AS "selfPayFen", m.subsidy_fen::float8 AS "subsidyFen", m.site_borne_fen::float8 AS "siteBorneFen",
    m.elder_id AS "elderId", m.meal_date::text AS "mealDate", m.booked_month AS "bookedMonth"
  FROM meal m WHERE m.city_code = $1`;

const SIDES = `
  SELECT s.month, s.account, sum(s.debit)::float8 AS debit, sum(s.credit)::float8 AS credit
  FROM ledger_transfer t, LATERAL (VALUES (t.booked_month, t.debit_account, t.fen, 0), (t.booked_month, t.credit_account, 0, t.fen)) AS s (month, account, debit, credit)
  WHERE t.city_code = $1 GROUP BY s.month, s.account`;

const TWICE = `
  SELECT 'tap ' || tap_id AS what FROM meal WHERE city_code = $1 GROUP BY tap_id HAVING count(*) > 1
  UNION ALL SELECT 'charge ' || cause_id FROM ledger_transfer WHERE city_code = $1 AND kind = 'meal' GROUP BY cause_id, debit_account HAVING count(*) > 1
  UNION ALL SELECT 'void of ' || tap_id FROM meal_void WHERE city_code = $1 GROUP BY tap_id HAVING count(*) > 1
  UNION ALL SELECT 'claim of ' || site_id || ' ' || month FROM claim WHERE city_code = $1 GROUP BY site_id, month, kind HAVING count(*) > 1
  UNION ALL SELECT 'transfer ' || transfer_id || ' ' || leg FROM ledger_transfer WHERE city_code = $1 GROUP BY transfer_id, leg HAVING count(*) > 1`;

/** Reads the books of a month that is over. */
export async function readBooks(url: string): Promise<Books> {
  return withClient(url, async (client) => {
    const all = async <T>(sql: string): Promise<T[]> => (await client.query<T & object>(sql, [CITY_CODE])).rows as T[];
    return {
      taps: await all(TAPS),
      shares: await all('SELECT tap_id AS "tapId", funder_code AS "funderCode", fen::float8 AS fen FROM meal_share WHERE city_code = $1'),
      deeds: await all(`SELECT d.deed_id AS "deedId", ${COMMITTED('d')}, ${MS('d.done_at')} AS at FROM deed d WHERE d.city_code = $1`),
      voids: await all(`SELECT void_id AS "voidId", tap_id AS "tapId", ${MS('coalesce(made_at, voided_at)')} AS at FROM meal_void WHERE city_code = $1`),
      balances: await all('SELECT month, account, debit_fen::float8 AS debit, credit_fen::float8 AS credit FROM ledger_balance WHERE city_code = $1'),
      transfers: await all(SIDES),
      uses: await all(`SELECT elder_id AS "elderId", substr(period_key, 3) AS day, count FROM subsidy_use WHERE city_code = $1 AND period_key ~ '^d:[0-9-]+$' AND count <> 0`),
      claims: await all(`SELECT month, site_id AS "siteId", state, meals, claimed_fen::float8 AS "claimedFen", approved_fen::float8 AS "approvedFen", paid_fen::float8 AS "paidFen", difference_fen::float8 AS "differenceFen" FROM claim WHERE city_code = $1`),
      lines: await all(
        `SELECT c.month, c.site_id AS "siteId", l.meal_month AS "mealMonth", l.funder_code AS "funderCode", l.meals::int AS meals, l.claimed_fen::float8 AS fen
         FROM claim_line l JOIN claim c ON c.city_code = l.city_code AND c.claim_id = l.claim_id AND c.revision = l.revision WHERE l.city_code = $1`),
      twice: (await all<{ what: string }>(TWICE)).map(({ what }) => what),
      openJobs: (await all<{ job: string }>('SELECT job FROM outbox WHERE city_code = $1 AND handled_at IS NULL')).map(({ job }) => job),
    };
  });
}

/** Whether every claim of a closed month is built. */
export async function claimsStand(url: string): Promise<boolean> {
  return withClient(url, async (client) => (await client.query(`SELECT FROM claim WHERE city_code = $1 AND state = 'building' LIMIT 1`, [CITY_CODE])).rowCount === 0);
}

/** Whether no job waits for a worker any more; those that were put aside as dead count as waiting. */
export async function jobsDone(url: string): Promise<boolean> {
  return withClient(url, async (client) => (await client.query('SELECT FROM outbox WHERE city_code = $1 AND handled_at IS NULL LIMIT 1', [CITY_CODE])).rowCount === 0);
}

/** Whether the job queue's schema is there. */
export async function queueStands(url: string): Promise<boolean> {
  return withClient(url, async (client) => (await client.query<{ stands: boolean }>("SELECT to_regclass('bullmq.job') IS NOT NULL AS stands")).rows[0]?.stands === true);
}
