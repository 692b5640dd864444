import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Clock, Instant } from '../../kernel/index.js';
import { openSealed } from './pay-signing.js';

const PUBLIC_KEY_HEAD = 'PUB_KEY_ID_';
/** However many strange serials come, the list of certificates is asked for no more often than this. */
const LOOK_AGAIN_MS = 60_000;

/**
 * What WeChat Pay signs with, by serial: its public key, the one way of new merchants, and for merchants that came
 * from before it the platform certificates, which change by themselves and are fetched when one is first seen.
 */
export class PayKeys {
  private certificates: ReadonlyMap<string, { readonly key: KeyObject; readonly until: Instant }> = new Map();
  private asking: Promise<void> | null = null;
  private askedAt = Number.NEGATIVE_INFINITY;
  private readonly publicKey: KeyObject;

  /** @param fetchList the body of `GET /v3/certificates`, null where there is none */
  constructor(private readonly own: { readonly publicKeyId: string; readonly publicKey: string; readonly apiV3Key: string }, private readonly clock: Clock, private readonly fetchList: () => Promise<Readonly<Record<string, unknown>> | null>) {
    this.publicKey = createPublicKey(own.publicKey);
  }

  /** The key of a serial, null where WeChat Pay has none by that name. */
  async keyOf(serial: string): Promise<KeyObject | null> {
    if (serial === this.own.publicKeyId) return this.publicKey;
    if (serial.startsWith(PUBLIC_KEY_HEAD)) return null;
    if (this.valid(serial) === null && this.clock.now() - this.askedAt >= LOOK_AGAIN_MS) {
      this.askedAt = this.clock.now();
      this.asking ??= this.fetchCertificates().finally(() => (this.asking = null));
    }
    await this.asking;
    return this.valid(serial);
  }

  private valid(serial: string): KeyObject | null {
    const found = this.certificates.get(serial.toUpperCase());
    return found !== undefined && this.clock.now() < found.until ? found.key : null;
  }

  /** The list proves itself: what opens with the APIv3 key was sealed by WeChat Pay. */
  private async fetchCertificates(): Promise<void> {
    const list = (await this.fetchList())?.['data'];
    if (!Array.isArray(list)) return;
    const found = new Map<string, { key: KeyObject; until: Instant }>();
    for (const one of list as { serial_no?: unknown; encrypt_certificate?: { ciphertext?: unknown; nonce?: unknown; associated_data?: unknown } }[]) {
      const { ciphertext, nonce, associated_data: associatedData } = one.encrypt_certificate ?? {};
      if (typeof one.serial_no !== 'string' || typeof ciphertext !== 'string' || typeof nonce !== 'string') continue;
      const pem = openSealed(this.own.apiV3Key, { ciphertext, nonce, associatedData: typeof associatedData === 'string' ? associatedData : '' });
      if (pem === null) continue;
      const certificate = new X509Certificate(pem);
      found.set(one.serial_no.toUpperCase(), { key: certificate.publicKey, until: Date.parse(certificate.validTo) });
    }
    if (found.size > 0) this.certificates = found;
  }
}
