const MINUTE = 60_000;
/** So many wrong PINs are anybody's fingers; after each one more, a wait that doubles. */
const FREE_TRIES = 5;
export const LONGEST_WAIT_MS = 60 * MINUTE;

/** Wrong PINs in a row, and when the last one was. */
export interface Tries {
  readonly wrong: number;
  readonly at: number;
}

export const NO_TRIES: Tries = { wrong: 0, at: 0 };

/** How long nothing is looked at after so many wrong PINs, in milliseconds: 1, 2, 4 … minutes, an hour at most. */
export function waitMs(wrong: number): number {
  return wrong < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, MINUTE * 2 ** (wrong - FREE_TRIES));
}

/** How long is still to be waited. A clock that was set back makes nobody wait longer than the wait is. */
export function waitLeft({ wrong, at }: Tries, now: number): number {
  const wait = waitMs(wrong);
  return Math.max(0, Math.min(wait, at + wait - now));
}

/** A wait in words: whole minutes, or seconds where less than one is left. */
export function waitWords(ms: number): string {
  return ms > MINUTE ? `${Math.ceil(ms / MINUTE)} 分钟` : `${Math.max(1, Math.ceil(ms / 1_000))} 秒`;
}
