import { fen, monthOf, type CivilDate, type CivilMonth, type Fen, type Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { MealPeriod, Use } from '../subsidy/domain/index.js';
import type { Explanation } from './domain/index.js';
import { OTHERS, useChangesOf } from './rank.store.js';

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
  /** Part of both: what relatives and guests ate along, which no rule looks at. */
  readonly othersFen: Fen;
  /** What was given when it was recorded. */
  readonly subsidyFen: Fen;
  readonly code: string | null;
  readonly pack: string | null;
  readonly packVersion: string | null;
  readonly flags: readonly string[];
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  readonly offline: boolean;
  /** What funders bear now, corrections counted in, by their codes; nothing for a meal that was taken back. */
  readonly shares: readonly FunderPart[];
  /** Whether a person corrected it by hand: what they decided stands. */
  readonly byHand: boolean;
  readonly voidedAt: Instant | null;
  /** The void's own time, where a till held it back: earlier than its arrival. */
  readonly takenBackAt: Instant | null;
  /** What changed ranks added to its uses since, oldest first. */
  readonly useChanges: readonly (Use & { readonly changedAt: Instant })[];
  /** Left out like the explanation. */
  readonly journalNumber?: number;
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

/** Causes of corrections by a restatement. */
export const RESTATED_CAUSES = ['lateFact', 'backdatedRule'] as const;
/** Causes of corrections that are no person's own judgement of the meal. */
const NO_JUDGEMENT = [...RESTATED_CAUSES, 'rank'];

type Row = Omit<PastMeal, 'shares' | 'byHand' | 'voidedAt' | 'takenBackAt' | 'useChanges'>;

const EXPLAINED = `, whole_explanation(m.city_code, m.explanation) AS explanation,
  (SELECT c.journal_number FROM tap_claim c WHERE c.city_code = m.city_code AND c.tap_id = m.tap_id) AS "journalNumber"`;

const columns = (explained: boolean): string => `m.tap_id AS "tapId", m.booked_month AS "bookedMonth", m.elder_id AS "elderId", m.site_id AS "siteId", m.terminal_id AS "terminalId",
  m.meal_date AS "mealDate", m.meal_period AS "mealPeriod", m.price_fen AS "priceFen", m.self_pay_fen AS "selfPayFen", ${OTHERS} AS "othersFen", m.subsidy_fen AS "subsidyFen", m.code,
  m.pack, m.pack_version AS "packVersion", m.flags, m.device_time AS "deviceTime", m.received_at AS "receivedAt", m.offline${explained ? EXPLAINED : ''}`;

interface ShareRow extends FunderPart {
  readonly tapId: string;
}

/** Shares as they were given, month by month of booking: with the month written out, the server looks into one partition. */
async function sharesGiven(tx: Tx, cityCode: string, meals: readonly Row[]): Promise<ShareRow[]> {
  const byMonth = new Map<CivilMonth, string[]>();
  for (const { bookedMonth, subsidyFen, tapId } of meals) {
    if (subsidyFen === 0) continue;
    const taps = byMonth.get(bookedMonth);
    if (taps === undefined) byMonth.set(bookedMonth, [tapId]);
    else taps.push(tapId);
  }
  const rows = await Promise.all([...byMonth].map(([month, tapIds]) => tx.query<ShareRow>(
    'SELECT h.tap_id AS "tapId", h.funder_code AS "funderCode", h.fen FROM meal_share h WHERE h.city_code = $1 AND h.booked_month = $2 AND h.tap_id = ANY ($3::uuid[])',
    [cityCode, month, tapIds])));
  return rows.flat();
}

/** Adds what became of meals since, as the books stood at a moment. */
async function withSequel(tx: Tx, cityCode: string, knownAt: Instant, meals: readonly Row[]): Promise<PastMeal[]> {
  if (meals.length === 0) return [];
  const parameters = [cityCode, meals.map(({ tapId }) => tapId), at(knownAt)];
  const [given, corrections, voids, changes] = await Promise.all([
    sharesGiven(tx, cityCode, meals),
    tx.query<ShareRow & { byHand: boolean }>(
      `SELECT a.tap_id AS "tapId", a.funder_code AS "funderCode", a.fen, a.cause NOT IN ('${NO_JUDGEMENT.join("', '")}') AS "byHand"
       FROM meal_adjustment a WHERE a.city_code = $1 AND a.tap_id = ANY ($2::uuid[]) AND a.adjusted_at <= $3`, parameters),
    tx.query<{ tapId: string; voidedAt: Instant; takenBackAt: Instant }>(
      'SELECT v.tap_id AS "tapId", v.voided_at AS "voidedAt", COALESCE(v.made_at, v.voided_at) AS "takenBackAt" FROM meal_void v WHERE v.city_code = $1 AND v.tap_id = ANY ($2::uuid[]) AND v.voided_at <= $3', parameters),
    useChangesOf(tx, cityCode, meals.map(({ tapId }) => tapId)),
  ]);
  const voidOf = new Map(voids.map((row) => [row.tapId, row]));
  const byHand = new Set(corrections.filter((row) => row.byHand).map((row) => row.tapId));
  const shares = new Map<string, FunderPart[]>();
  for (const { tapId, funderCode, fen: amount } of [...given, ...corrections]) addPart(shares, tapId, funderCode, amount);
  return meals.map((meal) => {
    const voided = voidOf.get(meal.tapId);
    const parts = voided === undefined ? (shares.get(meal.tapId) ?? []).filter((part) => part.fen !== 0) : [];
    return {
      ...meal, shares: parts, byHand: byHand.has(meal.tapId), voidedAt: voided?.voidedAt ?? null, takenBackAt: voided?.takenBackAt ?? null,
      useChanges: changes.filter((change) => change.tapId === meal.tapId && change.changedAt <= knownAt),
    };
  });
}

function addPart(shares: Map<string, FunderPart[]>, tapId: string, funderCode: string, amount: number): void {
  const parts = shares.get(tapId) ?? [];
  const place = parts.findIndex((part) => part.funderCode === funderCode);
  const before = parts[place];
  if (before === undefined) parts.push({ funderCode, fen: fen(amount) });
  else parts[place] = { funderCode, fen: fen(before.fen + amount) };
  shares.set(tapId, parts);
}

/** Accepted meals of some elders between two days, both included, in the order of elder, time, terminal and id. */
export async function pastMeals(tx: Tx, query: PastMealQuery): Promise<PastMeal[]> {
  const rows = await tx.query<Row>(
    `SELECT ${columns(query.explained)} FROM meal m
     WHERE m.city_code = $1 AND m.elder_id = ANY ($3::uuid[]) AND m.meal_date BETWEEN $4 AND $5 AND m.booked_month >= $6 AND m.outcome = 'accepted' AND m.received_at <= $2
     ORDER BY m.elder_id, m.device_time, m.terminal_id, m.tap_id`,
    [query.cityCode, at(query.knownAt), query.elderIds, query.from, query.to, monthOf(query.from)],
  );
  return withSequel(tx, query.cityCode, query.knownAt, rows);
}

/** Accepted meals by the ids of their taps, with explanations; ids of none are left out. */
export async function pastMealsById(tx: Tx, cityCode: string, tapIds: readonly string[], knownAt: Instant): Promise<PastMeal[]> {
  const claims = await tx.query<{ month: CivilMonth; tapIds: string[] }>(
    `SELECT c.booked_month AS month, array_agg(c.tap_id) AS "tapIds" FROM tap_claim c WHERE c.city_code = $1 AND c.tap_id = ANY ($2::uuid[]) AND c.kind = 'tap' GROUP BY 1`, [cityCode, tapIds]);
  const rows = await Promise.all(claims.map((claim) => tx.query<Row>(
    `SELECT ${columns(true)} FROM meal m WHERE m.city_code = $1 AND m.booked_month = $2 AND m.tap_id = ANY ($3::uuid[]) AND m.outcome = 'accepted'`, [cityCode, claim.month, claim.tapIds])));
  return withSequel(tx, cityCode, knownAt, rows.flat().sort((a, b) => (a.tapId < b.tapId ? -1 : 1)));
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
  if (facts.length === 0) return new Set();
  // Nothing is booked before its own month, so earlier partitions need no look.
  const earliest = facts.reduce((first, { firstDay }) => (firstDay < first ? firstDay : first), (facts[0] as { firstDay: CivilDate }).firstDay);
  const rows = await tx.query<{ place: number }>(
    `SELECT f.place FROM unnest($2::uuid[], $3::date[], $4::timestamptz[]) WITH ORDINALITY AS f (elder_id, first_day, recorded_at, place)
     WHERE EXISTS (SELECT FROM meal m WHERE m.city_code = $1 AND m.elder_id = f.elder_id AND m.meal_date >= f.first_day AND m.booked_month >= $5 AND m.outcome = 'accepted' AND m.received_at <= f.recorded_at)`,
    [cityCode, facts.map((fact) => fact.elderId), facts.map((fact) => fact.firstDay), facts.map((fact) => at(fact.recordedAt)), monthOf(earliest)],
  );
  return new Set(rows.map(({ place }) => place - 1));
}
