import type { CivilDate, Instant } from '../kernel/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { at, type Tx } from '../platform/index.js';
import { USUAL_HOURS, type BookingHours } from './domain/index.js';

/** What a site's bookings go by, meal by meal; the usual where it set nothing. */
export async function readHours(tx: Tx, cityCode: string, siteId: string): Promise<Record<MealPeriod, BookingHours>> {
  const rows = await tx.query<BookingHours & { mealPeriod: MealPeriod }>(
    `SELECT meal_period AS "mealPeriod", begins_minute AS "beginsMinute", ends_minute AS "endsMinute", cut_off AS "cutOff", cut_off_minutes AS "cutOffMinutes",
       day_portions AS "dayPortions" FROM booking_hours WHERE city_code = $1 AND site_id = $2`, [cityCode, siteId]);
  const hours = { ...USUAL_HOURS };
  for (const { mealPeriod, ...row } of rows) hours[mealPeriod] = row;
  return hours;
}

/** Sets what a site's bookings of one meal go by. */
export async function writeHours(tx: Tx, cityCode: string, siteId: string, mealPeriod: MealPeriod, hours: BookingHours, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO booking_hours (city_code, site_id, meal_period, begins_minute, ends_minute, cut_off, cut_off_minutes, day_portions, set_at, set_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (city_code, site_id, meal_period) DO UPDATE SET begins_minute = excluded.begins_minute, ends_minute = excluded.ends_minute,
       cut_off = excluded.cut_off, cut_off_minutes = excluded.cut_off_minutes, day_portions = excluded.day_portions, set_at = excluded.set_at, set_by = excluded.set_by`,
    [cityCode, siteId, mealPeriod, hours.beginsMinute, hours.endsMinute, hours.cutOff, hours.cutOffMinutes, hours.dayPortions, at(now), by]);
}

/** The portions of one day that a site set apart from its usual number; undefined where it did not. */
export async function readQuota(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate, mealPeriod: MealPeriod): Promise<number | undefined> {
  const [row] = await tx.query<{ portions: number }>(
    'SELECT portions FROM booking_quota WHERE city_code = $1 AND site_id = $2 AND meal_date = $3 AND meal_period = $4', [cityCode, siteId, mealDate, mealPeriod]);
  return row?.portions;
}

export async function writeQuota(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate, mealPeriod: MealPeriod, portions: number, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO booking_quota (city_code, site_id, meal_date, meal_period, portions, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (city_code, site_id, meal_date, meal_period) DO UPDATE SET portions = excluded.portions, set_at = excluded.set_at, set_by = excluded.set_by`,
    [cityCode, siteId, mealDate, mealPeriod, portions, at(now), by]);
}
