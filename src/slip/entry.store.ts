import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { SlipFate } from './domain/index.js';

/** A photo of filled-in paper. */
export interface Photo {
  readonly photoId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly kind: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly bytes: number;
  readonly sha256: string;
}

/** @returns false when the id is taken */
export async function insertPhoto(tx: Tx, cityCode: string, photo: Photo, sealed: Buffer, by: string, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO slip_photo (city_code, photo_id, site_id, meal_date, kind, bytes, sha256, sealed, kept_at, kept_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (city_code, photo_id) DO NOTHING RETURNING photo_id`,
    [cityCode, photo.photoId, photo.siteId, photo.mealDate, photo.kind, photo.bytes, photo.sha256, sealed, at(now), by]);
  return rows.length > 0;
}

const PHOTO = 'photo_id AS "photoId", site_id AS "siteId", meal_date AS "mealDate", kind, bytes, sha256';

/** A photo without its picture. */
export async function readPhoto(tx: Tx, cityCode: string, photoId: string): Promise<Photo | undefined> {
  const [row] = await tx.query<Photo>(`SELECT ${PHOTO} FROM slip_photo WHERE city_code = $1 AND photo_id = $2`, [cityCode, photoId]);
  return row;
}

export async function readPicture(tx: Tx, cityCode: string, photoId: string): Promise<(Photo & { readonly sealed: Buffer }) | undefined> {
  const [row] = await tx.query<Photo & { readonly sealed: Buffer }>(`SELECT ${PHOTO}, sealed FROM slip_photo WHERE city_code = $1 AND photo_id = $2`, [cityCode, photoId]);
  return row;
}

/** Photos of a site's day. */
export async function photosOfDay(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate): Promise<Photo[]> {
  return tx.query<Photo>(`SELECT ${PHOTO} FROM slip_photo WHERE city_code = $1 AND site_id = $2 AND meal_date = $3 ORDER BY kept_at, photo_id`, [cityCode, siteId, mealDate]);
}

/** What was entered of a slip last, by which batch. */
export interface EnteredSlip extends SlipFate {
  readonly attempt: number;
  readonly tapId: string | null;
  readonly takenFen: number;
  readonly batchNo: number;
  readonly enteredAt: Instant;
}

/** The newest entry of every slip of a site's day. */
export async function slipsOfDay(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate): Promise<EnteredSlip[]> {
  return tx.query<EnteredSlip>(
    `SELECT DISTINCT ON (e.slip_no) e.slip_no AS number, e.attempt, e.tap_id AS "tapId", e.taken_fen AS "takenFen", b.batch_no AS "batchNo", b.entered_at AS "enteredAt",
       CASE WHEN EXISTS (SELECT FROM meal_void v WHERE v.city_code = e.city_code AND v.tap_id = e.tap_id) THEN 'voided' ELSE e.kind END AS kind
     FROM slip_entry e JOIN slip_batch b ON b.city_code = e.city_code AND b.batch_id = e.batch_id
     WHERE e.city_code = $1 AND e.site_id = $2 AND e.meal_date = $3 ORDER BY e.slip_no, e.attempt DESC`, [cityCode, siteId, mealDate]);
}

/** What one person entered at one time. */
export interface Batch {
  readonly batchId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly batchNo: number;
  readonly photoIds: readonly string[];
  readonly refused: number;
  readonly enteredAt: Instant;
  readonly enteredBy: string;
}

/** Batches of a site's day. */
export async function batchesOf(tx: Tx, cityCode: string, siteId: string, mealDate: CivilDate): Promise<Batch[]> {
  return tx.query<Batch>(
    `SELECT batch_id AS "batchId", site_id AS "siteId", meal_date AS "mealDate", batch_no AS "batchNo", photo_ids AS "photoIds", refused, entered_at AS "enteredAt", entered_by AS "enteredBy"
     FROM slip_batch WHERE city_code = $1 AND site_id = $2 AND meal_date = $3 ORDER BY batch_no`, [cityCode, siteId, mealDate]);
}

/** An entry that is to be written. */
export interface NewEntry {
  readonly number: number;
  readonly attempt: number;
  readonly kind: 'meal' | 'spoilt' | 'refused';
  readonly tapId: string | null;
  readonly takenFen: number;
}

/** Writes a batch with its entries. */
export async function insertBatch(tx: Tx, cityCode: string, batch: Batch, entries: readonly NewEntry[]): Promise<void> {
  await tx.query(
    `INSERT INTO slip_batch (city_code, batch_id, site_id, meal_date, batch_no, photo_ids, refused, entered_at, entered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, batch.batchId, batch.siteId, batch.mealDate, batch.batchNo, batch.photoIds, batch.refused, at(batch.enteredAt), batch.enteredBy]);
  await tx.query(
    `INSERT INTO slip_entry (city_code, site_id, meal_date, slip_no, attempt, batch_id, kind, tap_id, taken_fen)
     SELECT $1, $2, $3, e.no, e.attempt, $4, e.kind, e.tap, e.fen FROM unnest($5::int[], $6::int[], $7::text[], $8::uuid[], $9::bigint[]) AS e (no, attempt, kind, tap, fen)`,
    [cityCode, batch.siteId, batch.mealDate, batch.batchId, entries.map(({ number }) => number), entries.map(({ attempt }) => attempt),
      entries.map(({ kind }) => kind), entries.map(({ tapId }) => tapId), entries.map(({ takenFen }) => takenFen)]);
}
