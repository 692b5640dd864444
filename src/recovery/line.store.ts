import type { CivilDate, Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Decided, DecisionState, StopKind } from './comparison.store.js';
import type { Bearer, Ground, NoticeKind } from './domain/index.js';

/** A subsidised meal that lies after what a proposal says, with what decides who bears it. */
export interface FoundMeal {
  readonly proposalId: string;
  readonly tapId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  /** The budget year that paid the meal: its claim's batch names it, else the meal's day. */
  readonly budgetYear: number;
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  readonly offline: boolean;
  readonly flags: readonly string[];
  readonly stopRecordedAt: Instant | null;
  readonly shares: readonly { readonly funderCode: string; readonly fen: Fen }[];
}

/** Whether the reasons kept with a meal rest on a fact. */
const RESTS_ON = (fact: string): string => `jsonb_path_exists(m.explanation, '$.reasons[*].facts[*] ? (@.fact == "${fact}")')`;

/**
 * Subsidised meals after what a comparison's proposals say: eaten after the death; in a care home, where the rule that
 * paid leaves its residents out; or after the hukou left the city, where the rule that paid rests on it. Meals taken
 * back, corrected to nothing, or asked for already are left out. `stopRecordedAt` is the first moment at which the
 * registry held a death or a stay that covers the meal's day.
 */
export async function mealsAfter(tx: Tx, cityCode: string, comparisonId: string): Promise<FoundMeal[]> {
  return tx.query<FoundMeal>(
    `SELECT DISTINCT ON (m.tap_id) p.proposal_id AS "proposalId", m.tap_id AS "tapId", m.site_id AS "siteId", m.meal_date AS "mealDate", COALESCE(
         (SELECT min(g.budget_year) FROM claim c JOIN batch_budget g ON g.city_code = c.city_code AND g.batch_id = c.batch_id
          WHERE c.city_code = m.city_code AND c.site_id = m.site_id AND c.month = m.booked_month), extract(year FROM m.meal_date)::int) AS "budgetYear",
       m.device_time AS "deviceTime", m.received_at AS "receivedAt", m.offline, m.flags, known.at AS "stopRecordedAt", net.shares
     FROM stop_proposal p
     JOIN meal m ON m.city_code = p.city_code AND m.elder_id = p.elder_id AND m.outcome = 'accepted' AND m.subsidy_fen > 0 AND m.meal_date >= p.from_date AND m.booked_month >= to_char(p.from_date, 'YYYY-MM')::bpchar
       AND CASE p.kind
         WHEN 'death' THEN m.meal_date > p.from_date
         WHEN 'stay' THEN (p.to_date IS NULL OR m.meal_date <= p.to_date) AND ${RESTS_ON('in-care-home')}
         ELSE p.place_code IS NULL AND ${RESTS_ON('hukou')} END
     CROSS JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('funderCode', n.funder_code, 'fen', n.fen) ORDER BY n.funder_code) AS shares FROM (
         SELECT s.funder_code, sum(s.fen)::bigint AS fen FROM (
           SELECT h.funder_code, h.fen FROM meal_share h WHERE h.city_code = m.city_code AND h.booked_month = m.booked_month AND h.tap_id = m.tap_id
           UNION ALL SELECT a.funder_code, a.fen FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id) s
         GROUP BY s.funder_code HAVING sum(s.fen) > 0) n) net
     CROSS JOIN LATERAL (
       SELECT min(k.at) AS at FROM (
         SELECT d.recorded_at AS at FROM elder_death d WHERE d.city_code = m.city_code AND d.elder_id = m.elder_id AND d.died_on < m.meal_date
         UNION ALL SELECT h.recorded_at FROM elder_care_home h WHERE h.city_code = m.city_code AND h.elder_id = m.elder_id AND NOT h.withdrawn
           AND p.kind = 'stay' AND h.from_date <= m.meal_date AND (h.to_date IS NULL OR h.to_date >= m.meal_date)) k) known
     WHERE p.city_code = $1 AND p.comparison_id = $2 AND net.shares IS NOT NULL
       AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id)
       AND NOT EXISTS (SELECT FROM recovery_line x WHERE x.city_code = m.city_code AND x.tap_id = m.tap_id AND x.state <> 'rejected')
     ORDER BY m.tap_id, p.row_no`, [cityCode, comparisonId]);
}

/** A line of what was paid after. */
export interface LineRow {
  readonly lineId: string;
  readonly comparisonId: string;
  readonly proposalId: string;
  readonly tapId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly mealDate: CivilDate;
  readonly budgetYear: number;
  readonly fen: Fen;
  readonly bearer: Bearer;
  readonly ground: Ground;
  readonly state: DecisionState;
  readonly suspectedFraud: boolean;
  readonly decidedStaff: string | null;
  readonly reason: string | null;
  readonly noticeId: string | null;
  readonly proposalState: DecisionState;
  readonly stopKind: StopKind;
  readonly shares: readonly { readonly funderCode: string; readonly fen: Fen }[];
}

const LINE = `l.line_id AS "lineId", l.comparison_id AS "comparisonId", l.proposal_id AS "proposalId", l.tap_id AS "tapId", l.site_id AS "siteId", s.name AS "siteName",
  l.meal_date AS "mealDate", l.budget_year AS "budgetYear", l.fen, l.bearer, l.ground, l.state, l.suspected_fraud AS "suspectedFraud", l.decided_staff AS "decidedStaff",
  l.reason, l.notice_id AS "noticeId", p.state AS "proposalState", p.kind AS "stopKind",
  (SELECT jsonb_agg(jsonb_build_object('funderCode', h.funder_code, 'fen', h.fen) ORDER BY h.funder_code) FROM recovery_share h WHERE h.city_code = l.city_code AND h.line_id = l.line_id) AS shares`;
const FROM = `recovery_line l JOIN site s ON s.city_code = l.city_code AND s.site_id = l.site_id
  JOIN stop_proposal p ON p.city_code = l.city_code AND p.proposal_id = l.proposal_id`;

/** A line as it is written first. */
export type NewLine = Pick<LineRow, 'lineId' | 'proposalId' | 'tapId' | 'siteId' | 'mealDate' | 'budgetYear' | 'fen' | 'bearer' | 'ground' | 'shares'>;

export async function insertLines(tx: Tx, cityCode: string, comparisonId: string, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(
    `INSERT INTO recovery_line (city_code, line_id, comparison_id, proposal_id, tap_id, site_id, meal_date, budget_year, fen, bearer, ground)
     SELECT $1, r.id, $2, r.proposal, r.tap, r.site, r.day, r.year, r.fen, r.bearer, r.ground
     FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::date[], $8::int[], $9::bigint[], $10::text[], $11::text[]) AS r (id, proposal, tap, site, day, year, fen, bearer, ground)`,
    [cityCode, comparisonId, lines.map((line) => line.lineId), lines.map((line) => line.proposalId), lines.map((line) => line.tapId), lines.map((line) => line.siteId),
      lines.map((line) => line.mealDate), lines.map((line) => line.budgetYear), lines.map((line) => line.fen), lines.map((line) => line.bearer), lines.map((line) => line.ground)]);
  const shares = lines.flatMap((line) => line.shares.map((share) => ({ lineId: line.lineId, ...share })));
  await tx.query(
    `INSERT INTO recovery_share (city_code, line_id, funder_code, fen) SELECT $1, r.* FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS r`,
    [cityCode, shares.map((share) => share.lineId), shares.map((share) => share.funderCode), shares.map((share) => share.fen)]);
}

/** Lines of a comparison by id, `limit` + 1 of them after one. */
export async function listLines(tx: Tx, cityCode: string, comparisonId: string, after: string | null, limit: number): Promise<LineRow[]> {
  return tx.query<LineRow>(
    `SELECT ${LINE} FROM ${FROM} WHERE l.city_code = $1 AND l.comparison_id = $2 AND ($3::uuid IS NULL OR l.line_id > $3) ORDER BY l.line_id LIMIT $4`,
    [cityCode, comparisonId, after, limit + 1]);
}

/** Locks the open lines of a comparison, all or those named. */
export async function lockLines(tx: Tx, cityCode: string, comparisonId: string, ids: readonly string[] | null): Promise<LineRow[]> {
  return tx.query<LineRow>(
    `SELECT ${LINE} FROM ${FROM} WHERE l.city_code = $1 AND l.comparison_id = $2 AND l.state = 'open' AND ($3::uuid[] IS NULL OR l.line_id = ANY ($3))
     ORDER BY l.line_id FOR NO KEY UPDATE OF l`, [cityCode, comparisonId, ids]);
}

export async function decideLines(tx: Tx, cityCode: string, ids: readonly string[], { state, staffId, now, reason }: Decided, suspectedFraud: boolean): Promise<void> {
  await tx.query(
    `UPDATE recovery_line SET state = $3, decided_staff = $4, decided_at = $5, reason = $6, suspected_fraud = $7 AND bearer = 'site' WHERE city_code = $1 AND line_id = ANY ($2::uuid[])`,
    [cityCode, ids, state, staffId, at(now), reason, suspectedFraud]);
}

/** Locks what a site was found to have to give back of a budget year and is in no notice yet; meals that were voided or corrected since are left out. */
export async function lockToNotice(tx: Tx, cityCode: string, siteId: string, budgetYear: number, kind: NoticeKind): Promise<LineRow[]> {
  return tx.query<LineRow>(
    `SELECT ${LINE} FROM ${FROM}
     WHERE l.city_code = $1 AND l.site_id = $2 AND l.budget_year = $3 AND l.state = 'accepted' AND l.bearer = 'site' AND l.notice_id IS NULL AND l.suspected_fraud = $4
       AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = l.city_code AND v.tap_id = l.tap_id)
       AND l.fen = (SELECT m.subsidy_fen + COALESCE((SELECT sum(a.fen) FROM meal_adjustment a WHERE a.city_code = m.city_code AND a.tap_id = m.tap_id), 0)
         FROM tap_claim c JOIN meal m ON m.city_code = c.city_code AND m.booked_month = c.booked_month AND m.tap_id = c.tap_id WHERE c.city_code = l.city_code AND c.tap_id = l.tap_id)
     ORDER BY l.meal_date, l.line_id FOR NO KEY UPDATE OF l`, [cityCode, siteId, budgetYear, kind === 'fraud']);
}

export async function putIntoNotice(tx: Tx, cityCode: string, ids: readonly string[], noticeId: string): Promise<void> {
  await tx.query('UPDATE recovery_line SET notice_id = $3 WHERE city_code = $1 AND line_id = ANY ($2::uuid[])', [cityCode, ids, noticeId]);
}

/** Lets go of the lines of a notice that is withdrawn. */
export async function takeOutOfNotice(tx: Tx, cityCode: string, noticeId: string): Promise<void> {
  await tx.query('UPDATE recovery_line SET notice_id = NULL WHERE city_code = $1 AND notice_id = $2', [cityCode, noticeId]);
}

/** The lines of a notice, by day. */
export async function linesOfNotice(tx: Tx, cityCode: string, noticeId: string): Promise<LineRow[]> {
  return tx.query<LineRow>(`SELECT ${LINE} FROM ${FROM} WHERE l.city_code = $1 AND l.notice_id = $2 ORDER BY l.meal_date, l.line_id`, [cityCode, noticeId]);
}
