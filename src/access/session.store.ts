import type { Instant } from '../kernel/index.js';
import { at, type Role, type Tx } from '../platform/index.js';

/** A staff session with the person behind it, as the guard needs it. */
export interface SessionRow {
  readonly sessionId: string;
  readonly staffId: string;
  readonly usedAt: Instant;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
  readonly disabledAt: Instant | null;
  readonly divisionCode: string;
  readonly siteId: string | null;
  readonly roles: Role[];
}

/** The session of a token, by the token's digest. */
export async function findSession(tx: Tx, cityCode: string, tokenHash: string): Promise<SessionRow | undefined> {
  const [row] = await tx.query<SessionRow>(
    `SELECT s.session_id AS "sessionId", s.staff_id AS "staffId", s.used_at AS "usedAt", s.expires_at AS "expiresAt", s.ended_at AS "endedAt",
       p.disabled_at AS "disabledAt", p.division_code AS "divisionCode", p.site_id AS "siteId",
       ARRAY(SELECT r.role FROM access_staff_role r WHERE r.city_code = s.city_code AND r.staff_id = s.staff_id ORDER BY r.role) AS roles
     FROM access_session s JOIN access_staff p ON p.city_code = s.city_code AND p.staff_id = s.staff_id
     WHERE s.city_code = $1 AND s.token_hash = $2`,
    [cityCode, tokenHash], 'access-session',
  );
  return row;
}

/** A session to be opened. */
export interface NewSession {
  readonly cityCode: string;
  readonly sessionId: string;
  readonly tokenHash: string;
  readonly staffId: string;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
}

/** Keeps a new session. */
export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.query(
    `INSERT INTO access_session (city_code, session_id, token_hash, staff_id, opened_at, used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6)`,
    [session.cityCode, session.sessionId, session.tokenHash, session.staffId, at(session.openedAt), at(session.expiresAt)],
  );
}

/** Notes that a session was used. Time never runs backwards here. */
export async function touchSession(tx: Tx, cityCode: string, sessionId: string, now: Instant): Promise<void> {
  await tx.query('UPDATE access_session SET used_at = greatest(used_at, $3) WHERE city_code = $1 AND session_id = $2', [cityCode, sessionId, at(now)]);
}

/** Ends one session. */
export async function endSession(tx: Tx, cityCode: string, sessionId: string, reason: string, now: Instant): Promise<void> {
  await tx.query(
    'UPDATE access_session SET ended_at = $4, end_reason = $3 WHERE city_code = $1 AND session_id = $2 AND ended_at IS NULL',
    [cityCode, sessionId, reason, at(now)],
  );
}

/** Ends all sessions of a person, except one that may go on. */
export async function endSessionsOf(tx: Tx, cityCode: string, staffId: string, reason: string, now: Instant, except: string | null = null): Promise<void> {
  await tx.query(
    `UPDATE access_session SET ended_at = $4, end_reason = $3
     WHERE city_code = $1 AND staff_id = $2 AND ended_at IS NULL AND session_id IS DISTINCT FROM $5::uuid`,
    [cityCode, staffId, reason, at(now), except],
  );
}
