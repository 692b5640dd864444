import { monthOf, type CivilDate, type CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** What meals of one site came to in one month of booking: meals less those taken back, corrections counted in. */
export interface SiteTotals {
  readonly siteId: string;
  readonly meals: number;
  readonly subsidisedMeals: number;
  readonly voidedMeals: number;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
}

/** Every meal, void and correction of the city as signed rows, by the month in which each is booked. $1 is the city. */
const BOOKED = `
  SELECT m.booked_month, m.site_id, m.meal_date, 1 AS meals, (m.subsidy_fen > 0)::int AS subsidised, 0 AS voided,
    m.price_fen, m.self_pay_fen, m.subsidy_fen, m.site_borne_fen
  FROM meal m WHERE m.city_code = $1 AND m.outcome = 'accepted'
  UNION ALL
  SELECT v.booked_month, v.site_id, v.meal_date, -1, -(m.subsidy_fen > 0)::int, 1,
    -m.price_fen, -m.self_pay_fen, -m.subsidy_fen - c.fen, c.fen - m.site_borne_fen
  FROM meal_void v JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
  CROSS JOIN LATERAL (SELECT COALESCE(sum(a.fen), 0)::bigint AS fen FROM meal_adjustment a WHERE a.city_code = v.city_code AND a.tap_id = v.tap_id) c
  WHERE v.city_code = $1
  UNION ALL
  SELECT a.booked_month, a.site_id, a.meal_date, 0, 0, 0, 0, 0, a.fen, -a.fen
  FROM meal_adjustment a WHERE a.city_code = $1`;

const SUMS = `sum(b.meals)::bigint AS meals, sum(b.subsidised)::bigint AS "subsidisedMeals", sum(b.voided)::bigint AS "voidedMeals",
  sum(b.price_fen)::bigint AS "priceFen", sum(b.self_pay_fen)::bigint AS "selfPayFen", sum(b.subsidy_fen)::bigint AS "subsidyFen",
  sum(b.site_borne_fen)::bigint AS "siteBorneFen"`;

/** Totals of sites in a month of booking, by site; sites without a booking are left out. */
export async function mealTotals(tx: Tx, cityCode: string, month: CivilMonth, siteIds?: readonly string[]): Promise<SiteTotals[]> {
  return tx.query<SiteTotals>(
    `SELECT b.site_id AS "siteId", ${SUMS} FROM (${BOOKED}) b
     WHERE b.booked_month = $2 AND ($3::uuid[] IS NULL OR b.site_id = ANY($3)) GROUP BY b.site_id ORDER BY b.site_id`,
    [cityCode, month, siteIds ?? null],
  );
}

/** What one funder owes a site for the meals of one operator, payee and meal month, in one month of booking. */
export interface MealShareLine {
  readonly operatorId: string | null;
  readonly payeeId: string | null;
  readonly mealMonth: CivilMonth;
  readonly funderCode: string;
  /** Subsidised meals less voids; corrections count none. */
  readonly meals: number;
  /** May be below zero: voids and corrections are booked after their meals' months. */
  readonly subsidyFen: number;
}

/**
 * The lines of a site's claim: everything booked in a month, meals with their funders' shares, voids the other way
 * round, corrections as they are signed. Operator and payee are those of the meal's date.
 */
export async function mealLines(tx: Tx, cityCode: string, month: CivilMonth, siteId: string): Promise<MealShareLine[]> {
  return tx.query<MealShareLine>(
    `WITH booked AS (
       SELECT m.operator_id, m.payee_id, m.meal_date, h.funder_code, 1 AS meals, h.fen
       FROM meal m JOIN meal_share h ON h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
       WHERE m.city_code = $1 AND m.booked_month = $2 AND m.site_id = $3
       UNION ALL
       SELECT m.operator_id, m.payee_id, m.meal_date, h.funder_code, -1, -h.fen
       FROM meal_void v JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
       JOIN meal_share h ON h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
       WHERE v.city_code = $1 AND v.booked_month = $2 AND v.site_id = $3
       UNION ALL
       SELECT m.operator_id, m.payee_id, m.meal_date, a.funder_code, 0, -a.fen
       FROM meal_void v JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
       JOIN meal_adjustment a ON a.city_code = v.city_code AND a.tap_id = v.tap_id
       WHERE v.city_code = $1 AND v.booked_month = $2 AND v.site_id = $3
       UNION ALL
       SELECT m.operator_id, m.payee_id, m.meal_date, a.funder_code, 0, a.fen
       FROM meal_adjustment a JOIN meal m ON m.city_code = a.city_code AND m.booked_month = a.original_month AND m.tap_id = a.tap_id
       WHERE a.city_code = $1 AND a.booked_month = $2 AND a.site_id = $3
     )
     SELECT operator_id AS "operatorId", payee_id AS "payeeId", to_char(meal_date, 'YYYY-MM') AS "mealMonth", funder_code AS "funderCode",
       sum(meals)::bigint AS meals, sum(fen)::bigint AS "subsidyFen"
     FROM booked GROUP BY 1, 2, 3, 4 ORDER BY 3, 1, 2, 4`,
    [cityCode, month, siteId],
  );
}

/** What the city's meals of one day came to, whenever they were booked. */
export interface DayTotals extends Omit<SiteTotals, 'siteId'> {
  readonly date: CivilDate;
}

/** Totals by the date of the meal, first and last day included; days without a meal are left out. */
export async function dailyTotals(tx: Tx, cityCode: string, from: CivilDate, to: CivilDate): Promise<DayTotals[]> {
  return tx.query<DayTotals>(
    `SELECT b.meal_date AS date, ${SUMS} FROM (${BOOKED}) b WHERE b.meal_date BETWEEN $2 AND $3 AND b.booked_month >= $4
     GROUP BY b.meal_date ORDER BY b.meal_date`,
    // Nothing is booked before its own month, so earlier partitions need no look.
    [cityCode, from, to, monthOf(from)],
  );
}

/** The date of the latest meal in the last month that has bookings, or null where nobody has eaten yet. */
export async function lastMealDate(tx: Tx, cityCode: string): Promise<CivilDate | null> {
  const [row] = await tx.query<{ date: CivilDate | null }>(
    `SELECT max(meal_date) AS date FROM meal
     WHERE city_code = $1 AND booked_month = (SELECT max(booked_month) FROM meal WHERE city_code = $1)`, [cityCode]);
  return row?.date ?? null;
}

/** What one site's bookings of a month come to for each date of a meal. */
export interface SiteDay extends Omit<SiteTotals, 'voidedMeals'> {
  readonly date: CivilDate;
}

/** Totals of sites by the date of the meal, for what was booked in one month: the days of their claims. */
export async function siteDays(tx: Tx, cityCode: string, month: CivilMonth, siteIds: readonly string[]): Promise<SiteDay[]> {
  return tx.query<SiteDay>(
    `SELECT b.site_id AS "siteId", b.meal_date AS date, ${SUMS} FROM (${BOOKED}) b
     WHERE b.booked_month = $2 AND b.site_id = ANY ($3::uuid[]) GROUP BY b.site_id, b.meal_date ORDER BY b.site_id, b.meal_date`,
    [cityCode, month, siteIds],
  );
}
