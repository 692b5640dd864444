import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A terminal whose journal is brought in; it may be revoked. */
export interface FiledTerminal {
  readonly siteId: string;
  readonly label: string;
  readonly revokedAt: Instant | null;
}

/** A terminal that has or had a key. */
export async function filedTerminal(tx: Tx, cityCode: string, terminalId: string): Promise<FiledTerminal | undefined> {
  const [row] = await tx.query<FiledTerminal>(
    'SELECT site_id AS "siteId", label, revoked_at AS "revokedAt" FROM access_terminal WHERE city_code = $1 AND terminal_id = $2 AND public_key IS NOT NULL', [cityCode, terminalId]);
  return row;
}

/** Which of these entries are written down already. */
export async function knownEntries(tx: Tx, cityCode: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>('SELECT tap_id AS id FROM tap_claim WHERE city_code = $1 AND tap_id = ANY ($2::uuid[])', [cityCode, ids]);
  return new Set(rows.map(({ id }) => id));
}

/** That a file was brought in. */
export interface ImportRow {
  readonly importId: string;
  readonly terminalId: string;
  readonly fileHash: string;
  readonly entries: number;
  readonly by: string;
}

/** Writes an import down. */
export async function insertImport(tx: Tx, cityCode: string, { importId, terminalId, fileHash, entries, by }: ImportRow, now: Instant): Promise<void> {
  await tx.query(
    'INSERT INTO till_journal_import (city_code, import_id, terminal_id, file_hash, entries, imported_at, imported_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [cityCode, importId, terminalId, fileHash, entries, at(now), by]);
}
