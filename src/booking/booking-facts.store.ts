import type { Tx } from '../platform/index.js';
import { USUAL_HOURS, type BookingHours } from './domain/index.js';
import type { MealWished } from './price-booking.js';

/** What booking a meal looks at besides the site and its prices. */
export interface MealFacts {
  /** The mark under which the city's places are what they are; null where nothing was ever recorded of any. */
  readonly placeHead: string | null;
  readonly hours: BookingHours;
  /** The most portions of this meal; null for as many as are asked for. */
  readonly mostPortions: number | null;
  /** Of the elder's open booking for this very meal; null for none. */
  readonly openNumber: number | null;
  /** What the elder has booked for the day, anywhere and by whomever: what waits, and what was ever made. */
  readonly waiting: number;
  readonly made: number;
}

type Row = Omit<MealFacts, 'hours' | 'mostPortions'> & { readonly hours: BookingHours | null; readonly quota: number | null };

/** Reads all of it for some meals, in their order. The elders are locked by the caller, so that what they have booked stays so. */
export async function readMealFacts(tx: Tx, cityCode: string, meals: readonly (MealWished & { readonly elderId: string })[]): Promise<MealFacts[]> {
  const rows = await tx.query<Row>(
    `SELECT (SELECT p.head FROM place_head p WHERE p.city_code = $1) AS "placeHead",
       CASE WHEN h.site_id IS NOT NULL THEN
         jsonb_build_object('beginsMinute', h.begins_minute, 'endsMinute', h.ends_minute, 'cutOff', h.cut_off, 'cutOffMinutes', h.cut_off_minutes, 'dayPortions', h.day_portions) END AS hours,
       q.portions AS quota, b."openNumber", b.waiting, b.made
     FROM unnest($2::uuid[], $3::uuid[], $4::date[], $5::text[]) WITH ORDINALITY AS w (elder_id, site_id, meal_date, meal_period, place)
     LEFT JOIN booking_hours h ON h.city_code = $1 AND h.site_id = w.site_id AND h.meal_period = w.meal_period
     LEFT JOIN booking_quota q ON q.city_code = $1 AND q.site_id = w.site_id AND q.meal_date = w.meal_date AND q.meal_period = w.meal_period
     CROSS JOIN LATERAL (
       SELECT min(o.number) FILTER (WHERE o.state = 'open' AND o.site_id = w.site_id AND o.meal_period = w.meal_period) AS "openNumber",
         count(*) FILTER (WHERE o.state = 'open')::int AS waiting, count(*)::int AS made
       FROM booking o WHERE o.city_code = $1 AND o.elder_id = w.elder_id AND o.meal_date = w.meal_date) b
     ORDER BY w.place`,
    [cityCode, meals.map(({ elderId }) => elderId), meals.map(({ siteId }) => siteId), meals.map(({ mealDate }) => mealDate), meals.map(({ mealPeriod }) => mealPeriod)], 'booking.facts');
  return rows.map(({ hours, quota, ...row }, index) => {
    const of = hours ?? USUAL_HOURS[(meals[index] as MealWished).mealPeriod];
    return { ...row, hours: of, mostPortions: quota ?? of.dayPortions };
  });
}
