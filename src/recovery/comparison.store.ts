import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

export const STOP_KINDS = ['death', 'stay', 'move'] as const;
export type StopKind = (typeof STOP_KINDS)[number];

export const DECISION_STATES = ['open', 'accepted', 'rejected'] as const;
export type DecisionState = (typeof DECISION_STATES)[number];

/** One run of a register against the registry, with what it found. */
export interface ComparisonRow {
  readonly comparisonId: string;
  readonly rosterId: string;
  readonly purpose: 'deaths' | 'careHomes' | 'hukouMoves';
  readonly divisionCode: string;
  readonly source: string;
  readonly madeStaff: string;
  readonly madeAt: Instant;
  readonly proposals: number;
  readonly openProposals: number;
  readonly lines: number;
  readonly openLines: number;
  readonly siteFen: number;
  readonly fundFen: number;
}

const OF = 'x.city_code = c.city_code AND x.comparison_id = c.comparison_id';
const COMPARISON = `c.comparison_id AS "comparisonId", c.roster_id AS "rosterId", c.purpose, c.division_code AS "divisionCode", c.source, c.made_staff AS "madeStaff", c.made_at AS "madeAt",
  (SELECT count(*)::int FROM stop_proposal x WHERE ${OF}) AS proposals, (SELECT count(*)::int FROM stop_proposal x WHERE ${OF} AND x.state = 'open') AS "openProposals",
  (SELECT count(*)::int FROM recovery_line x WHERE ${OF}) AS lines, (SELECT count(*)::int FROM recovery_line x WHERE ${OF} AND x.state = 'open') AS "openLines",
  (SELECT COALESCE(sum(x.fen), 0)::bigint FROM recovery_line x WHERE ${OF} AND x.bearer = 'site' AND x.state <> 'rejected') AS "siteFen",
  (SELECT COALESCE(sum(x.fen), 0)::bigint FROM recovery_line x WHERE ${OF} AND x.bearer = 'fund' AND x.state <> 'rejected') AS "fundFen"`;

export async function insertComparison(tx: Tx, cityCode: string, row: Pick<ComparisonRow, 'comparisonId' | 'rosterId' | 'purpose' | 'divisionCode' | 'source' | 'madeStaff' | 'madeAt'>): Promise<void> {
  await tx.query(
    `INSERT INTO comparison (city_code, comparison_id, roster_id, purpose, division_code, source, made_staff, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [cityCode, row.comparisonId, row.rosterId, row.purpose, row.divisionCode, row.source, row.madeStaff, at(row.madeAt)]);
}

/** Whether a register was compared before. */
export async function isCompared(tx: Tx, cityCode: string, rosterId: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM comparison WHERE city_code = $1 AND roster_id = $2', [cityCode, rosterId])).length > 0;
}

export async function readComparison(tx: Tx, cityCode: string, comparisonId: string): Promise<ComparisonRow | undefined> {
  const [row] = await tx.query<ComparisonRow>(`SELECT ${COMPARISON} FROM comparison c WHERE c.city_code = $1 AND c.comparison_id = $2`, [cityCode, comparisonId]);
  return row;
}

/** Comparisons inside a scope, the newest first, `limit` + 1 of them after a key. */
export async function listComparisons(tx: Tx, cityCode: string, scopeCode: string, after: readonly (string | number)[] | null, limit: number): Promise<ComparisonRow[]> {
  return tx.query<ComparisonRow>(
    `SELECT ${COMPARISON} FROM comparison c
     JOIN region_closure scope ON scope.city_code = c.city_code AND scope.descendant_code = c.division_code AND scope.ancestor_code = $2
     WHERE c.city_code = $1 AND ($3::bigint IS NULL OR (c.made_at, c.comparison_id) < (to_timestamp($3::bigint / 1000.0), $4::uuid))
     ORDER BY c.made_at DESC, c.comparison_id DESC LIMIT $5`, [cityCode, scopeCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** A fact that a register proposes to record. */
export interface ProposalRow {
  readonly proposalId: string;
  readonly comparisonId: string;
  readonly rowNo: number;
  readonly elderId: string;
  readonly kind: StopKind;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly placeCode: string | null;
  readonly state: DecisionState;
  readonly reason: string | null;
  readonly lines: number;
  readonly fen: number;
}

const PROPOSAL = `p.proposal_id AS "proposalId", p.comparison_id AS "comparisonId", p.row_no AS "rowNo", p.elder_id AS "elderId", p.kind, p.from_date AS "from", p.to_date AS "to",
  p.place_code AS "placeCode", p.state, p.reason,
  (SELECT count(*)::int FROM recovery_line x WHERE x.city_code = p.city_code AND x.proposal_id = p.proposal_id) AS lines,
  (SELECT COALESCE(sum(x.fen), 0)::bigint FROM recovery_line x WHERE x.city_code = p.city_code AND x.proposal_id = p.proposal_id) AS fen`;

export async function insertProposals(tx: Tx, cityCode: string, comparisonId: string, rows: readonly Omit<ProposalRow, 'comparisonId' | 'state' | 'reason' | 'lines' | 'fen'>[]): Promise<void> {
  await tx.query(
    `INSERT INTO stop_proposal (city_code, proposal_id, comparison_id, row_no, elder_id, kind, from_date, to_date, place_code)
     SELECT $1, r.id, $2, r.row_no, r.elder, r.kind, r.from_date, r.to_date, r.place
     FROM unnest($3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::date[], $8::date[], $9::text[]) AS r (id, row_no, elder, kind, from_date, to_date, place)`,
    [cityCode, comparisonId, rows.map((row) => row.proposalId), rows.map((row) => row.rowNo), rows.map((row) => row.elderId), rows.map((row) => row.kind),
      rows.map((row) => row.from), rows.map((row) => row.to), rows.map((row) => row.placeCode)]);
}

/** Proposals of a comparison by row, `limit` + 1 of them after one. */
export async function listProposals(tx: Tx, cityCode: string, comparisonId: string, after: number, limit: number): Promise<ProposalRow[]> {
  return tx.query<ProposalRow>(
    `SELECT ${PROPOSAL} FROM stop_proposal p WHERE p.city_code = $1 AND p.comparison_id = $2 AND p.row_no > $3 ORDER BY p.row_no LIMIT $4`, [cityCode, comparisonId, after, limit + 1]);
}

/** Locks the open proposals of a comparison, all or those named. */
export async function lockProposals(tx: Tx, cityCode: string, comparisonId: string, ids: readonly string[] | null): Promise<ProposalRow[]> {
  return tx.query<ProposalRow>(
    `SELECT ${PROPOSAL} FROM stop_proposal p
     WHERE p.city_code = $1 AND p.comparison_id = $2 AND p.state = 'open' AND ($3::uuid[] IS NULL OR p.proposal_id = ANY ($3)) ORDER BY p.elder_id, p.row_no FOR NO KEY UPDATE OF p`,
    [cityCode, comparisonId, ids]);
}

/** Who decided, when and why. */
export interface Decided {
  readonly state: 'accepted' | 'rejected';
  readonly staffId: string;
  readonly now: Instant;
  readonly reason: string | null;
}

export async function decideProposals(tx: Tx, cityCode: string, ids: readonly string[], { state, staffId, now, reason }: Decided): Promise<void> {
  await tx.query(
    `UPDATE stop_proposal SET state = $3, decided_staff = $4, decided_at = $5, reason = $6 WHERE city_code = $1 AND proposal_id = ANY ($2::uuid[])`,
    [cityCode, ids, state, staffId, at(now), reason]);
}
