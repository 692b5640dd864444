import type { CivilDate, Clock, Fen } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Allergen, ItemKind, MealPeriod, MenuEntry, NutritionMark } from './domain/index.js';

/** A dish or set of a site. */
export interface DishRow {
  readonly itemCode: string;
  readonly name: string;
  readonly kind: ItemKind;
  /** Item codes of what a set is made of. */
  readonly components: readonly string[];
  readonly marks: readonly NutritionMark[];
  readonly allergens: readonly Allergen[];
}

const DISH = 'd.item_code AS "itemCode", d.name, d.kind, d.components, d.marks, d.allergens';

/** A site's items by their codes; unknown codes are left out. */
export async function dishesOf(tx: Tx, cityCode: string, siteId: string, itemCodes: readonly string[]): Promise<Map<string, DishRow>> {
  const rows = await tx.query<DishRow>(
    `SELECT ${DISH} FROM menu_dish d WHERE d.city_code = $1 AND d.site_id = $2 AND d.item_code = ANY ($3::text[])`, [cityCode, siteId, [...new Set(itemCodes)]]);
  return new Map(rows.map((row) => [row.itemCode, row]));
}

/** A site's items by code, `limit` + 1 of them after a code. */
export async function listDishes(tx: Tx, cityCode: string, siteId: string, after: string | null, limit: number): Promise<DishRow[]> {
  return tx.query<DishRow>(
    `SELECT ${DISH} FROM menu_dish d WHERE d.city_code = $1 AND d.site_id = $2 AND ($3::text IS NULL OR d.item_code > $3) ORDER BY d.item_code LIMIT $4`,
    [cityCode, siteId, after, limit + 1]);
}

/** Adds items to sites, and corrects the name, components, marks and allergens of those that are there. */
export async function saveDishes(tx: Tx, clock: Clock, cityCode: string, rows: readonly (DishRow & { readonly siteId: string })[], by: string): Promise<void> {
  await tx.query(
    `INSERT INTO menu_dish (city_code, site_id, item_code, name, kind, components, marks, allergens, recorded_at, recorded_by)
     SELECT $1, r."siteId", r."itemCode", r.name, r.kind, r.components, r.marks, r.allergens, $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, "itemCode" text, name text, kind text, components text[], marks text[], allergens text[])
     ON CONFLICT (city_code, site_id, item_code) DO UPDATE SET name = excluded.name, components = excluded.components, marks = excluded.marks,
       allergens = excluded.allergens, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`,
    [cityCode, JSON.stringify(rows), at(clock.now()), by]);
}

/** The most an elders' set may cost in a division from a day on. */
export interface CapRow {
  readonly divisionCode: string;
  readonly mealPeriod: MealPeriod;
  readonly fromDate: CivilDate;
  readonly capFen: Fen;
  readonly document: string;
}

/** @returns false when that day has a cap already */
export async function insertCap(tx: Tx, clock: Clock, cityCode: string, cap: CapRow, by: string): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO menu_price_cap (city_code, division_code, meal_period, from_date, cap_fen, document, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING cap_fen`,
    [cityCode, cap.divisionCode, cap.mealPeriod, cap.fromDate, cap.capFen, cap.document, at(clock.now()), by]);
  return rows.length > 0;
}

/** Caps in force on a day for a place: those of the narrowest division that has any. */
export async function capsOn(tx: Tx, cityCode: string, path: readonly string[], date: CivilDate): Promise<Map<MealPeriod, Fen>> {
  const rows = await tx.query<{ mealPeriod: MealPeriod; capFen: Fen }>(
    `SELECT DISTINCT ON (c.meal_period) c.meal_period AS "mealPeriod", c.cap_fen AS "capFen" FROM menu_price_cap c
     WHERE c.city_code = $1 AND c.division_code = ANY ($2::text[]) AND c.from_date <= $3
     ORDER BY c.meal_period, array_position($2::text[], c.division_code::text) DESC, c.from_date DESC`, [cityCode, path, date]);
  return new Map(rows.map((row) => [row.mealPeriod, row.capFen]));
}

/** Publishes a week of a site as its next revision. @returns the revision */
export async function insertWeek(tx: Tx, clock: Clock, cityCode: string, siteId: string, monday: CivilDate, entries: readonly MenuEntry[], by: string): Promise<number> {
  const [week] = await tx.query<{ revision: number }>(
    `INSERT INTO menu_week (city_code, site_id, monday, revision, published_at, published_by)
     SELECT $1, $2, $3::date, 1 + COALESCE(max(w.revision), 0), $4, $5 FROM menu_week w WHERE w.city_code = $1 AND w.site_id = $2 AND w.monday = $3::date
     RETURNING revision`, [cityCode, siteId, monday, at(clock.now()), by]);
  const revision = week?.revision ?? 0;
  await tx.query(
    `INSERT INTO menu_entry (city_code, site_id, monday, revision, meal_date, meal_period, item_code, portions)
     SELECT $1, $2, $3, $4, r."mealDate", r."mealPeriod", r."itemCode", r.portions
     FROM jsonb_to_recordset($5::jsonb) AS r ("mealDate" date, "mealPeriod" text, "itemCode" text, portions int)`,
    [cityCode, siteId, monday, revision, JSON.stringify(entries)]);
  return revision;
}

/** What is on the table on a day, with the item's name and marks as they are now. */
export interface OnTheTable extends DishRow {
  readonly mealPeriod: MealPeriod;
  readonly portions: number;
}

/** The published menu of a site's day: the latest revision of its week. */
export async function menuOn(tx: Tx, cityCode: string, siteId: string, monday: CivilDate, date: CivilDate): Promise<OnTheTable[]> {
  return tx.query<OnTheTable>(
    `SELECT ${DISH}, e.meal_period AS "mealPeriod", e.portions
     FROM menu_entry e JOIN menu_dish d ON d.city_code = e.city_code AND d.site_id = e.site_id AND d.item_code = e.item_code
     WHERE e.city_code = $1 AND e.site_id = $2 AND e.monday = $3 AND e.meal_date = $4
       AND e.revision = (SELECT max(w.revision) FROM menu_week w WHERE w.city_code = $1 AND w.site_id = $2 AND w.monday = $3)
     ORDER BY array_position(ARRAY['breakfast', 'lunch', 'dinner'], e.meal_period), d.kind DESC, e.item_code`, [cityCode, siteId, monday, date]);
}
