import type { CivilDate } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Photo } from './domain/index.js';
import type { Writing } from './register.store.js';

/** A picture as it is kept. */
export interface KeptPhoto {
  readonly photoId: string;
  readonly mediaType: Photo['mediaType'];
  readonly sealed: Buffer;
}

/** Keeps a photo in place of the one before it, whose picture goes. The elder is locked by the caller. */
export async function keepPhoto(tx: Tx, { cityCode, by, now }: Writing, elderId: string, photoId: string, photo: Photo, sealed: Buffer): Promise<void> {
  await tx.query(
    `INSERT INTO elder_photo (city_code, photo_id, elder_id, kind, media_type, width, height, bytes, recorded_at, recorded_by)
     VALUES ($1, $2, $3, 'taken', $4, $5, $6, $7, $8, $9)`, [cityCode, photoId, elderId, photo.mediaType, photo.width, photo.height, photo.bytes.length, at(now), by]);
  await tx.query('DELETE FROM elder_photo_picture WHERE city_code = $1 AND elder_id = $2', [cityCode, elderId]);
  await tx.query('INSERT INTO elder_photo_picture (city_code, elder_id, photo_id, sealed) VALUES ($1, $2, $3, $4)', [cityCode, elderId, photoId, sealed]);
}

/** Deletes an elder's picture and keeps that it was. @returns whether there was one */
export async function dropPhoto(tx: Tx, { cityCode, by, now }: Writing, elderId: string, withdrawalId: string, reason: string): Promise<boolean> {
  const gone = await tx.query('DELETE FROM elder_photo_picture WHERE city_code = $1 AND elder_id = $2 RETURNING photo_id', [cityCode, elderId]);
  if (gone.length === 0) return false;
  await tx.query(
    `INSERT INTO elder_photo (city_code, photo_id, elder_id, kind, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, 'withdrawn', $4, $5, $6)`,
    [cityCode, withdrawalId, elderId, reason, at(now), by]);
  return true;
}

/** The picture of an elder, whoever may see it. */
export async function pictureOf(tx: Tx, cityCode: string, elderId: string): Promise<KeptPhoto | undefined> {
  const [row] = await tx.query<KeptPhoto>(
    `SELECT b.photo_id AS "photoId", p.media_type AS "mediaType", b.sealed FROM elder_photo_picture b
     JOIN elder_photo p ON p.city_code = b.city_code AND p.photo_id = b.photo_id WHERE b.city_code = $1 AND b.elder_id = $2`, [cityCode, elderId]);
  return row;
}

/** Of some elders the living who have a picture that canteens may show on a day, by their consent's newest version. */
export async function shownToCanteens(tx: Tx, cityCode: string, elderIds: readonly string[], on: CivilDate): Promise<Map<string, string>> {
  if (elderIds.length === 0) return new Map();
  const rows = await tx.query<{ elderId: string; photoId: string }>(
    `SELECT b.elder_id AS "elderId", b.photo_id AS "photoId" FROM elder_photo_picture b
     JOIN elder e ON e.city_code = b.city_code AND e.elder_id = b.elder_id AND e.died_on IS NULL
     JOIN LATERAL (SELECT c.scopes, c.until_date FROM elder_consent c WHERE c.city_code = $1 AND c.elder_id = b.elder_id AND c.grantee = 'canteen' ORDER BY c.version DESC LIMIT 1) c
       ON 'photo' = ANY (c.scopes) AND c.until_date >= $3
     WHERE b.city_code = $1 AND b.elder_id = ANY ($2::uuid[])`, [cityCode, elderIds, on]);
  return new Map(rows.map(({ elderId, photoId }) => [elderId, photoId]));
}
