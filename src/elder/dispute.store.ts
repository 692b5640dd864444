import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Authority, DisputeMove, DisputeState } from './domain/index.js';
import type { Writing } from './register.store.js';

export type DisputeRaiser = 'elder' | 'relative' | 'communityWorker';

/** A dispute over one category of one elder. */
export interface DisputeRow {
  readonly disputeId: string;
  readonly elderId: string;
  readonly code: string;
  /** The entry that is disputed; null where one is missing. */
  readonly entryId: string | null;
  readonly raisedBy: DisputeRaiser;
  readonly authority: Authority;
  readonly reason: string;
  readonly state: DisputeState;
  readonly openedOn: CivilDate;
}

const DISPUTE = `d.dispute_id AS "disputeId", d.elder_id AS "elderId", d.code, d.entry_id AS "entryId", d.raised_by AS "raisedBy", d.authority, d.reason, d.state, d.opened_on AS "openedOn"`;

/** A dispute by its id. Its elder is locked first, then it is read again. */
export async function readDispute(tx: Tx, cityCode: string, disputeId: string): Promise<DisputeRow | undefined> {
  const [row] = await tx.query<DisputeRow>(`SELECT ${DISPUTE} FROM elder_dispute d WHERE d.city_code = $1 AND d.dispute_id = $2`, [cityCode, disputeId]);
  return row;
}

/** An elder's disputes, oldest first. */
export async function disputesOf(tx: Tx, cityCode: string, elderId: string): Promise<DisputeRow[]> {
  return tx.query<DisputeRow>(`SELECT ${DISPUTE} FROM elder_dispute d WHERE d.city_code = $1 AND d.elder_id = $2 ORDER BY d.recorded_at, d.dispute_id`, [cityCode, elderId]);
}

/** Disputes in a scope, `limit` + 1 of them after an id; the elder's residence or hukou lies in it. */
export async function listDisputes(tx: Tx, filter: { cityCode: string; scopeCode: string; state: DisputeState | null; after: string | null; limit: number }): Promise<DisputeRow[]> {
  return tx.query<DisputeRow>(
    `SELECT ${DISPUTE} FROM elder_dispute d JOIN elder e ON e.city_code = d.city_code AND e.elder_id = d.elder_id
     WHERE d.city_code = $1 AND ($3::text IS NULL OR d.state = $3) AND ($4::uuid IS NULL OR d.dispute_id > $4)
       AND EXISTS (SELECT FROM region_closure r WHERE r.city_code = $1 AND r.ancestor_code = $2 AND r.descendant_code IN (e.residence_code, e.hukou_code))
     ORDER BY d.dispute_id LIMIT $5`,
    [filter.cityCode, filter.scopeCode, filter.state, filter.after, filter.limit + 1]);
}

/** One step of a dispute. */
export interface DisputeStepRow {
  readonly stepId: string;
  readonly disputeId: string;
  readonly move: DisputeMove | 'open';
  readonly onDate: CivilDate;
  readonly document: string | null;
  readonly reason: string;
  /** The corrected entry that an upheld dispute led to. */
  readonly entryId: string | null;
  readonly recordedAt: Instant;
}

/** The steps of disputes, oldest first. */
export async function disputeSteps(tx: Tx, cityCode: string, disputeIds: readonly string[]): Promise<DisputeStepRow[]> {
  return tx.query<DisputeStepRow>(
    `SELECT step_id AS "stepId", dispute_id AS "disputeId", move, on_date AS "onDate", document, reason, entry_id AS "entryId", recorded_at AS "recordedAt"
     FROM elder_dispute_step WHERE city_code = $1 AND dispute_id = ANY ($2::uuid[]) ORDER BY seq`, [cityCode, disputeIds]);
}

/** Opens a dispute; false when one over the same category is running. */
export async function insertDispute(tx: Tx, { cityCode, by, now }: Writing, row: Omit<DisputeRow, 'state'>): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO elder_dispute (city_code, dispute_id, elder_id, code, entry_id, raised_by, authority, reason, state, opened_on, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11)
     ON CONFLICT (city_code, elder_id, code) WHERE state IN ('open', 'forwarded') DO NOTHING RETURNING dispute_id`,
    [cityCode, row.disputeId, row.elderId, row.code, row.entryId, row.raisedBy, row.authority, row.reason, row.openedOn, at(now), by]);
  return rows.length === 1;
}

/** Adds a step and sets the dispute's state. */
export async function writeDisputeStep(tx: Tx, { cityCode, by, now }: Writing, step: Omit<DisputeStepRow, 'recordedAt'>, state: DisputeState): Promise<void> {
  await tx.query(
    `INSERT INTO elder_dispute_step (city_code, step_id, dispute_id, move, on_date, document, reason, entry_id, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [cityCode, step.stepId, step.disputeId, step.move, step.onDate, step.document, step.reason, step.entryId, at(now), by]);
  await tx.query('UPDATE elder_dispute SET state = $3 WHERE city_code = $1 AND dispute_id = $2', [cityCode, step.disputeId, state]);
}
