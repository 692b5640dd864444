import { addDays, chinaDate, monthOf, type CivilDate, type CivilMonth, type Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import { RATED_WITHIN_DAYS, type RatingWord, type SaidRating } from './domain/index.js';

/** A meal as far as whoever talks about it asks. */
export interface EatenMeal {
  readonly tapId: string;
  readonly elderId: string | null;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly deviceTime: Instant;
  readonly itemCodes: readonly string[];
  readonly voided: boolean;
}

/** An accepted meal; undefined for an id that no meal has. */
export async function eatenMeal(tx: Tx, cityCode: string, tapId: string): Promise<EatenMeal | undefined> {
  const [claim] = await tx.query<{ bookedMonth: CivilMonth }>(
    `SELECT c.booked_month AS "bookedMonth" FROM tap_claim c WHERE c.city_code = $1 AND c.tap_id = $2 AND c.kind = 'tap'`, [cityCode, tapId]);
  if (claim === undefined) return undefined;
  const [row] = await tx.query<EatenMeal>(
    `SELECT m.tap_id AS "tapId", m.elder_id AS "elderId", m.site_id AS "siteId", m.meal_date AS "mealDate", m.device_time AS "deviceTime",
       ARRAY(SELECT i ->> 'itemCode' FROM jsonb_array_elements(m.items) AS i) AS "itemCodes",
       EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id) AS voided
     FROM meal m WHERE m.city_code = $1 AND m.booked_month = $3 AND m.tap_id = $2 AND m.outcome = 'accepted'`, [cityCode, tapId, claim.bookedMonth]);
  return row;
}

/** Whether an elder ate a meal of a day, wherever. */
export async function ateMeal(tx: Tx, cityCode: string, elderId: string, mealDate: CivilDate, mealPeriod: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM meal m WHERE m.city_code = $1 AND m.elder_id = $2 AND m.meal_date = $3 AND m.meal_period = $4 AND m.booked_month >= $5 AND m.outcome = 'accepted'
       AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id) LIMIT 1`, [cityCode, elderId, mealDate, mealPeriod, monthOf(mealDate)]);
  return rows.length > 0;
}

/** What was said of a meal. */
export interface RatingRow {
  readonly ratingNo: number;
  readonly stars: number;
  readonly words: readonly RatingWord[];
  readonly dishes: readonly string[];
  readonly ratedAt: Instant;
}

/** What was said of a meal, oldest first; the last holds. */
export async function ratingsOf(tx: Tx, cityCode: string, tapId: string): Promise<RatingRow[]> {
  return tx.query<RatingRow>(
    `SELECT rating_no AS "ratingNo", stars, words, dishes, rated_at AS "ratedAt" FROM meal_rating WHERE city_code = $1 AND tap_id = $2 ORDER BY rating_no`, [cityCode, tapId]);
}

export async function insertRating(tx: Tx, cityCode: string, { tapId, siteId, mealDate }: EatenMeal, row: RatingRow, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO meal_rating (city_code, tap_id, rating_no, site_id, meal_date, stars, words, dishes, rated_at, rated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [cityCode, tapId, row.ratingNo, siteId, mealDate, row.stars, row.words, row.dishes, at(row.ratedAt), by]);
}

/** What was said last of each of a site's meals that was first rated from a moment on. */
export async function saidOfSite(tx: Tx, cityCode: string, siteId: string, from: Instant): Promise<SaidRating[]> {
  return tx.query<SaidRating>(
    `SELECT DISTINCT ON (r.tap_id) r.tap_id AS "tapId", f.rated_at AS "firstAt", r.stars, r.words, r.rated_by AS "by"
     FROM meal_rating r JOIN meal_rating f ON f.city_code = r.city_code AND f.tap_id = r.tap_id AND f.rating_no = 1
     WHERE r.city_code = $1 AND r.site_id = $2 AND r.meal_date >= $3 AND f.rated_at >= $4 ORDER BY r.tap_id, r.rating_no DESC`,
    [cityCode, siteId, addDays(chinaDate(from), -RATED_WITHIN_DAYS), at(from)]);
}
