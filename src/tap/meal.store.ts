import { monthOf, type CivilDate, type CivilMonth, type Instant } from '../kernel/index.js';
import type { BillItem } from '../menu/domain/index.js';
import type { Tx } from '../platform/index.js';
import type { Explanation, TapAnswer } from './domain/index.js';
import { WHOLE_ANSWER } from './tap.store.js';

/** A correction of who bears a meal's subsidy, oldest first: a late fact, a person's judgement, or another rank. */
export interface MealCorrection {
  readonly adjustmentId: string;
  readonly cause: string;
  readonly reason: string;
  readonly bookedMonth: CivilMonth;
  /** What funders bear more, or (negative) less. */
  readonly subsidyFen: number;
}

/** A meal as it stands: what was recorded, and what happened to it since. */
export interface MealRecord {
  readonly tapId: string;
  readonly bookedMonth: CivilMonth;
  readonly siteId: string;
  readonly divisionCode: string;
  readonly terminalId: string;
  readonly elderId: string | null;
  readonly mealDate: CivilDate;
  /** The version that decided; null for guests and where no pack ruled. */
  readonly pack: string | null;
  readonly packVersion: string | null;
  readonly outcome: 'accepted' | 'refused';
  readonly items: readonly BillItem[];
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  readonly offline: boolean;
  readonly tender: string;
  readonly answer: TapAnswer;
  readonly explanation: Partial<Explanation>;
  /** What each funder bears now, adjustments counted in; funders left with nothing are left out. */
  readonly shares: readonly { readonly funderCode: string; readonly fen: number }[];
  readonly corrections: readonly MealCorrection[];
  readonly voided: { readonly voidId: string; readonly reason: string; readonly bookedMonth: CivilMonth } | null;
}

/** A tap that was written down, refused ones too; undefined for an id that no tap has. */
export async function readMeal(tx: Tx, cityCode: string, tapId: string): Promise<MealRecord | undefined> {
  const [claim] = await tx.query<{ bookedMonth: CivilMonth }>(
    `SELECT c.booked_month AS "bookedMonth" FROM tap_claim c WHERE c.city_code = $1 AND c.tap_id = $2 AND c.kind = 'tap'`, [cityCode, tapId], 'tap.month-of');
  if (claim === undefined) return undefined;
  // Without a name: planned with the month at hand, the server opens one partition and not all of them.
  const [row] = await tx.query<MealRecord>(
    `SELECT m.tap_id AS "tapId", m.booked_month AS "bookedMonth", m.site_id AS "siteId", s.division_code AS "divisionCode", m.terminal_id AS "terminalId",
       m.elder_id AS "elderId", m.meal_date AS "mealDate", m.pack, m.pack_version AS "packVersion", m.outcome, m.items, m.self_pay_fen AS "selfPayFen", m.subsidy_fen AS "subsidyFen",
       m.site_borne_fen AS "siteBorneFen", m.device_time AS "deviceTime", m.received_at AS "receivedAt", m.offline, m.tender, ${WHOLE_ANSWER} AS answer,
       whole_explanation(m.city_code, m.explanation) AS explanation,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('funderCode', n.funder_code, 'fen', n.fen) ORDER BY n.funder_code) FROM (
         SELECT p.funder_code, sum(p.fen)::bigint AS fen FROM (
           SELECT h.funder_code, h.fen FROM meal_share h WHERE h.city_code = m.city_code AND h.booked_month = $3 AND h.tap_id = m.tap_id
           UNION ALL SELECT a.funder_code, a.fen FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id
         ) p GROUP BY p.funder_code HAVING sum(p.fen) <> 0) n), '[]') AS shares,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('adjustmentId', k.adjustment_id, 'cause', k.cause, 'reason', k.reason, 'bookedMonth', k.booked_month, 'subsidyFen', k.fen)
           ORDER BY k.adjusted_at, k.adjustment_id) FROM (
         SELECT a.adjustment_id, a.cause, a.reason, a.booked_month, a.adjusted_at, sum(a.fen)::bigint AS fen
         FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id GROUP BY 1, 2, 3, 4, 5) k), '[]') AS corrections,
       (SELECT jsonb_build_object('voidId', v.void_id, 'reason', v.reason, 'bookedMonth', v.booked_month)
        FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id) AS voided
     FROM meal m JOIN site s ON s.city_code = m.city_code AND s.site_id = m.site_id
     WHERE m.city_code = $1 AND m.booked_month = $3 AND m.tap_id = $2`,
    [cityCode, tapId, claim.bookedMonth],
  );
  return row;
}

/** A meal in a list: what the day's closing needs, and nothing about who ate. */
export interface MealLine {
  readonly tapId: string;
  readonly deviceTime: Instant;
  readonly mealPeriod: string;
  readonly outcome: 'accepted' | 'refused';
  readonly code: string | null;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
  readonly tender: string;
  readonly offline: boolean;
  readonly flags: readonly string[];
  readonly voided: boolean;
  readonly bookedMonth: CivilMonth;
}

/** Taps of a site on a day in the order of their time, `limit` + 1 of them after a place. */
export async function listMeals(
  tx: Tx, cityCode: string, siteId: string, date: CivilDate, after: readonly (string | number)[] | null, limit: number,
): Promise<MealLine[]> {
  return tx.query<MealLine>(
    `SELECT m.tap_id AS "tapId", m.device_time AS "deviceTime", m.meal_period AS "mealPeriod", m.outcome, m.code, m.price_fen AS "priceFen",
       m.self_pay_fen AS "selfPayFen", m.subsidy_fen AS "subsidyFen", m.site_borne_fen AS "siteBorneFen", m.tender, m.offline, m.flags,
       EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id) AS voided, m.booked_month AS "bookedMonth"
     FROM meal m
     WHERE m.city_code = $1 AND m.site_id = $2 AND m.meal_date = $3 AND m.booked_month >= $7
       AND ($4::bigint IS NULL OR (m.device_time, m.tap_id) > (to_timestamp($4::bigint / 1000.0), $5::uuid))
     ORDER BY m.device_time, m.tap_id LIMIT $6`,
    [cityCode, siteId, date, after?.[0] ?? null, after?.[1] ?? null, limit + 1, monthOf(date)],
  );
}
