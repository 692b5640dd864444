import { addDays, type CivilDate, type Clock } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { ApprovalStep, CityDivisions, Division } from './domain/index.js';

const DIVISION = `d.division_code AS "divisionCode", d.name, d.level, d.parent_code AS "parentCode",
  d.valid_from AS "validFrom", d.valid_to AS "validTo", d.successor_code AS "successorCode"`;

/** A city that is loaded, or undefined. */
export async function readCity(tx: Tx, cityCode: string): Promise<{ name: string; provinceName: string; divisions: number; chain: ApprovalStep[] } | undefined> {
  const [city] = await tx.query<{ name: string; provinceName: string; divisions: number; chain: ApprovalStep[] }>(
    `SELECT c.name, c.province_name AS "provinceName", c.chain,
            (SELECT count(*) FROM region_division d WHERE d.city_code = c.city_code) AS divisions
     FROM region_city c WHERE c.city_code = $1`, [cityCode]);
  return city;
}

export async function insertCity(tx: Tx, clock: Clock, city: CityDivisions, chain: readonly ApprovalStep[]): Promise<void> {
  await tx.query(
    'INSERT INTO region_city (city_code, name, province_name, chain, loaded_at) VALUES ($1, $2, $3, $4, $5)',
    [city.cityCode, city.name, city.provinceName, JSON.stringify(chain), at(clock.now())]);
}

/** Adds divisions in one statement, parents before children or together with them. */
export async function insertDivisions(tx: Tx, cityCode: string, rows: CityDivisions['divisions']): Promise<void> {
  await tx.query(
    `INSERT INTO region_division (city_code, division_code, name, level, parent_code)
     SELECT $1, r.code, r.name, r.level, r.parent
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS r (code, name, level, parent)`,
    [cityCode, rows.map((row) => row.divisionCode), rows.map((row) => row.name), rows.map((row) => row.level), rows.map((row) => row.parentCode)]);
}

/** Ends a division on the day before its successor begins. */
export async function succeedDivision(tx: Tx, cityCode: string, code: string, successorCode: string, successorFrom: CivilDate): Promise<void> {
  await tx.query(
    `UPDATE region_division SET
       valid_to = CASE WHEN division_code = $2 THEN $4::date ELSE valid_to END,
       successor_code = CASE WHEN division_code = $2 THEN $3 ELSE successor_code END,
       valid_from = CASE WHEN division_code = $3 THEN $5::date ELSE valid_from END
     WHERE city_code = $1 AND division_code IN ($2, $3)`,
    [cityCode, code, successorCode, addDays(successorFrom, -1), successorFrom]);
}

/**
 * Writes every ancestor of every division, itself included. A division that was merged away lies under its successor,
 * so that scopes and paths of old records go on under the division that took over.
 */
export async function fillClosure(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(
    `WITH RECURSIVE up (descendant, ancestor, depth) AS (
       SELECT division_code, division_code, 0 FROM region_division WHERE city_code = $1
       UNION ALL
       SELECT up.descendant, COALESCE(d.successor_code, d.parent_code), up.depth + 1
       FROM up JOIN region_division d ON d.city_code = $1 AND d.division_code = up.ancestor
       WHERE COALESCE(d.successor_code, d.parent_code) IS NOT NULL
     )
     INSERT INTO region_closure (city_code, ancestor_code, descendant_code, depth)
     SELECT $1, ancestor, descendant, depth FROM up
     ON CONFLICT (city_code, descendant_code, ancestor_code) DO NOTHING`, [cityCode]);
}

/** Whether a division lies in another one, or is it. Unknown codes lie nowhere. */
export async function isWithin(tx: Tx, cityCode: string, ancestorCode: string, code: string): Promise<boolean> {
  const rows = await tx.query(
    'SELECT 1 FROM region_closure WHERE city_code = $1 AND descendant_code = $2 AND ancestor_code = $3',
    [cityCode, code, ancestorCode], 'region-is-within');
  return rows.length > 0;
}

/** Paths of divisions, from the province down to the division itself; unknown codes are left out. One statement. */
export async function pathsOf(tx: Tx, cityCode: string, codes: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ code: string; path: string[] }>(
    `SELECT descendant_code AS code, array_agg(ancestor_code::text ORDER BY depth DESC) AS path
     FROM region_closure WHERE city_code = $1 AND descendant_code = ANY ($2::text[]) GROUP BY descendant_code`,
    [cityCode, [...new Set(codes)]], 'region-paths-of');
  return new Map(rows.map(({ code, path }) => [code, path]));
}

/** The path of one division, from the province down to itself; empty when it is unknown. */
export async function pathOf(tx: Tx, cityCode: string, code: string): Promise<string[]> {
  return (await pathsOf(tx, cityCode, [code])).get(code) ?? [];
}

/** Divisions by their codes; unknown codes are left out. */
export async function divisionsOf(tx: Tx, cityCode: string, codes: readonly string[]): Promise<Division[]> {
  return tx.query<Division>(
    `SELECT ${DIVISION} FROM region_division d WHERE d.city_code = $1 AND d.division_code = ANY ($2::text[]) ORDER BY d.division_code`,
    [cityCode, [...new Set(codes)]]);
}

/** The counties and districts of a city, by code; those that were merged away only when asked for. */
export async function countiesOf(tx: Tx, cityCode: string, retired = false): Promise<Division[]> {
  return tx.query<Division>(
    `SELECT ${DIVISION} FROM region_division d
     WHERE d.city_code = $1 AND d.level = 'county' AND ($2 OR d.successor_code IS NULL) ORDER BY d.division_code`,
    [cityCode, retired]);
}

/** A division and everything below it, those that were merged away too; by code. */
export async function subtreeOf(tx: Tx, cityCode: string, code: string): Promise<Pick<Division, 'divisionCode' | 'name' | 'parentCode' | 'successorCode'>[]> {
  return tx.query(
    `SELECT d.division_code AS "divisionCode", d.name, d.parent_code AS "parentCode", d.successor_code AS "successorCode"
     FROM region_closure c JOIN region_division d ON d.city_code = c.city_code AND d.division_code = c.descendant_code
     WHERE c.city_code = $1 AND c.ancestor_code = $2 ORDER BY d.division_code`, [cityCode, code]);
}

/** The divisions right below one, by code, `limit` + 1 of them after a code. */
export async function childrenOf(tx: Tx, cityCode: string, parentCode: string, after: string | null, limit: number): Promise<Division[]> {
  return tx.query<Division>(
    `SELECT ${DIVISION} FROM region_division d
     WHERE d.city_code = $1 AND d.parent_code = $2 AND ($3::text IS NULL OR d.division_code > $3) ORDER BY d.division_code LIMIT $4`,
    [cityCode, parentCode, after, limit + 1]);
}

/** The steps a claim takes in a city; undefined when the city is not loaded. */
export async function chainOf(tx: Tx, cityCode: string): Promise<readonly ApprovalStep[] | undefined> {
  const [city] = await tx.query<{ chain: ApprovalStep[] }>('SELECT chain FROM region_city WHERE city_code = $1', [cityCode]);
  return city?.chain;
}

export { fillFunders, funderOf, fundersOf, listFunders } from './funder.store.js';
