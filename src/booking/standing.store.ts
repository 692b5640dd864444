import type { CivilDate, Instant } from '../kernel/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { at, type Tx } from '../platform/index.js';
import { HAS_MEAL, type BookingWay } from './domain/index.js';

/** A standing order. */
export interface StandingRow {
  readonly standingId: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly mealPeriod: MealPeriod;
  /** 1 Monday to 7 Sunday; none for the days that are worked. */
  readonly weekdays: readonly number[];
  readonly items: readonly { readonly itemCode: string; readonly quantity: number }[];
  readonly way: BookingWay;
  readonly note: string | null;
  readonly from: CivilDate;
  readonly until: CivilDate;
  readonly accountId: string | null;
  /** Made from the elder's own account: it is the elder's, whatever becomes of that account. */
  readonly isSelf: boolean;
  readonly endedAt: Instant | null;
}

const ROW = `s.standing_id AS "standingId", s.elder_id AS "elderId", s.site_id AS "siteId", s.meal_period AS "mealPeriod", s.weekdays, s.items, s.way, s.note, s.from_date AS "from",
  s.until_date AS "until", s.account_id AS "accountId", s.is_self AS "isSelf", s.ended_at AS "endedAt"`;

export async function insertStanding(tx: Tx, cityCode: string, row: Omit<StandingRow, 'endedAt'>, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO standing_order (city_code, standing_id, elder_id, site_id, meal_period, weekdays, items, way, note, from_date, until_date, account_id, is_self, made_at, made_by)
     VALUES ($1, $2, $3, $4, $5, $6::int[], $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [cityCode, row.standingId, row.elderId, row.siteId, row.mealPeriod, [...row.weekdays], JSON.stringify(row.items), row.way, row.note, row.from, row.until, row.accountId, row.isSelf, at(now), by]);
}

/** One standing order; undefined where the city has no such one. */
export async function readStanding(tx: Tx, cityCode: string, standingId: string): Promise<StandingRow | undefined> {
  const [row] = await tx.query<StandingRow>(`SELECT ${ROW} FROM standing_order s WHERE s.city_code = $1 AND s.standing_id = $2`, [cityCode, standingId]);
  return row;
}

/** How many standing orders of an elder still stand. The elder is locked by the caller. */
export async function countStanding(tx: Tx, cityCode: string, elderId: string, on: CivilDate): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM standing_order WHERE city_code = $1 AND elder_id = $2 AND ended_at IS NULL AND until_date >= $3', [cityCode, elderId, on]);
  return row?.n ?? 0;
}

/** Ends a standing order. @returns false where it has ended already */
export async function endStanding(tx: Tx, cityCode: string, standingId: string, by: string, now: Instant): Promise<boolean> {
  const rows = await tx.query('UPDATE standing_order SET ended_at = $3, ended_by = $4 WHERE city_code = $1 AND standing_id = $2 AND ended_at IS NULL RETURNING standing_id', [cityCode, standingId, at(now), by]);
  return rows.length > 0;
}

/** What became of a day of a standing order. */
export interface StandingDayRow {
  readonly date: CivilDate;
  readonly outcome: 'booked' | 'dayOff' | 'failed';
  readonly bookingId: string | null;
  /** Why it could not be booked. */
  readonly code: string | null;
  readonly detail: Readonly<Record<string, string | number>> | null;
}

/** A standing order with its name of the site and its latest days. */
export interface StandingView extends StandingRow {
  readonly siteName: string;
  readonly days: readonly StandingDayRow[];
}

const MOST_DAYS_SHOWN = 31;
const MOST_AT_SITE = 1_000;

/** Standing orders `s` with the latest of their days from one on. */
const viewsFrom = (day: string): string => `
  SELECT ${ROW}, p.name AS "siteName", coalesce((
    SELECT jsonb_agg(jsonb_build_object('date', d.meal_date, 'outcome', d.outcome, 'bookingId', d.booking_id, 'code', d.code, 'detail', d.detail) ORDER BY d.meal_date DESC)
    FROM (SELECT * FROM standing_day x WHERE x.city_code = s.city_code AND x.standing_id = s.standing_id AND x.meal_date >= ${day} ORDER BY x.meal_date DESC LIMIT ${MOST_DAYS_SHOWN}) d), '[]') AS days
  FROM standing_order s JOIN site p ON p.city_code = s.city_code AND p.site_id = s.site_id`;

/** An elder's standing orders that stand or ended lately, with what became of their days, the latest first. */
export async function standingOf(tx: Tx, cityCode: string, elderId: string, from: CivilDate): Promise<StandingView[]> {
  return tx.query<StandingView>(`${viewsFrom('s.from_date')} WHERE s.city_code = $1 AND s.elder_id = $2 AND s.until_date >= $3 ORDER BY s.made_at DESC LIMIT 50`, [cityCode, elderId, from]);
}

/** Those that stand at a site, with what became of their days from one on, the latest first. */
export async function standingAt(tx: Tx, cityCode: string, siteId: string, from: CivilDate): Promise<StandingView[]> {
  return tx.query<StandingView>(
    `${viewsFrom('$3::date')} WHERE s.city_code = $1 AND s.site_id = $2 AND s.ended_at IS NULL AND s.until_date >= $3 ORDER BY s.made_at DESC, s.standing_id LIMIT ${MOST_AT_SITE}`, [cityCode, siteId, from]);
}

/** Writes down what became of a day. @returns false where that is known already */
export async function insertDay(tx: Tx, cityCode: string, standingId: string, { date, outcome, bookingId, code, detail }: StandingDayRow, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO standing_day (city_code, standing_id, meal_date, outcome, booking_id, code, detail, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (city_code, standing_id, meal_date) DO NOTHING RETURNING meal_date`,
    [cityCode, standingId, date, outcome, bookingId, code, detail === null ? null : JSON.stringify(detail), at(now)]);
  return rows.length > 0;
}

/** Whether a day of a standing order is done. */
export async function isDayDone(tx: Tx, cityCode: string, standingId: string, date: CivilDate): Promise<boolean> {
  return (await tx.query('SELECT FROM standing_day WHERE city_code = $1 AND standing_id = $2 AND meal_date = $3', [cityCode, standingId, date])).length > 0;
}

/** Whether an elder misses a meal that a standing order could not book, on a day or later. */
export async function missesFrom(tx: Tx, cityCode: string, standingId: string, from: CivilDate): Promise<boolean> {
  return (await tx.query(`SELECT FROM standing_day WHERE city_code = $1 AND standing_id = $2 AND meal_date >= $3 AND outcome = 'failed' AND code <> $4 LIMIT 1`, [cityCode, standingId, from, HAS_MEAL])).length > 0;
}

/** Cities with standing orders that have days to come. */
export async function citiesOfStanding(tx: Tx, from: CivilDate): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>(
    `SELECT c.city_code AS "cityCode" FROM region_city c WHERE EXISTS (SELECT FROM standing_order s WHERE s.city_code = c.city_code AND s.ended_at IS NULL AND s.until_date >= $1)`, [from]);
  return rows.map(({ cityCode }) => cityCode);
}

/** A day of a city's calendar. */
export interface CityDay {
  readonly cityCode: string;
  readonly date: CivilDate;
  readonly isWorked: boolean;
}

/**
 * What standing orders have not been looked at for on days of cities. A weekend that is not worked is no day of an order
 * for days that are worked (`standsOn`): left out here, so that such days never fill the list.
 */
export async function daysToBook(tx: Tx, days: readonly CityDay[]): Promise<{ cityCode: string; standingId: string; date: CivilDate }[]> {
  return tx.query(
    `SELECT s.city_code AS "cityCode", s.standing_id AS "standingId", g.day AS date
     FROM unnest($1::text[], $2::date[], $3::boolean[]) AS g (city_code, day, is_worked)
     JOIN standing_order s ON s.city_code = g.city_code AND s.ended_at IS NULL AND s.from_date <= g.day AND s.until_date >= g.day
     WHERE CASE WHEN cardinality(s.weekdays) = 0 THEN g.is_worked OR extract(isodow FROM g.day) <= 5 ELSE extract(isodow FROM g.day)::int = ANY (s.weekdays) END
       AND NOT EXISTS (SELECT FROM standing_day d WHERE d.city_code = s.city_code AND d.standing_id = s.standing_id AND d.meal_date = g.day)
     ORDER BY g.day, s.made_at LIMIT 5000`, [days.map(({ cityCode }) => cityCode), days.map(({ date }) => date), days.map(({ isWorked }) => isWorked)]);
}
