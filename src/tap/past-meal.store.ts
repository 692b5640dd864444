import { fen, monthOf, type CivilDate, type CivilMonth, type Fen, type Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { MealPeriod } from '../subsidy/domain/index.js';
import type { Explanation } from './domain/index.js';

/** What one funder bears of a meal. */
export interface FunderPart {
  readonly funderCode: string;
  readonly fen: Fen;
}

/** A meal that was eaten, with what a later decision about it needs. */
export interface PastMeal {
  readonly tapId: string;
  readonly bookedMonth: CivilMonth;
  readonly elderId: string | null;
  readonly siteId: string;
  readonly terminalId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  /** What was given when it was recorded. */
  readonly subsidyFen: Fen;
  readonly code: string | null;
  readonly pack: string | null;
  readonly packVersion: string | null;
  readonly flags: readonly string[];
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  /** What funders bear now, corrections counted in, by their codes; nothing for a meal that was taken back. */
  readonly shares: readonly FunderPart[];
  /** Whether a person corrected it by hand: what they decided stands. */
  readonly byHand: boolean;
  readonly voidedAt: Instant | null;
  /** Left out where many meals are read for their amounts alone. */
  readonly explanation?: Partial<Explanation>;
}

/** Which meals are read: those with an elder that were recorded by a moment. */
export interface PastMealQuery {
  readonly cityCode: string;
  readonly elderIds: readonly string[];
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** As the books stood then: later meals, voids and corrections are left out. */
  readonly knownAt: Instant;
  /** Whether explanations are wanted: they are most of a row. */
  readonly explained: boolean;
}

/** Causes of corrections that are no person's own judgement of the meal. */
export const RESTATED_CAUSES = ['lateFact', 'backdatedRule'] as const;

type Row = Omit<PastMeal, 'shares'> & { readonly shares: string };

const PARTS = `COALESCE((SELECT string_agg(n.funder_code || ' ' || n.fen, '|' ORDER BY n.funder_code COLLATE "C") FROM (
    SELECT p.funder_code, sum(p.fen)::bigint AS fen FROM (
      SELECT h.funder_code, h.fen FROM meal_share h WHERE h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
      UNION ALL SELECT a.funder_code, a.fen FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id AND a.adjusted_at <= $2
    ) p GROUP BY p.funder_code HAVING sum(p.fen) <> 0) n), '')`;

const columns = (explained: boolean): string => `m.tap_id AS "tapId", m.booked_month AS "bookedMonth", m.elder_id AS "elderId", m.site_id AS "siteId", m.terminal_id AS "terminalId",
  m.meal_date AS "mealDate", m.meal_period AS "mealPeriod", m.price_fen AS "priceFen", m.self_pay_fen AS "selfPayFen", m.subsidy_fen AS "subsidyFen", m.code,
  m.pack, m.pack_version AS "packVersion", m.flags, m.device_time AS "deviceTime", m.received_at AS "receivedAt", ${PARTS} AS shares,
  EXISTS (SELECT FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id AND a.cause NOT IN ('${RESTATED_CAUSES.join("', '")}')) AS "byHand",
  (SELECT v.voided_at FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id AND v.voided_at <= $2) AS "voidedAt"
  ${explained ? ', m.explanation' : ''}`;

function toMeal({ shares, ...row }: Row): PastMeal {
  const parts = shares === '' || row.voidedAt !== null ? [] : shares.split('|').map((part): FunderPart => {
    const cut = part.lastIndexOf(' ');
    return { funderCode: part.slice(0, cut), fen: fen(Number(part.slice(cut + 1))) };
  });
  return { ...row, shares: parts };
}

/** Accepted meals of some elders between two days, both included, in the order of elder, time, terminal and id. */
export async function pastMeals(tx: Tx, query: PastMealQuery): Promise<PastMeal[]> {
  const rows = await tx.query<Row>(
    `SELECT ${columns(query.explained)} FROM meal m
     WHERE m.city_code = $1 AND m.elder_id = ANY ($3::uuid[]) AND m.meal_date BETWEEN $4 AND $5 AND m.booked_month >= $6 AND m.outcome = 'accepted' AND m.received_at <= $2
     ORDER BY m.elder_id, m.device_time, m.terminal_id, m.tap_id`,
    [query.cityCode, at(query.knownAt), query.elderIds, query.from, query.to, monthOf(query.from)],
  );
  return rows.map(toMeal);
}

/** Accepted meals by the ids of their taps, with explanations; ids of none are left out. */
export async function pastMealsById(tx: Tx, cityCode: string, tapIds: readonly string[], knownAt: Instant): Promise<PastMeal[]> {
  const rows = await tx.query<Row>(
    `SELECT ${columns(true)} FROM tap_claim c JOIN meal m ON m.city_code = c.city_code AND m.booked_month = c.booked_month AND m.tap_id = c.tap_id
     WHERE c.city_code = $1 AND c.tap_id = ANY ($3::uuid[]) AND c.kind = 'tap' AND m.outcome = 'accepted' ORDER BY m.tap_id`,
    [cityCode, at(knownAt), tapIds],
  );
  return rows.map(toMeal);
}

/** The next elders, by their ids, who ate between two days. */
export async function eldersWhoAte(tx: Tx, cityCode: string, from: CivilDate, to: CivilDate, knownAt: Instant, after: string | null, limit: number): Promise<string[]> {
  const rows = await tx.query<{ elderId: string }>(
    `SELECT DISTINCT m.elder_id AS "elderId" FROM meal m
     WHERE m.city_code = $1 AND m.elder_id IS NOT NULL AND ($6::uuid IS NULL OR m.elder_id > $6) AND m.meal_date BETWEEN $2 AND $3 AND m.booked_month >= $4
       AND m.outcome = 'accepted' AND m.received_at <= $5
     ORDER BY m.elder_id LIMIT $7`,
    [cityCode, from, to, monthOf(from), at(knownAt), after, limit],
  );
  return rows.map((row) => row.elderId);
}

/** How many meals with an elder were eaten between two days, those that were taken back included. */
export async function countPastMeals(tx: Tx, cityCode: string, from: CivilDate, to: CivilDate, knownAt: Instant): Promise<number> {
  const [row] = await tx.query<{ meals: number }>(
    `SELECT count(*) AS meals FROM meal m WHERE m.city_code = $1 AND m.elder_id IS NOT NULL AND m.meal_date BETWEEN $2 AND $3 AND m.booked_month >= $4
       AND m.outcome = 'accepted' AND m.received_at <= $5`,
    [cityCode, from, to, monthOf(from), at(knownAt)],
  );
  return row?.meals ?? 0;
}

/** Of some facts, given as elder, first day and moment of recording, those that speak of a meal that was decided before them. */
export async function factsAfterMeals(
  tx: Tx, cityCode: string, facts: readonly { readonly elderId: string; readonly firstDay: CivilDate; readonly recordedAt: Instant }[],
): Promise<Set<number>> {
  const rows = await tx.query<{ place: number }>(
    `SELECT f.place FROM unnest($2::uuid[], $3::date[], $4::timestamptz[]) WITH ORDINALITY AS f (elder_id, first_day, recorded_at, place)
     WHERE EXISTS (SELECT FROM meal m WHERE m.city_code = $1 AND m.elder_id = f.elder_id AND m.meal_date >= f.first_day AND m.outcome = 'accepted' AND m.received_at <= f.recorded_at)`,
    [cityCode, facts.map((fact) => fact.elderId), facts.map((fact) => fact.firstDay), facts.map((fact) => at(fact.recordedAt))],
  );
  return new Set(rows.map(({ place }) => place - 1));
}
