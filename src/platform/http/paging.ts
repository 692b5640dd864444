import { invariant } from '../../kernel/index.js';
import { ProblemException } from './problem.js';

/** One page of a list: `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** Writes a row's sort key as an opaque cursor. */
export function toCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Reads a cursor back.
 * @param parts how many values the list's sort key has
 * @throws ProblemException `cursor-wrong` for anything that this list never handed out
 */
export function fromCursor(cursor: string | undefined, parts: number): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === parts && key.every((part) => typeof part === 'string' || Number.isSafeInteger(part))) {
      return key as (string | number)[];
    }
  } catch {
    // answered below like every other cursor that is none
  }
  throw new ProblemException('cursor-wrong');
}

/**
 * Makes a page of rows that were read with `LIMIT limit + 1`.
 * @param keyOf the row's sort key, unique in the list
 */
export function toPage<T>(rows: T[], limit: number, keyOf: (row: T) => readonly (string | number)[]): Page<T> {
  invariant(rows.length <= limit + 1, 'a page is read with one row more than it shows');
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? toCursor(keyOf(last)) : null };
}
