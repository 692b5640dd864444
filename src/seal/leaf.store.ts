import type { CivilDate, CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** A site and a date of meals, within one month of booking. */
export interface SiteDate {
  readonly siteId: string;
  readonly mealDate: CivilDate;
}

/** $1 city, $2 month of booking, $3 and $4 sites and dates. */
const WANTED = 'unnest($3::uuid[], $4::date[]) AS d (site_id, meal_date)';

const parameters = (cityCode: string, month: CivilMonth, days: readonly SiteDate[]) => [cityCode, month, days.map((day) => day.siteId), days.map((day) => day.mealDate)] as const;

const PART = (funder: string, meals: string, amount: string): string => `'[' || to_json(${funder})::text || ',' || ${meals} || ',' || ${amount} || ']'`;

/** Everything that was booked in a month for some days, a row for a meal, a void or a correction. */
const LEAVES = `
  SELECT 0 AS kind, m.tap_id AS id, m.site_id, m.meal_date, m.tap_id, m.terminal_id, c.journal_number, c.entry_hash, c.signature, m.operator_id, m.payee_id, m.elder_id, m.outcome, m.code,
    m.price_fen, m.self_pay_fen, m.subsidy_fen, m.site_borne_fen, (m.outcome = 'accepted')::int AS counts, (m.subsidy_fen > 0)::int AS subsidised,
    CASE WHEN m.subsidy_fen > 0 THEN (
      SELECT string_agg(${PART('h.funder_code', '1', 'h.fen')}, ',' ORDER BY h.funder_code COLLATE "C")
      FROM meal_share h WHERE h.city_code = $1 AND h.booked_month = $2 AND h.tap_id = m.tap_id) END AS parts
  FROM ${WANTED} JOIN meal m ON m.city_code = $1 AND m.booked_month = $2 AND m.site_id = d.site_id AND m.meal_date = d.meal_date
  LEFT JOIN tap_claim c ON c.city_code = $1 AND c.tap_id = m.tap_id AND c.kind = 'tap'
  UNION ALL
  SELECT 1, v.void_id, v.site_id, v.meal_date, v.tap_id, c.terminal_id, c.journal_number, c.entry_hash, c.signature, m.operator_id, m.payee_id, m.elder_id, 'voided', NULL,
    -m.price_fen, -m.self_pay_fen, -m.subsidy_fen - p.adjusted, p.adjusted - m.site_borne_fen, -1, -(m.subsidy_fen > 0)::int, p.parts
  FROM ${WANTED} JOIN meal_void v ON v.city_code = $1 AND v.booked_month = $2 AND v.site_id = d.site_id AND v.meal_date = d.meal_date
  JOIN meal m ON m.city_code = $1 AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
  LEFT JOIN tap_claim c ON c.city_code = $1 AND c.tap_id = v.void_id AND c.kind = 'void'
  CROSS JOIN LATERAL (
    SELECT COALESCE(sum(f.adjusted), 0)::bigint AS adjusted, string_agg(${PART('f.funder_code', '-f.meals', '-f.fen')}, ',' ORDER BY f.funder_code COLLATE "C") AS parts
    FROM (SELECT o.funder_code, sum(o.meals)::bigint AS meals, sum(o.fen)::bigint AS fen, sum(o.adjusted)::bigint AS adjusted FROM (
      SELECT h.funder_code, 1 AS meals, h.fen, 0 AS adjusted FROM meal_share h WHERE h.city_code = $1 AND h.booked_month = v.original_month AND h.tap_id = v.tap_id
      UNION ALL SELECT a.funder_code, 0, a.fen, a.fen FROM meal_adjustment a WHERE a.city_code = $1 AND a.tap_id = v.tap_id) o GROUP BY o.funder_code) f) p
  UNION ALL
  SELECT 2, a.adjustment_id, a.site_id, a.meal_date, a.tap_id, NULL, NULL, NULL, NULL, m.operator_id, m.payee_id, m.elder_id, 'adjusted', a.cause,
    0, 0, a.fen, -a.fen, 0, 0, a.parts
  FROM (
    SELECT a.adjustment_id, a.site_id, a.meal_date, a.tap_id, a.original_month, a.cause, sum(a.fen)::bigint AS fen, string_agg(${PART('a.funder_code', '0', 'a.fen')}, ',' ORDER BY a.funder_code COLLATE "C") AS parts
    FROM ${WANTED} JOIN meal_adjustment a ON a.city_code = $1 AND a.booked_month = $2 AND a.site_id = d.site_id AND a.meal_date = d.meal_date
    GROUP BY 1, 2, 3, 4, 5, 6) a
  JOIN meal m ON m.city_code = $1 AND m.booked_month = a.original_month AND m.tap_id = a.tap_id`;

const QUOTED = (value: string): string => `coalesce('"' || ${value} || '"', 'null')`;
const WORD = (value: string): string => `coalesce(to_json(${value}::text)::text, 'null')`;

/** A leaf's text: canonical JSON, keys in their order and no blanks. Elders stand in it by their ids alone. */
const TEXT = [
  `'{"code":' || ${WORD('l.code')}`, `',"counts":' || l.counts`, `',"date":"' || to_char(l.meal_date, 'YYYY-MM-DD')`, `'","elder":' || ${QUOTED('l.elder_id')}`,
  `',"entry":' || ${QUOTED('l.entry_hash')}`, `',"id":"' || l.id`, `'","journal":' || coalesce(l.journal_number::text, 'null')`,
  `',"kind":"' || (ARRAY['meal', 'void', 'adjustment'])[l.kind + 1]`, `'","month":"' || $2`, `'","operator":' || ${QUOTED('l.operator_id')}`,
  `',"outcome":"' || l.outcome`, `'","parts":[' || coalesce(l.parts, '')`, `'],"payee":' || ${QUOTED('l.payee_id')}`, `',"price":' || l.price_fen`,
  `',"selfPay":' || l.self_pay_fen`, `',"sig":' || ${QUOTED("encode(l.signature, 'hex')")}`, `',"site":"' || l.site_id`, `'","siteBorne":' || l.site_borne_fen`,
  `',"subsidised":' || l.subsidised`, `',"subsidy":' || l.subsidy_fen`, `',"tap":"' || l.tap_id`, `'","terminal":' || ${QUOTED('l.terminal_id')}`, `'}'`,
].join(' || ');

/** What a day's seal covers: counts, and its leaves as kind (1 byte), id (16) and hash (32) in the order of kind and id. */
export interface LeafIndex extends SiteDate {
  readonly leaves: number;
  readonly meals: number;
  readonly subsidisedMeals: number;
  readonly bookings: number;
  readonly leafIndex: Buffer;
  readonly terminalIds: readonly string[];
}

/** Hashes all leaves of some days, in the database: their texts stay there. */
export async function leafIndexes(tx: Tx, cityCode: string, month: CivilMonth, days: readonly SiteDate[]): Promise<LeafIndex[]> {
  return tx.query<LeafIndex>(
    `SELECT l.site_id AS "siteId", l.meal_date AS "mealDate", count(*)::int AS leaves, sum(l.counts)::bigint AS meals, sum(l.subsidised)::bigint AS "subsidisedMeals",
       count(*) FILTER (WHERE l.outcome <> 'refused') AS bookings,
       string_agg(set_byte('\\x00'::bytea, 0, l.kind) || uuid_send(l.id) || sha256('\\x00'::bytea || convert_to(${TEXT}, 'UTF8')), ''::bytea ORDER BY l.kind, l.id) AS "leafIndex",
       COALESCE(array_agg(DISTINCT l.terminal_id::text) FILTER (WHERE l.terminal_id IS NOT NULL), '{}') AS "terminalIds"
     FROM (${LEAVES}) l GROUP BY l.site_id, l.meal_date ORDER BY l.site_id, l.meal_date`,
    parameters(cityCode, month, days));
}

/** The leaves themselves, as the rows are now, in the order of site, date, kind and id. */
export async function leafTexts(tx: Tx, cityCode: string, month: CivilMonth, days: readonly SiteDate[]): Promise<(SiteDate & { kind: number; id: string; text: string })[]> {
  return tx.query(
    `SELECT l.site_id AS "siteId", l.meal_date AS "mealDate", l.kind, l.id, ${TEXT} AS text FROM (${LEAVES}) l ORDER BY l.site_id, l.meal_date, l.kind, l.id`,
    parameters(cityCode, month, days));
}

/** What funders owe for some days: meals with their shares, voids the other way round, corrections as they are signed. */
export async function lineSums(tx: Tx, cityCode: string, month: CivilMonth, days: readonly SiteDate[]) {
  return tx.query<SiteDate & { operatorId: string | null; payeeId: string | null; funderCode: string; meals: number; fen: number }>(
    `SELECT b.site_id AS "siteId", b.meal_date AS "mealDate", b.operator_id AS "operatorId", b.payee_id AS "payeeId", b.funder_code AS "funderCode", sum(b.meals)::bigint AS meals, sum(b.fen)::bigint AS fen
     FROM (
       SELECT m.site_id, m.meal_date, m.operator_id, m.payee_id, h.funder_code, 1 AS meals, h.fen
       FROM ${WANTED} JOIN meal m ON m.city_code = $1 AND m.booked_month = $2 AND m.site_id = d.site_id AND m.meal_date = d.meal_date AND m.subsidy_fen > 0
       JOIN meal_share h ON h.city_code = $1 AND h.booked_month = $2 AND h.tap_id = m.tap_id
       UNION ALL
       SELECT v.site_id, v.meal_date, m.operator_id, m.payee_id, s.funder_code, s.meals, s.fen
       FROM ${WANTED} JOIN meal_void v ON v.city_code = $1 AND v.booked_month = $2 AND v.site_id = d.site_id AND v.meal_date = d.meal_date
       JOIN meal m ON m.city_code = $1 AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
       CROSS JOIN LATERAL (
         SELECT h.funder_code, -1 AS meals, -h.fen AS fen FROM meal_share h WHERE h.city_code = $1 AND h.booked_month = v.original_month AND h.tap_id = v.tap_id
         UNION ALL SELECT a.funder_code, 0, -a.fen FROM meal_adjustment a WHERE a.city_code = $1 AND a.tap_id = v.tap_id) s
       UNION ALL
       SELECT a.site_id, a.meal_date, m.operator_id, m.payee_id, a.funder_code, 0, a.fen
       FROM ${WANTED} JOIN meal_adjustment a ON a.city_code = $1 AND a.booked_month = $2 AND a.site_id = d.site_id AND a.meal_date = d.meal_date
       JOIN meal m ON m.city_code = $1 AND m.booked_month = a.original_month AND m.tap_id = a.tap_id
     ) b GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3 NULLS FIRST, 4 NULLS FIRST, b.funder_code COLLATE "C"`,
    parameters(cityCode, month, days));
}
