import { invariant, monthOf, type CivilDate, type CivilMonth, type Clock } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { placeMonth, type BookMonth } from './domain/index.js';
import { openMonths, shareMonths, type SharedMonth } from './ledger.store.js';
import { detachedMonths } from './partition.store.js';

const MOST_TRIES = 5;

/** The months that some days are booked in, by the day. */
export class BookingMonths extends Map<CivilDate, CivilMonth> {
  constructor(places: Iterable<readonly [CivilDate, CivilMonth]>, private readonly shared: readonly SharedMonth[]) {
    super(places);
  }

  /** Whether meals of a day were declared over in a month, so that what is booked there asks for a new seal of the day. */
  isOver(day: CivilDate, bookedMonth: CivilMonth): boolean {
    const overTo = this.shared.find(({ month }) => month === bookedMonth)?.daysOverTo ?? null;
    return overTo !== null && day <= overTo;
  }
}

/**
 * The months that meals of some days are booked in: a meal's own month while it is open (one that is not there yet is
 * opened), else the earliest open month after it. The months are kept from closing until the transaction ends; a close
 * that is under way is waited for.
 */
export async function bookingMonths(tx: Tx, clock: Clock, cityCode: string, mealDates: readonly CivilDate[]): Promise<BookingMonths> {
  const first = mealDates.reduce((a, b) => (b < a ? b : a), mealDates[0] as CivilDate);
  let away: BookMonth[] | null = null;
  for (let tries = 1; tries <= MOST_TRIES && mealDates.length > 0; tries += 1) {
    const months = await shareMonths(tx, cityCode, monthOf(first));
    const places = mealDates.map((date) => ({ date, ...placeMonth(monthOf(date), [...months, ...(away ?? [])]) }));
    const missing = [...new Set(places.filter(({ known }) => !known).map(({ month }) => month))];
    if (missing.length === 0) return new BookingMonths(places.map(({ date, month }) => [date, month] as const), months);
    // A month that was taken out of the books takes nothing more, also from cities that never opened it.
    away ??= (await detachedMonths(tx)).map((month): BookMonth => ({ month, state: 'closed' }));
    if (missing.some((month) => away?.some((gone) => gone.month >= month))) continue;
    // Opened and read again: another transaction may have opened, or even closed, it in between.
    await openMonths(tx, cityCode, missing, clock.now());
  }
  invariant(mealDates.length === 0, 'months closed as fast as they were opened');
  return new BookingMonths([], []);
}

/** The month that a meal of one day is booked in: see `bookingMonths`. */
export async function bookingMonth(tx: Tx, clock: Clock, cityCode: string, mealDate: CivilDate): Promise<CivilMonth> {
  const month = (await bookingMonths(tx, clock, cityCode, [mealDate])).get(mealDate);
  invariant(month, 'every day has a month');
  return month;
}
