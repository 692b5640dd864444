import type { CivilDate, Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { NoShowRule } from './domain/index.js';

/** What a city's no-shows cost, as somebody recorded it, and what another person said to it. */
export interface NoShowRuleRow extends NoShowRule {
  readonly ruleId: string;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly firstDay: CivilDate;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
  readonly state: 'recorded' | 'confirmed' | 'rejected';
}

/** A city's rules: those decided last first, those that wait before them. */
export async function readRules(tx: Tx, cityCode: string): Promise<NoShowRuleRow[]> {
  return tx.query<NoShowRuleRow>(
    `SELECT r.rule_id AS "ruleId", r.kept_percent AS "keptPercent", r.most_fen AS "mostFen", r.document_number AS "documentNumber", r.document_title AS "documentTitle",
       r.first_day AS "firstDay", r.recorded_at AS "recordedAt", r.recorded_by AS "recordedBy", coalesce(d.outcome, 'recorded') AS state
     FROM no_show_rule r LEFT JOIN no_show_rule_decision d ON d.city_code = r.city_code AND d.rule_id = r.rule_id
     WHERE r.city_code = $1 ORDER BY d.seq DESC NULLS FIRST, r.recorded_at DESC, r.rule_id`, [cityCode]);
}

/** The rule of a day: the confirmed one with the latest first day that has come, of two the one confirmed last; null where a no-show costs nothing. */
export async function ruleOn(tx: Tx, cityCode: string, date: CivilDate): Promise<NoShowRule | null> {
  const [row] = await tx.query<NoShowRule>(
    `SELECT r.kept_percent AS "keptPercent", r.most_fen AS "mostFen" FROM no_show_rule r JOIN no_show_rule_decision d ON d.city_code = r.city_code AND d.rule_id = r.rule_id AND d.outcome = 'confirmed'
     WHERE r.city_code = $1 AND r.first_day <= $2 ORDER BY r.first_day DESC, d.seq DESC LIMIT 1`, [cityCode, date]);
  return row ?? null;
}

export async function insertRule(tx: Tx, cityCode: string, row: Omit<NoShowRuleRow, 'state' | 'recordedAt'>, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO no_show_rule (city_code, rule_id, kept_percent, most_fen, document_number, document_title, first_day, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, row.ruleId, row.keptPercent, row.mostFen as Fen | null, row.documentNumber, row.documentTitle, row.firstDay, at(now), row.recordedBy]);
}

/** Decides a rule. @returns false where somebody has decided it already */
export async function insertRuleDecision(tx: Tx, cityCode: string, ruleId: string, decision: { outcome: 'confirmed' | 'rejected'; by: string; now: Instant }): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO no_show_rule_decision (city_code, rule_id, outcome, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_code, rule_id) DO NOTHING RETURNING rule_id`, [cityCode, ruleId, decision.outcome, at(decision.now), decision.by]);
  return rows.length > 0;
}
