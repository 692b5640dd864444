import { createPrivateKey, createPublicKey, hkdfSync, sign, type KeyObject } from 'node:crypto';
import type { FieldCipher } from '../platform/index.js';

/** An Ed25519 private key in DER (PKCS 8, RFC 8410) without its 32 bytes. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const RAW_KEY_BYTES = 32;

/** Header of an answer that tills keep: the server's signature over the body's bytes, base64url. */
export const SIGNATURE_HEADER = 'x-till-signature';

/** Signs what tills keep and believe without us: rosters, lost cards, passes. Made from the installation's key, stored nowhere. */
export class TillSigner {
  private readonly key: KeyObject;
  /** The 32 bytes of the public half, base64url: what a till checks with. */
  readonly publicKey: string;

  constructor(cipher: FieldCipher) {
    const seed = hkdfSync('sha256', Buffer.from(cipher.blindIndex('till-signing', 'ed25519'), 'hex'), '', 'xingfu till signing', RAW_KEY_BYTES);
    this.key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, Buffer.from(seed)]), format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY_BYTES).toString('base64url');
  }

  /** @returns 64 bytes in base64url */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.key).toString('base64url');
  }
}
