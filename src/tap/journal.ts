import { sha256 } from '../platform/index.js';
import { entryText } from './domain/index.js';

export { JOURNAL_START } from './domain/index.js';

/** The hash of an entry in a till's journal, which the next entry names as its `prevHash`: SHA-256 of `entryText`. */
export function entryHash(prevHash: string, deed: object): string {
  return sha256(entryText(prevHash, deed));
}

/** The bytes of a signature as a till sends it; whatever they are, they are kept: a wrong one loses no sale. */
export function signatureBytes(signature: string | undefined): Buffer | null {
  return signature === undefined ? null : Buffer.from(signature, 'base64url');
}
