import type { CivilDate } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import type { Funder, FunderKind } from './domain/index.js';

const FUNDER = `f.funder_code AS "funderCode", f.kind, f.name, f.division_code AS "divisionCode", f.valid_from AS "validFrom", f.valid_to AS "validTo"`;

/**
 * Gives each division its purse: finance of city, county and township, the village's collective money, and the city's
 * lottery welfare fund and charity. A purse has its division's days of validity.
 */
export async function fillFunders(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(
    `INSERT INTO region_funder (city_code, funder_code, name, kind, division_code, valid_from, valid_to)
     SELECT d.city_code, k.kind || '@' || d.division_code, d.name || k.suffix, k.kind, d.division_code, d.valid_from, d.valid_to
     FROM region_division d JOIN (VALUES
       ('city', 'city', '财政'), ('county', 'county', '财政'), ('township', 'township', '财政'), ('community', 'village', '集体资金'),
       ('city', 'lotteryWelfareFund', '福利彩票公益金'), ('city', 'charity', '慈善捐赠')
     ) AS k (level, kind, suffix) ON k.level = d.level
     WHERE d.city_code = $1
     ON CONFLICT (city_code, funder_code) DO NOTHING`, [cityCode]);
}

/** The purse of a kind for a place on a day: that of the narrowest division of the path; null when there is none. */
export async function funderOf(tx: Tx, cityCode: string, kind: FunderKind, path: readonly string[], date: CivilDate): Promise<Funder | null> {
  const [funder] = await tx.query<Funder>(
    `SELECT ${FUNDER} FROM region_funder f
     WHERE f.city_code = $1 AND f.kind = $2 AND f.division_code = ANY ($3::text[])
       AND (f.valid_from IS NULL OR f.valid_from <= $4) AND (f.valid_to IS NULL OR f.valid_to >= $4)
     ORDER BY array_position($3::text[], f.division_code::text) DESC LIMIT 1`,
    [cityCode, kind, path, date]);
  return funder ?? null;
}

/** Purses by their codes; unknown codes are left out. */
export async function fundersOf(tx: Tx, cityCode: string, codes: readonly string[]): Promise<Map<string, Funder>> {
  const rows = await tx.query<Funder>(`SELECT ${FUNDER} FROM region_funder f WHERE f.city_code = $1 AND f.funder_code = ANY ($2::text[])`, [cityCode, [...new Set(codes)]]);
  return new Map(rows.map((row) => [row.funderCode, row]));
}

/** Purses inside a scope, by code, `limit` + 1 of them after a code; of one kind when asked. */
export async function listFunders(tx: Tx, cityCode: string, scopeCode: string, kind: FunderKind | null, after: string | null, limit: number): Promise<Funder[]> {
  return tx.query<Funder>(
    `SELECT ${FUNDER} FROM region_funder f
     JOIN region_closure c ON c.city_code = f.city_code AND c.descendant_code = f.division_code AND c.ancestor_code = $2
     WHERE f.city_code = $1 AND ($3::text IS NULL OR f.kind = $3) AND ($4::text IS NULL OR f.funder_code > $4)
     ORDER BY f.funder_code LIMIT $5`,
    [cityCode, scopeCode, kind, after, limit + 1]);
}
