import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** Of some claims those that standing sales have. Whoever decides by it holds the lock of the codes' elders. */
export async function readCodeUses(tx: Tx, cityCode: string, claims: readonly string[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const rows = await tx.query<{ claim: string }>('SELECT claim FROM code_use WHERE city_code = $1 AND claim = ANY ($2::text[]) AND released_at IS NULL', [cityCode, [...claims]], 'tap.code-uses');
  return new Set(rows.map(({ claim }) => claim));
}

/** To whom a code was handed out. `stands`: its session goes on; of one on paper that its loss was not reported. */
export interface ClaimOwner {
  readonly claim: string;
  readonly elderId: string;
  /** Null of a code on paper, which is nobody's phone's. */
  readonly accountId: string | null;
  readonly stands: boolean;
}

/** Whose some claims are, as far as that is known: of codes that were cleared away nothing is. */
export async function ownersOfClaims(tx: Tx, cityCode: string, claims: readonly string[], now: Instant): Promise<ClaimOwner[]> {
  return tx.query<ClaimOwner>(
    `WITH asked AS (SELECT c.claim, split_part(c.claim, ':', 1) AS kind, split_part(c.claim, ':', 2)::uuid AS id FROM unnest($2::text[]) AS c (claim)),
     owned AS (
       SELECT a.claim, o.elder_id, o.account_id, o.session_id FROM asked a JOIN eating_pass o ON o.city_code = $1 AND o.pass_id = a.id AND a.kind = 'pass'
       UNION ALL SELECT a.claim, o.elder_id, o.account_id, o.session_id FROM asked a JOIN eating_code o ON o.city_code = $1 AND o.code_id = a.id AND a.kind = 'shown'
       UNION ALL SELECT a.claim, o.elder_id, o.account_id, o.session_id FROM asked a JOIN eating_secret o ON o.city_code = $1 AND o.secret_id = a.id AND a.kind = 'step')
     SELECT w.claim, w.elder_id AS "elderId", w.account_id AS "accountId", EXISTS (
       SELECT FROM mini_session s JOIN mini_token t ON t.city_code = s.city_code AND t.session_id = s.session_id AND t.expires_at > $3
       WHERE s.city_code = $1 AND s.session_id = w.session_id AND s.ended_at IS NULL) AS stands FROM owned w
     UNION ALL SELECT a.claim, p.elder_id, NULL, p.revoked_at IS NULL FROM asked a JOIN printed_code p ON p.city_code = $1 AND p.code_id = a.id AND a.kind = 'print'`,
    [cityCode, [...claims], at(now)], 'tap.code-owners');
}

/** A code that a sale used up. */
export interface CodeUse {
  readonly claim: string;
  readonly tapId: string;
  readonly elderId: string;
}

/** Uses codes up. The primary key is the last word: a claim that a standing sale has makes the transaction fail. */
export async function useCodes(tx: Tx, cityCode: string, uses: readonly CodeUse[], now: Instant): Promise<void> {
  if (uses.length === 0) return;
  const rows = await tx.query<{ claim: string }>(
    `INSERT INTO code_use AS kept (city_code, claim, tap_id, elder_id, used_at)
     SELECT $1, u.claim, u.tap_id, u.elder_id, $5 FROM unnest($2::text[], $3::uuid[], $4::uuid[]) AS u (claim, tap_id, elder_id) ORDER BY u.claim
     ON CONFLICT (city_code, claim) DO UPDATE SET tap_id = EXCLUDED.tap_id, used_at = EXCLUDED.used_at, released_at = NULL WHERE kept.released_at IS NOT NULL
     RETURNING claim`,
    [cityCode, uses.map(({ claim }) => claim), uses.map(({ tapId }) => tapId), uses.map(({ elderId }) => elderId), at(now)], 'tap.use-codes');
  if (rows.length !== uses.length) throw new Error('a code was used twice under the lock of its elder');
}

/** A sale was taken back: its code counts as not used. */
export async function releaseCode(tx: Tx, cityCode: string, tapId: string, now: Instant): Promise<void> {
  await tx.query('UPDATE code_use SET released_at = $3 WHERE city_code = $1 AND tap_id = $2 AND released_at IS NULL', [cityCode, tapId, at(now)], 'tap.release-code');
}
