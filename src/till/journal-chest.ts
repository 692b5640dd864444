import { createDecipheriv, createECDH, hkdfSync, type ECDH } from 'node:crypto';
import type { FieldCipher } from '../platform/index.js';
import { JOURNAL_FILE_INFO, journalFileSeal, type JournalFile } from './domain/index.js';

const CURVE = 'prime256v1';
const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** Opens files that tills sealed to this installation. Its key is made from the installation's key and stored nowhere. */
export class JournalChest {
  private readonly own: ECDH;

  constructor(cipher: FieldCipher) {
    this.own = createECDH(CURVE);
    const seed = Buffer.from(cipher.blindIndex('till-journal-file', CURVE), 'hex');
    // One scalar in four thousand million is beyond the curve's order: then the next is taken.
    for (let turn = 0; ; turn += 1) {
      try {
        this.own.setPrivateKey(Buffer.from(hkdfSync('sha256', seed, '', `xingfu till journal key ${turn}`, KEY_BYTES)));
        break;
      } catch (error) {
        if (turn > 3) throw error;
      }
    }
  }

  /** What tills seal their files to: an uncompressed point, 65 bytes in base64url. */
  get publicKey(): string {
    return this.own.getPublicKey().toString('base64url');
  }

  /** @returns the bytes that a till sealed, or null for a file that was changed or was sealed to somebody else */
  open(file: JournalFile): Buffer | null {
    try {
      const secret = this.own.computeSecret(Buffer.from(file.key, 'base64url'));
      const key = Buffer.from(hkdfSync('sha256', secret, '', JOURNAL_FILE_INFO, KEY_BYTES));
      const sealed = Buffer.from(file.sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.iv, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(journalFileSeal(file))).setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch {
      // No point of the curve, a torn text, a wrong tag: all the same to whoever brings the file.
      return null;
    }
  }
}
