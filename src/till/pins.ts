import { createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { PIN_KDF, PIN_VERIFIER_LABEL } from './domain/index.js';

const derive = promisify(pbkdf2);

/** What is kept of a PIN, at the server and for some days at a till: it tells a right PIN from a wrong one. */
export async function verifierOf(pin: string, salt: Buffer, iterations: number): Promise<Buffer> {
  const key = await derive(pin, salt, iterations, PIN_KDF.keyBytes, 'sha256');
  return createHmac('sha256', key).update(PIN_VERIFIER_LABEL).digest();
}

/** Binds a sealed verifier to its cashier. */
export function verifierPlace(cityCode: string, cashierId: string): string {
  return `till.pin:${cityCode}:${cashierId}`;
}
