import type { CivilDate } from '../kernel/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import type { Tx } from '../platform/index.js';
import type { BookingHours } from './domain/index.js';
import { readHours } from './hours.store.js';

/** What can be booked at a site on some days. */
export interface KitchenDays {
  readonly hours: Readonly<Record<MealPeriod, BookingHours>>;
  /** Portions that can be booked still; null where the site set no number. */
  left(date: CivilDate, period: MealPeriod): number | null;
}

/** The hours and the portions left of a site between two days, both included; a look, which holds nothing. Three statements. */
export async function kitchenDays(tx: Tx, cityCode: string, siteId: string, from: CivilDate, to: CivilDate): Promise<KitchenDays> {
  const parameters = [cityCode, siteId, from, to];
  const [hours, booked, quotas] = await Promise.all([
    readHours(tx, cityCode, siteId),
    // A no-show's portions were cooked, a cancelled booking's were not.
    tx.query<{ key: string; portions: number }>(
      `SELECT meal_date || ' ' || meal_period AS key, sum(portions)::int AS portions FROM booking
       WHERE city_code = $1 AND site_id = $2 AND meal_date BETWEEN $3 AND $4 AND state <> 'cancelled' GROUP BY 1`, parameters),
    tx.query<{ key: string; portions: number }>(
      `SELECT meal_date || ' ' || meal_period AS key, portions FROM booking_quota WHERE city_code = $1 AND site_id = $2 AND meal_date BETWEEN $3 AND $4`, parameters),
  ]);
  const [taken, most] = [booked, quotas].map((rows) => new Map(rows.map(({ key, portions }) => [key, portions])));
  return {
    hours,
    left(date, period) {
      const limit = most?.get(`${date} ${period}`) ?? hours[period].dayPortions;
      return limit === null ? null : Math.max(0, limit - (taken?.get(`${date} ${period}`) ?? 0));
    },
  };
}
