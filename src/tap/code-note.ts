import type { CivilDate, Instant } from '../kernel/index.js';
import type { FieldCipher } from '../platform/index.js';
import type { MealPeriod } from '../subsidy/domain/index.js';
import { claimOf } from './domain/index.js';

/** The card that an elder's code stands for, where it may be sold to: at one terminal, or at every one of a site. */
export interface CodeCard {
  readonly cityCode: string;
  /** A terminal's id, or a site's. */
  readonly at: string;
  /** What is used up by the sale; see `claimOf`. */
  readonly use: string;
  /** See `cardHandle`. */
  readonly handle: string;
  readonly until: Instant;
}

/** Binds the note to one place: elsewhere it opens nothing. */
function place({ cityCode, at }: Pick<CodeCard, 'cityCode' | 'at'>): string {
  return `till.code:${cityCode}:${at}`;
}

/** A sealed note that a till sends along in place of a card's number. Short, since it may have to fit into a picture that a phone shows. */
export function sealCode(cipher: FieldCipher, card: CodeCard): string {
  return cipher.seal(`${card.until.toString(36)} ${card.use} ${Buffer.from(card.handle, 'hex').toString('base64url')}`, place(card)).toString('base64url');
}

/** Where a note is used, and for which meal. */
export interface CodeDesk {
  readonly cityCode: string;
  readonly terminalId: string;
  readonly siteId: string;
  readonly mealTime: Instant;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
}

/** The card behind a note and what the sale uses up, or null where it is none, another place's, or was too old then. Asks no database. */
export function openCode(cipher: FieldCipher, desk: CodeDesk, note: string): { handle: string; code: string } | null {
  for (const at of [desk.terminalId, desk.siteId]) {
    const text = opened(cipher, note, place({ cityCode: desk.cityCode, at }));
    if (text === null) continue;
    const [until = '', use = '', handle = ''] = text.split(' ');
    return desk.mealTime < Number.parseInt(until, 36) ? { handle: Buffer.from(handle, 'base64url').toString('hex'), code: claimOf(use, desk.mealDate, desk.mealPeriod) } : null;
  }
  return null;
}

function opened(cipher: FieldCipher, note: string, at: string): string | null {
  try {
    return cipher.open(Buffer.from(note, 'base64url'), at);
  } catch {
    return null;
  }
}
