import type { CivilDate, Instant } from '../kernel/index.js';
import type { Writing } from '../elder/index.js';
import { at, type Tx } from '../platform/index.js';
import type { DocumentRef, EntitledAs, FactUsed } from '../subsidy/domain/index.js';

/** A decision with the rule that made it. */
export interface DecisionRow {
  readonly decisionId: string;
  readonly applicationId: string;
  readonly outcome: 'approved' | 'refused' | 'stopped';
  /** Whether it decides an appeal. */
  readonly appeal: boolean;
  readonly reasonCode: string | null;
  /** What the elder reads. */
  readonly sentence: string;
  readonly pack: string;
  readonly version: string;
  readonly versionSha256: string;
  readonly clause: string;
  readonly document: DocumentRef;
  /** The classes that the elder falls under; empty where none. */
  readonly rules: readonly EntitledAs[];
  /** Why the elder falls under none, in the engine's word. */
  readonly refusal: string | null;
  readonly facts: readonly FactUsed[];
  readonly decidedOn: CivilDate;
  readonly appealUntil: CivilDate | null;
  /** Who took the step before, a different person. */
  readonly beforeBy: string;
}

export type KeptDecision = DecisionRow & { readonly recordedAt: Instant };

/** The decisions on an application, oldest first. */
export async function decisionsOf(tx: Tx, cityCode: string, applicationId: string): Promise<KeptDecision[]> {
  return tx.query<KeptDecision>(
    `SELECT d.decision_id AS "decisionId", d.application_id AS "applicationId", d.outcome, d.appeal, d.reason_code AS "reasonCode", d.sentence, d.pack, d.version, d.version_sha256 AS "versionSha256",
       d.clause, d.document, d.rules, d.refusal, d.facts, d.decided_on AS "decidedOn", d.appeal_until AS "appealUntil", d.before_by AS "beforeBy", d.recorded_at AS "recordedAt"
     FROM eligibility_decision d JOIN eligibility_step s ON s.city_code = d.city_code AND s.step_id = d.decision_id
     WHERE d.city_code = $1 AND d.application_id = $2 ORDER BY s.seq`, [cityCode, applicationId]);
}

export async function insertDecision(tx: Tx, { cityCode, by, now }: Writing, row: DecisionRow): Promise<void> {
  await tx.query(
    `INSERT INTO eligibility_decision (city_code, decision_id, application_id, outcome, appeal, reason_code, sentence, pack, version, version_sha256, clause, document, rules, refusal, facts,
       decided_on, appeal_until, before_by, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb, $14, $15::jsonb, $16, $17, $18, $19, $20)`,
    [cityCode, row.decisionId, row.applicationId, row.outcome, row.appeal, row.reasonCode, row.sentence, row.pack, row.version, row.versionSha256, row.clause,
      JSON.stringify(row.document), JSON.stringify(row.rules), row.refusal, JSON.stringify(row.facts), row.decidedOn, row.appealUntil, row.beforeBy, at(now), by]);
}

/** Cities with approvals that were not compared with the registry on a day. */
export async function citiesToSweep(tx: Tx, on: CivilDate): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>(
    `SELECT DISTINCT a.city_code AS "cityCode" FROM eligibility_application a
     WHERE a.state = 'approved' AND NOT EXISTS (SELECT FROM eligibility_sweep s WHERE s.city_code = a.city_code AND s.swept_on = $1) ORDER BY 1`, [on]);
  return rows.map(({ cityCode }) => cityCode);
}

/** Keeps that a city was compared on a day; false when it was before. */
export async function insertSweep(tx: Tx, cityCode: string, on: CivilDate, proposed: number): Promise<boolean> {
  const rows = await tx.query('INSERT INTO eligibility_sweep (city_code, swept_on, proposed) VALUES ($1, $2, $3) ON CONFLICT (city_code, swept_on) DO NOTHING RETURNING swept_on', [cityCode, on, proposed]);
  return rows.length === 1;
}
