import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import { isOfferedOn, type OfferDays } from './domain/index.js';

/** A city's prepayment as somebody recorded it, and what another person said to it. */
export interface SettingRow extends OfferDays {
  readonly settingId: string;
  readonly bankName: string;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
  readonly state: 'recorded' | 'confirmed' | 'rejected';
  readonly decidedAt: Instant | null;
}

/** A city's settings: those decided last first, those that wait before them. */
export async function readSettings(tx: Tx, cityCode: string): Promise<SettingRow[]> {
  return tx.query<SettingRow>(
    `SELECT s.setting_id AS "settingId", s.bank_name AS "bankName", s.document_number AS "documentNumber", s.document_title AS "documentTitle",
       s.first_day AS "firstDay", s.last_day AS "lastDay", s.recorded_at AS "recordedAt", s.recorded_by AS "recordedBy", coalesce(d.outcome, 'recorded') AS state, d.decided_at AS "decidedAt"
     FROM prepaid_setting s LEFT JOIN prepaid_setting_decision d ON d.city_code = s.city_code AND d.setting_id = s.setting_id
     WHERE s.city_code = $1 ORDER BY d.seq DESC NULLS FIRST, s.recorded_at DESC, s.setting_id`, [cityCode]);
}

/** Those of some days on which the city offers prepaid balances. */
export async function offeredDays(tx: Tx, cityCode: string, dates: readonly CivilDate[]): Promise<ReadonlySet<CivilDate>> {
  const confirmed = (await readSettings(tx, cityCode)).filter(({ state }) => state === 'confirmed');
  return new Set(dates.filter((date) => isOfferedOn(confirmed, date)));
}

export async function insertSetting(tx: Tx, cityCode: string, row: Omit<SettingRow, 'state' | 'decidedAt'>): Promise<void> {
  await tx.query(
    `INSERT INTO prepaid_setting (city_code, setting_id, bank_name, document_number, document_title, first_day, last_day, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, row.settingId, row.bankName, row.documentNumber, row.documentTitle, row.firstDay, row.lastDay, at(row.recordedAt), row.recordedBy]);
}

/** Decides a setting. @returns false where somebody has decided it already */
export async function insertSettingDecision(tx: Tx, cityCode: string, settingId: string, decision: { outcome: 'confirmed' | 'rejected'; by: string; now: Instant }): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO prepaid_setting_decision (city_code, setting_id, outcome, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_code, setting_id) DO NOTHING RETURNING setting_id`, [cityCode, settingId, decision.outcome, at(decision.now), decision.by]);
  return rows.length > 0;
}
