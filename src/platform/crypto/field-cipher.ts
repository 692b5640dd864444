import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { invariant } from '../../kernel/index.js';
import { NoteKey } from './note-key.js';

const VERSION = 1;

/** Encrypts single fields of a row and makes their blind indexes. Keys never leave the process. */
export class FieldCipher {
  private readonly encryptionKey: Buffer;
  private readonly indexKey: Buffer;
  /** Signs what leaves the house to be verified there. */
  readonly notes: NoteKey;

  /** @param master 32 random bytes of the installation */
  constructor(master: Buffer) {
    invariant(master.length === 32, 'the master key has 32 bytes');
    this.encryptionKey = Buffer.from(hkdfSync('sha256', master, '', 'xingfu field encryption', 32));
    this.indexKey = Buffer.from(hkdfSync('sha256', master, '', 'xingfu blind index', 32));
    this.notes = new NoteKey(master);
  }

  /**
   * Encrypts a text with AES-256-GCM, bound to its place so that ciphertexts cannot be swapped between rows.
   * @param place table, column and row id, e.g. `elder.identity:<id>`
   */
  seal(text: string, place: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.encryptionKey, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body]);
  }

  /** @throws when the ciphertext was altered or moved from another place */
  open(sealed: Buffer, place: string): string {
    invariant(sealed[0] === VERSION, 'a ciphertext of an unknown version');
    const decipher = createDecipheriv('aes-256-gcm', this.encryptionKey, sealed.subarray(1, 13));
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(13, 29));
    return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
  }

  /** A keyed digest that finds equal values without showing them. `kind` keeps the fields apart. */
  blindIndex(kind: string, normalised: string): string {
    return createHmac('sha256', this.indexKey).update(`${kind}\n${normalised}`).digest('hex');
  }

  /** What a database remembers to know this key again. */
  get check(): string {
    return this.blindIndex('installation', 'key check');
  }
}
