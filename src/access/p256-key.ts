import { createPublicKey } from 'node:crypto';

/** The DER of a key in base64, or undefined for anything but a public key on P-256. */
export function p256Key(base64: string): Buffer | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key.export({ format: 'der', type: 'spki' }) : undefined;
  } catch {
    return undefined;
  }
}
