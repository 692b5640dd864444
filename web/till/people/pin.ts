import { PIN_KDF, PIN_VERIFIER_LABEL } from '../../../src/till/domain/pin.js';
import { fromBase64 } from '../journal/keys.js';

/** What the service hands out at a log-in, so that the same cashier gets in without a network for a while. */
export interface Verifier {
  /** base64 */
  readonly salt: string;
  readonly iterations: number;
  /** base64 */
  readonly verifier: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

/** Whether a PIN is the one that a verifier was made of. Slow on purpose: about a second on a cheap tablet. */
export async function pinFits(pin: string, { salt, iterations, verifier }: Pick<Verifier, 'salt' | 'iterations' | 'verifier'>): Promise<boolean> {
  const { name, hash, keyBytes } = PIN_KDF;
  const typed = await crypto.subtle.importKey('raw', utf8(pin), name, false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name, hash, salt: fromBase64(salt), iterations }, typed, keyBytes * 8);
  const key = await crypto.subtle.importKey('raw', bits, { name: 'HMAC', hash }, false, ['verify']);
  return crypto.subtle.verify('HMAC', key, fromBase64(verifier), utf8(PIN_VERIFIER_LABEL));
}
