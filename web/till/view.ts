import type { BookingLine } from './bookings/bookings.js';
import type { Cart, Offer } from './cart/cart.js';
import type { Credential, Entry, MealPeriod, Tender } from './journal/entry.js';
import { NOBODY_ASKED, type PeopleView } from './people/people-view.js';
import type { LinkState } from './journal/sender.js';
import type { RosterStanding } from '../../src/till/domain/roster.js';
import type { Check } from './shift.js';

/** The roster as the cashier should know of it. */
export interface RosterView {
  /** When the service made it; null where there is none. */
  readonly asOf: number | null;
  readonly standing: 'none' | RosterStanding;
  readonly rows: number;
  /** Until when a meal sold without a network has its subsidy for certain. */
  readonly coveredUntil: number | null;
  /** Why the last reading was not taken; left out where it was. */
  readonly trouble?: string;
}

/** Who eats, as the cashier may address them. Nothing here tells a class. */
export interface Person {
  readonly surname: string;
  readonly title: 'f' | 'm';
  /** Ate here lately. */
  readonly regular: boolean;
  /** The page's name for the photo that this till keeps of them, if it keeps any. */
  readonly photo: string | null;
}

/** What the last sale came to, as the counter sees it. */
export type Outcome =
  | { readonly is: 'none' }
  | { readonly is: 'busy' }
  /** All is well. `open`: the share is settled when the service is back. `second`: they had a subsidised meal of this kind already. `paid`: the money is there, and nothing is to be taken. `aheadFen`: of it, paid when the meal was booked. */
  | { readonly is: 'done'; readonly number: number; readonly payFen: number; readonly open: boolean; readonly tender: Tender; readonly holder: Credential['kind']; readonly second: boolean; readonly paid?: true; readonly aheadFen?: number }
  /** `intoBalance`: it went back to where it came from, and no cash is handed over. `stays`: what was paid ahead is with the booking, which waits again. */
  | { readonly is: 'back'; readonly number: number; readonly returnFen: number; readonly intoBalance: boolean; readonly stays?: true }
  /** A person is needed: one sentence, and what to do. It stays until somebody says so. `payFen`: what is to be taken all the same. */
  | { readonly is: 'wait'; readonly sentence: string; readonly next: string; readonly payFen?: number };

/** What the keys mean just now. */
export type Mode = { readonly is: 'sell' } | { readonly is: 'quantity'; readonly typed: string } | { readonly is: 'void' } | { readonly is: 'portion' }
  /** An elder asks what the card holds: a card is waited for (`says` null), or the answer stands there for a moment. */
  | { readonly is: 'balance'; readonly says: string | null }
  /** The digits of an elder's code are typed. */
  | { readonly is: 'code'; readonly typed: string };

/** The shift that goes on. */
export interface ShiftView {
  readonly openedAt: number;
  readonly cashierName: string | null;
  readonly firstNumber: number;
  /** Of an earlier day, or counted without an answer: it is to be closed before anything else, but hinders no sale. */
  readonly isLeft: boolean;
  /** Somebody else logged in: it is counted before they sell. */
  readonly handsOver: boolean;
}

/** An entry as lists show it: without what is sealed. */
export type Listed = Omit<Entry, 'sealed' | 'trace'>;

/** Everything that the page shows. Plain data: a second window gets the same. */
export interface View {
  readonly phase: 'starting' | 'failed' | 'enrol' | 'opening' | 'selling' | 'closing';
  readonly role: 'writer' | 'mirror';
  /** Why the page cannot work, in the phase `failed`. */
  readonly trouble: string | null;
  readonly label: string;
  readonly offer: Offer | null;
  readonly periods: readonly MealPeriod[];
  readonly pricesAt: number | null;
  readonly cart: Cart | null;
  readonly mode: Mode;
  readonly outcome: Outcome;
  /** What the last sale handed out of a booking, until the next sale: the cashier takes it from the shelf by its number. */
  readonly handed: { readonly number: number; readonly items: readonly { readonly name: string; readonly quantity: number }[] } | null;
  /** How many identical meals were sold since group mode was switched on; null where it is off. */
  readonly group: number | null;
  readonly roster: RosterView;
  readonly person: Person | null;
  readonly link: LinkState;
  readonly entries: readonly Listed[];
  readonly kept: boolean;
  /** Whether the city offers prepaid balances today, as far as the last catalogue knew. */
  readonly prepayment: boolean;
  /** Whether own shares may be paid here by WeChat's payment code, as far as the last catalogue knew. */
  readonly payCode: boolean;
  /** A payment that is waited for: its code is to be scanned, is being charged, or the payer types a password. */
  readonly paying: { readonly fen: number; readonly step: 'scan' | 'asking' | 'password'; readonly says: string | null } | null;
  readonly checks: readonly Check[];
  readonly prefix: string;
  readonly updateReady: boolean;
  readonly shift: ShiftView | null;
  /** Who works here; null where nobody logged in, or nobody has to. */
  readonly cashier: { readonly id: string; readonly name: string } | null;
  readonly people: PeopleView;
  /** Today's bookings by number. */
  readonly bookings: readonly BookingLine[];
}

const NO_ROSTER: RosterView = { asOf: null, standing: 'none', rows: 0, coveredUntil: null };

export const START: View = {
  phase: 'starting', role: 'writer', trouble: null, label: '', offer: null, periods: [], pricesAt: null, cart: null, mode: { is: 'sell' }, outcome: { is: 'none' }, handed: null,
  group: null, roster: NO_ROSTER, person: null, link: { is: 'online' }, entries: [], kept: false, prepayment: false, payCode: false, paying: null, checks: [], prefix: '', updateReady: false, shift: null, cashier: null, people: NOBODY_ASKED, bookings: [],
};

/** How many sales are not known to be at the service. */
export function unsentOf(view: Pick<View, 'entries'>): number {
  return view.entries.filter((entry) => entry.fate.is === 'unsent').length;
}

/** How many sales the service could not take: a person has to look into them. */
export function blockedOf(view: Pick<View, 'entries'>): number {
  return view.entries.filter((entry) => entry.fate.is === 'blocked').length;
}

/** Ids of the sales that were taken back from here. */
export function takenBackIds(view: Pick<View, 'entries'>): Set<string> {
  return new Set(view.entries.flatMap(({ about, fate }) => (about.kind === 'void' && fate.is !== 'blocked' ? [about.tapId] : [])));
}

/** The last sale that can still be taken back from here. */
export function lastSale(view: Pick<View, 'entries'>): Listed | null {
  const back = takenBackIds(view);
  return view.entries.findLast(({ id, about, fate }) => about.kind === 'sale' && (fate.is === 'accepted' || fate.is === 'unsent') && !back.has(id)) ?? null;
}

/** Holds the view, and tells whoever looks at it. */
export class Board {
  private now: View = START;
  private readonly lookers = new Set<() => void>();

  readonly view = (): View => this.now;

  readonly watch = (look: () => void): (() => void) => {
    this.lookers.add(look);
    return () => this.lookers.delete(look);
  };

  /** For what is drawn: told once a frame, however often something changes in it. */
  readonly watchFrames = (look: () => void): (() => void) => {
    let isDue = false;
    const tell = (): void => {
      isDue = false;
      look();
    };
    return this.watch(() => {
      if (isDue) return;
      isDue = true;
      // A page that nobody sees has no frames.
      if (document.visibilityState === 'visible') requestAnimationFrame(tell);
      else setTimeout(tell);
    });
  };

  show(change: Partial<View>): void {
    this.now = { ...this.now, ...change };
    for (const look of this.lookers) look();
  }
}
