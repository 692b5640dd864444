import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** Of some claims those that standing sales have. Whoever decides by it holds the lock of the codes' elders. */
export async function readCodeUses(tx: Tx, cityCode: string, claims: readonly string[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const rows = await tx.query<{ claim: string }>('SELECT claim FROM code_use WHERE city_code = $1 AND claim = ANY ($2::text[]) AND released_at IS NULL', [cityCode, [...claims]], 'tap.code-uses');
  return new Set(rows.map(({ claim }) => claim));
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
