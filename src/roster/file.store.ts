import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { FileKind } from './file/open-table.js';
import type { SealedFile } from './file/sealed-file.js';

/** A file that was handed over. */
export interface FileRow extends FileKind {
  readonly fileId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly divisionCode: string;
  readonly uploadedAt: Instant;
  readonly purgeOn: CivilDate;
  readonly purgedAt: Instant | null;
}

const FILE = `file_id AS "fileId", sha256, bytes, kind, encoding, division_code AS "divisionCode", uploaded_at AS "uploadedAt", purge_on AS "purgeOn", purged_at AS "purgedAt"`;

/** A file, without what is in it. */
export async function readFile(tx: Tx, cityCode: string, fileId: string): Promise<FileRow | undefined> {
  const [row] = await tx.query<FileRow>(`SELECT ${FILE} FROM roster_file WHERE city_code = $1 AND file_id = $2`, [cityCode, fileId]);
  return row;
}

/** Keeps a file. @returns false when the id is taken */
export async function insertFile(tx: Tx, cityCode: string, file: Omit<FileRow, 'purgedAt'> & { readonly by: string }, sealed: SealedFile): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO roster_file (city_code, file_id, sha256, bytes, kind, encoding, division_code, key_sealed, uploaded_by, uploaded_at, purge_on)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (city_code, file_id) DO NOTHING RETURNING file_id`,
    [cityCode, file.fileId, file.sha256, file.bytes, file.kind, file.encoding, file.divisionCode, sealed.key, file.by, at(file.uploadedAt), file.purgeOn]);
  if (rows.length === 0) return false;
  for (const [index, piece] of sealed.pieces.entries()) {
    await tx.query('INSERT INTO roster_file_piece (city_code, file_id, piece_no, sealed) VALUES ($1, $2, $3, $4)', [cityCode, file.fileId, index, piece]);
  }
  return true;
}

/** A file as it is kept; undefined when it was thrown away. */
export async function readSealed(tx: Tx, cityCode: string, fileId: string): Promise<SealedFile | undefined> {
  const [file] = await tx.query<{ key: Buffer | null }>('SELECT key_sealed AS key FROM roster_file WHERE city_code = $1 AND file_id = $2', [cityCode, fileId]);
  if (!file?.key) return undefined;
  const rows = await tx.query<{ sealed: Buffer }>('SELECT sealed FROM roster_file_piece WHERE city_code = $1 AND file_id = $2 ORDER BY piece_no', [cityCode, fileId]);
  return { key: file.key, pieces: rows.map((row) => row.sealed) };
}

/** Files whose time is over, in all cities. */
export async function filesToPurge(tx: Tx, on: CivilDate): Promise<{ cityCode: string; fileId: string }[]> {
  return tx.query(
    `SELECT f.city_code AS "cityCode", f.file_id AS "fileId" FROM roster_file f
     WHERE f.purged_at IS NULL AND f.purge_on <= $1
       AND NOT EXISTS (SELECT FROM roster r WHERE r.city_code = f.city_code AND r.file_id = f.file_id AND r.state IN ('checking', 'applying'))
     ORDER BY f.purge_on LIMIT 100`, [on]);
}

/** Throws a file away, with its key and what was read in it; that it was there, and its hash, stay. */
export async function purgeFile(tx: Tx, cityCode: string, fileId: string, now: Instant): Promise<void> {
  await tx.query('UPDATE roster_file SET key_sealed = NULL, purged_at = $3 WHERE city_code = $1 AND file_id = $2 AND purged_at IS NULL', [cityCode, fileId, at(now)]);
  await tx.query('DELETE FROM roster_file_piece WHERE city_code = $1 AND file_id = $2', [cityCode, fileId]);
  await tx.query(
    `DELETE FROM roster_row w USING roster r
     WHERE r.city_code = $1 AND r.file_id = $2 AND w.city_code = r.city_code AND w.roster_id = r.roster_id`, [cityCode, fileId]);
}
