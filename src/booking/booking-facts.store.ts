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

/** Reads all of it at once. The elder is locked by the caller, so that what the elder has booked stays so. */
export async function readMealFacts(tx: Tx, cityCode: string, { elderId, siteId, mealDate, mealPeriod }: MealWished & { readonly elderId: string }): Promise<MealFacts> {
  const [row] = await tx.query<Row>(
    `SELECT (SELECT h.head FROM place_head h WHERE h.city_code = $1) AS "placeHead",
       (SELECT jsonb_build_object('beginsMinute', h.begins_minute, 'endsMinute', h.ends_minute, 'cutOff', h.cut_off, 'cutOffMinutes', h.cut_off_minutes, 'dayPortions', h.day_portions)
        FROM booking_hours h WHERE h.city_code = $1 AND h.site_id = $3 AND h.meal_period = $5) AS hours,
       (SELECT q.portions FROM booking_quota q WHERE q.city_code = $1 AND q.site_id = $3 AND q.meal_date = $4 AND q.meal_period = $5) AS quota,
       min(b.number) FILTER (WHERE b.state = 'open' AND b.site_id = $3 AND b.meal_period = $5) AS "openNumber",
       count(*) FILTER (WHERE b.state = 'open')::int AS waiting, count(*)::int AS made
     FROM booking b WHERE b.city_code = $1 AND b.elder_id = $2 AND b.meal_date = $4`,
    [cityCode, elderId, siteId, mealDate, mealPeriod], 'booking.facts');
  const { placeHead = null, hours = null, quota = null, openNumber = null, waiting = 0, made = 0 } = row ?? {};
  const of = hours ?? USUAL_HOURS[mealPeriod];
  return { placeHead, hours: of, mostPortions: quota ?? of.dayPortions, openNumber, waiting, made };
}
