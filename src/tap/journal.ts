import { canonicalJson, sha256 } from '../platform/index.js';

/** What the first entry of a terminal's journal follows. */
export const JOURNAL_START = '0'.repeat(64);

/**
 * The hash of an entry in a till's journal, which the next entry names as its `prevHash`.
 * @param prevHash the hash of the entry before, `JOURNAL_START` for the first
 * @param deed the body as it is sent; its own `prevHash` is left out
 */
export function entryHash(prevHash: string, deed: object): string {
  const { prevHash: _own, ...fields } = deed as { prevHash?: string };
  return sha256(`${prevHash}\n${canonicalJson(fields)}`);
}
