import type { CivilDate, CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** Meals of one date that one site booked in one month: what a seal covers. */
export interface SiteDayBooked {
  readonly siteId: string;
  readonly bookedMonth: CivilMonth;
  readonly mealDate: CivilDate;
}

/**
 * Marks days for a new seal, in the transaction that books something for them after they were over (see
 * `BookingMonths.isOver`).
 */
export async function sealDue(tx: Tx, cityCode: string, days: readonly SiteDayBooked[]): Promise<void> {
  if (days.length === 0) return;
  await tx.query(
    'INSERT INTO seal_due (city_code, site_id, booked_month, meal_date) SELECT DISTINCT $1, d.* FROM unnest($2::uuid[], $3::text[], $4::date[]) AS d',
    [cityCode, days.map((day) => day.siteId), days.map((day) => day.bookedMonth), days.map((day) => day.mealDate)], 'tap.seal-due');
}

/**
 * Takes marks away for who seals the days next; rows that are booked later leave new marks.
 * @param month only marks of this month of booking
 */
export async function takeDue(tx: Tx, cityCode: string, month?: CivilMonth): Promise<SiteDayBooked[]> {
  return tx.query<SiteDayBooked>(
    `DELETE FROM seal_due WHERE city_code = $1 AND ($2::text IS NULL OR booked_month = $2)
     RETURNING site_id AS "siteId", booked_month AS "bookedMonth", meal_date AS "mealDate"`, [cityCode, month ?? null]);
}
