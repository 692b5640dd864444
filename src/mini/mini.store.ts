import { firstDay, type CivilMonth } from '../kernel/index.js';
import type { BillItem } from '../menu/domain/index.js';
import type { Tx } from '../platform/index.js';

/** Where a site stands: enough to look for the nearest. */
export interface SitePlace {
  readonly siteId: string;
  readonly divisionCode: string;
  readonly name: string;
  readonly address: string;
  readonly longitude: number | null;
  readonly latitude: number | null;
}

/** Where every site of a city stands, closed ones too. */
export async function placesOf(tx: Tx, cityCode: string): Promise<SitePlace[]> {
  return tx.query<SitePlace>('SELECT site_id AS "siteId", division_code AS "divisionCode", name, address, longitude, latitude FROM site WHERE city_code = $1', [cityCode], 'mini.places');
}

/** What was eaten, by the list that named it, and what the funders were called when it was. */
export interface EatenItems {
  readonly tapId: string;
  readonly siteId: string;
  readonly priceListVersion: number;
  readonly items: readonly BillItem[];
  readonly funding: readonly { readonly funderCode: string; readonly name: string }[] | null;
}

/** The items of meals, month by month of booking: with the month at hand, the server opens one partition and not all of them. */
export async function itemsEaten(tx: Tx, cityCode: string, taps: readonly { readonly tapId: string; readonly bookedMonth: CivilMonth }[]): Promise<Map<string, EatenItems>> {
  const months = [...new Set(taps.map(({ bookedMonth }) => bookedMonth))];
  const rows = await Promise.all(months.map((month) => tx.query<EatenItems>(
    `SELECT m.tap_id AS "tapId", m.site_id AS "siteId", m.price_list_version AS "priceListVersion", m.items, m.answer -> 'funding' AS funding FROM meal m
     WHERE m.city_code = $1 AND m.booked_month = $2 AND m.tap_id = ANY ($3::uuid[])`,
    [cityCode, month, taps.filter(({ bookedMonth }) => bookedMonth === month).map(({ tapId }) => tapId)])));
  return new Map(rows.flat().map((row) => [row.tapId, row]));
}

/** Where an elder ate last since the first of a month, by the meals that stand; undefined where they did not. */
export async function siteEatenAt(tx: Tx, cityCode: string, elderId: string, since: CivilMonth): Promise<string | undefined> {
  const [row] = await tx.query<{ siteId: string }>(
    `SELECT m.site_id AS "siteId" FROM meal m
     WHERE m.city_code = $1 AND m.elder_id = $2 AND m.meal_date >= $3 AND m.booked_month >= $4 AND m.outcome = 'accepted'
       AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id)
     ORDER BY m.meal_date DESC, m.device_time DESC LIMIT 1`, [cityCode, elderId, firstDay(since), since], 'mini.site-eaten-at');
  return row?.siteId;
}

/** Those of some months in which an elder has meals, taken back or not, the latest first. */
export async function monthsEaten(tx: Tx, cityCode: string, elderId: string, months: readonly CivilMonth[]): Promise<CivilMonth[]> {
  const rows = await tx.query<{ month: CivilMonth }>(
    `SELECT w.month FROM unnest($3::char(7)[], $4::date[]) AS w (month, day)
     WHERE EXISTS (SELECT FROM meal m WHERE m.city_code = $1 AND m.elder_id = $2 AND m.booked_month >= w.month AND m.meal_date >= w.day AND m.meal_date < w.day + interval '1 month' AND m.outcome = 'accepted')
     ORDER BY w.month DESC`, [cityCode, elderId, months, months.map(firstDay)], 'mini.months-eaten');
  return rows.map(({ month }) => month);
}

/** Which of these meals were ever corrected. */
export async function correctedAmong(tx: Tx, cityCode: string, tapIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ tapId: string }>(
    'SELECT DISTINCT a.tap_id AS "tapId" FROM meal_adjustment a WHERE a.city_code = $1 AND a.tap_id = ANY ($2::uuid[])', [cityCode, tapIds]);
  return new Set(rows.map(({ tapId }) => tapId));
}

/** An elder's name under seal, and the last digits of the card that is theirs now. */
export interface PrintedPerson {
  readonly elderId: string;
  readonly nameSealed: Buffer;
  readonly sex: 'male' | 'female';
  readonly cardTail: string | null;
}

/** Of one elder, what a paper names them by; undefined where the city has no such elder. */
export async function personOf(tx: Tx, cityCode: string, elderId: string): Promise<PrintedPerson | undefined> {
  const [row] = await tx.query<PrintedPerson>(
    `SELECT e.elder_id AS "elderId", e.name_sealed AS "nameSealed", e.sex,
       (SELECT k.tail FROM elder_card k WHERE k.city_code = e.city_code AND k.elder_id = e.elder_id AND k.state IN ('active', 'lost', 'frozen') LIMIT 1) AS "cardTail"
     FROM elder e WHERE e.city_code = $1 AND e.elder_id = $2`, [cityCode, elderId]);
  return row;
}

/** The elder behind a card that is not replaced or cancelled. */
export async function elderByCard(tx: Tx, cityCode: string, handle: string): Promise<string | undefined> {
  const [row] = await tx.query<{ elderId: string }>(`SELECT elder_id AS "elderId" FROM elder_card WHERE city_code = $1 AND handle = $2 AND state = 'active'`, [cityCode, handle]);
  return row?.elderId;
}
