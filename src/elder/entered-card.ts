import type { Instant } from '../kernel/index.js';
import type { FieldCipher } from '../platform/index.js';

/** An elder whom a cashier found without a card: whose card stands for them, at which terminal, until when. */
export interface EnteredCard {
  readonly cityCode: string;
  readonly terminalId: string;
  /** See `cardHandle`. */
  readonly handle: string;
  readonly until: Instant;
}

/** Binds the note to one terminal: at another it opens nothing. */
function place({ cityCode, terminalId }: Pick<EnteredCard, 'cityCode' | 'terminalId'>): string {
  return `till.entered:${cityCode}:${terminalId}`;
}

/** A sealed note that a till sends along in place of a card's number. */
export function sealEntered(cipher: FieldCipher, card: EnteredCard): string {
  return cipher.seal(JSON.stringify({ handle: card.handle, until: card.until }), place(card)).toString('base64url');
}

/** The card behind a note for a meal of a moment, or null where it is none, another terminal's, or was too old then. */
export function openEntered(cipher: FieldCipher, at: Pick<EnteredCard, 'cityCode' | 'terminalId'>, note: string, mealTime: Instant): string | null {
  try {
    const { handle, until } = JSON.parse(cipher.open(Buffer.from(note, 'base64url'), place(at))) as EnteredCard;
    return mealTime < until ? handle : null;
  } catch {
    return null;
  }
}
