import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign, type KeyObject } from 'node:crypto';

/** An Ed25519 private key in DER (PKCS 8, RFC 8410) without its 32 bytes. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const RAW_KEY_BYTES = 32;
/** The signature type of Ed25519 in signed notes (C2SP signed-note). */
const ED25519 = Buffer.from([1]);

/** Signs texts that others verify without us: one Ed25519 key of the installation, made from its master key. */
export class NoteKey {
  private readonly key: KeyObject;
  /** The 32 bytes of the public half. */
  readonly publicKey: Buffer;

  /** @param master 32 random bytes of the installation */
  constructor(master: Buffer) {
    const seed = Buffer.from(hkdfSync('sha256', master, '', 'xingfu note signing', RAW_KEY_BYTES));
    this.key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY_BYTES);
  }

  /**
   * The key as verifiers take it (C2SP signed-note): name, key id, type and public half.
   * @param name of whom the key belongs to; no blanks and no plus signs
   */
  verifierKey(name: string): string {
    return `${name}+${this.keyId(name).toString('hex')}+${Buffer.concat([ED25519, this.publicKey]).toString('base64')}`;
  }

  /**
   * A text with its signature line (C2SP signed-note).
   * @param text ends in a line break
   */
  signNote(name: string, text: string): string {
    const signature = sign(null, Buffer.from(text), this.key);
    return `${text}\n— ${name} ${Buffer.concat([this.keyId(name), signature]).toString('base64')}\n`;
  }

  private keyId(name: string): Buffer {
    return createHash('sha256').update(`${name}\n`).update(ED25519).update(this.publicKey).digest().subarray(0, 4);
  }
}
