import type { CivilDate, CivilMonth } from '../kernel/index.js';
import type { JobRequest, Tx } from '../platform/index.js';
import type { SiteDate } from './leaf.store.js';

/**
 * Days of a month of booking that have bookings and no seal. Costs by days of sites and not by meals: the index on
 * meals is walked from one day to the next.
 * @param upTo the last day of meals that is looked at; null looks at every day
 */
export async function unsealedDays(tx: Tx, cityCode: string, month: CivilMonth, upTo: CivilDate | null): Promise<SiteDate[]> {
  return tx.query<SiteDate>(
    `WITH RECURSIVE eaten AS (
       (SELECT m.site_id, m.meal_date FROM meal m WHERE m.city_code = $1 AND m.booked_month = $2 ORDER BY m.site_id, m.booked_month, m.meal_date LIMIT 1)
       UNION ALL
       SELECT n.site_id, n.meal_date FROM eaten e CROSS JOIN LATERAL (
         SELECT m.site_id, m.meal_date FROM meal m
         WHERE m.city_code = $1 AND m.booked_month = $2 AND (m.site_id, m.booked_month, m.meal_date) > (e.site_id, $2, e.meal_date)
         ORDER BY m.site_id, m.booked_month, m.meal_date LIMIT 1) n
     ), booked AS (
       SELECT * FROM eaten
       UNION SELECT v.site_id, v.meal_date FROM meal_void v WHERE v.city_code = $1 AND v.booked_month = $2
       UNION SELECT a.site_id, a.meal_date FROM meal_adjustment a WHERE a.city_code = $1 AND a.booked_month = $2
     )
     SELECT b.site_id AS "siteId", b.meal_date AS "mealDate" FROM booked b
     WHERE ($3::date IS NULL OR b.meal_date <= $3)
       AND NOT EXISTS (SELECT FROM day_seal s WHERE s.city_code = $1 AND s.booked_month = $2 AND s.site_id = b.site_id AND s.meal_date = b.meal_date)
     ORDER BY b.meal_date, b.site_id`,
    [cityCode, month, upTo]);
}

/** A month whose days may be sealed: up to the last one that is over, or all of them (null) once it is closed. */
export interface SealableMonth {
  readonly month: CivilMonth;
  readonly upTo: CivilDate | null;
}

/** Open months with days that are over, and closed ones without any seal, of books that are older than seals. */
export async function sealableMonths(tx: Tx, cityCode: string): Promise<SealableMonth[]> {
  return tx.query<SealableMonth>(
    `SELECT l.month, CASE WHEN l.state = 'open' THEN l.days_over_to END AS "upTo" FROM ledger_month l
     WHERE l.city_code = $1 AND CASE WHEN l.state = 'open' THEN l.days_over_to IS NOT NULL
       ELSE NOT EXISTS (SELECT FROM day_seal s WHERE s.city_code = l.city_code AND s.booked_month = l.month) END
     ORDER BY l.month`, [cityCode]);
}

/** Tonight's work: a job for every city with books. */
export async function citiesToSeal(tx: Tx, job: string, date: CivilDate): Promise<JobRequest[]> {
  const rows = await tx.query<{ cityCode: string }>(`SELECT DISTINCT city_code AS "cityCode" FROM ledger_month WHERE state = 'open' ORDER BY 1`);
  return rows.map(({ cityCode }) => ({ cityCode, job, key: date, payload: { date } }));
}
