import type { CivilDate, Fen, Instant } from '../kernel/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { at, type Tx } from '../platform/index.js';
import type { BookedItem, BookingChannel, BookingPay, BookingState, BookingWay } from './domain/index.js';

/** What is booked: the part that a change puts in the place of another. */
export interface Booked {
  readonly way: BookingWay;
  readonly items: readonly BookedItem[];
  readonly portions: number;
  readonly priceListVersion: number;
  readonly priceFen: Fen;
  readonly note: string | null;
}

/** A booking as it stands. */
export interface BookingRow extends Booked {
  readonly bookingId: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
  /** Of the site's day. */
  readonly number: number;
  readonly state: BookingState;
  readonly tapId: string | null;
  readonly madeAt: Instant;
  readonly channel: BookingChannel;
  /** Whose mini-program booked it; null where nobody's did. */
  readonly accountId: string | null;
  readonly pay: BookingPay;
  /** To be paid ahead. */
  readonly expectedFen: Fen;
  /** Until when; null where it is paid at the meal. */
  readonly payBy: Instant | null;
  /** What it holds of what was paid, by the order. */
  readonly heldFen: Fen;
  readonly orderId: string | null;
}

/** A booking that is to be written down. */
export type NewBooking = Omit<BookingRow, 'state' | 'tapId' | 'heldFen' | 'orderId'> & {
  /** How the actor is named. */
  readonly madeBy: string;
};

/** Columns of a booking `b`. */
export const ROW = `b.booking_id AS "bookingId", b.elder_id AS "elderId", b.site_id AS "siteId", b.meal_date AS "mealDate", b.meal_period AS "mealPeriod", b.number, b.state, b.way, b.items,
  b.portions, b.price_list_version AS "priceListVersion", b.price_fen AS "priceFen", b.note, b.tap_id AS "tapId", b.made_at AS "madeAt", b.channel, b.account_id AS "accountId", b.pay, b.expected_fen AS "expectedFen", b.pay_by AS "payBy", b.held_fen AS "heldFen", b.order_id AS "orderId"`;

/** A day of a site, on which bookings are counted and numbered. */
export interface SiteDay {
  readonly siteId: string;
  readonly mealDate: CivilDate;
}

/** Whoever books at a site's day waits here for those who do so already: numbers and the last portions are given one by one. */
export async function lockDays(tx: Tx, cityCode: string, days: readonly SiteDay[]): Promise<void> {
  await tx.query(
    `SELECT pg_advisory_xact_lock(d.of_city, d.of_site)
     FROM (SELECT hashtext('booking ' || $1 || ' ' || w.day) AS of_city, hashtext(w.site) AS of_site FROM unnest($2::text[], $3::text[]) AS w (site, day) ORDER BY 1, 2) d`,
    [cityCode, days.map(({ siteId }) => siteId), days.map(({ mealDate }) => mealDate)], 'booking.lock-days');
}

/** One booking; undefined where the city has no such one. @param lock against anybody else who changes or hands it out */
export async function readBooking(tx: Tx, cityCode: string, bookingId: string, lock: 'lock' | 'look' = 'look'): Promise<BookingRow | undefined> {
  const [row] = await tx.query<BookingRow>(`SELECT ${ROW} FROM booking b WHERE b.city_code = $1 AND b.booking_id = $2 ${lock === 'lock' ? 'FOR NO KEY UPDATE' : ''}`, [cityCode, bookingId]);
  return row;
}

/** How many portions of each meal of some days are booked, and the last number that was given for it. A no-show's were cooked, a cancelled one's were not. */
export async function bookedSoFar(tx: Tx, cityCode: string, days: readonly SiteDay[]): Promise<(SiteDay & { readonly mealPeriod: MealPeriod; readonly portions: number; readonly last: number })[]> {
  return tx.query(
    `SELECT w.site_id AS "siteId", w.meal_date AS "mealDate", b.meal_period AS "mealPeriod", b.portions, b.last
     FROM unnest($2::uuid[], $3::date[]) AS w (site_id, meal_date)
     CROSS JOIN LATERAL (
       SELECT o.meal_period, coalesce(sum(o.portions) FILTER (WHERE o.state <> 'cancelled'), 0)::int AS portions, max(o.number) AS last
       FROM booking o WHERE o.city_code = $1 AND o.site_id = w.site_id AND o.meal_date = w.meal_date GROUP BY o.meal_period) b`,
    [cityCode, days.map(({ siteId }) => siteId), days.map(({ mealDate }) => mealDate)], 'booking.so-far');
}

export async function insertBookings(tx: Tx, cityCode: string, rows: readonly NewBooking[]): Promise<void> {
  const all = <T>(of: (row: NewBooking) => T): T[] => rows.map(of);
  await tx.query(
    `WITH made AS (
       INSERT INTO booking (city_code, booking_id, elder_id, site_id, meal_date, meal_period, number, state, way, items, portions, price_list_version, price_fen, note, events, made_at, made_by,
         channel, account_id, pay, expected_fen, pay_by)
       SELECT $1, w.booking_id, w.elder_id, w.site_id, w.meal_date, w.meal_period, w.number, 'open', w.way, w.items::jsonb, w.portions, w.price_list_version, w.price_fen, w.note, 1, w.made_at, w.made_by,
         w.channel, w.account_id, w.pay, w.expected_fen, w.pay_by
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::text[], $7::int[], $8::text[], $9::text[], $10::int[], $11::int[], $12::bigint[], $13::text[], $14::timestamptz[], $15::text[],
         $16::text[], $17::uuid[], $18::text[], $19::bigint[], $20::timestamptz[])
         AS w (booking_id, elder_id, site_id, meal_date, meal_period, number, way, items, portions, price_list_version, price_fen, note, made_at, made_by, channel, account_id, pay, expected_fen, pay_by)
       RETURNING city_code, booking_id, way, items, made_at, made_by)
     INSERT INTO booking_event (city_code, booking_id, event_no, kind, way, items, recorded_at, recorded_by)
     SELECT city_code, booking_id, 1, 'made', way, items, made_at, made_by FROM made`,
    [cityCode, all((row) => row.bookingId), all((row) => row.elderId), all((row) => row.siteId), all((row) => row.mealDate), all((row) => row.mealPeriod), all((row) => row.number), all((row) => row.way),
      all((row) => JSON.stringify(row.items)), all((row) => row.portions), all((row) => row.priceListVersion), all((row) => row.priceFen), all((row) => row.note), all((row) => at(row.madeAt)), all((row) => row.madeBy),
      all((row) => row.channel), all((row) => row.accountId), all((row) => row.pay), all((row) => row.expectedFen), all(({ payBy }) => (payBy === null ? null : at(payBy)))], 'booking.insert');
}

/** Puts something else in the place of what was booked. The booking is locked by the caller. */
export async function changeBooked(tx: Tx, cityCode: string, bookingId: string, booked: Booked, by: string, now: Instant): Promise<void> {
  await tx.query(
    `WITH changed AS (
       UPDATE booking SET way = $3, items = $4, portions = $5, price_list_version = $6, price_fen = $7, note = $8, events = events + 1
       WHERE city_code = $1 AND booking_id = $2 RETURNING city_code, booking_id, events, way, items)
     INSERT INTO booking_event (city_code, booking_id, event_no, kind, way, items, recorded_at, recorded_by)
     SELECT city_code, booking_id, events, 'changed', way, items, $9, $10 FROM changed`,
    [cityCode, bookingId, booked.way, JSON.stringify(booked.items), booked.portions, booked.priceListVersion, booked.priceFen, booked.note, at(now), by]);
}

/** A booking that was ended, with the money that it held until then. */
export interface Ended extends Pick<BookingRow, 'bookingId' | 'elderId' | 'siteId' | 'mealDate' | 'mealPeriod' | 'pay' | 'orderId' | 'heldFen'> {
  /** Of the event that ended it. */
  readonly eventNo: number;
  /** Somebody came for it, and the sale was taken back afterwards. */
  readonly wasFetched: boolean;
}

/** Ends bookings that are open; they hold no money any more, so the caller has to say where it goes. */
export async function endBookings(tx: Tx, cityCode: string, bookingIds: readonly string[], kind: 'cancelled' | 'noShow', reason: string | null, by: string, now: Instant): Promise<Ended[]> {
  return tx.query<Ended>(
    `WITH due AS (
       SELECT booking_id, held_fen FROM booking WHERE city_code = $1 AND booking_id = ANY ($2::uuid[]) AND state = 'open' ORDER BY booking_id FOR NO KEY UPDATE
     ), ended AS (
       UPDATE booking b SET state = $3, held_fen = 0, events = b.events + 1 FROM due WHERE b.city_code = $1 AND b.booking_id = due.booking_id
       RETURNING b.booking_id, b.elder_id, b.site_id, b.meal_date, b.meal_period, b.pay, b.order_id, due.held_fen, b.events
     ), told AS (
       INSERT INTO booking_event (city_code, booking_id, event_no, kind, reason, recorded_at, recorded_by)
       SELECT $1, booking_id, events, $3, $4, $5, $6 FROM ended)
     SELECT booking_id AS "bookingId", elder_id AS "elderId", site_id AS "siteId", meal_date AS "mealDate", meal_period AS "mealPeriod", pay, order_id AS "orderId", held_fen AS "heldFen", events AS "eventNo",
       EXISTS (SELECT FROM booking_event e WHERE e.city_code = $1 AND e.booking_id = ended.booking_id AND e.kind = 'collected') AS "wasFetched" FROM ended`,
    [cityCode, [...bookingIds], kind, reason, at(now), by]);
}

/** A site's bookings of a day by number, the cancelled ones too; without anything about who eats. */
export async function bookingsOfDay(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate): Promise<BookingRow[]> {
  return tx.query<BookingRow>(`SELECT ${ROW} FROM booking b WHERE b.city_code = $1 AND b.site_id = $2 AND b.meal_date = $3 ORDER BY b.number`, [cityCode, siteId, mealDate]);
}

/** Meals of all cities up to a day with bookings that are open still. */
export async function mealsWithOpen(tx: Tx, upTo: CivilDate): Promise<{ cityCode: string; siteId: string; mealDate: CivilDate; mealPeriod: MealPeriod; events: number }[]> {
  return tx.query(
    `SELECT city_code AS "cityCode", site_id AS "siteId", meal_date AS "mealDate", meal_period AS "mealPeriod", sum(events)::int AS events
     FROM booking WHERE state = 'open' AND meal_date <= $1 AND city_code IN (SELECT c.city_code FROM region_city c)
     GROUP BY city_code, site_id, meal_date, meal_period`, [upTo]);
}

/** Bookings of all cities that were to be paid before a moment, and were not: their portions are wanted by others. */
export async function unpaidSince(tx: Tx, now: Instant): Promise<{ cityCode: string; bookingId: string }[]> {
  return tx.query(
    `SELECT city_code AS "cityCode", booking_id AS "bookingId" FROM booking
     WHERE state = 'open' AND pay = 'now' AND order_id IS NULL AND pay_by <= $1 AND city_code IN (SELECT c.city_code FROM region_city c) LIMIT 1000`, [at(now)]);
}

/** A booking as far as it says whose meal it is. */
export type BookedMeal = Pick<BookingRow, 'bookingId' | 'elderId' | 'siteId' | 'mealDate' | 'mealPeriod'>;

const BOOKED_MEAL = `booking_id AS "bookingId", elder_id AS "elderId", site_id AS "siteId", meal_date AS "mealDate", meal_period AS "mealPeriod"`;

/** The bookings of a meal that are open still. */
export async function openOfMeal(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate, mealPeriod: MealPeriod): Promise<BookedMeal[]> {
  return tx.query<BookedMeal>(
    `SELECT ${BOOKED_MEAL} FROM booking WHERE city_code = $1 AND site_id = $2 AND meal_date = $3 AND meal_period = $4 AND state = 'open'`, [cityCode, siteId, mealDate, mealPeriod]);
}

/** A city's bookings since a day that nobody fetched. */
export async function noShowsSince(tx: Tx, cityCode: string, from: CivilDate): Promise<BookedMeal[]> {
  return tx.query<BookedMeal>(`SELECT ${BOOKED_MEAL} FROM booking WHERE city_code = $1 AND state = 'noShow' AND meal_date >= $2 ORDER BY meal_date, booking_id`, [cityCode, from]);
}

/** Cities with such bookings. */
export async function citiesWithNoShows(tx: Tx, from: CivilDate): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>(
    `SELECT c.city_code AS "cityCode" FROM region_city c WHERE EXISTS (SELECT FROM booking b WHERE b.city_code = c.city_code AND b.state = 'noShow' AND b.meal_date >= $1)`, [from]);
  return rows.map(({ cityCode }) => cityCode);
}

/** Whose card it is by which an elder eats: one that is not replaced or cancelled. */
export async function holderOf(tx: Tx, cityCode: string, handle: string): Promise<string | undefined> {
  const [row] = await tx.query<{ elderId: string }>(`SELECT elder_id AS "elderId" FROM elder_card WHERE city_code = $1 AND handle = $2 AND state IN ('active', 'lost', 'frozen')`, [cityCode, handle]);
  return row?.elderId;
}

/** Those of some elders who have a card by which they eat. */
export async function cardHolders(tx: Tx, cityCode: string, elderIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ elderId: string }>(
    `SELECT elder_id AS "elderId" FROM elder_card WHERE city_code = $1 AND elder_id = ANY ($2::uuid[]) AND state IN ('active', 'lost', 'frozen')`, [cityCode, elderIds], 'booking.card');
  return new Set(rows.map(({ elderId }) => elderId));
}
