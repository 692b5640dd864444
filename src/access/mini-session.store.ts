import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A token of a mini-program session, as the guard and the refresh need it. */
export interface MiniTokenRow {
  readonly sessionId: string;
  readonly accountId: string;
  readonly kind: 'access' | 'refresh';
  readonly expiresAt: Instant;
  readonly usedAt: Instant | null;
  readonly endedAt: Instant | null;
}

const TOKEN = `SELECT t.session_id AS "sessionId", s.account_id AS "accountId", t.kind, t.expires_at AS "expiresAt", t.used_at AS "usedAt", s.ended_at AS "endedAt"
  FROM mini_token t JOIN mini_session s ON s.city_code = t.city_code AND s.session_id = t.session_id WHERE t.city_code = $1 AND t.token_hash = $2`;

/** The row of a token, by the token's digest. */
export async function findMiniToken(tx: Tx, cityCode: string, tokenHash: string): Promise<MiniTokenRow | undefined> {
  const [row] = await tx.query<MiniTokenRow>(TOKEN, [cityCode, tokenHash], 'mini-token');
  return row;
}

/** The same with its session locked: refreshes of one session go one after another. */
export async function lockMiniToken(tx: Tx, cityCode: string, tokenHash: string): Promise<MiniTokenRow | undefined> {
  await tx.query(
    `SELECT FROM mini_session s JOIN mini_token t ON t.city_code = s.city_code AND t.session_id = s.session_id
     WHERE s.city_code = $1 AND t.token_hash = $2 FOR NO KEY UPDATE OF s`, [cityCode, tokenHash]);
  return findMiniToken(tx, cityCode, tokenHash);
}

export async function insertMiniSession(tx: Tx, cityCode: string, session: { readonly sessionId: string; readonly accountId: string }, now: Instant): Promise<void> {
  await tx.query('INSERT INTO mini_session (city_code, session_id, account_id, opened_at) VALUES ($1, $2, $3, $4)', [cityCode, session.sessionId, session.accountId, at(now)]);
}

/** A token to be kept. */
export interface NewMiniToken {
  readonly tokenHash: string;
  readonly kind: MiniTokenRow['kind'];
  readonly expiresAt: Instant;
}

/** Keeps a session's new tokens, and forgets those of it that have expired. */
export async function insertMiniTokens(tx: Tx, cityCode: string, sessionId: string, tokens: readonly NewMiniToken[], now: Instant): Promise<void> {
  await tx.query('DELETE FROM mini_token WHERE city_code = $1 AND session_id = $2 AND expires_at <= $3', [cityCode, sessionId, at(now)]);
  await tx.query(
    `INSERT INTO mini_token (city_code, token_hash, session_id, kind, issued_at, expires_at)
     SELECT $1, n.hash, $2, n.kind, $3, n.expires_at FROM unnest($4::text[], $5::text[], $6::timestamptz[]) AS n (hash, kind, expires_at)`,
    [cityCode, sessionId, at(now), tokens.map((token) => token.tokenHash), tokens.map((token) => token.kind), tokens.map((token) => at(token.expiresAt))]);
}

export async function markMiniTokenUsed(tx: Tx, cityCode: string, tokenHash: string, now: Instant): Promise<void> {
  await tx.query('UPDATE mini_token SET used_at = $3 WHERE city_code = $1 AND token_hash = $2', [cityCode, tokenHash, at(now)]);
}

/** Ends one session with all its tokens. */
export async function endMiniSession(tx: Tx, cityCode: string, sessionId: string, reason: string, now: Instant): Promise<void> {
  await tx.query('UPDATE mini_session SET ended_at = $4, end_reason = $3 WHERE city_code = $1 AND session_id = $2 AND ended_at IS NULL', [cityCode, sessionId, reason, at(now)]);
}

/** Ends an account's oldest sessions until `most` are left. */
export async function endSurplusMiniSessions(tx: Tx, cityCode: string, accountId: string, most: number, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE mini_session SET ended_at = $4, end_reason = 'too-many' WHERE city_code = $1 AND ended_at IS NULL AND session_id IN (
       SELECT session_id FROM mini_session WHERE city_code = $1 AND account_id = $2 AND ended_at IS NULL ORDER BY opened_at DESC, session_id DESC OFFSET $3)`,
    [cityCode, accountId, most, at(now)]);
}
