import type { CivilMonth, Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { ChainStep, ClaimLine, ClaimMove, ClaimState, Difference } from './domain/index.js';

/** A claim with its four figures, as kept. */
export interface ClaimRow {
  readonly claimId: string;
  readonly claimNumber: string;
  readonly runId: string;
  readonly siteId: string;
  readonly month: CivilMonth;
  readonly divisionCode: string;
  readonly countyCode: string;
  readonly number: number;
  readonly state: ClaimState;
  readonly revision: number;
  readonly meals: number;
  readonly claimedFen: Fen;
  readonly cutFen: Fen;
  readonly approvedFen: Fen;
  readonly paidFen: Fen;
  readonly hasDeduction: boolean;
  readonly differenceFen: Fen;
  readonly differences: readonly Difference[];
  readonly linesHash: string | null;
  readonly batchId: string | null;
}

const CLAIM = `c.claim_id AS "claimId", c.claim_number AS "claimNumber", c.run_id AS "runId", c.site_id AS "siteId", c.month,
  c.division_code AS "divisionCode", c.county_code AS "countyCode", c.number, c.state, c.revision, c.meals, c.claimed_fen AS "claimedFen",
  c.cut_fen AS "cutFen", c.approved_fen AS "approvedFen", c.paid_fen AS "paidFen", c.has_deduction AS "hasDeduction",
  c.difference_fen AS "differenceFen", c.differences, c.lines_hash AS "linesHash", c.batch_id AS "batchId"`;

/** Locks claims in the order of their ids; unknown ids are left out. */
export async function lockClaims(tx: Tx, cityCode: string, claimIds: readonly string[]): Promise<ClaimRow[]> {
  return tx.query<ClaimRow>(
    `SELECT ${CLAIM} FROM claim c WHERE c.city_code = $1 AND c.claim_id = ANY ($2::uuid[]) ORDER BY c.claim_id FOR NO KEY UPDATE`,
    [cityCode, [...new Set(claimIds)]]);
}

/** Locks the claims of a batch. */
export async function lockClaimsOfBatch(tx: Tx, cityCode: string, batchId: string): Promise<ClaimRow[]> {
  return tx.query<ClaimRow>(`SELECT ${CLAIM} FROM claim c WHERE c.city_code = $1 AND c.batch_id = $2 ORDER BY c.claim_id FOR NO KEY UPDATE`, [cityCode, batchId]);
}

/** Locks a county's approved claims of a month that are in no batch yet. */
export async function lockApproved(tx: Tx, cityCode: string, month: CivilMonth, countyCode: string): Promise<ClaimRow[]> {
  return tx.query<ClaimRow>(
    `SELECT ${CLAIM} FROM claim c WHERE c.city_code = $1 AND c.month = $2 AND c.county_code = $3 AND c.state = 'countyApproved' ORDER BY c.claim_id FOR NO KEY UPDATE`,
    [cityCode, month, countyCode]);
}

/** Locks more claims of a run that are still to be built, in the order of their ids; those in other hands are left out. */
export async function lockUnbuilt(tx: Tx, cityCode: string, runId: string, most: number): Promise<ClaimRow[]> {
  return tx.query<ClaimRow>(
    `SELECT ${CLAIM} FROM claim c WHERE c.city_code = $1 AND c.run_id = $2 AND c.state = 'building' ORDER BY c.claim_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
    [cityCode, runId, most]);
}

export async function readClaim(tx: Tx, cityCode: string, claimId: string): Promise<ClaimRow | undefined> {
  const [row] = await tx.query<ClaimRow>(`SELECT ${CLAIM} FROM claim c WHERE c.city_code = $1 AND c.claim_id = $2`, [cityCode, claimId]);
  return row;
}

/** The claims of a batch by their numbers. */
export async function claimsOfBatch(tx: Tx, cityCode: string, batchId: string): Promise<ClaimRow[]> {
  return tx.query<ClaimRow>(`SELECT ${CLAIM} FROM claim c WHERE c.city_code = $1 AND c.batch_id = $2 ORDER BY c.number`, [cityCode, batchId]);
}

export interface ClaimFilter {
  readonly cityCode: string;
  readonly scopeCode: string;
  readonly siteId: string | null;
  readonly month: CivilMonth | null;
  readonly countyCode: string | null;
  readonly state: ClaimState | null;
}

/** Claims inside a scope by month, county and number, `limit` + 1 of them after a key. */
export async function listClaims(tx: Tx, filter: ClaimFilter, after: readonly [string, string, number] | null, limit: number): Promise<ClaimRow[]> {
  return tx.query<ClaimRow>(
    `SELECT ${CLAIM} FROM claim c
     JOIN region_closure scope ON scope.city_code = c.city_code AND scope.descendant_code = c.division_code AND scope.ancestor_code = $2
     WHERE c.city_code = $1 AND ($3::uuid IS NULL OR c.site_id = $3) AND ($4::text IS NULL OR c.month = $4)
       AND ($5::text IS NULL OR c.county_code = $5) AND ($6::text IS NULL OR c.state = $6)
       AND ($7::text IS NULL OR (c.month, c.county_code, c.number) > ($7, $8, $9::int))
     ORDER BY c.month, c.county_code, c.number LIMIT $10`,
    [filter.cityCode, filter.scopeCode, filter.siteId, filter.month, filter.countyCode, filter.state, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1]);
}

/** Lines of claims in the revision that holds, by claim and line. */
export async function linesOf(tx: Tx, cityCode: string, claimIds: readonly string[]): Promise<(ClaimLine & { claimId: string })[]> {
  return tx.query(
    `SELECT l.claim_id AS "claimId", l.line_no AS "lineNo", l.operator_id AS "operatorId", l.payee_id AS "payeeId", l.funder_code AS "funderCode",
       l.meal_month AS "mealMonth", l.meals, l.claimed_fen AS "claimedFen"
     FROM claim_line l JOIN claim c ON c.city_code = l.city_code AND c.claim_id = l.claim_id AND c.revision = l.revision
     WHERE l.city_code = $1 AND l.claim_id = ANY ($2::uuid[]) ORDER BY l.claim_id, l.line_no`, [cityCode, claimIds]);
}

/** A cut as it was made. */
export interface CutRow {
  readonly claimId: string;
  readonly cutId: string;
  readonly lineNo: number;
  readonly fen: Fen;
  readonly reason: string;
  readonly atStep: ChainStep;
  readonly actor: string;
  readonly at: Instant;
}

/** Cuts of claims in the revision that holds, oldest first. */
export async function cutsOf(tx: Tx, cityCode: string, claimIds: readonly string[]): Promise<CutRow[]> {
  return tx.query<CutRow>(
    `SELECT k.claim_id AS "claimId", k.cut_id AS "cutId", k.line_no AS "lineNo", k.fen, k.reason, k.at_step AS "atStep", k.actor, k.at
     FROM claim_cut k JOIN claim c ON c.city_code = k.city_code AND c.claim_id = k.claim_id AND c.revision = k.revision
     WHERE k.city_code = $1 AND k.claim_id = ANY ($2::uuid[]) ORDER BY k.claim_id, k.at, k.cut_id`, [cityCode, claimIds]);
}

export async function insertCut(tx: Tx, cityCode: string, revision: number, cut: CutRow & { staffId: string }): Promise<void> {
  await tx.query(
    `INSERT INTO claim_cut (city_code, claim_id, cut_id, revision, line_no, fen, reason, at_step, actor, staff_id, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [cityCode, cut.claimId, cut.cutId, revision, cut.lineNo, cut.fen, cut.reason, cut.atStep, cut.actor, cut.staffId, at(cut.at)]);
  await tx.query(
    `UPDATE claim SET cut_fen = cut_fen + $3::bigint, approved_fen = CASE WHEN state IN ('batched', 'financeReviewed') THEN approved_fen - $3::bigint ELSE approved_fen END
     WHERE city_code = $1 AND claim_id = $2`, [cityCode, cut.claimId, cut.fen]);
}

/** A new revision of a claim: its lines and what they come to. */
export interface RevisionRow {
  readonly claimId: string;
  readonly revision: number;
  readonly lines: readonly ClaimLine[];
  readonly sums: { readonly meals: number; readonly claimedFen: Fen; readonly hasDeduction: boolean; readonly differenceFen: Fen; readonly differences: readonly Difference[]; readonly linesHash: string };
}

/** Writes a new revision of a claim. Its cuts belonged to the revision before. */
export async function writeRevision(
  tx: Tx, cityCode: string, claimId: string, revision: number, lines: readonly ClaimLine[], sums: RevisionRow['sums'], state: 'draft' | 'returned' = 'draft',
): Promise<void> {
  await writeRevisions(tx, cityCode, [{ claimId, revision, lines, sums }], state);
}

/** Writes new revisions of claims, set-based. */
export async function writeRevisions(tx: Tx, cityCode: string, rows: readonly RevisionRow[], state: 'draft' | 'returned' = 'draft'): Promise<void> {
  await tx.query(
    `UPDATE claim c SET state = $2, revision = r.revision, meals = r.meals, claimed_fen = r.claimed_fen, cut_fen = 0, approved_fen = 0, has_deduction = r.has_deduction,
       difference_fen = r.difference_fen, differences = r.differences::jsonb, lines_hash = r.lines_hash
     FROM unnest($3::uuid[], $4::int[], $5::bigint[], $6::bigint[], $7::boolean[], $8::bigint[], $9::text[], $10::text[])
       AS r (claim_id, revision, meals, claimed_fen, has_deduction, difference_fen, differences, lines_hash)
     WHERE c.city_code = $1 AND c.claim_id = r.claim_id`,
    [cityCode, state, rows.map((row) => row.claimId), rows.map((row) => row.revision), rows.map(({ sums }) => sums.meals), rows.map(({ sums }) => sums.claimedFen),
      rows.map(({ sums }) => sums.hasDeduction), rows.map(({ sums }) => sums.differenceFen), rows.map(({ sums }) => JSON.stringify(sums.differences)), rows.map(({ sums }) => sums.linesHash)]);
  const lines = rows.flatMap(({ claimId, revision, lines: own }) => own.map((line) => ({ ...line, claimId, revision })));
  await tx.query(
    `INSERT INTO claim_line (city_code, claim_id, revision, line_no, operator_id, payee_id, funder_code, meal_month, meals, claimed_fen)
     SELECT $1, l.* FROM unnest($2::uuid[], $3::int[], $4::int[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::bigint[], $10::bigint[]) l`,
    [cityCode, lines.map((l) => l.claimId), lines.map((l) => l.revision), lines.map((l) => l.lineNo), lines.map((l) => l.operatorId), lines.map((l) => l.payeeId), lines.map((l) => l.funderCode),
      lines.map((l) => l.mealMonth), lines.map((l) => l.meals), lines.map((l) => l.claimedFen)]);
}

/** What a move writes. */
export interface MoveRow {
  readonly step: ClaimMove;
  readonly atStep: ChainStep | null;
  readonly toState: ClaimState;
  readonly actor: string;
  readonly staffId: string | null;
  readonly now: Instant;
  readonly reason: string | null;
  /** Sets the batch; null takes claims out of it; left out keeps it. */
  readonly batchId?: string | null;
}

/** Moves locked claims to a state, with a row of history each. A claim that returns or leaves a batch loses what it must. */
export async function moveClaims(tx: Tx, cityCode: string, claims: readonly ClaimRow[], move: MoveRow): Promise<void> {
  const ids = claims.map((claim) => claim.claimId);
  await tx.query(
    `UPDATE claim SET state = $3::text, batch_id = CASE WHEN $4::boolean THEN $5::uuid ELSE batch_id END,
       approved_fen = CASE WHEN $3::text IN ('countyApproved', 'batched', 'financeReviewed', 'released', 'partPaid', 'paid') THEN claimed_fen - cut_fen ELSE 0 END
     WHERE city_code = $1 AND claim_id = ANY ($2::uuid[])`,
    [cityCode, ids, move.toState, move.batchId !== undefined, move.batchId ?? null]);
  await insertSteps(tx, cityCode, claims.map((claim) => ({ claimId: claim.claimId, revision: claim.revision, fromState: claim.state, toState: move.toState })), move);
}

/** Adds a row of history to each claim. */
export async function insertSteps(
  tx: Tx, cityCode: string, rows: readonly { claimId: string; revision: number; fromState: ClaimState; toState: ClaimState }[],
  by: Pick<MoveRow, 'step' | 'atStep' | 'actor' | 'staffId' | 'now' | 'reason'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO claim_step (city_code, claim_id, step_no, revision, step, at_step, from_state, to_state, actor, staff_id, at, reason)
     SELECT $1, r.claim_id, (SELECT count(*) + 1 FROM claim_step s WHERE s.city_code = $1 AND s.claim_id = r.claim_id), r.revision, $6, $7, r.from_state, r.to_state, $8, $9::uuid, $10::timestamptz, $11
     FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[]) AS r (claim_id, revision, from_state, to_state)`,
    [cityCode, rows.map((r) => r.claimId), rows.map((r) => r.revision), rows.map((r) => r.fromState), rows.map((r) => r.toState),
      by.step, by.atStep, by.actor, by.staffId, at(by.now), by.reason]);
}

/** A step in a claim's history. */
export interface StepRow {
  readonly claimId: string;
  readonly stepNo: number;
  readonly revision: number;
  readonly step: ClaimMove;
  readonly atStep: ChainStep | null;
  readonly fromState: ClaimState;
  readonly toState: ClaimState;
  readonly actor: string;
  readonly at: Instant;
  readonly reason: string | null;
}

export async function stepsOf(tx: Tx, cityCode: string, claimId: string): Promise<StepRow[]> {
  return tx.query<StepRow>(
    `SELECT claim_id AS "claimId", step_no AS "stepNo", revision, step, at_step AS "atStep", from_state AS "fromState", to_state AS "toState", actor, at, reason
     FROM claim_step WHERE city_code = $1 AND claim_id = $2 ORDER BY step_no`, [cityCode, claimId]);
}

/** Who of the staff had a say in which step of claims: by moves and by cuts. */
export async function saysOf(tx: Tx, cityCode: string, claimIds: readonly string[], staffId: string): Promise<{ staffId: string; atStep: ChainStep }[]> {
  return tx.query(
    `SELECT staff_id AS "staffId", at_step AS "atStep" FROM claim_step WHERE city_code = $1 AND claim_id = ANY ($2::uuid[]) AND staff_id = $3 AND at_step IS NOT NULL
     UNION SELECT staff_id, at_step FROM claim_cut WHERE city_code = $1 AND claim_id = ANY ($2::uuid[]) AND staff_id = $3`,
    [cityCode, claimIds, staffId]);
}

/** Claims of a month by state with their four figures, for overviews. */
export interface ClaimStateTotal {
  readonly state: ClaimState;
  readonly claims: number;
  readonly claimedFen: Fen;
  readonly approvedFen: Fen;
  readonly cutFen: Fen;
  readonly paidFen: Fen;
}

export async function claimsByState(tx: Tx, cityCode: string, month: CivilMonth): Promise<ClaimStateTotal[]> {
  return tx.query<ClaimStateTotal>(
    `SELECT state, count(*) AS claims, sum(claimed_fen)::bigint AS "claimedFen", sum(approved_fen)::bigint AS "approvedFen",
       sum(cut_fen)::bigint AS "cutFen", sum(paid_fen)::bigint AS "paidFen"
     FROM claim WHERE city_code = $1 AND month = $2 GROUP BY state ORDER BY state`, [cityCode, month]);
}
