import type { CivilDate, Fen, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { NoticeKind } from './domain/index.js';

export const NOTICE_STATES = ['drafted', 'withdrawn', 'signed', 'repaid'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** A notice by which a site is asked for money. */
export interface NoticeRow {
  readonly noticeId: string;
  readonly kind: NoticeKind;
  readonly siteId: string;
  readonly siteName: string;
  readonly divisionCode: string;
  readonly countyCode: string;
  readonly noticeNumber: string;
  readonly budgetYear: number;
  readonly fen: Fen;
  readonly state: NoticeState;
  readonly madeStaff: string;
  readonly madeAt: Instant;
  readonly signedStaff: string | null;
  readonly signedAt: Instant | null;
  readonly repaidOn: CivilDate | null;
}

const NOTICE = `n.notice_id AS "noticeId", n.kind, n.site_id AS "siteId", s.name AS "siteName", s.division_code AS "divisionCode", n.county_code AS "countyCode", n.notice_number AS "noticeNumber",
  n.budget_year AS "budgetYear", n.fen, n.state, n.made_staff AS "madeStaff", n.made_at AS "madeAt", n.signed_staff AS "signedStaff", n.signed_at AS "signedAt", n.repaid_on AS "repaidOn"`;
const FROM = 'recovery_notice n JOIN site s ON s.city_code = n.city_code AND s.site_id = n.site_id';

/** The county that a division lies in; undefined where it lies in none. */
export async function countyOf(tx: Tx, cityCode: string, divisionCode: string): Promise<string | undefined> {
  const [row] = await tx.query<{ code: string }>(
    `SELECT c.ancestor_code AS code FROM region_closure c JOIN region_division d ON d.city_code = c.city_code AND d.division_code = c.ancestor_code
     WHERE c.city_code = $1 AND c.descendant_code = $2 AND d.level = 'county' ORDER BY c.depth LIMIT 1`, [cityCode, divisionCode]);
  return row?.code;
}

/** The next number of a county's notices of a year, taken in the transaction that uses it. */
export async function takeNumber(tx: Tx, cityCode: string, countyCode: string, year: number): Promise<number> {
  const [row] = await tx.query<{ number: number }>(
    `INSERT INTO recovery_sequence (city_code, county_code, year, last_number) VALUES ($1, $2, $3, 1)
     ON CONFLICT (city_code, county_code, year) DO UPDATE SET last_number = recovery_sequence.last_number + 1 RETURNING last_number AS number`, [cityCode, countyCode, year]);
  return row?.number ?? 1;
}

export async function insertRecoveryNotice(
  tx: Tx, cityCode: string, notice: Pick<NoticeRow, 'noticeId' | 'kind' | 'siteId' | 'countyCode' | 'noticeNumber' | 'budgetYear' | 'fen' | 'madeStaff' | 'madeAt'> & { readonly year: number; readonly number: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO recovery_notice (city_code, notice_id, kind, site_id, county_code, year, number, notice_number, budget_year, fen, made_staff, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [cityCode, notice.noticeId, notice.kind, notice.siteId, notice.countyCode, notice.year, notice.number, notice.noticeNumber, notice.budgetYear, notice.fen, notice.madeStaff, at(notice.madeAt)]);
}

export async function readNotice(tx: Tx, cityCode: string, noticeId: string): Promise<NoticeRow | undefined> {
  const [row] = await tx.query<NoticeRow>(`SELECT ${NOTICE} FROM ${FROM} WHERE n.city_code = $1 AND n.notice_id = $2`, [cityCode, noticeId]);
  return row;
}

/** The same, locked against others who want to move it. */
export async function lockNotice(tx: Tx, cityCode: string, noticeId: string): Promise<NoticeRow | undefined> {
  const [row] = await tx.query<NoticeRow>(`SELECT ${NOTICE} FROM ${FROM} WHERE n.city_code = $1 AND n.notice_id = $2 FOR NO KEY UPDATE OF n`, [cityCode, noticeId]);
  return row;
}

/** Notices inside a scope, the newest number first, `limit` + 1 of them after a number. */
export async function listNotices(tx: Tx, cityCode: string, scopeCode: string, siteId: string | null, after: string | null, limit: number): Promise<NoticeRow[]> {
  return tx.query<NoticeRow>(
    `SELECT ${NOTICE} FROM ${FROM}
     JOIN region_closure scope ON scope.city_code = n.city_code AND scope.descendant_code = s.division_code AND scope.ancestor_code = $2
     WHERE n.city_code = $1 AND ($3::uuid IS NULL OR n.site_id = $3) AND ($4::text IS NULL OR n.notice_number < $4) ORDER BY n.notice_number DESC LIMIT $5`,
    [cityCode, scopeCode, siteId, after, limit + 1]);
}

export async function setSigned(tx: Tx, cityCode: string, noticeId: string, staffId: string, now: Instant): Promise<void> {
  await tx.query(`UPDATE recovery_notice SET state = 'signed', signed_staff = $3, signed_at = $4 WHERE city_code = $1 AND notice_id = $2`, [cityCode, noticeId, staffId, at(now)]);
}

export async function setWithdrawn(tx: Tx, cityCode: string, noticeId: string): Promise<void> {
  await tx.query(`UPDATE recovery_notice SET state = 'withdrawn' WHERE city_code = $1 AND notice_id = $2`, [cityCode, noticeId]);
}

/** Whether a serial number of the treasury was used for another notice. */
export async function serialKnown(tx: Tx, cityCode: string, serial: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM recovery_notice WHERE city_code = $1 AND repaid_serial = $2', [cityCode, serial])).length > 0;
}

export async function setRepaid(tx: Tx, cityCode: string, noticeId: string, paid: { readonly serial: string; readonly on: CivilDate; readonly staffId: string }): Promise<void> {
  await tx.query(`UPDATE recovery_notice SET state = 'repaid', repaid_serial = $3, repaid_on = $4, repaid_staff = $5 WHERE city_code = $1 AND notice_id = $2`,
    [cityCode, noticeId, paid.serial, paid.on, paid.staffId]);
}
