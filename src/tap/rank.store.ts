import { monthOf, type CivilDate, type CivilMonth, type Fen, type Instant } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import { at, type Tx } from '../platform/index.js';
import type { MealPeriod, Use } from '../subsidy/domain/index.js';

/** A meal of an elder with what its rank hangs on, as it stands. */
export interface RankRow {
  readonly elderId: string;
  readonly tapId: string;
  readonly bookedMonth: CivilMonth;
  readonly siteId: string;
  readonly terminalId: string;
  readonly journalNumber: number;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  /** Part of both: what was eaten along. */
  readonly othersFen: Fen;
  readonly code: string | null;
  readonly pack: string | null;
  readonly packVersion: string | null;
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  readonly offline: boolean;
  readonly uses: readonly Use[] | null;
  /** What changed ranks added to its uses since. */
  readonly useChanges: readonly Use[];
  /** By the void's own time. */
  readonly voidedAt: Instant | null;
  /** Whether a person decided who bears its subsidy. */
  readonly byHand: boolean;
  /** What funders bear now, corrections counted in. */
  readonly shares: readonly { readonly funderCode: string; readonly fen: Fen }[];
}

/** What relatives and guests ate along with meal `m`. Most meals say so with their items, whose text is short. */
export const OTHERS = `CASE WHEN m.items @? '$[*].for' THEN coalesce((m.explanation ->> 'othersFen')::bigint, 0) ELSE 0 END`;

const COLUMNS = `m.elder_id AS "elderId", m.tap_id AS "tapId", m.booked_month AS "bookedMonth", m.site_id AS "siteId", m.terminal_id AS "terminalId",
  (SELECT c.journal_number FROM tap_claim c WHERE c.city_code = m.city_code AND c.tap_id = m.tap_id) AS "journalNumber",
  m.meal_date AS "mealDate", m.meal_period AS "mealPeriod", m.price_fen AS "priceFen", m.self_pay_fen AS "selfPayFen", ${OTHERS} AS "othersFen", m.code, m.pack, m.pack_version AS "packVersion",
  m.device_time AS "deviceTime", m.received_at AS "receivedAt", m.offline, m.explanation -> 'uses' AS uses, COALESCE(v.made_at, v.voided_at) AS "voidedAt",
  COALESCE((SELECT jsonb_agg(jsonb_build_object('ruleId', u.rule_id, 'periodKey', u.period_key, 'count', u.count, 'fen', u.fen))
    FROM meal_use_change u WHERE u.city_code = m.city_code AND u.tap_id = m.tap_id), '[]') AS "useChanges",
  EXISTS (SELECT FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id AND a.cause <> 'rank') AS "byHand",
  COALESCE((SELECT jsonb_agg(jsonb_build_object('funderCode', n.funder_code, 'fen', n.fen)) FROM (
    SELECT p.funder_code, sum(p.fen)::bigint AS fen FROM (
      SELECT h.funder_code, h.fen FROM meal_share h WHERE h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
      UNION ALL SELECT a.funder_code, a.fen FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id
    ) p GROUP BY p.funder_code HAVING sum(p.fen) <> 0) n), '[]') AS shares`;

/** Accepted meals of some locked elders from a day on, and earlier ones that were taken back after a moment. */
export async function rankRows(tx: Tx, cityCode: string, elderIds: readonly string[], from: CivilDate, since: Instant): Promise<RankRow[]> {
  return tx.query<RankRow>(
    `SELECT ${COLUMNS} FROM meal m LEFT JOIN meal_void v ON v.city_code = m.city_code AND v.tap_id = m.tap_id
     WHERE m.city_code = $1 AND m.elder_id = ANY ($2::uuid[]) AND m.meal_date >= $3 AND m.booked_month >= $4 AND m.outcome = 'accepted'
     UNION ALL
     SELECT ${COLUMNS} FROM meal_void v JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
     WHERE v.city_code = $1 AND v.voided_at > $5 AND v.meal_date < $3 AND m.elder_id = ANY ($2::uuid[])`,
    [cityCode, elderIds, from, monthOf(from), at(since)],
    'tap.rank-rows',
  );
}

/** What a changed rank adds to one meal's uses. */
export interface UseChange {
  readonly changeId: string;
  readonly tapId: string;
  readonly causeId: string;
  readonly changedAt: Instant;
  readonly elderId: string;
  /** Whether the meal stands, so that the elder's counters follow. */
  readonly stands: boolean;
  readonly uses: readonly Use[];
}

/** Writes changed uses down and lets the counters of standing meals follow. The elders are locked by the caller. */
export async function changeUses(tx: Tx, cityCode: string, changes: readonly UseChange[]): Promise<void> {
  const rows = changes.flatMap(({ uses, ...change }) => uses.map((use) => ({ ...change, ...use })));
  if (rows.length === 0) return;
  await tx.query(
    `WITH changed AS (
       INSERT INTO meal_use_change (city_code, change_id, tap_id, rule_id, period_key, count, fen, cause_id, changed_at)
       SELECT $1, c.change_id, c.tap_id, c.rule_id, c.period_key, c.count, c.fen, c.cause_id, c.changed_at
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::uuid[], $9::timestamptz[])
         AS c (change_id, tap_id, rule_id, period_key, count, fen, cause_id, changed_at)
     )
     INSERT INTO subsidy_use AS kept (city_code, elder_id, rule_id, period_key, count, fen)
     SELECT $1, u.elder_id, u.rule_id, u.period_key, 0, 0 FROM (
       SELECT DISTINCT w.elder_id, w.rule_id, w.period_key FROM unnest($10::uuid[], $4::text[], $5::text[], $11::boolean[]) AS w (elder_id, rule_id, period_key, stands) WHERE w.stands) u
     ON CONFLICT (city_code, elder_id, rule_id, period_key) DO NOTHING`,
    [
      cityCode, rows.map((row) => row.changeId), rows.map((row) => row.tapId), rows.map((row) => row.ruleId), rows.map((row) => row.periodKey), rows.map((row) => row.count), rows.map((row) => row.fen),
      rows.map((row) => row.causeId), rows.map((row) => at(row.changedAt)), rows.map((row) => row.elderId), rows.map((row) => row.stands),
    ],
  );
  const standing = rows.filter((row) => row.stands);
  // A row of its own first, then the sum: what is taken off may be more than a fresh row could hold.
  await tx.query(
    `UPDATE subsidy_use u SET count = u.count + w.count, fen = u.fen + w.fen FROM (
       SELECT c.elder_id, c.rule_id, c.period_key, sum(c.count)::int AS count, sum(c.fen)::bigint AS fen
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::bigint[]) AS c (elder_id, rule_id, period_key, count, fen) GROUP BY 1, 2, 3) w
     WHERE u.city_code = $1 AND u.elder_id = w.elder_id AND u.rule_id = w.rule_id AND u.period_key = w.period_key`,
    [cityCode, standing.map((row) => row.elderId), standing.map((row) => row.ruleId), standing.map((row) => row.periodKey), standing.map((row) => row.count), standing.map((row) => row.fen)],
  );
}

/** Locks the elders of some meals, in the order of their ids: the meals keep their ranks until the transaction ends. */
export async function lockEldersOf(tx: Tx, cityCode: string, tapIds: readonly string[]): Promise<void> {
  const rows = await tx.query<{ elderId: string }>(
    `SELECT DISTINCT m.elder_id AS "elderId" FROM tap_claim c JOIN meal m ON m.city_code = c.city_code AND m.booked_month = c.booked_month AND m.tap_id = c.tap_id
     WHERE c.city_code = $1 AND c.tap_id = ANY ($2::uuid[]) AND m.elder_id IS NOT NULL ORDER BY 1`, [cityCode, tapIds]);
  for (const { elderId } of rows) await lockElder(tx, cityCode, elderId);
}

/** What changed ranks added to the uses of some meals, one change after the other. */
export async function useChangesOf(tx: Tx, cityCode: string, tapIds: readonly string[]): Promise<(Use & { readonly tapId: string; readonly changedAt: Instant })[]> {
  return tx.query(
    `SELECT u.tap_id AS "tapId", u.rule_id AS "ruleId", u.period_key AS "periodKey", u.count, u.fen, u.changed_at AS "changedAt" FROM meal_use_change u
     WHERE u.city_code = $1 AND u.tap_id = ANY ($2::uuid[]) ORDER BY u.changed_at, u.change_id, u.rule_id, u.period_key`, [cityCode, tapIds]);
}
