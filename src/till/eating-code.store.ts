import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** To whom something was handed out: whom it stands for, and the session that may show it. */
export interface CodeOwner {
  readonly elderId: string;
  readonly accountId: string;
  readonly sessionId: string;
}

/** A code that is shown, as it is kept: keyed digests only. */
export interface ShownCode extends CodeOwner {
  readonly codeId: string;
  readonly textDigest: string;
  readonly digitsDigest: string;
  readonly expiresAt: Instant;
}

/** Longer than a till may hold what it read of a code: until then it is known whose code it was, and whether they may still show it. */
const KEPT_MS = 15 * 60_000;

/** Keeps a code that is shown. @returns false where its digits are taken */
export async function insertShown(tx: Tx, cityCode: string, code: ShownCode): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO eating_code (city_code, code_id, text_digest, digits_digest, elder_id, account_id, session_id, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT DO NOTHING RETURNING code_id`,
    [cityCode, code.codeId, code.textDigest, code.digitsDigest, code.elderId, code.accountId, code.sessionId, at(code.expiresAt)]);
  return rows.length > 0;
}

/** Cities with shown codes that nobody can use any more. */
export async function citiesWithOldCodes(tx: Tx, now: Instant): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>(
    'SELECT c.city_code AS "cityCode" FROM region_city c WHERE EXISTS (SELECT FROM eating_code o WHERE o.city_code = c.city_code AND o.expires_at <= $1)', [at(now - KEPT_MS)]);
  return rows.map(({ cityCode }) => cityCode);
}

/** Forgets a city's shown codes that nobody can use any more. */
export async function forgetShown(tx: Tx, cityCode: string, now: Instant): Promise<void> {
  await tx.query('DELETE FROM eating_code WHERE city_code = $1 AND expires_at <= $2', [cityCode, at(now - KEPT_MS)]);
}

/** A shown code by the digest of its picture or of its digits. */
export async function findShown(tx: Tx, cityCode: string, digest: string): Promise<(CodeOwner & { codeId: string; expiresAt: Instant }) | undefined> {
  const [row] = await tx.query<CodeOwner & { codeId: string; expiresAt: Instant }>(
    `SELECT code_id AS "codeId", elder_id AS "elderId", account_id AS "accountId", session_id AS "sessionId", expires_at AS "expiresAt" FROM eating_code
     WHERE city_code = $1 AND (text_digest = $2 OR digits_digest = $2)`, [cityCode, digest], 'till.shown-code');
  return row;
}

/** Keeps that a session got a secret. @returns false where the session has one for this elder, or the locator is taken */
export async function insertSecret(tx: Tx, cityCode: string, secret: CodeOwner & { secretId: string; locator: number }, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO eating_secret (city_code, secret_id, locator, elder_id, account_id, session_id, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING RETURNING secret_id`,
    [cityCode, secret.secretId, secret.locator, secret.elderId, secret.accountId, secret.sessionId, at(now)]);
  return rows.length > 0;
}

export async function findSecret(tx: Tx, cityCode: string, locator: number): Promise<(CodeOwner & { secretId: string }) | undefined> {
  const [row] = await tx.query<CodeOwner & { secretId: string }>(
    'SELECT secret_id AS "secretId", elder_id AS "elderId", account_id AS "accountId", session_id AS "sessionId" FROM eating_secret WHERE city_code = $1 AND locator = $2', [cityCode, locator]);
  return row;
}

/** The secret that a session has for an elder. */
export async function secretOf(tx: Tx, cityCode: string, sessionId: string, elderId: string): Promise<{ secretId: string; locator: number; madeAt: Instant } | undefined> {
  const [row] = await tx.query<{ secretId: string; locator: number; madeAt: Instant }>(
    'SELECT secret_id AS "secretId", locator, made_at AS "madeAt" FROM eating_secret WHERE city_code = $1 AND session_id = $2 AND elder_id = $3', [cityCode, sessionId, elderId]);
  return row;
}

/** Keeps that a pass was made. */
export async function insertPass(tx: Tx, cityCode: string, pass: CodeOwner & { passId: string; siteId: string; issuedAt: Instant; expiresAt: Instant }): Promise<void> {
  await tx.query(
    'INSERT INTO eating_pass (city_code, pass_id, elder_id, account_id, session_id, site_id, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [cityCode, pass.passId, pass.elderId, pass.accountId, pass.sessionId, pass.siteId, at(pass.issuedAt), at(pass.expiresAt)]);
}

/** How many passes were made for an elder since a moment; the elder is locked by the caller. */
export async function countPasses(tx: Tx, cityCode: string, elderId: string, since: Instant): Promise<number> {
  const [row] = await tx.query<{ count: number }>('SELECT count(*) AS count FROM eating_pass WHERE city_code = $1 AND elder_id = $2 AND issued_at >= $3', [cityCode, elderId, at(since)]);
  return row?.count ?? 0;
}

/** Whether a session of the mini-program stands: not ended, and still able to go on. */
export async function sessionStands(tx: Tx, cityCode: string, sessionId: string, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM mini_session s WHERE s.city_code = $1 AND s.session_id = $2 AND s.ended_at IS NULL AND EXISTS (
       SELECT FROM mini_token t WHERE t.city_code = s.city_code AND t.session_id = s.session_id AND t.expires_at > $3)`, [cityCode, sessionId, at(now)]);
  return rows.length > 0;
}
