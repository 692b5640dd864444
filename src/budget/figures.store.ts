import type { CivilDate, CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import type { ClaimSum, DayUse, ForecastBasis } from './domain/index.js';

/** A purse of the city with what its budget of one year came to. */
export interface FundRow {
  readonly funderCode: string;
  readonly kind: string;
  readonly name: string;
  readonly divisionCode: string;
  /** Confirmed entries alone. */
  readonly budgetFen: number;
  /** Whether any budget is confirmed at all: a fund without one has no zero to run towards. */
  readonly budgeted: boolean;
  /** Recorded, and neither confirmed nor rejected. */
  readonly pendingFen: number;
  /** The document of the confirmed order to go on past zero, the latest one. */
  readonly orderNumber: string | null;
}

/**
 * Purses inside a scope by code, with their confirmed budgets of a year.
 * @param funderCode one of them alone
 */
export async function fundsOf(tx: Tx, cityCode: string, year: number, scopeCode: string, funderCode: string | null): Promise<FundRow[]> {
  return tx.query<FundRow>(
    `SELECT f.funder_code AS "funderCode", f.kind, f.name, f.division_code AS "divisionCode", COALESCE(e.budget, 0)::bigint AS "budgetFen",
       COALESCE(e.budgeted, false) AS budgeted, COALESCE(e.pending, 0)::bigint AS "pendingFen", e.orders[1] AS "orderNumber"
     FROM region_funder f
     JOIN region_closure scope ON scope.city_code = f.city_code AND scope.descendant_code = f.division_code AND scope.ancestor_code = $3
     LEFT JOIN (
       SELECT b.funder_code, sum(b.fen) FILTER (WHERE d.outcome = 'confirmed') AS budget, bool_or(d.outcome = 'confirmed' AND b.kind = 'budget') AS budgeted,
         sum(b.fen) FILTER (WHERE d.outcome IS NULL) AS pending,
         array_agg(b.document_number ORDER BY d.decided_at DESC) FILTER (WHERE d.outcome = 'confirmed' AND b.kind = 'order') AS orders
       FROM budget_entry b LEFT JOIN budget_decision d ON d.city_code = b.city_code AND d.entry_id = b.entry_id
       WHERE b.city_code = $1 AND b.budget_year = $2 GROUP BY b.funder_code
     ) e ON e.funder_code = f.funder_code
     WHERE f.city_code = $1 AND ($4::text IS NULL OR f.funder_code = $4) ORDER BY f.funder_code COLLATE "C"`,
    [cityCode, year, scopeCode, funderCode]);
}

/**
 * What meals of a year took from each fund. Balances of accounts by month of booking give nearly all of it: releases
 * are put back, and the few transfers booked in another year than that of their meal are moved to theirs.
 */
export async function committedOf(tx: Tx, cityCode: string, year: number): Promise<Map<string, number>> {
  const rows = await tx.query<{ funderCode: string; fen: number }>(
    `SELECT s.funder_code AS "funderCode", sum(s.fen)::bigint AS fen FROM (
       SELECT a.funder_code, b.debit_fen - b.credit_fen AS fen
       FROM ledger_balance b JOIN ledger_account a ON a.city_code = b.city_code AND a.account = b.account
       WHERE b.city_code = $1 AND b.month BETWEEN $2 || '-01' AND $2 || '-12' AND a.kind = 'due'
       UNION ALL
       SELECT k.funder_code, k.fen FROM claim_booking k WHERE k.city_code = $1 AND k.booked_month BETWEEN $2 || '-01' AND $2 || '-12'
       UNION ALL
       SELECT split_part(CASE WHEN t.debit_account LIKE 'due/%' THEN t.debit_account ELSE t.credit_account END, '/', 3),
         CASE WHEN t.debit_account LIKE 'due/%' THEN t.fen ELSE -t.fen END * CASE WHEN extract(year FROM t.meal_date) = $2::int THEN 1 ELSE -1 END
       FROM ledger_transfer t
       WHERE t.city_code = $1 AND extract(year FROM t.meal_date) <> substr(t.booked_month, 1, 4)::int
         AND (extract(year FROM t.meal_date) = $2::int OR substr(t.booked_month, 1, 4)::int = $2::int) AND (t.debit_account LIKE 'due/%' OR t.credit_account LIKE 'due/%')
     ) s GROUP BY s.funder_code`,
    [cityCode, String(year)]);
  return new Map(rows.map((row) => [row.funderCode, row.fen]));
}

/**
 * What was claimed, cut and approved of each fund, by the year of the meals and the budget year of the batch, of claims
 * that touch a year.
 */
export async function claimSums(tx: Tx, cityCode: string, year: number): Promise<Map<string, ClaimSum[]>> {
  const rows = await tx.query<ClaimSum & { funderCode: string }>(
    `SELECT s.funder_code AS "funderCode", s.meal_year AS "mealYear", s.pay_year AS "payYear", sum(s.claimed)::bigint AS "claimedFen", sum(s.cut)::bigint AS "cutFen",
       COALESCE(sum(s.claimed - s.cut) FILTER (WHERE s.approved), 0)::bigint AS "approvedFen"
     FROM (
       SELECT l.funder_code, substr(l.meal_month, 1, 4)::int AS meal_year, COALESCE(b.budget_year, substr(l.meal_month, 1, 4)::int) AS pay_year,
         l.claimed_fen AS claimed, COALESCE(k.fen, 0) AS cut, c.state IN ('countyApproved', 'batched', 'financeReviewed', 'released', 'partPaid', 'paid') AS approved
       FROM claim c JOIN claim_line l ON l.city_code = c.city_code AND l.claim_id = c.claim_id AND l.revision = c.revision
       LEFT JOIN (
         SELECT x.claim_id, x.revision, x.line_no, sum(x.fen) AS fen FROM claim_cut x WHERE x.city_code = $1 GROUP BY x.claim_id, x.revision, x.line_no
       ) k ON k.claim_id = l.claim_id AND k.revision = l.revision AND k.line_no = l.line_no
       LEFT JOIN batch_budget b ON b.city_code = c.city_code AND b.batch_id = c.batch_id AND b.funder_kind = split_part(l.funder_code, '@', 1)
       WHERE c.city_code = $1
     ) s WHERE $2::int IN (s.meal_year, s.pay_year) GROUP BY s.funder_code, s.meal_year, s.pay_year`,
    [cityCode, year]);
  const sums = new Map<string, ClaimSum[]>();
  for (const { funderCode, ...sum } of rows) sums.set(funderCode, [...(sums.get(funderCode) ?? []), sum]);
  return sums;
}

/** What was paid out of each fund's budget of a year, by receipts. */
export async function paidOf(tx: Tx, cityCode: string, year: number): Promise<Map<string, number>> {
  const rows = await tx.query<{ funderCode: string; fen: number }>(
    'SELECT funder_code AS "funderCode", sum(paid_fen)::bigint AS fen FROM payment_leg WHERE city_code = $1 AND budget_year = $2 GROUP BY funder_code', [cityCode, year]);
  return new Map(rows.map((row) => [row.funderCode, row.fen]));
}

/** What meals of each day from one to another took from funds, by fund and day, as booked in the months given. */
export async function dayUses(tx: Tx, cityCode: string, months: readonly CivilMonth[], from: CivilDate, to: CivilDate): Promise<Map<string, DayUse[]>> {
  const rows = await tx.query<DayUse & { funderCode: string }>(
    `SELECT split_part(CASE WHEN t.debit_account LIKE 'due/%' THEN t.debit_account ELSE t.credit_account END, '/', 3) AS "funderCode", t.meal_date AS date,
       sum(CASE WHEN t.debit_account LIKE 'due/%' THEN t.fen ELSE -t.fen END)::bigint AS fen
     FROM ledger_transfer t
     WHERE t.city_code = $1 AND t.booked_month = ANY ($2::text[]) AND t.meal_date BETWEEN $3 AND $4 AND (t.debit_account LIKE 'due/%' OR t.credit_account LIKE 'due/%')
     GROUP BY 1, 2 ORDER BY 2`,
    [cityCode, months, from, to]);
  const uses = new Map<string, DayUse[]>();
  for (const { funderCode, date, fen } of rows) uses.set(funderCode, [...(uses.get(funderCode) ?? []), { date, fen }]);
  return uses;
}

/** Keeps the pace of funds as of a day; what was kept for that day before stays. */
export async function insertBases(tx: Tx, cityCode: string, asOf: CivilDate, bases: ReadonlyMap<string, ForecastBasis>): Promise<void> {
  const rows = [...bases].map(([funderCode, basis]) => ({ funderCode, ...basis }));
  await tx.query(
    `INSERT INTO budget_basis (city_code, as_of, funder_code, from_date, to_date, weekdays, weekday_fen, weekend_days, weekend_fen)
     SELECT $1, $2::date, b.* FROM unnest($3::text[], $4::date[], $5::date[], $6::int[], $7::bigint[], $8::int[], $9::bigint[]) b
     ON CONFLICT (city_code, as_of, funder_code) DO NOTHING`,
    [cityCode, asOf, rows.map((r) => r.funderCode), rows.map((r) => r.from), rows.map((r) => r.to), rows.map((r) => r.weekdays), rows.map((r) => r.weekdayFen),
      rows.map((r) => r.weekendDays), rows.map((r) => r.weekendFen)]);
}

/** The pace of funds that was kept as of a day, by fund; empty where no night looked. */
export async function basesAsOf(tx: Tx, cityCode: string, asOf: CivilDate): Promise<Map<string, ForecastBasis>> {
  const rows = await tx.query<ForecastBasis & { funderCode: string }>(
    `SELECT funder_code AS "funderCode", from_date AS "from", to_date AS "to", weekdays, weekday_fen AS "weekdayFen", weekend_days AS "weekendDays", weekend_fen AS "weekendFen"
     FROM budget_basis WHERE city_code = $1 AND as_of = $2`, [cityCode, asOf]);
  return new Map(rows.map(({ funderCode, ...basis }) => [funderCode, basis]));
}
