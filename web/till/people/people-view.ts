import type { KinRight } from '../../../src/family/domain/index.js';
import type { Sealed } from '../journal/entry.js';
import type { Tries } from './waits.js';

/** A cashier of this terminal, as the list shows them. */
export interface CashierName {
  readonly cashierId: string;
  readonly name: string;
}

/** The page waits for a PIN. */
export interface Lock {
  /** Whose PIN; null where somebody has to choose first. */
  readonly chosen: string | null;
  /** How many digits were typed: the digits themselves are shown nowhere. */
  readonly typed: number;
  readonly busy: boolean;
  readonly sentence: string | null;
}

/** Somebody whom a search found, as the cashier may see them. */
export interface Candidate {
  readonly surname: string;
  readonly title: 'f' | 'm';
  readonly cardTail: string;
  /** The page's name for their photo, if there is any. */
  readonly photo: string | null;
}

/** Somebody whom an elder lets see or do something: no name. */
export interface Relative {
  readonly contactId: string;
  readonly relation: string;
  /** What tells those of one relation apart; null where there is one. */
  readonly mark: string | null;
  readonly rights: readonly string[];
}

/** What stands in the place of the dishes for a moment. */
export type Panel =
  | { readonly is: 'none' }
  /** A card was forgotten: whom to look for, or who was found. */
  | { readonly is: 'search'; readonly surname: string; readonly tail: string; readonly busy: boolean; readonly sentence: string | null; readonly found: readonly Candidate[] | null; readonly today: number }
  /** By what the elder's presence is known. `tail`: the card's last digits, for who says them aloud. */
  | { readonly is: 'proof'; readonly tail: string; readonly photo: string | null }
  | KinView;

/**
 * An elder looks through who may see and do what: a card is waited for (`relatives` null), and one of them is chosen to
 * take it back; or the elder consents to something, and gets a code to give to a relative.
 */
export interface KinView {
  readonly is: 'kin';
  readonly busy: boolean;
  readonly sentence: string | null;
  readonly self: boolean;
  readonly relatives: readonly Relative[] | null;
  readonly chosen: number | null;
  /** What is read out before an elder consents. */
  readonly notice: string;
  /** What is consented to, until when; null while nobody consents. */
  readonly giving: { readonly rights: readonly KinRight[]; readonly term: number; readonly until: string } | null;
  readonly code: KinCode | null;
}

/** A code for a relative, and until when it is taken: milliseconds since 1970. */
export interface KinCode {
  readonly code: string;
  readonly expiresAt: number;
}

/** What an elder may let a relative do, in the words that are read out. */
export const KIN_WORDS: readonly (readonly [KinRight, string])[] = [['meals', '看吃的饭和账单'], ['ordering', '帮着订饭'], ['paying', '帮着付钱']];

/** What the page shows of cashiers and elders besides a sale. */
export interface PeopleView {
  /** Those who may log in here; nobody where the terminal asks for no PIN. */
  readonly cashiers: readonly CashierName[];
  readonly lock: Lock | null;
  readonly panel: Panel;
  /** After so many minutes without a touch the page locks itself. */
  readonly idleMinutes: number;
  /** Why somebody may not log out yet. */
  readonly stays: string | null;
}

export const IDLE_CHOICES = [10, 30, 60] as const;

export const NOBODY_ASKED: PeopleView = { cashiers: [], lock: null, panel: { is: 'none' }, idleMinutes: 30, stays: null };

/** What a device remembers of its cashiers. */
export interface RememberedPeople {
  readonly cashiers: readonly CashierName[];
  /** Who is logged in, and when they were last seen; null after a log-out. */
  readonly cashier: (CashierName & { readonly seenAt: number }) | null;
  /** What PINs are checked with, without a network. */
  readonly pins: Sealed;
  /** Wrong tries by cashier. */
  readonly pinTries: Readonly<Record<string, Tries>>;
  readonly idleMinutes: number;
  /** How often somebody was searched for on a day. */
  readonly searches: { readonly date: string; readonly times: number };
}
