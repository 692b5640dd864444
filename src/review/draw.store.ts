import { createHash } from 'node:crypto';
import type { CivilDate, CivilMonth, Instant } from '../kernel/index.js';
import { at, type JobRequest, type Tx } from '../platform/index.js';
import type { SampledMeal, SampleRule, SealedMeal } from './domain/index.js';

/** Lets one transaction at a time draw in a city. */
export async function lockDraws(tx: Tx, cityCode: string): Promise<void> {
  const key = createHash('sha256').update(`review ${cityCode}`).digest().readBigInt64BE();
  await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [String(key)]);
}

/** The place in the city's log of seals behind the last one that was drawn from. */
export async function nextToDraw(tx: Tx, cityCode: string): Promise<number> {
  const [row] = await tx.query<{ next: string | number }>('SELECT coalesce(max(log_index), -1) + 1 AS next FROM review_draw WHERE city_code = $1', [cityCode]);
  return Number(row?.next ?? 0);
}

/** Cities with seals that nothing was drawn from; the key moves with the draws, so that a job follows until none is left. */
export async function citiesToDraw(tx: Tx, job: string): Promise<JobRequest[]> {
  const rows = await tx.query<{ cityCode: string; drawn: string; sealed: string }>(
    `SELECT c.city_code AS "cityCode", d.last::text AS drawn, s.last::text AS sealed FROM region_city c
     CROSS JOIN LATERAL (SELECT coalesce(max(x.log_index), -1) AS last FROM review_draw x WHERE x.city_code = c.city_code) d
     CROSS JOIN LATERAL (SELECT coalesce(max(x.log_index), -1) AS last FROM day_seal x WHERE x.city_code = c.city_code) s
     WHERE s.last > d.last ORDER BY 1`);
  return rows.map(({ cityCode, drawn, sealed }) => ({ cityCode, job, key: `${drawn} ${sealed}`, payload: {} }));
}

/** Of taps those that are meals, with their marks. A refused tap is none; a meal that was taken back is one. */
export async function readMeals(tx: Tx, cityCode: string, month: CivilMonth, tapIds: readonly string[]): Promise<SealedMeal[]> {
  if (tapIds.length === 0) return [];
  return tx.query<SealedMeal>(
    `SELECT m.tap_id AS "tapId", m.flags FROM meal m WHERE m.city_code = $1 AND m.booked_month = $2 AND m.tap_id = ANY ($3::uuid[]) AND m.outcome = 'accepted'`, [cityCode, month, tapIds]);
}

/** The draw of one seal. */
export interface Draw extends SampleRule {
  readonly logIndex: number;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly bookedMonth: CivilMonth;
  readonly rule: string;
  readonly meals: number;
  readonly sample: readonly SampledMeal[];
}

export async function insertDraws(tx: Tx, cityCode: string, draws: readonly Draw[], marked: (draw: Draw) => number, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO review_draw (city_code, drawn_at, log_index, site_id, meal_date, rule, rate_basis_points, least, meals, marked, by_lot)
     SELECT $1, $2, d.* FROM unnest($3::bigint[], $4::uuid[], $5::date[], $6::text[], $7::int[], $8::int[], $9::int[], $10::int[], $11::int[]) d`,
    [cityCode, at(now), draws.map((draw) => draw.logIndex), draws.map((draw) => draw.siteId), draws.map((draw) => draw.mealDate), draws.map((draw) => draw.rule),
      draws.map((draw) => draw.rateBasisPoints), draws.map((draw) => draw.least), draws.map((draw) => draw.meals), draws.map(marked), draws.map((draw) => draw.sample.length - marked(draw))]);
  const rows = draws.flatMap((draw) => draw.sample.map((meal) => ({ ...meal, draw })));
  await tx.query(
    `INSERT INTO review_meal (city_code, tap_id, log_index, site_id, meal_date, booked_month, reasons)
     SELECT $1, d.tap_id, d.log_index, d.site_id, d.meal_date, d.booked_month, string_to_array(d.reasons, ',')
     FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::date[], $6::text[], $7::text[]) AS d (tap_id, log_index, site_id, meal_date, booked_month, reasons)`,
    [cityCode, rows.map((row) => row.tapId), rows.map((row) => row.draw.logIndex), rows.map((row) => row.draw.siteId), rows.map((row) => row.draw.mealDate),
      rows.map((row) => row.draw.bookedMonth), rows.map((row) => row.reasons.join(','))]);
}

/** A draw as it is listed. */
export interface DrawRow extends SampleRule {
  readonly logIndex: number;
  readonly siteId: string;
  readonly siteName: string;
  readonly divisionCode: string;
  readonly mealDate: CivilDate;
  readonly rule: string;
  readonly meals: number;
  readonly marked: number;
  readonly byLot: number;
  readonly lookedAt: number;
}

const DRAW = `d.log_index::int AS "logIndex", d.site_id AS "siteId", s.name AS "siteName", s.division_code AS "divisionCode", d.meal_date AS "mealDate", d.rule,
  d.rate_basis_points AS "rateBasisPoints", d.least, d.meals, d.marked, d.by_lot AS "byLot",
  (SELECT count(*) FROM review_meal r WHERE r.city_code = d.city_code AND r.log_index = d.log_index
     AND EXISTS (SELECT FROM review_finding f WHERE f.city_code = r.city_code AND f.tap_id = r.tap_id)) AS "lookedAt"`;

/** Which draws are asked for: of sites inside a division, by the day of the meals. */
export interface DrawQuery {
  readonly cityCode: string;
  readonly divisionCode: string;
  readonly siteId: string | null;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly after: { readonly mealDate: string; readonly logIndex: number } | null;
  readonly limit: number;
}

/** Draws, the newest day first; `limit` + 1 of them. */
export async function listDraws(tx: Tx, query: DrawQuery): Promise<DrawRow[]> {
  return tx.query<DrawRow>(
    `SELECT ${DRAW} FROM review_draw d JOIN site s ON s.city_code = d.city_code AND s.site_id = d.site_id
     WHERE d.city_code = $1 AND d.meal_date BETWEEN $3 AND $4 AND ($5::uuid IS NULL OR d.site_id = $5) AND ($6::date IS NULL OR (d.meal_date, d.log_index) < ($6, $7::bigint))
       AND EXISTS (SELECT FROM region_closure c WHERE c.city_code = d.city_code AND c.ancestor_code = $2 AND c.descendant_code = s.division_code)
     ORDER BY d.meal_date DESC, d.log_index DESC LIMIT $8`,
    [query.cityCode, query.divisionCode, query.from, query.to, query.siteId, query.after?.mealDate ?? null, query.after?.logIndex ?? null, query.limit + 1]);
}

export async function readDraw(tx: Tx, cityCode: string, logIndex: number): Promise<DrawRow | undefined> {
  const [row] = await tx.query<DrawRow>(
    `SELECT ${DRAW} FROM review_draw d JOIN site s ON s.city_code = d.city_code AND s.site_id = d.site_id WHERE d.city_code = $1 AND d.log_index = $2`, [cityCode, logIndex]);
  return row;
}

/** What was drawn from a seal, by ids. */
export async function readSample(tx: Tx, cityCode: string, logIndex: number): Promise<SampledMeal[]> {
  return tx.query<SampledMeal>('SELECT tap_id AS "tapId", reasons FROM review_meal WHERE city_code = $1 AND log_index = $2 ORDER BY tap_id', [cityCode, logIndex]);
}
