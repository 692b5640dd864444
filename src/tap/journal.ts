import { canonicalJson, sha256 } from '../platform/index.js';

/** What the first entry of a terminal's journal follows. */
export const JOURNAL_START = '0'.repeat(64);

/**
 * The hash of an entry in a till's journal, which the next entry names as its `prevHash`.
 * @param prevHash the hash of the entry before, `JOURNAL_START` for the first
 * @param deed the body as it is sent; its own `prevHash`, and the `signature` over this hash, are left out
 */
export function entryHash(prevHash: string, deed: object): string {
  const { prevHash: _own, signature: _over, ...fields } = deed as { prevHash?: string; signature?: string };
  return sha256(`${prevHash}\n${canonicalJson(fields)}`);
}

/** The bytes of a signature as a till sends it; whatever they are, they are kept: a wrong one loses no sale. */
export function signatureBytes(signature: string | undefined): Buffer | null {
  return signature === undefined ? null : Buffer.from(signature, 'base64url');
}
