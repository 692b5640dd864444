import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A day's sheet closed, or opened again. */
export interface DayStep {
  readonly kind: 'closed' | 'reopened';
  readonly missing: readonly number[];
  readonly reason: string;
  readonly by: string;
  readonly recordedAt: Instant;
}

/** What was done with a site's day, the first one first. */
export async function dayStepsOf(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate): Promise<DayStep[]> {
  return tx.query<DayStep>(
    `SELECT kind, missing, reason, recorded_by AS "by", recorded_at AS "recordedAt" FROM slip_day_step
     WHERE city_code = $1 AND site_id = $2 AND meal_date = $3 ORDER BY step_no`, [cityCode, siteId, mealDate]);
}

export async function insertDayStep(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate, stepNo: number, step: DayStep): Promise<void> {
  await tx.query(
    'INSERT INTO slip_day_step (city_code, site_id, meal_date, step_no, kind, missing, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [cityCode, siteId, mealDate, stepNo, step.kind, step.missing, step.reason, at(step.recordedAt), step.by]);
}

/** A site's day on paper in figures. */
export interface DayRow {
  readonly siteId: string;
  readonly siteName: string;
  readonly mealDate: CivilDate;
  readonly printed: number;
  readonly meals: number;
  readonly spoilt: number;
  readonly voided: number;
  readonly missing: number;
  /** Own shares that were taken for meals that stand. */
  readonly takenFen: number;
  readonly state: 'open' | 'closed';
}

/** Which days are asked for. */
export interface DayQuery {
  readonly cityCode: string;
  readonly divisionCode: string;
  readonly siteId: string | null;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly after: { readonly mealDate: string; readonly siteId: string } | null;
  readonly limit: number;
}

/** Days for which sheets were printed, by day and site; `limit` + 1 of them. */
export async function listDays(tx: Tx, query: DayQuery): Promise<DayRow[]> {
  return tx.query<DayRow>(
    `WITH days AS (
       SELECT h.site_id, h.meal_date, max(h.last_no) AS printed, p.name FROM slip_sheet h JOIN site p ON p.city_code = h.city_code AND p.site_id = h.site_id
       WHERE h.city_code = $1 AND h.meal_date BETWEEN $4 AND $5 AND ($3::uuid IS NULL OR h.site_id = $3) AND ($6::date IS NULL OR (h.meal_date, h.site_id) > ($6, $7::uuid))
         AND EXISTS (SELECT FROM region_closure c WHERE c.city_code = h.city_code AND c.ancestor_code = $2 AND c.descendant_code = p.division_code)
       GROUP BY h.site_id, h.meal_date, p.name ORDER BY h.meal_date, h.site_id LIMIT $8
     ), fates AS (
       SELECT DISTINCT ON (e.site_id, e.meal_date, e.slip_no) e.site_id, e.meal_date, e.taken_fen,
         CASE WHEN EXISTS (SELECT FROM meal_void v WHERE v.city_code = e.city_code AND v.tap_id = e.tap_id) THEN 'voided' ELSE e.kind END AS kind
       FROM days d JOIN slip_entry e ON e.city_code = $1 AND e.site_id = d.site_id AND e.meal_date = d.meal_date ORDER BY e.site_id, e.meal_date, e.slip_no, e.attempt DESC
     ), sums AS (
       SELECT f.site_id, f.meal_date, count(*) FILTER (WHERE f.kind = 'meal') AS meals, count(*) FILTER (WHERE f.kind = 'spoilt') AS spoilt,
         count(*) FILTER (WHERE f.kind = 'voided') AS voided, coalesce(sum(f.taken_fen) FILTER (WHERE f.kind = 'meal'), 0)::bigint AS taken
       FROM fates f GROUP BY 1, 2)
     SELECT d.site_id AS "siteId", d.name AS "siteName", d.meal_date AS "mealDate", d.printed, coalesce(s.meals, 0) AS meals, coalesce(s.spoilt, 0) AS spoilt,
       coalesce(s.voided, 0) AS voided, d.printed - coalesce(s.meals + s.spoilt + s.voided, 0) AS missing, coalesce(s.taken, 0)::bigint AS "takenFen",
       CASE WHEN (SELECT x.kind FROM slip_day_step x WHERE x.city_code = $1 AND x.site_id = d.site_id AND x.meal_date = d.meal_date ORDER BY x.step_no DESC LIMIT 1) = 'closed'
         THEN 'closed' ELSE 'open' END AS state
     FROM days d LEFT JOIN sums s ON s.site_id = d.site_id AND s.meal_date = d.meal_date ORDER BY d.meal_date, d.site_id`,
    [query.cityCode, query.divisionCode, query.siteId, query.from, query.to, query.after?.mealDate ?? null, query.after?.siteId ?? null, query.limit + 1]);
}
