import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { SealedElderRow } from './elder.store.js';
import type { Writing } from './register.store.js';
import type { SealedElder } from './sealed-elder.js';

/** What a revision puts in place of what an elder was registered with; sealed fields as hexadecimal. */
export interface RevisionRow extends Pick<SealedElder, 'identity' | 'identityIndex' | 'name' | 'nameIndex'> {
  readonly revisionId: string;
  readonly elderId: string;
  readonly born: CivilDate;
  readonly sex: 'male' | 'female';
  readonly reason: string;
  readonly evidence: string;
}

/** A revision as it is kept, with what was decided. */
export interface RevisionView {
  readonly revisionId: string;
  readonly elderId: string;
  readonly identitySealed: Buffer;
  readonly identityIndex: string;
  readonly nameSealed: Buffer;
  readonly nameIndex: string;
  readonly born: CivilDate;
  readonly sex: 'male' | 'female';
  readonly reason: string;
  readonly evidence: string;
  readonly proposedAt: Instant;
  readonly proposedBy: string;
  readonly decision: 'confirmed' | 'rejected' | null;
  readonly decisionReason: string | null;
  readonly decidedAt: Instant | null;
}

const REVISION = `r.revision_id AS "revisionId", r.elder_id AS "elderId", r.identity_sealed AS "identitySealed", r.identity_index AS "identityIndex",
  r.name_sealed AS "nameSealed", r.name_index AS "nameIndex", r.born, r.sex, r.reason, r.evidence, r.proposed_at AS "proposedAt", r.proposed_by AS "proposedBy",
  d.decision, d.reason AS "decisionReason", d.decided_at AS "decidedAt"`;
const JOINED = 'FROM elder_revision r LEFT JOIN elder_revision_decision d ON d.city_code = r.city_code AND d.revision_id = r.revision_id';

export async function readRevision(tx: Tx, cityCode: string, revisionId: string): Promise<RevisionView | undefined> {
  const [row] = await tx.query<RevisionView>(`SELECT ${REVISION} ${JOINED} WHERE r.city_code = $1 AND r.revision_id = $2`, [cityCode, revisionId]);
  return row;
}

/** An elder's revisions, oldest first. */
export async function revisionsOf(tx: Tx, cityCode: string, elderId: string): Promise<RevisionView[]> {
  return tx.query<RevisionView>(`SELECT ${REVISION} ${JOINED} WHERE r.city_code = $1 AND r.elder_id = $2 ORDER BY r.proposed_at, r.revision_id`, [cityCode, elderId]);
}

export async function insertRevision(tx: Tx, { cityCode, by, now }: Writing, row: RevisionRow): Promise<void> {
  await tx.query(
    `INSERT INTO elder_revision (city_code, revision_id, elder_id, identity_sealed, identity_index, name_sealed, name_index, born, sex, reason, evidence, proposed_at, proposed_by)
     VALUES ($1, $2, $3, decode($4, 'hex'), $5, decode($6, 'hex'), $7, $8, $9, $10, $11, $12, $13)`,
    [cityCode, row.revisionId, row.elderId, row.identity, row.identityIndex, row.name, row.nameIndex, row.born, row.sex, row.reason, row.evidence, at(now), by]);
}

/** Keeps a decision with what stood before it, and puts a confirmed revision in place. */
export async function writeDecision(
  tx: Tx, { cityCode, by, now }: Writing, revision: RevisionView, before: SealedElderRow, decided: { decision: 'confirmed' | 'rejected'; reason: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO elder_revision_decision (city_code, revision_id, elder_id, decision, reason, before_identity_sealed, before_name_sealed, before_born, before_sex, proposed_by, decided_at, decided_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [cityCode, revision.revisionId, revision.elderId, decided.decision, decided.reason, before.identitySealed, before.nameSealed, before.born, before.sex, revision.proposedBy, at(now), by]);
  if (decided.decision === 'rejected') return;
  await tx.query(
    `UPDATE elder SET identity_sealed = $3, identity_index = $4, name_sealed = $5, name_index = $6, born = $7, sex = $8 WHERE city_code = $1 AND elder_id = $2`,
    [cityCode, revision.elderId, revision.identitySealed, revision.identityIndex, revision.nameSealed, revision.nameIndex, revision.born, revision.sex]);
}
