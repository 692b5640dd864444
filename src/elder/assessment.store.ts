import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Assessed } from './domain/index.js';
import type { Writing } from './register.store.js';

/** An ability assessment with what became of it. */
export interface AssessmentRow extends Assessed {
  readonly entryId: string;
  readonly assessor: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
  readonly corrected: boolean;
  readonly recordedAt: Instant;
}

/** All assessments of an elder, oldest first. */
export async function assessmentEntries(tx: Tx, cityCode: string, elderId: string): Promise<AssessmentRow[]> {
  return tx.query<AssessmentRow>(
    `SELECT a.entry_id AS "entryId", a.level, a.assessor, a.institution, a.assessed_on AS "assessedOn", a.valid_until AS "validUntil", a.evidence, a.corrects, a.withdrawn,
       EXISTS (SELECT FROM elder_assessment l WHERE l.city_code = a.city_code AND l.corrects = a.entry_id) AS corrected, a.recorded_at AS "recordedAt"
     FROM elder_assessment a WHERE a.city_code = $1 AND a.elder_id = $2 ORDER BY a.recorded_at, a.entry_id`, [cityCode, elderId]);
}

export async function insertAssessment(
  tx: Tx, { cityCode, by, now }: Writing, row: Omit<AssessmentRow, 'corrected' | 'recordedAt'> & { readonly elderId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO elder_assessment (city_code, entry_id, elder_id, level, assessor, institution, assessed_on, valid_until, evidence, corrects, withdrawn, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [cityCode, row.entryId, row.elderId, row.level, row.assessor, row.institution, row.assessedOn, row.validUntil, row.evidence, row.corrects, row.withdrawn, at(now), by]);
}
