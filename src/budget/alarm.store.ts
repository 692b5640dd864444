import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Resolution, Threshold } from './domain/index.js';

/** An alarm of a fund's budget and the adjustment that it started. */
export interface AlarmRow {
  readonly alarmId: string;
  readonly funderCode: string;
  readonly budgetYear: number;
  readonly threshold: Threshold;
  readonly budgetFen: number;
  readonly usedFen: number;
  readonly adjustmentNumber: string;
  readonly adjustmentName: string;
  /** Whose finance and civil affairs have to close it. */
  readonly divisionCode: string;
  readonly dueOn: CivilDate;
  readonly raisedAt: Instant;
  readonly resolution: Resolution | null;
  readonly documentNumber: string | null;
  readonly note: string | null;
  readonly closedBy: string | null;
  readonly closedAt: Instant | null;
}

export type NewAlarm = Omit<AlarmRow, 'resolution' | 'documentNumber' | 'note' | 'closedBy' | 'closedAt'>;

const ALARM = `a.alarm_id AS "alarmId", a.funder_code AS "funderCode", a.budget_year AS "budgetYear", a.threshold, a.budget_fen AS "budgetFen", a.used_fen AS "usedFen",
  a.adjustment_number AS "adjustmentNumber", a.adjustment_name AS "adjustmentName", a.division_code AS "divisionCode", a.due_on AS "dueOn", a.raised_at AS "raisedAt",
  c.resolution, c.document_number AS "documentNumber", c.note, c.closed_by AS "closedBy", c.closed_at AS "closedAt"
  FROM budget_alarm a LEFT JOIN budget_alarm_closure c ON c.city_code = a.city_code AND c.alarm_id = a.alarm_id`;

/** Raises an alarm; once for a fund, year and threshold. @returns whether it is new */
export async function insertAlarm(tx: Tx, cityCode: string, alarm: NewAlarm): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO budget_alarm (city_code, alarm_id, funder_code, budget_year, threshold, budget_fen, used_fen, adjustment_number, adjustment_name, division_code, due_on, raised_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (city_code, funder_code, budget_year, threshold) DO NOTHING RETURNING alarm_id`,
    [cityCode, alarm.alarmId, alarm.funderCode, alarm.budgetYear, alarm.threshold, alarm.budgetFen, alarm.usedFen, alarm.adjustmentNumber, alarm.adjustmentName,
      alarm.divisionCode, alarm.dueOn, at(alarm.raisedAt)]);
  return rows.length > 0;
}

export async function readAlarm(tx: Tx, cityCode: string, alarmId: string): Promise<AlarmRow | undefined> {
  const [row] = await tx.query<AlarmRow>(`SELECT ${ALARM} WHERE a.city_code = $1 AND a.alarm_id = $2`, [cityCode, alarmId]);
  return row;
}

/** The alarms of one fund and year, by threshold. */
export async function alarmsOf(tx: Tx, cityCode: string, funderCode: string, year: number): Promise<AlarmRow[]> {
  return tx.query<AlarmRow>(`SELECT ${ALARM} WHERE a.city_code = $1 AND a.funder_code = $2 AND a.budget_year = $3 ORDER BY a.threshold`, [cityCode, funderCode, year]);
}

/** Adjustments inside a scope, those due first before others, `limit` + 1 of them after a place; only open ones when asked. */
export async function listAlarms(
  tx: Tx, cityCode: string, scopeCode: string, open: boolean, after: readonly (string | number)[] | null, limit: number,
): Promise<AlarmRow[]> {
  return tx.query<AlarmRow>(
    `SELECT ${ALARM} JOIN region_closure scope ON scope.city_code = a.city_code AND scope.descendant_code = a.division_code AND scope.ancestor_code = $2
     WHERE a.city_code = $1 AND (NOT $3::boolean OR c.alarm_id IS NULL) AND ($4::date IS NULL OR (a.due_on, a.alarm_id) > ($4::date, $5::uuid))
     ORDER BY a.due_on, a.alarm_id LIMIT $6`,
    [cityCode, scopeCode, open, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** Closes an adjustment with its paper. */
export async function insertClosure(
  tx: Tx, cityCode: string, alarmId: string,
  closure: { resolution: Resolution; entryId: string | null; endId: string | null; documentNumber: string; note: string | null; by: string; now: Instant },
): Promise<void> {
  await tx.query(
    `INSERT INTO budget_alarm_closure (city_code, alarm_id, resolution, entry_id, end_id, document_number, note, closed_by, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, alarmId, closure.resolution, closure.entryId, closure.endId, closure.documentNumber, closure.note, closure.by, at(closure.now)]);
}
