import type { FieldCipher } from '../platform/index.js';
import { PRINTED_DIGITS } from './domain/index.js';

/** HMAC-SHA-1 takes keys of its own length (RFC 4226, section 4). */
const SECRET_BYTES = 20;

/** The digest of a shown code's 128 bits. */
export function textDigest(cipher: FieldCipher, bits: string): string {
  return cipher.blindIndex('eating-code-text', bits);
}

/** The digest of a shown code's digits. */
export function digitsDigest(cipher: FieldCipher, digits: string): string {
  return cipher.blindIndex('eating-code-digits', digits);
}

/** The secret of a session, from the installation's key: stored nowhere. */
export function secretBytes(cipher: FieldCipher, cityCode: string, secretId: string): Buffer {
  return Buffer.from(cipher.blindIndex('eating-secret', `${cityCode} ${secretId}`), 'hex').subarray(0, SECRET_BYTES);
}

/** The digits of a code on paper, from the installation's key: stored nowhere, and the same when it is printed again. */
export function printedValue(cipher: FieldCipher, cityCode: string, codeId: string): string {
  const digest = cipher.blindIndex('printed-code', `${cityCode} ${codeId}`);
  return String(BigInt(`0x${digest.slice(0, 24)}`) % 10n ** BigInt(PRINTED_DIGITS)).padStart(PRINTED_DIGITS, '0');
}

/** The digest by which a code on paper is found. */
export function printedDigest(cipher: FieldCipher, value: string): string {
  return cipher.blindIndex('printed-code-text', value);
}
