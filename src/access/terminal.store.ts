import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A till's device as lists show it. */
export interface TerminalRow {
  readonly terminalId: string;
  readonly siteId: string;
  readonly label: string;
  readonly version: string | null;
  readonly enrolledAt: Instant | null;
  readonly seenAt: Instant | null;
  readonly revokedAt: Instant | null;
}

const COLUMNS = `terminal_id AS "terminalId", site_id AS "siteId", label, version, enrolled_at AS "enrolledAt", seen_at AS "seenAt", revoked_at AS "revokedAt"`;

/** A terminal that waits for its key. */
export interface NewTerminal {
  readonly cityCode: string;
  readonly terminalId: string;
  readonly siteId: string;
  readonly divisionCode: string;
  readonly label: string;
  readonly by: string;
  readonly codeHash: string;
  readonly codeExpiresAt: Instant;
  readonly now: Instant;
}

/** Adds a terminal with the code that lets it enrol. */
export async function insertTerminal(tx: Tx, terminal: NewTerminal): Promise<void> {
  await tx.query(
    'INSERT INTO access_terminal (city_code, terminal_id, site_id, division_code, label, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [terminal.cityCode, terminal.terminalId, terminal.siteId, terminal.divisionCode, terminal.label, terminal.by, at(terminal.now)],
  );
  await tx.query(
    'INSERT INTO access_terminal_code (city_code, code_hash, terminal_id, expires_at) VALUES ($1, $2, $3, $4)',
    [terminal.cityCode, terminal.codeHash, terminal.terminalId, at(terminal.codeExpiresAt)],
  );
}

/**
 * Uses up a one-time code.
 * @returns the terminal it was made for, or undefined for a code that is unknown, used or too old
 */
export async function useCode(tx: Tx, cityCode: string, codeHash: string, now: Instant): Promise<string | undefined> {
  const [row] = await tx.query<{ terminalId: string }>(
    `UPDATE access_terminal_code SET used_at = $3 WHERE city_code = $1 AND code_hash = $2 AND used_at IS NULL AND expires_at > $3
     RETURNING terminal_id AS "terminalId"`,
    [cityCode, codeHash, at(now)],
  );
  return row?.terminalId;
}

/**
 * Gives a terminal its key.
 * @returns undefined where it has one already or was revoked
 */
export async function enrol(tx: Tx, cityCode: string, terminalId: string, publicKey: Buffer, label: string | null, now: Instant): Promise<TerminalRow | undefined> {
  const [row] = await tx.query<TerminalRow>(
    `UPDATE access_terminal SET public_key = $3, label = coalesce($4, label), enrolled_at = $5
     WHERE city_code = $1 AND terminal_id = $2 AND public_key IS NULL AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    [cityCode, terminalId, publicKey, label, at(now)],
  );
  return row;
}

/** A terminal's key, and the time of the last signature that opened a session. */
export interface TerminalKey {
  readonly cityCode: string;
  readonly siteId: string;
  readonly publicKey: Buffer;
  readonly revokedAt: Instant | null;
}

/** The key of an enrolled terminal. Its id is unique, so the city may be found by it. */
export async function findTerminalKey(tx: Tx, terminalId: string): Promise<TerminalKey | undefined> {
  const [row] = await tx.query<TerminalKey>(
    `SELECT city_code AS "cityCode", site_id AS "siteId", public_key AS "publicKey", revoked_at AS "revokedAt"
     FROM access_terminal WHERE terminal_id = $1 AND public_key IS NOT NULL`,
    [terminalId],
  );
  return row;
}

/** The public keys that terminals have and had, SPKI in DER, the newest first, by their ids; those without a key are left out. */
export async function terminalKeys(tx: Tx, cityCode: string, terminalIds: readonly string[]): Promise<Map<string, Buffer[]>> {
  const rows = await tx.query<{ terminalId: string; publicKey: Buffer }>(
    `SELECT t.terminal_id AS "terminalId", t.public_key AS "publicKey" FROM (
       SELECT terminal_id, public_key, key_generation AS generation FROM access_terminal WHERE city_code = $1 AND terminal_id = ANY ($2::uuid[]) AND public_key IS NOT NULL
       UNION ALL
       SELECT terminal_id, public_key, generation FROM access_terminal_past_key WHERE city_code = $1 AND terminal_id = ANY ($2::uuid[])) t
     ORDER BY t.terminal_id, t.generation DESC`, [cityCode, terminalIds]);
  const keys = new Map<string, Buffer[]>();
  for (const { terminalId, publicKey } of rows) keys.set(terminalId, [...(keys.get(terminalId) ?? []), publicKey]);
  return keys;
}

/** A session that a terminal opens. */
export interface NewTerminalSession {
  readonly cityCode: string;
  readonly terminalId: string;
  readonly sessionId: string;
  readonly signedAt: Instant;
  readonly version: string | null;
  readonly now: Instant;
  readonly expiresAt: Instant;
}

/**
 * Opens a session in place of the one before.
 * @returns false where a signature of this time or a later one was used already, or the terminal was revoked meanwhile
 */
export async function openSession(tx: Tx, session: NewTerminalSession): Promise<boolean> {
  const moved = await tx.query(
    `UPDATE access_terminal SET signed_at = $3, version = coalesce($4, version), seen_at = $5
     WHERE city_code = $1 AND terminal_id = $2 AND revoked_at IS NULL AND (signed_at IS NULL OR signed_at < $3) RETURNING terminal_id`,
    [session.cityCode, session.terminalId, at(session.signedAt), session.version, at(session.now)], 'access-terminal-signed',
  );
  if (moved.length === 0) return false;
  await Promise.all([
    endSessions(tx, session.cityCode, session.terminalId, session.now),
    tx.query(
      'INSERT INTO access_terminal_session (city_code, session_id, terminal_id, opened_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
      [session.cityCode, session.sessionId, session.terminalId, at(session.now), at(session.expiresAt)], 'access-terminal-session-open',
    ),
  ]);
  return true;
}

async function endSessions(tx: Tx, cityCode: string, terminalId: string, now: Instant): Promise<void> {
  await tx.query(
    'UPDATE access_terminal_session SET ended_at = $3 WHERE city_code = $1 AND terminal_id = $2 AND ended_at IS NULL',
    [cityCode, terminalId, at(now)], 'access-terminal-sessions-end');
}

/** A terminal's session as the guard needs it. */
export interface TerminalSessionRow {
  readonly cityCode: string;
  readonly sessionId: string;
  readonly terminalId: string;
  readonly siteId: string;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly seenAt: Instant | null;
}

/** Many sessions at once: requests that arrive together are looked up together. */
export async function findTerminalSessions(tx: Tx, wanted: readonly { cityCode: string; sessionId: string }[]): Promise<TerminalSessionRow[]> {
  return tx.query<TerminalSessionRow>(
    `SELECT s.city_code AS "cityCode", s.session_id AS "sessionId", s.terminal_id AS "terminalId", t.site_id AS "siteId", s.expires_at AS "expiresAt",
       s.ended_at AS "endedAt", t.revoked_at AS "revokedAt", t.seen_at AS "seenAt"
     FROM unnest($1::text[], $2::text[]) AS w (city_code, session_id)
     JOIN access_terminal_session s ON s.city_code = w.city_code AND s.session_id = w.session_id
     JOIN access_terminal t ON t.city_code = s.city_code AND t.terminal_id = s.terminal_id`,
    [wanted.map((one) => one.cityCode), wanted.map((one) => one.sessionId)], 'access-terminal-sessions',
  );
}

/** Notes when terminals were last heard of; together, so that a tap waits for none of it. */
export async function touchTerminals(tx: Tx, seen: readonly { cityCode: string; terminalId: string }[], now: Instant): Promise<void> {
  await tx.query(
    `UPDATE access_terminal t SET seen_at = greatest(t.seen_at, $3) FROM (
       SELECT a.city_code, a.terminal_id FROM access_terminal a
       JOIN unnest($1::text[], $2::uuid[]) AS w (city_code, terminal_id) ON w.city_code = a.city_code AND w.terminal_id = a.terminal_id
       ORDER BY a.city_code, a.terminal_id FOR NO KEY UPDATE OF a SKIP LOCKED) AS o
     WHERE t.city_code = o.city_code AND t.terminal_id = o.terminal_id`,
    [seen.map((one) => one.cityCode), seen.map((one) => one.terminalId), at(now)],
  );
}

/** Terminals and sessions that do not stand any more. */
export interface Fallen {
  /** Revoked terminals by their ids. */
  readonly terminals: ReadonlySet<string>;
  /** Ended sessions by their ids. */
  readonly sessions: ReadonlySet<string>;
}

/** Which of these terminals are revoked, and which of these sessions ended: a batch of taps asks inside its transaction. */
export async function fallenAmong(tx: Tx, cityCode: string, terminalIds: readonly string[], sessionIds: readonly string[]): Promise<Fallen> {
  const rows = await tx.query<{ terminal: string | null; session: string | null }>(
    `SELECT t.terminal_id AS terminal, NULL AS session FROM access_terminal t WHERE t.city_code = $1 AND t.terminal_id = ANY($2::uuid[]) AND t.revoked_at IS NOT NULL
     UNION ALL
     SELECT NULL, s.session_id FROM access_terminal_session s WHERE s.city_code = $1 AND s.session_id = ANY($3::text[]) AND s.ended_at IS NOT NULL`,
    [cityCode, terminalIds, sessionIds], 'access-fallen',
  );
  return {
    terminals: new Set(rows.flatMap(({ terminal }) => (terminal === null ? [] : [terminal]))),
    sessions: new Set(rows.flatMap(({ session }) => (session === null ? [] : [session]))),
  };
}

/** A terminal with its place, locked until the commit. */
export async function lockTerminal(tx: Tx, cityCode: string, terminalId: string): Promise<(TerminalRow & { divisionCode: string }) | undefined> {
  const [row] = await tx.query<TerminalRow & { divisionCode: string }>(
    `SELECT ${COLUMNS}, division_code AS "divisionCode" FROM access_terminal WHERE city_code = $1 AND terminal_id = $2 FOR UPDATE`, [cityCode, terminalId]);
  return row;
}

/** Takes a terminal's rights away, its open sessions at once. */
export async function revokeTerminal(tx: Tx, cityCode: string, terminalId: string, by: string, reason: string, now: Instant): Promise<void> {
  await tx.query(
    'UPDATE access_terminal SET revoked_at = $5, revoked_by = $3, revoke_reason = $4 WHERE city_code = $1 AND terminal_id = $2',
    [cityCode, terminalId, by, reason, at(now)],
  );
  await endSessions(tx, cityCode, terminalId, now);
}

/** What of a city's terminals is asked for. */
export interface TerminalQuery {
  readonly cityCode: string;
  readonly divisionCode: string;
  /** Only this site's, or null for all of the division. */
  readonly siteId: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** Terminals by id. */
export async function listTerminals(tx: Tx, query: TerminalQuery): Promise<TerminalRow[]> {
  return tx.query<TerminalRow>(
    `SELECT ${COLUMNS} FROM access_terminal t
     WHERE t.city_code = $1 AND t.kind = 'device' AND ($3::uuid IS NULL OR t.site_id = $3) AND ($4::uuid IS NULL OR t.terminal_id > $4) AND (t.division_code = $2 OR EXISTS (
       SELECT FROM region_closure c WHERE c.city_code = t.city_code AND c.ancestor_code = $2 AND c.descendant_code = t.division_code))
     ORDER BY t.terminal_id LIMIT $5`,
    [query.cityCode, query.divisionCode, query.siteId, query.after, query.limit],
  );
}
