import type { MealFinder } from '../booking/index.js';
import { monthOf } from '../kernel/index.js';

/** Sales by which booked meals were eaten without handing a booking out; see `MealFinder`. Each booking gets a meal of its own, the first the first. */
export const mealsUnnamed: MealFinder = (tx, cityCode, booked) => tx.query(
  `WITH asked AS (
     SELECT w.*, row_number() OVER (PARTITION BY elder_id, site_id, meal_date, meal_period ORDER BY place) AS turn
     FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::text[]) WITH ORDINALITY AS w (booking_id, elder_id, site_id, meal_date, meal_period, place)
   ), eaten AS (
     SELECT k.elder_id, k.site_id, k.meal_date, k.meal_period, m.tap_id, row_number() OVER (PARTITION BY k.elder_id, k.site_id, k.meal_date, k.meal_period ORDER BY m.device_time, m.tap_id) AS turn
     FROM asked k JOIN meal m ON m.city_code = $1 AND m.elder_id = k.elder_id AND m.meal_date = k.meal_date AND m.site_id = k.site_id AND m.meal_period = k.meal_period
     WHERE k.turn = 1 AND m.booked_month >= $7 AND m.outcome = 'accepted'
       AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id)
       AND NOT EXISTS (SELECT FROM booking b WHERE b.city_code = m.city_code AND b.tap_id = m.tap_id))
   SELECT a.booking_id AS "bookingId", e.tap_id AS "tapId" FROM asked a
   JOIN eaten e ON e.elder_id = a.elder_id AND e.site_id = a.site_id AND e.meal_date = a.meal_date AND e.meal_period = a.meal_period AND e.turn = a.turn`,
  [cityCode, booked.map((one) => one.bookingId), booked.map((one) => one.elderId), booked.map((one) => one.siteId), booked.map((one) => one.mealDate), booked.map((one) => one.mealPeriod),
    booked.map(({ mealDate }) => monthOf(mealDate)).sort()[0] ?? '']);
