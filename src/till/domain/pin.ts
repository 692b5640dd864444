/** How a till makes a verifier of a PIN: PBKDF2 with HMAC-SHA256, which every browser has in WebCrypto. */
export const PIN_KDF = { name: 'PBKDF2', hash: 'SHA-256', iterations: 600_000, saltBytes: 16, keyBytes: 32 } as const;

/** The verifier is HMAC-SHA256 of this under the derived key; so the key itself is free to wrap what a till keeps. */
export const PIN_VERIFIER_LABEL = 'xingfu pin verifier';

/** A local verifier opens a till without a network for so long after the last log-in at the server. */
export const VERIFIER_LIFE_MS = 72 * 3_600_000;

const RUNS = '01234567890123456789';

/** Whether a PIN may be chosen: six digits that are neither one digit over and over, nor a run up or down, nor halves alike. */
export function pinHolds(pin: string): boolean {
  if (!/^\d{6}$/.test(pin)) return false;
  const backwards = [...pin].reverse().join('');
  return !/^(\d)\1{5}$/.test(pin) && !RUNS.includes(pin) && !RUNS.includes(backwards) && pin.slice(0, 3) !== pin.slice(3) && !/^(\d\d)\1\1$/.test(pin);
}
