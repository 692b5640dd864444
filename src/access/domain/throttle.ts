import type { Instant } from '../../kernel/index.js';

/** Failed log-ins of the last quarter of an hour, this one left out. */
export interface FailedTries {
  /** Of this account from this address, since its last success. */
  readonly pair: number;
  /** Of any account from this address. */
  readonly address: number;
  /** Of this account from anywhere. */
  readonly account: number;
  /** Whether this account logged in from this address within the last 30 days. */
  readonly addressKnown: boolean;
  /** When the oldest of them was, or null. */
  readonly oldest: Instant | null;
}

export const TRY_WINDOW_MS = 15 * 60_000;
export const KNOWN_ADDRESS_MS = 30 * 86_400_000;
export const MOST_TRIES = { pair: 5, address: 50, account: 20, terminalCode: 5 } as const;

/**
 * Decides whether a log-in may be tried now.
 * Strangers who try an account from elsewhere slow down other strangers, never its owner: where the account logged in
 * before, only the tries of that very address count against it.
 * @returns 0 for yes, or the seconds to wait
 */
export function secondsToWait(tries: FailedTries, now: Instant): number {
  const tooMany = tries.pair >= MOST_TRIES.pair
    || (!tries.addressKnown && (tries.address >= MOST_TRIES.address || tries.account >= MOST_TRIES.account));
  if (!tooMany) return 0;
  return Math.max(1, Math.ceil(((tries.oldest ?? now) + TRY_WINDOW_MS - now) / 1000));
}
