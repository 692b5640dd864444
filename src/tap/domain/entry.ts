import { canonicalJson } from '../../kernel/index.js';

/** What the first entry of a terminal's journal follows. */
export const JOURNAL_START = '0'.repeat(64);

/**
 * What the hash of an entry in a till's journal is the SHA-256 of. Server and till take it from here.
 * @param prevHash the hash of the entry before, `JOURNAL_START` for the first
 * @param deed the body as it is sent; its own `prevHash`, and the `signature` over the hash, are left out
 */
export function entryText(prevHash: string, deed: object): string {
  const { prevHash: _own, signature: _over, ...fields } = deed as { prevHash?: string; signature?: string };
  return `${prevHash}\n${canonicalJson(fields)}`;
}
