import { looksLikePickUp, readPickUpCode } from '../../../src/booking/domain/pick-up-code.js';
import { chinaDate } from '../../../src/kernel/civil-date.js';
import type { TillBooking, TillBookings } from '../../../src/till/domain/booked.js';
import type { MealPeriod } from '../journal/entry.js';
import type { Link } from '../journal/link.js';
import { takenBackIds, type Listed } from '../view.js';
import type { RosterKeys } from '../roster/keys.js';
import { Forged, readBookings } from '../roster/reading.js';
import type { Shelf } from '../roster/shelf.js';

/** A booking as lists show it: nothing in it tells whose it is. */
export interface BookingLine {
  readonly id: string;
  readonly number: number;
  readonly period: MealPeriod;
  readonly way: TillBooking['w'];
  readonly state: TillBooking['s'];
  readonly items: readonly { readonly name: string; readonly quantity: number }[];
  /** What was paid when it was booked, in fen. */
  readonly paidFen: number;
}

/** What became of a code that was shown. */
export type Found = { readonly ok: true; readonly booking: TillBooking } | { readonly ok: false; readonly why: 'unread' | 'unknown' | 'used' | 'given-up' | 'other-day' };

export const isPickUp = looksLikePickUp;

/** What bookings work with. */
export interface BookingsTools {
  readonly shelf: Shelf;
  readonly link: Link;
  readonly keys: () => RosterKeys | null;
  readonly now: () => number;
  /** This till's journal as lists show it. */
  readonly entries: () => readonly Listed[];
}

/** Bookings that sales of this till handed out; those that were taken back, or that the service refused, did not. */
export function handedOut(entries: readonly Listed[]): Set<string> {
  const back = takenBackIds({ entries });
  return new Set(entries.flatMap(({ id, about, fate }) => (about.kind === 'sale' && about.bookingId !== undefined && !back.has(id) && fate.is !== 'refused' && fate.is !== 'blocked' ? [about.bookingId] : [])));
}

/** What is booked here today and tomorrow, as this till knows it; sealed on the disk like the roster, and gone with it. */
export class Bookings {
  private page: TillBookings | null = null;
  /** What the service calls the list that was read last. */
  private tag = '';

  constructor(private readonly tools: BookingsTools) {}

  async load(): Promise<void> {
    this.page = await this.tools.shelf.recall<TillBookings>('bookings').catch(() => null);
  }

  /** Brings the list up to now. @param ms how long it is waited for @throws Away, Refused: what was there stays */
  async refresh(ms?: number): Promise<void> {
    const { keys, link, shelf } = this.tools;
    const own = keys();
    if (own === null) return;
    try {
      const read = await readBookings(link, own, this.tag, ms);
      if (read === null) return;
      [this.page, this.tag] = [read.page, read.tag];
      await shelf.keep('bookings', this.page);
    } catch (error) {
      if (!(error instanceof Forged)) throw error;
    }
  }

  /** Today's bookings by number, with what this till has handed out by itself. */
  lines(): BookingLine[] {
    const out = handedOut(this.tools.entries());
    return this.ofToday().map(({ id, no, p, w, s, i, f }) => ({ id, number: no, period: p, way: w, state: out.has(id) ? 'collected' : s, items: i, paidFen: f }));
  }

  /** The booking of a pick-up code. */
  async byCode(text: string): Promise<Found> {
    const code = readPickUpCode(text);
    const keys = this.tools.keys();
    if (code === null) return { ok: false, why: 'unread' };
    const handle = await keys?.handleOf(code);
    const booking = this.page?.rows.find(({ c }) => c === handle);
    if (booking === undefined) return { ok: false, why: 'unknown' };
    if (this.isOut(booking)) return { ok: false, why: 'used' };
    if (booking.d !== chinaDate(this.tools.now())) return { ok: false, why: 'other-day' };
    return booking.s === 'noShow' ? { ok: false, why: 'given-up' } : { ok: true, booking };
  }

  /** What somebody with a card has booked for this meal and not fetched yet; null for nothing. */
  async byCard(number: string, period: MealPeriod): Promise<TillBooking | null> {
    const handle = this.waiting(period).length === 0 ? undefined : await this.tools.keys()?.handleOfCard(number);
    return handle === undefined ? null : this.byHandle(handle, period);
  }

  /** The same by what the card is called here. */
  byHandle(handle: string, period: MealPeriod): TillBooking | null {
    return this.waiting(period).find(({ h }) => h === handle) ?? null;
  }

  private waiting(period: MealPeriod): TillBooking[] {
    return this.ofToday().filter((booking) => booking.p === period && booking.s === 'open' && !this.isOut(booking));
  }

  private ofToday(): readonly TillBooking[] {
    const { keys, now } = this.tools;
    const { page } = this;
    // Handles of another generation are nobody's.
    return page === null || page.generation !== keys()?.generation ? [] : page.rows.filter(({ d }) => d === chinaDate(now()));
  }

  private isOut({ id, s }: TillBooking): boolean {
    if (!handedOut(this.tools.entries()).has(id)) return s === 'collected' && !this.isBackHere(id);
    return true;
  }

  /** It was collected here, and that sale was taken back: it waits again, whatever the list of some minutes ago says. */
  private isBackHere(bookingId: string): boolean {
    const entries = this.tools.entries();
    const back = takenBackIds({ entries });
    return entries.some(({ id, about }) => about.kind === 'sale' && about.bookingId === bookingId && back.has(id));
  }
}
