import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

export const VERDICTS = ['ok', 'unconfirmed', 'wrong'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What somebody found about a meal. */
export interface Finding {
  readonly findingId: string;
  readonly verdict: Verdict;
  readonly note: string;
  readonly foundAt: string;
  readonly foundBy: string;
}

/** A meal of the sample: what a person needs to ask after it, and nobody's name. */
export interface ReviewMeal {
  readonly tapId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: string;
  readonly deviceTime: Instant;
  readonly reasons: readonly string[];
  readonly flags: readonly string[];
  readonly presence: string | null;
  readonly elderId: string | null;
  readonly terminalId: string;
  readonly journalNumber: number | null;
  readonly offline: boolean;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly voided: boolean;
  readonly finding: Finding | null;
}

/** Which meals are asked for: of sites inside a division. */
export interface ReviewQuery {
  readonly cityCode: string;
  readonly divisionCode: string;
  readonly siteId: string | null;
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** null: looked at or not; true: those that wait. */
  readonly waiting: boolean | null;
  readonly reason: string | null;
  readonly after: { readonly mealDate: string; readonly tapId: string } | null;
  readonly limit: number;
}

const NEWEST_FINDING = `
  SELECT f.finding_id, jsonb_build_object('findingId', f.finding_id, 'verdict', f.verdict, 'note', f.note, 'foundBy', f.found_by,
    'foundAt', to_char(f.found_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')) AS finding
  FROM review_finding f WHERE f.city_code = r.city_code AND f.tap_id = r.tap_id ORDER BY f.found_at DESC, f.finding_id LIMIT 1`;

/** Meals of the sample, the newest day first; `limit` + 1 of them. */
export async function listReviews(tx: Tx, query: ReviewQuery): Promise<ReviewMeal[]> {
  return tx.query<ReviewMeal>(
    `SELECT r.tap_id AS "tapId", r.site_id AS "siteId", s.name AS "siteName", r.meal_date AS "mealDate", m.meal_period AS "mealPeriod", m.device_time AS "deviceTime",
       r.reasons, m.flags, m.explanation ->> 'presence' AS presence, m.elder_id AS "elderId", m.terminal_id AS "terminalId",
       (SELECT c.journal_number FROM tap_claim c WHERE c.city_code = r.city_code AND c.tap_id = r.tap_id) AS "journalNumber",
       m.offline, m.price_fen AS "priceFen", m.self_pay_fen AS "selfPayFen", m.subsidy_fen AS "subsidyFen",
       EXISTS (SELECT FROM meal_void v WHERE v.city_code = r.city_code AND v.tap_id = r.tap_id) AS voided, n.finding
     FROM (
       SELECT r.* FROM review_meal r JOIN site s ON s.city_code = r.city_code AND s.site_id = r.site_id
       WHERE r.city_code = $1 AND r.meal_date BETWEEN $3 AND $4 AND ($5::uuid IS NULL OR r.site_id = $5) AND ($6::text IS NULL OR $6 = ANY (r.reasons))
         AND ($7::boolean IS NULL OR $7 <> EXISTS (SELECT FROM review_finding f WHERE f.city_code = r.city_code AND f.tap_id = r.tap_id))
         AND ($8::date IS NULL OR r.meal_date < $8 OR (r.meal_date = $8 AND r.tap_id > $9::uuid))
         AND EXISTS (SELECT FROM region_closure c WHERE c.city_code = r.city_code AND c.ancestor_code = $2 AND c.descendant_code = s.division_code)
       ORDER BY r.meal_date DESC, r.tap_id LIMIT $10) r
     JOIN site s ON s.city_code = r.city_code AND s.site_id = r.site_id
     JOIN meal m ON m.city_code = r.city_code AND m.booked_month = r.booked_month AND m.tap_id = r.tap_id
     LEFT JOIN LATERAL (${NEWEST_FINDING}) n ON true
     ORDER BY r.meal_date DESC, r.tap_id`,
    [query.cityCode, query.divisionCode, query.from, query.to, query.siteId, query.reason, query.waiting, query.after?.mealDate ?? null, query.after?.tapId ?? null, query.limit + 1]);
}

/** Where a meal of the sample was eaten, and who entered it from paper; undefined for a meal that is not in it. */
export async function reviewedPlace(tx: Tx, cityCode: string, tapId: string): Promise<{ siteId: string; divisionCode: string; enteredBy: string | null } | undefined> {
  const [row] = await tx.query<{ siteId: string; divisionCode: string; enteredBy: string | null }>(
    `SELECT r.site_id AS "siteId", s.division_code AS "divisionCode",
       (SELECT b.entered_by FROM slip_entry e JOIN slip_batch b ON b.city_code = e.city_code AND b.batch_id = e.batch_id WHERE e.city_code = r.city_code AND e.tap_id = r.tap_id) AS "enteredBy"
     FROM review_meal r JOIN site s ON s.city_code = r.city_code AND s.site_id = r.site_id WHERE r.city_code = $1 AND r.tap_id = $2`, [cityCode, tapId]);
  return row;
}

export async function insertFinding(tx: Tx, cityCode: string, tapId: string, finding: Omit<Finding, 'foundAt'> & { readonly now: Instant }): Promise<void> {
  await tx.query('INSERT INTO review_finding (city_code, finding_id, tap_id, verdict, note, found_at, found_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [cityCode, finding.findingId, tapId, finding.verdict, finding.note, at(finding.now), finding.foundBy]);
}

/** Everything that was found about a meal, oldest first. */
export async function findingsOf(tx: Tx, cityCode: string, tapId: string): Promise<(Omit<Finding, 'foundAt'> & { readonly foundAt: Instant })[]> {
  return tx.query(
    `SELECT finding_id AS "findingId", verdict, note, found_at AS "foundAt", found_by AS "foundBy" FROM review_finding
     WHERE city_code = $1 AND tap_id = $2 ORDER BY found_at, finding_id`, [cityCode, tapId]);
}
