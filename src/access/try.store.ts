import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import { KNOWN_ADDRESS_MS, TRY_WINDOW_MS, type FailedTries } from './domain/index.js';

/** Before a log-in there is no city. */
const NO_CITY = '000000';

/** A try to get in. */
export interface Try {
  readonly tryId: string;
  readonly kind: 'log-in' | 'terminal-code' | 'mini-log-in' | 'bind' | 'bind-card';
  /** Keyed digest of the account's name, or of whatever else is guessed at. */
  readonly subject: string;
  readonly address: string;
  readonly now: Instant;
}

/**
 * Writes a try down as failed before it is checked, and counts those before it: many at once count each other.
 * Two tries from one address wait for each other. A success forgives the tries before it, save at `bind`: its subject is
 * who guesses, and whoever knows one card is not to guess on at others by it.
 */
export async function countTry(tx: Tx, attempt: Try): Promise<FailedTries> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('try'), hashtext($1))`, [`${attempt.kind} ${attempt.address}`]);
  const since = at(attempt.now - TRY_WINDOW_MS);
  const [counts] = await tx.query<FailedTries>(
    `WITH success AS (
       SELECT max(tried_at) AS last FROM access_try
       WHERE city_code = $1 AND kind = $2 AND subject = $3 AND address = $4 AND succeeded AND tried_at >= $6 AND kind <> 'bind')
     SELECT count(*) FILTER (WHERE subject = $3 AND address = $4 AND tried_at > coalesce((SELECT last FROM success), '-infinity')) AS pair,
       count(*) FILTER (WHERE address = $4) AS address, count(*) FILTER (WHERE subject = $3) AS account,
       (SELECT last IS NOT NULL FROM success) AS "addressKnown", min(tried_at) AS oldest
     FROM access_try WHERE city_code = $1 AND kind = $2 AND (subject = $3 OR address = $4) AND NOT succeeded AND tried_at > $5`,
    [NO_CITY, attempt.kind, attempt.subject, attempt.address, since, at(attempt.now - KNOWN_ADDRESS_MS)],
  );
  return counts as FailedTries;
}

/** Writes a try down as failed, until `markSuccess` says otherwise. */
export async function insertTry(tx: Tx, attempt: Try): Promise<void> {
  await tx.query(
    'INSERT INTO access_try (city_code, try_id, kind, subject, address, tried_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [NO_CITY, attempt.tryId, attempt.kind, attempt.subject, attempt.address, at(attempt.now)],
  );
}

/** Says that a try succeeded. */
export async function markSuccess(tx: Tx, tryId: string): Promise<void> {
  await tx.query('UPDATE access_try SET succeeded = true WHERE city_code = $1 AND try_id = $2', [NO_CITY, tryId]);
}
