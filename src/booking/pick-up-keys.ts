import type { CivilDate, Instant } from '../kernel/index.js';
import type { FieldCipher } from '../platform/index.js';
import { pickUpCode } from './domain/index.js';

/** A booking as its pick-up code names it. */
export interface BookingName {
  readonly cityCode: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly number: number;
}

/** The code of a booking: its letters follow from the installation's key, the city, the site, and the day with its year. */
export function codeOf(cipher: FieldCipher, { cityCode, siteId, mealDate, number }: BookingName): string {
  const digest = cipher.blindIndex('booking', `${cityCode} ${siteId} ${mealDate} ${number}`);
  return pickUpCode({ monthDay: mealDate.slice(5, 7) + mealDate.slice(8), number }, digest);
}

/** The card that a booking is for, as one terminal may sell to it by the code alone. */
export interface BookedCard {
  readonly cityCode: string;
  readonly terminalId: string;
  readonly bookingId: string;
  /** See `cardHandle`. */
  readonly handle: string;
  readonly until: Instant;
}

/** Binds the note to one terminal and one booking: elsewhere it opens nothing. */
function place({ cityCode, terminalId, bookingId }: Pick<BookedCard, 'cityCode' | 'terminalId' | 'bookingId'>): string {
  return `till.booking:${cityCode}:${terminalId}:${bookingId}`;
}

/** A sealed note that a till sends along in place of a card's number: it lies on the till before the network is cut. */
export function sealBooked(cipher: FieldCipher, card: BookedCard): string {
  return cipher.seal(JSON.stringify({ handle: card.handle, until: card.until }), place(card)).toString('base64url');
}

/** The card behind a note for a meal of a moment, or null where it is none, another terminal's or booking's, or was too old then. */
export function openBooked(cipher: FieldCipher, at: Pick<BookedCard, 'cityCode' | 'terminalId' | 'bookingId'>, note: string, mealTime: Instant): string | null {
  try {
    const { handle, until } = JSON.parse(cipher.open(Buffer.from(note, 'base64url'), place(at))) as BookedCard;
    return mealTime < until ? handle : null;
  } catch {
    return null;
  }
}
