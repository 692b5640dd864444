import type { Instant } from '../kernel/index.js';
import type { HomeRecord } from '../elder/domain/index.js';
import { at, type FieldCipher, type Tx } from '../platform/index.js';
import type { ComplaintCategory, ComplaintLevel, ComplaintStanding, ComplaintState, ComplaintStepKind } from './domain/index.js';

export type ComplaintChannel = 'mini' | 'telephone' | 'counter';

/** A complaint as it stands. */
export interface ComplaintRow extends ComplaintStanding {
  readonly complaintId: string;
  readonly number: number;
  readonly siteId: string;
  readonly elderId: string | null;
  readonly tapId: string | null;
  readonly category: ComplaintCategory;
  readonly channel: ComplaintChannel;
  readonly accountId: string | null;
  readonly phoneSealed: Buffer | null;
  readonly beganAt: 'site' | 'township';
  readonly steps: number;
  readonly madeAt: Instant;
  readonly madeBy: string;
}

const ROW = `c.complaint_id AS "complaintId", c.number, c.site_id AS "siteId", c.elder_id AS "elderId", c.tap_id AS "tapId", c.category, c.channel, c.account_id AS "accountId",
  c.phone_sealed AS "phoneSealed", c.began_at AS "beganAt", c.level, c.state, c.objected, c.told, c.late, c.due_at AS "dueAt", c.answered_at AS "answeredAt", c.steps,
  c.made_at AS "madeAt", c.made_by AS "madeBy"`;

/** A step, and what was said at it. */
export interface ComplaintStepRow {
  readonly stepNo: number;
  readonly kind: ComplaintStepKind;
  readonly level: ComplaintLevel;
  readonly text: string | null;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
}

/** Binds a ciphertext to its column and row. */
function place(cityCode: string, complaintId: string, step: number | 'phone'): string {
  return step === 'phone' ? `complaint.phone:${cityCode}:${complaintId}` : `complaint_step.text:${cityCode}:${complaintId}:${step}`;
}

export function openPhone(cipher: FieldCipher, cityCode: string, { complaintId, phoneSealed }: Pick<ComplaintRow, 'complaintId' | 'phoneSealed'>): string | null {
  return phoneSealed === null ? null : cipher.open(phoneSealed, place(cityCode, complaintId, 'phone'));
}

/** What a new complaint brings. */
export type NewComplaint = Omit<ComplaintRow, 'number' | 'phoneSealed' | 'steps'> & { readonly phone: string | null; readonly text: string };

/** Writes a complaint with its first step. Numbers of a city are given one by one. @returns its number */
export async function insertComplaint(tx: Tx, cipher: FieldCipher, cityCode: string, row: NewComplaint): Promise<number> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('complaint'), $1::int)`, [cityCode]);
  const [next] = await tx.query<{ number: number }>('SELECT coalesce(max(number), 0) + 1 AS number FROM complaint WHERE city_code = $1', [cityCode]);
  const number = next?.number ?? 1;
  await tx.query(
    `INSERT INTO complaint (city_code, complaint_id, number, site_id, elder_id, tap_id, category, channel, account_id, phone_sealed, began_at, level, state, due_at, steps, made_at, made_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16)`,
    [cityCode, row.complaintId, number, row.siteId, row.elderId, row.tapId, row.category, row.channel, row.accountId,
      row.phone === null ? null : cipher.seal(row.phone, place(cityCode, row.complaintId, 'phone')), row.beganAt, row.level, row.state, at(row.dueAt), at(row.madeAt), row.madeBy]);
  await insertStep(tx, cipher, cityCode, row.complaintId, { stepNo: 1, kind: 'made', level: row.level, text: row.text, recordedAt: row.madeAt, recordedBy: row.madeBy });
  return number;
}

async function insertStep(tx: Tx, cipher: FieldCipher, cityCode: string, complaintId: string, step: ComplaintStepRow): Promise<void> {
  await tx.query(
    'INSERT INTO complaint_step (city_code, complaint_id, step_no, kind, level, text_sealed, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [cityCode, complaintId, step.stepNo, step.kind, step.level, step.text === null ? null : cipher.seal(step.text, place(cityCode, complaintId, step.stepNo)), at(step.recordedAt), step.recordedBy]);
}

/** Puts a complaint where a step brings it. It is locked by the caller. */
export async function saveStep(tx: Tx, cipher: FieldCipher, cityCode: string, { complaintId, steps }: ComplaintRow, to: ComplaintStanding, step: Omit<ComplaintStepRow, 'stepNo' | 'level'>): Promise<void> {
  await tx.query(
    'UPDATE complaint SET level = $3, state = $4, objected = $5, told = $6, late = $7, due_at = $8, answered_at = $9, steps = steps + 1 WHERE city_code = $1 AND complaint_id = $2',
    [cityCode, complaintId, to.level, to.state, to.objected, to.told, to.late, at(to.dueAt), to.answeredAt === null ? null : at(to.answeredAt)]);
  await insertStep(tx, cipher, cityCode, complaintId, { ...step, stepNo: steps + 1, level: to.level });
}

/** One complaint; undefined where the city has no such one. */
export async function readComplaint(tx: Tx, cityCode: string, complaintId: string, lock: 'lock' | 'look' = 'look'): Promise<ComplaintRow | undefined> {
  const [row] = await tx.query<ComplaintRow>(`SELECT ${ROW} FROM complaint c WHERE c.city_code = $1 AND c.complaint_id = $2 ${lock === 'lock' ? 'FOR NO KEY UPDATE' : ''}`, [cityCode, complaintId]);
  return row;
}

/** The steps of a complaint, opened. */
export async function stepsOf(tx: Tx, cipher: FieldCipher, cityCode: string, complaintId: string): Promise<ComplaintStepRow[]> {
  const rows = await tx.query<Omit<ComplaintStepRow, 'text'> & { textSealed: Buffer | null }>(
    `SELECT step_no AS "stepNo", kind, level, text_sealed AS "textSealed", recorded_at AS "recordedAt", recorded_by AS "recordedBy"
     FROM complaint_step WHERE city_code = $1 AND complaint_id = $2 ORDER BY step_no`, [cityCode, complaintId]);
  return rows.map(({ textSealed, ...row }) => ({ ...row, text: textSealed === null ? null : cipher.open(textSealed, place(cityCode, complaintId, row.stepNo)) }));
}

/** Which complaints somebody may see. */
export interface ComplaintFilter {
  readonly cityCode: string;
  readonly divisionCode: string;
  /** Set for staff of one site: what went past it is not theirs to see. */
  readonly siteId: string | null;
  readonly state: ComplaintState;
  readonly after: number | null;
  readonly limit: number;
}

/** A complaint on a list. */
export interface ListedComplaint extends ComplaintRow {
  readonly siteName: string;
}

/** Complaints of sites inside a division, and of elders who live or are registered in it; the ones that are due first. `limit` + 1 of them. */
export async function listComplaints(tx: Tx, { cityCode, divisionCode, siteId, state, after, limit }: ComplaintFilter): Promise<ListedComplaint[]> {
  return tx.query<ListedComplaint>(
    `SELECT ${ROW}, s.name AS "siteName" FROM complaint c JOIN site s ON s.city_code = c.city_code AND s.site_id = c.site_id
     LEFT JOIN elder e ON e.city_code = c.city_code AND e.elder_id = c.elder_id
     WHERE c.city_code = $1 AND c.state = $4 AND ($5::int IS NULL OR c.number > $5)
       AND CASE WHEN $3::uuid IS NOT NULL THEN c.site_id = $3 AND c.began_at = 'site'
         ELSE EXISTS (SELECT FROM region_closure r WHERE r.city_code = c.city_code AND r.ancestor_code = $2 AND r.descendant_code IN (s.division_code, e.residence_code, e.hukou_code)) END
     ORDER BY c.number LIMIT $6`, [cityCode, divisionCode, siteId, state, after, limit + 1]);
}

/** What one account wrote for one elder, and, for the elder's own account, everything of that elder; newest first. */
export async function complaintsOf(tx: Tx, cityCode: string, elderId: string, accountId: string | null): Promise<ListedComplaint[]> {
  return tx.query<ListedComplaint>(
    `SELECT ${ROW}, s.name AS "siteName" FROM complaint c JOIN site s ON s.city_code = c.city_code AND s.site_id = c.site_id
     WHERE c.city_code = $1 AND c.elder_id = $2 AND ($3::uuid IS NULL OR c.account_id = $3) ORDER BY c.number DESC LIMIT 100`, [cityCode, elderId, accountId]);
}

/** Open complaints whose time has passed, of all cities. */
export async function lateComplaints(tx: Tx, now: Instant): Promise<{ cityCode: string; complaintId: string; steps: number }[]> {
  return tx.query(
    `SELECT city_code AS "cityCode", complaint_id AS "complaintId", steps FROM complaint
     WHERE state = 'open' AND level <> 'county' AND due_at < $1 AND city_code IN (SELECT c.city_code FROM region_city c) ORDER BY due_at LIMIT 500`, [at(now)]);
}

/** Where an elder belongs, without their lock. */
export interface ElderPlace {
  readonly elderId: string;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly homes: readonly HomeRecord[] | null;
}

/** An elder by id or by the card's handle; undefined for none. */
export async function elderPlace(tx: Tx, cityCode: string, who: { readonly elderId: string } | { readonly handle: string }): Promise<ElderPlace | undefined> {
  const [row] = await tx.query<ElderPlace>(
    `SELECT e.elder_id AS "elderId", e.hukou_code AS "hukouCode", e.residence_code AS "residenceCode", e.homes FROM elder e
     WHERE e.city_code = $1 AND (e.elder_id = $2 OR e.elder_id = (SELECT k.elder_id FROM elder_card k WHERE k.city_code = $1 AND k.handle = $3))`,
    [cityCode, 'elderId' in who ? who.elderId : null, 'handle' in who ? who.handle : null]);
  return row;
}
