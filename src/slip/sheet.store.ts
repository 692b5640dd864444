import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { MealPeriod } from '../subsidy/domain/index.js';

/** What a canteen sells on a day, as the sheet's columns show it. */
export interface SheetItem {
  readonly itemCode: string;
  readonly name: string;
  readonly mealPeriod: MealPeriod;
  readonly fen: number;
  readonly guestFen: number;
}

/** A line of a sheet as it is kept: nobody's name, no category. */
export interface SheetLine {
  readonly handleNo: number;
  readonly elderId: string;
  readonly cardTail: string;
  readonly regular: boolean;
  /** Own shares, one for each item. */
  readonly ownFen: readonly number[];
}

/** One printing of a day's sheet. */
export interface Sheet {
  readonly sheetId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly version: number;
  readonly firstNo: number;
  readonly lastNo: number;
  readonly reprint: boolean;
  readonly priceListVersion: number;
  readonly people: number;
  readonly printedAt: Instant;
  readonly printedBy: string;
}

const SHEET = `sheet_id AS "sheetId", site_id AS "siteId", meal_date AS "mealDate", version, first_no AS "firstNo", last_no AS "lastNo", reprint,
  price_list_version AS "priceListVersion", jsonb_array_length(lines) AS people, printed_at AS "printedAt", printed_by AS "printedBy"`;

/** The printings of a site's day, the first one first. */
export async function sheetsOf(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate): Promise<Sheet[]> {
  return tx.query<Sheet>(`SELECT ${SHEET} FROM slip_sheet WHERE city_code = $1 AND site_id = $2 AND meal_date = $3 ORDER BY version`, [cityCode, siteId, mealDate]);
}

/** A printing with what is on it. */
export interface WholeSheet extends Sheet {
  readonly items: readonly SheetItem[];
  readonly lines: readonly SheetLine[];
}

export async function readSheet(tx: Tx, cityCode: string, sheetId: string): Promise<WholeSheet | undefined> {
  const [row] = await tx.query<WholeSheet>(`SELECT ${SHEET}, items, lines FROM slip_sheet WHERE city_code = $1 AND sheet_id = $2`, [cityCode, sheetId]);
  return row;
}

export async function insertSheet(tx: Tx, cityCode: string, sheet: Omit<WholeSheet, 'people'>): Promise<void> {
  await tx.query(
    `INSERT INTO slip_sheet (city_code, sheet_id, site_id, meal_date, version, first_no, last_no, reprint, price_list_version, items, lines, printed_at, printed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [cityCode, sheet.sheetId, sheet.siteId, sheet.mealDate, sheet.version, sheet.firstNo, sheet.lastNo, sheet.reprint, sheet.priceListVersion,
      JSON.stringify(sheet.items), JSON.stringify(sheet.lines), at(sheet.printedAt), sheet.printedBy]);
}

/** Who belongs on a canteen's sheet. */
export interface SheetPerson {
  readonly elderId: string;
  readonly regular: boolean;
  readonly cardTail: string;
}

/** Whom to look for. */
export interface PersonQuery {
  readonly cityCode: string;
  readonly siteId: string;
  readonly divisionCode: string;
  readonly streetCode: string;
  /** Who ate here since then is a regular. */
  readonly ateSince: CivilDate;
  readonly most: number;
}

/** Regulars of a site, then those who live where it stands, then the rest of its street: the living with a card; at most `most`. */
export async function readPersons(tx: Tx, query: PersonQuery): Promise<SheetPerson[]> {
  return tx.query<SheetPerson>(
    `WITH wanted AS (
       SELECT a.elder_id, min(a.rank) AS rank FROM (
         SELECT m.elder_id, 0 AS rank FROM meal m
         WHERE m.city_code = $1 AND m.site_id = $2 AND m.booked_month >= $6 AND m.meal_date >= $5 AND m.outcome = 'accepted' AND m.elder_id IS NOT NULL
         UNION ALL
         SELECT e.elder_id, CASE WHEN r.descendant_code = $3 THEN 1 ELSE 2 END FROM region_closure r
         JOIN LATERAL (SELECT x.elder_id FROM elder x WHERE x.city_code = $1 AND x.residence_code = r.descendant_code OFFSET 0) e ON true
         WHERE r.city_code = $1 AND r.ancestor_code = $4) a GROUP BY a.elder_id)
     SELECT w.elder_id AS "elderId", w.rank = 0 AS regular, k.tail AS "cardTail"
     FROM wanted w
     JOIN LATERAL (SELECT x.died_on FROM elder x WHERE x.city_code = $1 AND x.elder_id = w.elder_id OFFSET 0) e ON e.died_on IS NULL
     JOIN LATERAL (SELECT x.tail FROM elder_card x WHERE x.city_code = $1 AND x.elder_id = w.elder_id AND x.state IN ('active', 'lost', 'frozen')
                   ORDER BY x.state, x.card_id LIMIT 1) k ON true
     ORDER BY w.rank, w.elder_id LIMIT $7`,
    [query.cityCode, query.siteId, query.divisionCode, query.streetCode, query.ateSince, query.ateSince.slice(0, 7), query.most]);
}

/** A number by which a canteen knows an elder. */
export interface Handle {
  readonly handleNo: number;
  readonly elderId: string;
}

/** Gives numbers to those who have none yet; the register is locked by the caller. @returns the numbers of all of them */
export async function giveHandles(tx: Tx, cityCode: string, siteId: string, elderIds: readonly string[], now: Instant): Promise<Map<string, number>> {
  await tx.query(
    `INSERT INTO slip_handle (city_code, site_id, handle_no, elder_id, given_at)
     SELECT $1, $2, (SELECT coalesce(max(h.handle_no), 0) FROM slip_handle h WHERE h.city_code = $1 AND h.site_id = $2) + row_number() OVER (ORDER BY w.place), w.id, $4
     FROM unnest($3::uuid[]) WITH ORDINALITY AS w (id, place)
     WHERE NOT EXISTS (SELECT FROM slip_handle k WHERE k.city_code = $1 AND k.site_id = $2 AND k.elder_id = w.id)`,
    [cityCode, siteId, elderIds, at(now)]);
  const rows = await tx.query<Handle>(
    'SELECT handle_no AS "handleNo", elder_id AS "elderId" FROM slip_handle WHERE city_code = $1 AND site_id = $2 AND elder_id = ANY ($3::uuid[])', [cityCode, siteId, elderIds]);
  return new Map(rows.map(({ handleNo, elderId }) => [elderId, handleNo]));
}

/** The card by which the meal of an elder is booked, for numbers of a canteen: the one that counts, else the last one. */
export async function cardsByHandle(tx: Tx, cityCode: string, siteId: string, handleNos: readonly number[]): Promise<Map<number, string>> {
  const rows = await tx.query<{ handleNo: number; handle: string }>(
    `SELECT h.handle_no AS "handleNo", k.handle FROM slip_handle h
     JOIN LATERAL (SELECT x.handle FROM elder_card x WHERE x.city_code = h.city_code AND x.elder_id = h.elder_id
                   ORDER BY array_position(ARRAY['active', 'lost', 'frozen'], x.state), x.state_since DESC LIMIT 1) k ON true
     WHERE h.city_code = $1 AND h.site_id = $2 AND h.handle_no = ANY ($3::int[])`, [cityCode, siteId, handleNos]);
  return new Map(rows.map(({ handleNo, handle }) => [handleNo, handle]));
}

/** How an elder is addressed; the name is sealed still. */
export interface SealedName {
  readonly elderId: string;
  readonly nameSealed: Buffer;
  readonly sex: 'male' | 'female';
}

export async function namesOf(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<SealedName[]> {
  return tx.query<SealedName>(
    `SELECT e.elder_id AS "elderId", e.name_sealed AS "nameSealed", e.sex FROM elder e JOIN (SELECT DISTINCT unnest($2::uuid[]) AS id) w ON w.id = e.elder_id WHERE e.city_code = $1`,
    [cityCode, elderIds]);
}

/** Which of these cards the city has. */
export async function knownCards(tx: Tx, cityCode: string, handles: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ handle: string }>('SELECT handle FROM elder_card WHERE city_code = $1 AND handle = ANY ($2::text[])', [cityCode, handles]);
  return new Set(rows.map(({ handle }) => handle));
}
