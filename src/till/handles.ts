import { createHmac } from 'node:crypto';
import type { FieldCipher } from '../platform/index.js';

/** 132 bits: no two cards of a city share one. */
const HANDLE_LENGTH = 22;

/** The key under which one terminal's handles are made in one generation of its key: from the installation's key, stored nowhere. */
export function rosterKey(cipher: FieldCipher, terminalId: string, generation: number): Buffer {
  return Buffer.from(cipher.blindIndex('till-roster-key', `${terminalId} ${generation}`), 'hex');
}

/** What a card is called at one terminal in one generation of its key. @param digest see `cardDigest` */
export function handleOf(key: Buffer, digest: string): string {
  return createHmac('sha256', key).update(digest).digest('base64url').slice(0, HANDLE_LENGTH);
}
