import { monthOf, type CivilDate, type Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** Something that happened in another room and that a family is told of. */
export interface Sighting {
  readonly id: string;
}

const MINUTE_MS = 60_000;
/** A transaction may commit so much later than the moments it writes down. */
const LATE_MS = 2 * MINUTE_MS;
/** What is older at the first look is nobody's news. */
const FIRST_LOOK_MS = 10 * MINUTE_MS;

/** A city with accounts, and from when on its events are looked at. */
export interface CityMark {
  readonly cityCode: string;
  readonly seenTo: Instant | null;
}

/** Cities in which somebody is bound: nobody else is told anything, and no other city costs a look. */
export async function citiesWithFamilies(tx: Tx): Promise<CityMark[]> {
  return tx.query<CityMark>(
    `SELECT c.city_code AS "cityCode", m.seen_to AS "seenTo" FROM region_city c LEFT JOIN care_mark m ON m.city_code = c.city_code AND m.what = 'events'
     WHERE EXISTS (SELECT FROM mini_self s WHERE s.city_code = c.city_code AND s.ended_at IS NULL) OR EXISTS (SELECT FROM mini_kin k WHERE k.city_code = c.city_code AND k.ended_at IS NULL)
     ORDER BY 1`);
}

/** From when on a city's events are looked at: a little before the mark, as rows come late; what is found twice is told once. */
export function lookFrom({ seenTo }: CityMark, now: Instant): Instant {
  return seenTo === null ? now - FIRST_LOOK_MS : Math.min(seenTo, now) - LATE_MS;
}

/** Whether the mark is to be moved on. */
export function markIsOld({ seenTo }: CityMark, now: Instant): boolean {
  return seenTo === null || Math.abs(now - seenTo) >= MINUTE_MS;
}

export async function keepMark(tx: Tx, cityCode: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO care_mark (city_code, what, seen_to) VALUES ($1, 'events', $2) ON CONFLICT (city_code, what) DO UPDATE SET seen_to = EXCLUDED.seen_to`, [cityCode, at(now)]);
}

/** That somebody is bound to elder `x`, whatever they may see: who is told is decided one by one. */
const BOUND = (x: string): string => `(EXISTS (SELECT FROM mini_kin k WHERE k.city_code = $1 AND k.elder_id = ${x} AND k.ended_at IS NULL)
  OR EXISTS (SELECT FROM mini_self s WHERE s.city_code = $1 AND s.elder_id = ${x} AND s.ended_at IS NULL))`;

/** Today's meals of elders to whom somebody is bound, recorded since a moment. */
export async function mealsSince(tx: Tx, cityCode: string, mealDate: CivilDate, since: Instant): Promise<Sighting[]> {
  return tx.query<Sighting>(
    `SELECT m.tap_id AS id FROM meal m
     WHERE m.city_code = $1 AND m.received_at > $2 AND m.meal_date = $3 AND m.booked_month = $4 AND m.outcome = 'accepted' AND m.elder_id IS NOT NULL AND ${BOUND('m.elder_id')}`,
    [cityCode, at(since), mealDate, monthOf(mealDate)]);
}

/** Meals of such elders that were taken back since a moment. */
export async function voidsSince(tx: Tx, cityCode: string, since: Instant): Promise<Sighting[]> {
  return tx.query<Sighting>(
    `SELECT v.tap_id AS id FROM meal_void v JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
     WHERE v.city_code = $1 AND v.voided_at > $2 AND m.elder_id IS NOT NULL AND ${BOUND('m.elder_id')}`, [cityCode, at(since)]);
}

/** Bookings of such elders that were made, paid ahead, or given up since a moment. What a standing order books every day is no news. */
export async function bookingsSince(tx: Tx, cityCode: string, since: Instant): Promise<(Sighting & { readonly kind: 'made' | 'cancelled'; readonly event: string })[]> {
  return tx.query(
    `SELECT b.booking_id AS id, v.kind, v.event_no::text AS event FROM booking_event v JOIN booking b ON b.city_code = v.city_code AND b.booking_id = v.booking_id
     WHERE v.city_code = $1 AND v.recorded_at > $2 AND (v.kind = 'cancelled' OR (v.kind = 'made' AND b.channel <> 'standing')) AND ${BOUND('b.elder_id')}
     UNION ALL SELECT b.booking_id, 'made', 'paid' FROM booking_money y JOIN booking b ON b.city_code = y.city_code AND b.booking_id = y.booking_id
     WHERE y.city_code = $1 AND y.recorded_at > $2 AND y.kind = 'paid' AND ${BOUND('b.elder_id')}`, [cityCode, at(since)]);
}

/** Bookings of today's meals that nobody fetched yet, of such elders. What is brought home comes when it comes. */
export async function bookingsOpen(tx: Tx, cityCode: string, mealDate: CivilDate, periods: readonly string[]): Promise<Sighting[]> {
  if (periods.length === 0) return [];
  return tx.query<Sighting>(
    `SELECT b.booking_id AS id FROM booking b
     WHERE b.city_code = $1 AND b.meal_date = $2 AND b.meal_period = ANY ($3::text[]) AND b.state = 'open' AND b.way <> 'deliver' AND ${BOUND('b.elder_id')}`, [cityCode, mealDate, periods]);
}

/** A booking as a notice tells of it. */
export interface ToldBooking {
  readonly elderId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: 'breakfast' | 'lunch' | 'dinner';
  readonly state: string;
  /** To be paid ahead, and not paid. */
  readonly isDue: boolean;
}

export async function toldBooking(tx: Tx, cityCode: string, bookingId: string): Promise<ToldBooking | undefined> {
  const [row] = await tx.query<ToldBooking>(
    `SELECT elder_id AS "elderId", site_id AS "siteId", meal_date AS "mealDate", meal_period AS "mealPeriod", state,
       pay = 'now' AND order_id IS NULL AS "isDue" FROM booking WHERE city_code = $1 AND booking_id = $2`, [cityCode, bookingId]);
  return row;
}
