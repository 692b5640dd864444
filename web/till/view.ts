import type { Cart, Offer } from './cart/cart.js';
import type { Entry, MealPeriod } from './journal/entry.js';
import type { LinkState } from './journal/sender.js';
import type { Check } from './shift.js';

/** What the last sale came to, as the counter sees it. */
export type Outcome =
  | { readonly is: 'none' }
  | { readonly is: 'busy' }
  /** All is well. `open`: the share is settled when the service is back. */
  | { readonly is: 'done'; readonly number: number; readonly payFen: number; readonly open: boolean; readonly tender: 'cash' | 'code'; readonly holder: 'card' | 'guest' }
  | { readonly is: 'back'; readonly number: number; readonly returnFen: number }
  /** A person is needed: one sentence, and what to do. It stays until somebody says so. `payFen`: what is to be taken all the same. */
  | { readonly is: 'wait'; readonly sentence: string; readonly next: string; readonly payFen?: number };

/** What the keys mean just now. */
export type Mode = { readonly is: 'sell' } | { readonly is: 'quantity'; readonly typed: string } | { readonly is: 'void' };

/** An entry as lists show it: without its body. */
export type Listed = Omit<Entry, 'sealed'>;

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
  /** How many identical meals were sold since group mode was switched on; null where it is off. */
  readonly group: number | null;
  readonly link: LinkState;
  readonly entries: readonly Listed[];
  readonly kept: boolean;
  readonly checks: readonly Check[];
  readonly prefix: string;
  readonly updateReady: boolean;
}

export const START: View = {
  phase: 'starting', role: 'writer', trouble: null, label: '', offer: null, periods: [], pricesAt: null, cart: null, mode: { is: 'sell' }, outcome: { is: 'none' },
  group: null, link: { is: 'online' }, entries: [], kept: false, checks: [], prefix: '', updateReady: false,
};

/** How many sales are not known to be at the service. */
export function unsentOf(view: Pick<View, 'entries'>): number {
  return view.entries.filter((entry) => entry.fate.is === 'unsent').length;
}

/** How many sales the service could not take: a person has to look into them. */
export function blockedOf(view: Pick<View, 'entries'>): number {
  return view.entries.filter((entry) => entry.fate.is === 'blocked').length;
}

/** The last sale that can still be taken back from here. */
export function lastSale(view: Pick<View, 'entries'>): Listed | null {
  const back = new Set(view.entries.flatMap(({ about, fate }) => (about.kind === 'void' && fate.is !== 'blocked' ? [about.tapId] : [])));
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

  show(change: Partial<View>): void {
    this.now = { ...this.now, ...change };
    for (const look of this.lookers) look();
  }
}
