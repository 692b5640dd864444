import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** Which key a terminal has now. */
export interface TerminalKeyRow {
  readonly generation: number;
  readonly since: Instant;
  readonly publicKey: Buffer;
}

/** The key of an enrolled terminal; undefined where it has none or was revoked. */
export async function currentKey(tx: Tx, cityCode: string, terminalId: string): Promise<TerminalKeyRow | undefined> {
  const [row] = await tx.query<TerminalKeyRow>(
    `SELECT key_generation AS generation, coalesce(key_since, enrolled_at) AS since, public_key AS "publicKey"
     FROM access_terminal WHERE city_code = $1 AND terminal_id = $2 AND public_key IS NOT NULL AND revoked_at IS NULL FOR NO KEY UPDATE`, [cityCode, terminalId]);
  return row;
}

/** Keys that a terminal had before and that may still open sessions. */
export async function overlappingKeys(tx: Tx, cityCode: string, terminalId: string, now: Instant): Promise<Buffer[]> {
  const rows = await tx.query<{ publicKey: Buffer }>(
    `SELECT public_key AS "publicKey" FROM access_terminal_past_key WHERE city_code = $1 AND terminal_id = $2 AND valid_until > $3 ORDER BY generation DESC`,
    [cityCode, terminalId, at(now)]);
  return rows.map((row) => row.publicKey);
}

/** Puts a key in the place of a terminal's own; the one before stays good until a moment. */
export async function replaceKey(tx: Tx, cityCode: string, terminalId: string, before: TerminalKeyRow, publicKey: Buffer, now: Instant, validUntil: Instant): Promise<void> {
  await tx.query(
    'INSERT INTO access_terminal_past_key (city_code, terminal_id, generation, public_key, since, valid_until) VALUES ($1, $2, $3, $4, $5, $6)',
    [cityCode, terminalId, before.generation, before.publicKey, at(before.since), at(validUntil)]);
  await tx.query(
    'UPDATE access_terminal SET public_key = $3, key_generation = $4, key_since = $5 WHERE city_code = $1 AND terminal_id = $2',
    [cityCode, terminalId, publicKey, before.generation + 1, at(now)]);
}

/** What a terminal's work hangs on besides its session. */
export interface TerminalStanding {
  readonly label: string;
  readonly generation: number;
  readonly keySince: Instant;
}

/** How a terminal stands; undefined for one without a key. */
export async function terminalStanding(tx: Tx, cityCode: string, terminalId: string): Promise<TerminalStanding | undefined> {
  const [row] = await tx.query<TerminalStanding>(
    `SELECT label, key_generation AS generation, coalesce(key_since, enrolled_at) AS "keySince"
     FROM access_terminal WHERE city_code = $1 AND terminal_id = $2 AND public_key IS NOT NULL`, [cityCode, terminalId]);
  return row;
}
