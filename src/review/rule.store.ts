import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { SampleRule } from './domain/index.js';

/** A rule of a city, in force for meals from a day on. */
export interface DatedRule extends SampleRule {
  readonly fromDate: CivilDate;
  readonly setAt: Instant;
  readonly setBy: string;
}

/** A city's rules: for a day the first one in this list whose own day has come. */
export async function readRules(tx: Tx, cityCode: string): Promise<DatedRule[]> {
  return tx.query<DatedRule>(
    `SELECT from_date AS "fromDate", rate_basis_points AS "rateBasisPoints", least, set_at AS "setAt", set_by AS "setBy" FROM review_rule
     WHERE city_code = $1 ORDER BY from_date DESC, set_at DESC, rule_id`, [cityCode]);
}

export async function insertRule(tx: Tx, cityCode: string, ruleId: string, rule: DatedRule): Promise<void> {
  await tx.query('INSERT INTO review_rule (city_code, rule_id, from_date, rate_basis_points, least, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [cityCode, ruleId, rule.fromDate, rule.rateBasisPoints, rule.least, at(rule.setAt), rule.setBy]);
}
