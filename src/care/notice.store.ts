import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type FieldCipher, type Tx } from '../platform/index.js';
import { RIGHT_TO_READ, type NoticeKind, type Said } from './domain/index.js';

/** A notice in an account's inbox. */
export interface NoticeRow {
  readonly noticeId: string;
  readonly accountId: string;
  readonly elderId: string | null;
  readonly kind: NoticeKind;
  readonly said: Said;
  readonly madeAt: Instant;
  readonly readAt: Instant | null;
  readonly seq: number;
}

type SealedNotice = Omit<NoticeRow, 'said'> & { readonly saidSealed: Buffer };

const ROW = `notice_id AS "noticeId", account_id AS "accountId", elder_id AS "elderId", kind, said_sealed AS "saidSealed", made_at AS "madeAt", read_at AS "readAt", seq`;

/** An elder, and what the account may do for them today. */
export interface ElderSeen {
  readonly elderId: string;
  readonly rights: readonly string[];
}

/** Binds a ciphertext to its column and row. */
function place(cityCode: string, noticeId: string): string {
  return `notice.said:${cityCode}:${noticeId}`;
}

function open(cipher: FieldCipher, cityCode: string, { saidSealed, ...row }: SealedNotice): NoticeRow {
  return { ...row, said: JSON.parse(cipher.open(saidSealed, place(cityCode, row.noticeId))) as Said };
}

/** Puts a notice into an inbox. @returns whether it is new there */
export async function insertInboxNotice(tx: Tx, cipher: FieldCipher, cityCode: string, row: Omit<NoticeRow, 'readAt' | 'seq'>): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO notice (city_code, notice_id, account_id, elder_id, kind, said_sealed, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (city_code, notice_id) DO NOTHING RETURNING notice_id`,
    [cityCode, row.noticeId, row.accountId, row.elderId, row.kind, cipher.seal(JSON.stringify(row.said), place(cityCode, row.noticeId)), at(row.madeAt)]);
  return rows.length > 0;
}

/** One notice; undefined where it is gone. */
export async function readNotice(tx: Tx, cipher: FieldCipher, cityCode: string, noticeId: string): Promise<NoticeRow | undefined> {
  const [row] = await tx.query<SealedNotice>(`SELECT ${ROW} FROM notice WHERE city_code = $1 AND notice_id = $2`, [cityCode, noticeId]);
  return row === undefined ? undefined : open(cipher, cityCode, row);
}

/** What of an inbox is shown: of what concerns elders' meals that alone which the account may read now. Parameters 3 to 5 are those of `shown`. */
const SHOWN = `n.city_code = $1 AND n.account_id = $2
  AND (n.elder_id IS NULL OR n.kind <> ALL ($3::text[]) OR EXISTS (SELECT FROM unnest($4::text[], $5::uuid[]) AS s (kind, elder_id) WHERE s.kind = n.kind AND s.elder_id = n.elder_id))`;

/** Kinds that not everybody may read, and each with the elders of whom this account may. */
function shown(elders: readonly ElderSeen[]): [guarded: string[], kinds: string[], ids: string[]] {
  const seen = Object.entries(RIGHT_TO_READ).flatMap(([kind, right]) => elders.filter(({ rights }) => rights.includes(right)).map(({ elderId }) => ({ kind, elderId })));
  return [Object.keys(RIGHT_TO_READ), seen.map(({ kind }) => kind), seen.map(({ elderId }) => elderId)];
}

/** An inbox, newest first, `limit` + 1 of it after a place. */
export async function listNotices(tx: Tx, cipher: FieldCipher, cityCode: string, accountId: string, elders: readonly ElderSeen[], after: number | null, limit: number): Promise<NoticeRow[]> {
  const rows = await tx.query<SealedNotice>(
    `SELECT ${ROW} FROM notice n WHERE ${SHOWN} AND ($6::bigint IS NULL OR n.seq < $6) ORDER BY n.seq DESC LIMIT $7`, [cityCode, accountId, ...shown(elders), after, limit + 1]);
  return rows.map((row) => open(cipher, cityCode, row));
}

/** How many notices of an inbox are unread. */
export async function countUnread(tx: Tx, cityCode: string, accountId: string, elders: readonly ElderSeen[]): Promise<number> {
  const [row] = await tx.query<{ unread: number }>(`SELECT count(*)::int AS unread FROM notice n WHERE ${SHOWN} AND n.read_at IS NULL`, [cityCode, accountId, ...shown(elders)]);
  return row?.unread ?? 0;
}

/** Marks notices of one's own inbox as read; others' ids do nothing. */
export async function markRead(tx: Tx, cityCode: string, accountId: string, noticeIds: readonly string[], now: Instant): Promise<void> {
  await tx.query('UPDATE notice SET read_at = $4 WHERE city_code = $1 AND account_id = $2 AND notice_id = ANY ($3::uuid[]) AND read_at IS NULL', [cityCode, accountId, noticeIds, at(now)]);
}

/** Cities that keep notices, whoever is bound there still. */
export async function citiesWithNotices(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>('SELECT c.city_code AS "cityCode" FROM region_city c WHERE EXISTS (SELECT FROM notice n WHERE n.city_code = c.city_code) ORDER BY 1');
  return rows.map(({ cityCode }) => cityCode);
}

/** Takes away what has been kept long enough, permits that are spent included. */
export async function forgetNotices(tx: Tx, cityCode: string, before: Instant): Promise<void> {
  await tx.query('DELETE FROM notice WHERE city_code = $1 AND made_at < $2', [cityCode, at(before)]);
  await tx.query('DELETE FROM notice_permit WHERE city_code = $1 AND spent_at < $2', [cityCode, at(before)]);
}

/** One consent of WeChat's for one message of a kind. A repeat adds none. */
export async function insertPermits(tx: Tx, cityCode: string, accountId: string, permits: readonly { readonly permitId: string; readonly kind: NoticeKind }[], now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO notice_permit (city_code, permit_id, account_id, kind, given_at)
     SELECT $1, p.permit_id, $2, p.kind, $5 FROM unnest($3::uuid[], $4::text[]) AS p (permit_id, kind) ON CONFLICT (city_code, permit_id) DO NOTHING`,
    [cityCode, accountId, permits.map(({ permitId }) => permitId), permits.map(({ kind }) => kind), at(now)]);
}

/** The oldest permit that is left, locked; undefined for none. */
export async function takePermit(tx: Tx, cityCode: string, accountId: string, kind: NoticeKind): Promise<string | undefined> {
  const [row] = await tx.query<{ permitId: string }>(
    `SELECT permit_id AS "permitId" FROM notice_permit WHERE city_code = $1 AND account_id = $2 AND kind = $3 AND spent_at IS NULL
     ORDER BY given_at, permit_id LIMIT 1 FOR UPDATE SKIP LOCKED`, [cityCode, accountId, kind]);
  return row?.permitId;
}

/** Whether a message of a kind could be sent: there is a template, and a permit is left. */
export async function mayMessage(tx: Tx, cityCode: string, accountId: string, kind: NoticeKind): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM care_template t JOIN notice_permit p ON p.city_code = t.city_code AND p.kind = t.kind
     WHERE t.city_code = $1 AND p.account_id = $2 AND t.kind = $3 AND p.spent_at IS NULL LIMIT 1`, [cityCode, accountId, kind]);
  return rows.length > 0;
}

/** Spends one permit, or all that are left of a kind: WeChat says that there is none. */
export async function spendPermits(tx: Tx, cityCode: string, of: { readonly permitId: string } | { readonly accountId: string; readonly kind: NoticeKind }, by: string, now: Instant): Promise<void> {
  if ('permitId' in of) await tx.query('UPDATE notice_permit SET spent_at = $3, spent_by = $4 WHERE city_code = $1 AND permit_id = $2', [cityCode, of.permitId, at(now), by]);
  else await tx.query('UPDATE notice_permit SET spent_at = $4, spent_by = $5 WHERE city_code = $1 AND account_id = $2 AND kind = $3 AND spent_at IS NULL', [cityCode, of.accountId, of.kind, at(now), by]);
}

/** An elder's sex: by it a relative's word for them is chosen. Null for nobody. */
export async function sexOf(tx: Tx, cityCode: string, elderId: string): Promise<'male' | 'female' | null> {
  const [row] = await tx.query<{ sex: 'male' | 'female'; died: CivilDate | null }>('SELECT sex, died_on AS died FROM elder WHERE city_code = $1 AND elder_id = $2', [cityCode, elderId]);
  return row === undefined || row.died !== null ? null : row.sex;
}
