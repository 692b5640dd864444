import { normaliseCardNumber } from '../../../src/elder/domain/card-moves.js';
import { fromBase64, toBase64Url, toHex, utf8 } from '../journal/keys.js';

/** What the service gives a till that opens, as far as rosters go. */
export interface OpenedTill {
  readonly terminalId: string;
  /** Of the terminal's key: handles hold within one. */
  readonly generation: number;
  /** base64; for the digest of a card's number. */
  readonly cardKey: string;
  /** base64; for this terminal's handle of a digest. */
  readonly rosterKey: string;
  /** base64url; the service's Ed25519 key over rosters, lists and passes. */
  readonly signatureKey: string;
  /** base64url; what journals that cannot be sent are sealed to. */
  readonly exportKey?: string;
  /** When the terminal's key is to be changed. */
  readonly keyDueAt: string;
  readonly serverTime: string;
  readonly metresAway: number | null;
  readonly far: boolean;
}

/** As the service cuts them. */
const HANDLE_LENGTH = 22;

const toBase64 = (urlSafe: string): string => urlSafe.replaceAll('-', '+').replaceAll('_', '/');

function macKey(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', fromBase64(text), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** Reads base64url as UTF-8. @throws where it is neither */
export function textOfBase64Url(text: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(fromBase64(toBase64(text)));
}

/** What cards are called at this till, and whether something was signed by the service. */
export class RosterKeys {
  private constructor(readonly generation: number, private readonly card: CryptoKey, private readonly roster: CryptoKey, private readonly service: CryptoKey) {}

  static async of({ generation, cardKey, rosterKey, signatureKey }: OpenedTill): Promise<RosterKeys> {
    const [card, roster, service] = await Promise.all([
      macKey(cardKey), macKey(rosterKey), crypto.subtle.importKey('raw', fromBase64(toBase64(signatureKey)), { name: 'Ed25519' }, false, ['verify']),
    ]);
    return new RosterKeys(generation, card, roster, service);
  }

  /** The handle of a card as it was read. */
  async handleOfCard(number: string): Promise<string> {
    return this.handleOf(toHex(await crypto.subtle.sign('HMAC', this.card, utf8(normaliseCardNumber(number)))));
  }

  /** The handle of a card's digest, as passes name it. */
  async handleOf(digest: string): Promise<string> {
    return toBase64Url(await crypto.subtle.sign('HMAC', this.roster, utf8(digest))).slice(0, HANDLE_LENGTH);
  }

  /** Whether the service signed these very words. @param signature base64url */
  async isSigned(text: string, signature: string): Promise<boolean> {
    if (!/^[A-Za-z0-9_-]{86}$/.test(signature)) return false;
    return crypto.subtle.verify({ name: 'Ed25519' }, this.service, fromBase64(toBase64(signature)), utf8(text));
  }
}
