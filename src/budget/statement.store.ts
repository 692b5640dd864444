import type { CivilMonth, Instant } from '../kernel/index.js';
import { at, type JobRequest, type Tx } from '../platform/index.js';
import type { StatementLine } from './domain/index.js';

/** A month's statement between the counties of a city. */
export interface StatementRow {
  readonly statementId: string;
  readonly statementNumber: string;
  readonly month: CivilMonth;
  readonly runId: string;
  readonly lineCount: number;
  readonly totalFen: number;
  readonly linesHash: string;
  readonly madeAt: Instant;
}

/** Closed months whose claims are all built and that have no statement yet, of any city, as the jobs that make them. */
export async function statementsToMake(tx: Tx, job: string): Promise<JobRequest[]> {
  const rows = await tx.query<{ cityCode: string; month: CivilMonth }>(
    `SELECT r.city_code AS "cityCode", r.month FROM settlement_run r
     WHERE NOT EXISTS (SELECT FROM county_statement s WHERE s.city_code = r.city_code AND s.month = r.month)
       AND NOT EXISTS (SELECT FROM claim c WHERE c.city_code = r.city_code AND c.run_id = r.run_id AND c.state = 'building')
     ORDER BY r.city_code, r.month LIMIT 500`);
  return rows.map(({ cityCode, month }) => ({ cityCode, job, key: month, payload: { month } }));
}

/** The closing of a month, and whether all its claims are built; undefined while it is open. */
export async function closedRun(tx: Tx, cityCode: string, month: CivilMonth): Promise<{ runId: string; built: boolean } | undefined> {
  const [row] = await tx.query<{ runId: string; built: boolean }>(
    `SELECT r.run_id AS "runId", NOT EXISTS (SELECT FROM claim c WHERE c.city_code = r.city_code AND c.run_id = r.run_id AND c.state = 'building') AS built
     FROM settlement_run r WHERE r.city_code = $1 AND r.month = $2`, [cityCode, month]);
  return row;
}

/**
 * What counties bear of a closed month's meals at sites of other counties: from the lines that the claims were built
 * with, which are the month's meals, voids and corrections and never change. A purse below the county counts for its
 * county, one of a division that the city does not keep for the county in its code; the city's own money is nobody's
 * debt.
 */
export async function linesOfMonth(tx: Tx, cityCode: string, month: CivilMonth): Promise<Omit<StatementLine, 'lineNo'>[]> {
  return tx.query(
    `SELECT s.site_county AS "siteCounty", s.bearing AS "bearingCounty", s.funder_code AS "funderCode", s.meal_month AS "mealMonth",
       sum(s.meals)::bigint AS meals, sum(s.fen)::bigint AS fen
     FROM (
       SELECT c.county_code AS site_county, l.funder_code, l.meal_month, l.meals, l.claimed_fen AS fen,
         COALESCE(
           (SELECT up.ancestor_code FROM region_closure up JOIN region_division d ON d.city_code = up.city_code AND d.division_code = up.ancestor_code
            WHERE up.city_code = c.city_code AND up.descendant_code = split_part(l.funder_code, '@', 2) AND d.level = 'county' AND d.successor_code IS NULL),
           CASE WHEN split_part(l.funder_code, '@', 1) IN ('county', 'township', 'village')
             AND NOT EXISTS (SELECT FROM region_division d WHERE d.city_code = c.city_code AND d.division_code = split_part(l.funder_code, '@', 2))
             THEN substr(split_part(l.funder_code, '@', 2), 1, 6) END) AS bearing
       FROM claim c JOIN claim_line l ON l.city_code = c.city_code AND l.claim_id = c.claim_id AND l.revision = 1
       WHERE c.city_code = $1 AND c.month = $2
     ) s WHERE s.bearing <> s.site_county AND s.bearing <> ''
     GROUP BY 1, 2, 3, 4 HAVING sum(s.fen) <> 0 OR sum(s.meals) <> 0 ORDER BY s.site_county, s.bearing, s.funder_code COLLATE "C", s.meal_month`, [cityCode, month]);
}

export async function insertStatement(tx: Tx, cityCode: string, statement: StatementRow, lines: readonly StatementLine[]): Promise<void> {
  await tx.query(
    `INSERT INTO county_statement (city_code, statement_id, month, run_id, statement_number, line_count, total_fen, lines_hash, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, statement.statementId, statement.month, statement.runId, statement.statementNumber, statement.lineCount, statement.totalFen, statement.linesHash, at(statement.madeAt)]);
  await tx.query(
    `INSERT INTO county_statement_line (city_code, statement_id, line_no, site_county, bearing_county, funder_code, meal_month, meals, fen)
     SELECT $1, $2::uuid, l.* FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[]) l`,
    [cityCode, statement.statementId, lines.map((l) => l.lineNo), lines.map((l) => l.siteCounty), lines.map((l) => l.bearingCounty), lines.map((l) => l.funderCode),
      lines.map((l) => l.mealMonth), lines.map((l) => l.meals), lines.map((l) => l.fen)]);
}

const STATEMENT = `s.statement_id AS "statementId", s.statement_number AS "statementNumber", s.month, s.run_id AS "runId", s.line_count AS "lineCount",
  s.total_fen AS "totalFen", s.lines_hash AS "linesHash", s.made_at AS "madeAt" FROM county_statement s`;

export async function readStatement(tx: Tx, cityCode: string, by: { statementId: string } | { month: CivilMonth }): Promise<StatementRow | undefined> {
  const [column, value] = 'month' in by ? ['month', by.month] : ['statement_id', by.statementId];
  const [row] = await tx.query<StatementRow>(`SELECT ${STATEMENT} WHERE s.city_code = $1 AND s.${column} = $2`, [cityCode, value]);
  return row;
}

/** Statements by month, the newest first, `limit` + 1 of them after a month. */
export async function listStatements(tx: Tx, cityCode: string, after: string | null, limit: number): Promise<StatementRow[]> {
  return tx.query<StatementRow>(
    `SELECT ${STATEMENT} WHERE s.city_code = $1 AND ($2::text IS NULL OR s.month < $2) ORDER BY s.month DESC LIMIT $3`, [cityCode, after, limit + 1]);
}

/** The lines of a statement that concern a scope: of its own sites, or borne by it. The whole city sees all. */
export async function statementLines(tx: Tx, cityCode: string, statementId: string, scopeCode: string): Promise<StatementLine[]> {
  return tx.query<StatementLine>(
    `SELECT l.line_no AS "lineNo", l.site_county AS "siteCounty", l.bearing_county AS "bearingCounty", l.funder_code AS "funderCode", l.meal_month AS "mealMonth", l.meals, l.fen
     FROM county_statement_line l WHERE l.city_code = $1 AND l.statement_id = $2
       AND EXISTS (SELECT FROM region_closure c WHERE c.city_code = l.city_code AND c.ancestor_code = $3 AND c.descendant_code IN (l.site_county, l.bearing_county))
     ORDER BY l.line_no`, [cityCode, statementId, scopeCode]);
}
