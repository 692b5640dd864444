import type { BillItem } from '../../../src/menu/domain/bill.js';
import { entryText, JOURNAL_START } from '../../../src/tap/domain/entry.js';
import type { components } from '../../lib/api.gen.js';
import type { Fate } from './fate.js';

/** `booked`: paid when it was booked, and what is missing in cash. */
export type Tender = 'cash' | 'code' | 'balance' | 'booked';
export type MealPeriod = components['schemas']['MealPeriod'];
export type TapItem = BillItem;
export type ShownSplit = components['schemas']['ShownSplitDto'];

/** Who eats: a guest, whoever holds a card, or somebody without one, by the note of a search, of a booking or of a code of their own. */
export type Credential = { readonly kind: 'guest' } | { readonly kind: 'card'; readonly number: string } | { readonly kind: 'entered'; readonly note: string } | { readonly kind: 'booking'; readonly note: string } | { readonly kind: 'code'; readonly note: string };

/** By what the cashier made sure that the elder is here: the photo, somebody who came along, or the card's number said aloud. */
export type Presence = 'photo' | 'companion' | 'number';

/** A sale as the screen hands it over; the journal adds its id, time, number, chain and signature. */
export interface Sale {
  readonly credential: Credential;
  readonly items: readonly TapItem[];
  readonly priceListVersion: number;
  readonly mealPeriod: MealPeriod;
  readonly tender: Tender;
  /** Left out where nothing was asked, or nobody answered. */
  readonly presence?: Presence;
  /** The booking that it hands out. */
  readonly bookingId?: string;
  /** What the till counted on as paid ahead, where it said by itself what is due. */
  readonly paidFen?: number;
  /** Left out where the till does not know the split. */
  readonly shown?: ShownSplit;
}

/** What a till takes back. */
export interface TakenBack {
  readonly tapId: string;
  readonly reason: string;
}

/** What an entry is about, as lists show it: nothing in it tells who ate. `pass`: the pass it used up. `byWechat`: it stands once its payment code was charged. */
export type About =
  | { readonly kind: 'sale'; readonly holder: Credential['kind']; readonly items: readonly TapItem[]; readonly mealPeriod: MealPeriod; readonly tender: Tender; readonly priceFen: number; readonly bookingId?: string; readonly pass?: string; readonly byWechat?: true }
  | { readonly kind: 'void'; readonly tapId: string };

/** The end of a journal: what the next entry follows. */
export interface Head {
  /** Number of the last entry, 0 before the first. */
  readonly number: number;
  readonly hash: string;
}

export const EMPTY: Head = { number: 0, hash: JOURNAL_START };

/** The deed of an entry, with everything that its hash covers. */
export type Deed = Readonly<Record<string, unknown>> & { readonly id: string; readonly journalNumber: number };

/** An entry as it lies in the till's database. */
export interface Entry {
  readonly number: number;
  readonly id: string;
  /** Milliseconds since 1970 by the till's clock. */
  readonly madeAt: number;
  readonly about: About;
  readonly prevHash: string;
  readonly hash: string;
  /** The body to send, encrypted by the device's own key; gone three days after the service has answered for good. */
  readonly sealed: Sealed | null;
  /** What a sale took of somebody's rights, encrypted likewise; gone with the body. */
  readonly trace?: Sealed | null;
  /** What the till decided by itself, as it stands in the deed. */
  readonly shown?: ShownSplit;
  /** What was said at the counter while the answer did not come, or by the service before it lost some of its books; no part of the deed. */
  readonly told?: ShownSplit;
  readonly fate: Fate;
  /** What the till asked for at the counter; null as long as it showed nothing. */
  readonly takenFen: number | null;
  /** What was taken above the own share has been given back. */
  readonly returned: boolean;
}

/** A text that only this device reads: AES-GCM with a key that cannot be taken out of it. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** The deed of a sale, the next of the journal. @param now milliseconds since 1970 */
export function saleDeed(head: Head, id: string, now: number, sale: Sale): Deed {
  const { credential, items, priceListVersion, mealPeriod, tender, presence, bookingId, paidFen, shown } = sale;
  return {
    id, credential, items, priceListVersion, mealPeriod, deviceTime: new Date(now).toISOString(), journalNumber: head.number + 1, tender,
    ...(presence === undefined ? {} : { presence }), ...(bookingId === undefined ? {} : { bookingId }), ...(paidFen === undefined ? {} : { paidFen }), ...(shown === undefined ? {} : { shown }),
  };
}

/** The deed of a void, the next of the journal. Its hash covers the sale's id as well, which stands in the address. */
export function voidDeed(head: Head, id: string, now: number, back: TakenBack): Deed {
  return { id, tapId: back.tapId, reason: back.reason, journalNumber: head.number + 1, deviceTime: new Date(now).toISOString() };
}

/** The text whose SHA-256 is the hash of the deed in its journal. */
export function textToHash(head: Head, deed: Deed): string {
  return entryText(head.hash, deed);
}

/** The body as it is sent. A void's sale stands in its address and not in its body. */
export function bodyOf(head: Head, deed: Deed, signature: string): string {
  const { tapId: _inAddress, ...fields } = deed;
  return JSON.stringify({ ...fields, prevHash: head.hash, signature });
}

/** The body with what was said to the eater beside the deed. */
export function bodyTelling(body: string, told: ShownSplit | undefined): string {
  return told === undefined ? body : `${body.slice(0, -1)},"told":${JSON.stringify(told)}}`;
}

/** Entries with a last word are kept so long, for closings and questions of the same week. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** Their bodies so long: a service that was brought back from a backup asks for the sales of three days again. */
export const BODY_KEPT_MS = 72 * 3_600_000;

/** Of the entries that have a last word those whose time is over, and those whose body's is. What waits for somebody waits on. */
export function pastTheirTime<E extends Pick<Entry, 'madeAt' | 'fate' | 'sealed'>>(entries: readonly E[], now: number): { readonly gone: E[]; readonly silent: E[] } {
  const settled = entries.filter(({ fate }) => fate.is !== 'unsent' && fate.is !== 'blocked');
  const gone = settled.filter(({ madeAt }) => madeAt < now - KEPT_MS);
  return { gone, silent: settled.filter(({ madeAt, sealed }) => sealed !== null && madeAt < now - BODY_KEPT_MS && madeAt >= now - KEPT_MS) };
}

/**
 * Whether entries, by number, follow each other without a gap and name each other's hashes.
 * @returns the first number that does not fit, or null
 */
export function firstBreak(entries: readonly Pick<Entry, 'number' | 'prevHash' | 'hash'>[]): number | null {
  for (let index = 1; index < entries.length; index += 1) {
    const [before, entry] = [entries[index - 1], entries[index]];
    if (before === undefined || entry === undefined) continue;
    if (entry.number !== before.number + 1 || entry.prevHash !== before.hash) return entry.number;
  }
  return null;
}
