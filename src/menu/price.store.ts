import type { CivilDate, Clock } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { NewPriceList, PriceList } from './domain/index.js';

/** The columns of a price list `l` with its prices; it ends on the day before the next version's. */
const LIST = `l.site_id AS "siteId", l.version, l.effective_from AS "effectiveFrom", l.filing_number AS "filingNumber",
  (SELECT min(n.effective_from) - 1 FROM menu_price_list n
   WHERE n.city_code = l.city_code AND n.site_id = l.site_id AND n.effective_from > l.effective_from) AS "effectiveTo",
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('itemCode', p.item_code, 'mealPeriod', p.meal_period, 'fen', p.fen, 'elderSet', p.elder_set, 'name', p.name,
                                                'guestFen', p.guest_fen, 'relativeFen', p.relative_fen, 'halfFen', p.half_fen)
                             ORDER BY p.item_code, p.meal_period), '[]')
   FROM menu_price p WHERE p.city_code = l.city_code AND p.site_id = l.site_id AND p.version = l.version) AS prices`;

/** A version of a site's prices that somebody names. */
export interface Wanted {
  readonly siteId: string;
  readonly version: number;
}

/** Price lists by site and version, in one statement; versions that do not exist are left out. */
export async function readPrices(tx: Tx, cityCode: string, wanted: readonly Wanted[]): Promise<PriceList[]> {
  return tx.query<PriceList>(
    `SELECT ${LIST} FROM menu_price_list l
     WHERE l.city_code = $1 AND (l.site_id, l.version) IN (SELECT w.site_id, w.version FROM unnest($2::uuid[], $3::int[]) AS w (site_id, version))`,
    [cityCode, wanted.map((entry) => entry.siteId), wanted.map((entry) => entry.version)], 'menu-read-prices');
}

/** The price list of a site that is in force on a day, or null. */
export async function priceListInForce(tx: Tx, cityCode: string, siteId: string, date: CivilDate): Promise<PriceList | null> {
  return (await priceListsInForce(tx, cityCode, [siteId], date)).get(siteId) ?? null;
}

/** The price lists in force on a day, by site; sites without one are left out. */
export async function priceListsInForce(tx: Tx, cityCode: string, siteIds: readonly string[], date: CivilDate): Promise<Map<string, PriceList>> {
  const rows = await tx.query<PriceList>(
    `SELECT ${LIST} FROM menu_price_list l
     WHERE l.city_code = $1 AND l.site_id = ANY ($2::uuid[]) AND l.effective_from = (
       SELECT max(m.effective_from) FROM menu_price_list m WHERE m.city_code = l.city_code AND m.site_id = l.site_id AND m.effective_from <= $3)`,
    [cityCode, [...new Set(siteIds)], date], 'menu-prices-in-force');
  return new Map(rows.map((row) => [row.siteId, row]));
}

/** The latest version of a site and the day from which it holds. */
export async function latestVersion(tx: Tx, cityCode: string, siteId: string): Promise<{ version: number; effectiveFrom: CivilDate } | undefined> {
  const [row] = await tx.query<{ version: number; effectiveFrom: CivilDate }>(
    'SELECT version, effective_from AS "effectiveFrom" FROM menu_price_list WHERE city_code = $1 AND site_id = $2 ORDER BY version DESC LIMIT 1', [cityCode, siteId]);
  return row;
}

/** A version of a site's prices that is to be written. */
export interface VersionRow extends NewPriceList {
  readonly siteId: string;
  readonly version: number;
}

/**
 * Writes versions with their prices; two statements for any number of them.
 * @throws the database's error when an item is not registered: it finds no name to put on the list
 */
export async function insertPriceLists(tx: Tx, clock: Clock, cityCode: string, lists: readonly VersionRow[], by: string): Promise<void> {
  const heads = lists.map(({ siteId, version, effectiveFrom, filingNumber, filedOn }) => ({ siteId, version, effectiveFrom, filingNumber, filedOn }));
  await tx.query(
    `INSERT INTO menu_price_list (city_code, site_id, version, effective_from, filing_number, filed_on, recorded_at, recorded_by)
     SELECT $1, r."siteId", r.version, r."effectiveFrom", r."filingNumber", r."filedOn", $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, version int, "effectiveFrom" date, "filingNumber" text, "filedOn" date)`,
    [cityCode, JSON.stringify(heads), at(clock.now()), by]);
  const prices = lists.flatMap(({ siteId, version, prices: rows }) => rows.map((row) => ({ siteId, version, ...row })));
  await tx.query(
    `INSERT INTO menu_price (city_code, site_id, version, item_code, meal_period, fen, elder_set, name, guest_fen, relative_fen, half_fen)
     SELECT $1, r."siteId", r.version, r."itemCode", r."mealPeriod", r.fen, r."elderSet", d.name, r."guestFen", r."relativeFen", r."halfFen"
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, version int, "itemCode" text, "mealPeriod" text, fen bigint, "elderSet" boolean, "guestFen" bigint, "relativeFen" bigint, "halfFen" bigint)
     LEFT JOIN menu_dish d ON d.city_code = $1 AND d.site_id = r."siteId" AND d.item_code = r."itemCode"`,
    [cityCode, JSON.stringify(prices)]);
}
