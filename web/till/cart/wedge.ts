/** How a card reader is set up that types what it reads. */
export interface WedgeSetting {
  /** What the reader sends before the number; empty where it sends none, and its speed tells it from a hand. */
  readonly prefix: string;
}

/** What keys came to. `torn`: a reader's burst that never ended, a card taken away too early. */
export type WedgeEvent = { readonly is: 'key'; readonly key: string } | { readonly is: 'scan'; readonly number: string } | { readonly is: 'torn' };

/** Keys of a reader follow each other within this time; those of a hand do not. */
export const GAP_MS = 45;
/** Fewer keys than this are a hand's, however fast. */
const LEAST = 4;
/** The most letters of a card's number; and of a signed pass, which begins like this. */
const MOST = 40;
const MOST_OF_PASS = 8_000;
export const PASS_HEAD = 'xf1.';
/** Pick-up codes, elders' codes, passes and payment codes say themselves what they are: a scanner needs no prefix for them. */
const SELF_SAID = /^(Y[DM]\d|xf1\.|1[0-5]\d{16}$)/i;
/** A reader may end with more than one Enter; those after a number are its own. */
const TAIL_MS = 250;

/**
 * Tells a reader's number from keys pressed by hand, wherever the focus is. Keys are held back for a moment until it is
 * clear what they are. Pure: it is told the time, and `flush` says that the moment has passed.
 */
export class Wedge {
  private held: string[] = [];
  private at = 0;
  private scannedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly setting: WedgeSetting) {}

  /** Takes a key as the browser names it: one character, or `Enter`. @param at milliseconds, of any origin */
  feed(key: string, at: number): WedgeEvent[] {
    const before = this.held.length > 0 && at - this.at > GAP_MS ? this.flush(at) : [];
    this.at = at;
    if (key !== 'Enter') {
      if (key.length === 1) this.held.push(key);
      return before;
    }
    if (this.held.length === 0 && at - this.scannedAt < TAIL_MS) return before;
    return [...before, ...this.ended(at)];
  }

  /** The moment has passed without another key. */
  flush(at: number): WedgeEvent[] {
    if (this.held.length === 0 || at - this.at <= GAP_MS) return [];
    const keys = this.take();
    return this.isBurst(keys) ? [{ is: 'torn' }] : keys.map((key) => ({ is: 'key', key }));
  }

  /** Whether keys are held back: `flush` has to come. */
  get isHolding(): boolean {
    return this.held.length > 0;
  }

  private ended(at: number): WedgeEvent[] {
    const keys = this.take();
    if (!this.isBurst(keys)) return [...keys, 'Enter'].map((key) => ({ is: 'key', key }));
    this.scannedAt = at;
    const text = keys.join('');
    const number = (text.startsWith(this.setting.prefix) ? text.slice(this.setting.prefix.length) : text).trim();
    const most = number.startsWith(PASS_HEAD) ? MOST_OF_PASS : MOST;
    return number.length >= LEAST && number.length <= most ? [{ is: 'scan', number }] : [{ is: 'torn' }];
  }

  private isBurst(keys: readonly string[]): boolean {
    const { prefix } = this.setting;
    return keys.length >= LEAST && (prefix === '' || keys.join('').startsWith(prefix) || SELF_SAID.test(keys.join('')));
  }

  private take(): string[] {
    const keys = this.held;
    this.held = [];
    return keys;
  }
}
