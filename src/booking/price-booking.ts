import { chinaTime, done, refuse, sumFen, type CivilDate, type Instant, type Outcome } from '../kernel/index.js';
import { billOf, type MealPeriod, type PriceList } from '../menu/domain/index.js';
import { priceListInForce } from '../menu/index.js';
import type { Tx } from '../platform/index.js';
import { bookedSoFar, lockDays, type Booked } from './booking.store.js';
import { closesAt, namesSomebody, portionsOf, type BookedItem, type BookingHours, type BookingWay } from './domain/index.js';

/** What is wished for. */
export interface Wish {
  readonly items: readonly { readonly itemCode: string; readonly quantity: number }[];
  readonly way: BookingWay;
  readonly note: string | null;
}

/** The meal that it is wished for. */
export interface MealWished {
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
}

/**
 * The wish at the prices of the list that is in force on the meal's day.
 * @returns `booking-note-personal`, `booking-site-closed`, `booking-item-unknown`
 */
export async function priceWish(tx: Tx, cityCode: string, { siteId, mealDate, mealPeriod }: MealWished, wish: Wish): Promise<Outcome<Booked>> {
  return priceBy(await priceListInForce(tx, cityCode, siteId, mealDate), mealPeriod, wish);
}

/** The wish at the prices of a list; null where the site has none. @returns as `priceWish` does */
export function priceBy(list: PriceList | null, mealPeriod: MealPeriod, { items, way, note }: Wish): Outcome<Booked> {
  if (note !== null && namesSomebody(note)) return refuse('booking-note-personal');
  if (list === null) return refuse('booking-site-closed');
  const bill = billOf(items, mealPeriod, true, list.prices);
  if (typeof bill === 'string') return refuse('booking-item-unknown');
  const booked = items.flatMap((item) => named(list, mealPeriod, item));
  return done({ way, items: booked, portions: portionsOf(items), priceListVersion: list.version, priceFen: sumFen([bill.ownFen, bill.othersFen]), note });
}

function named(list: PriceList, mealPeriod: MealPeriod, { itemCode, quantity }: Wish['items'][number]): BookedItem[] {
  const price = list.prices.find((row) => row.itemCode === itemCode && row.mealPeriod === mealPeriod);
  return price === undefined ? [] : [{ itemCode, name: price.name, quantity, fen: price.fen }];
}

/** Portions that are wanted of a meal. */
export interface Wanted {
  readonly meal: MealWished;
  /** That the meal has; null for as many as are asked for. */
  readonly most: number | null;
  readonly portions: number;
  /** Portions that the same booking has already. */
  readonly before?: number;
}

/**
 * Whether so many more portions of a meal can be had, for some meals in their order; whoever asks at the same time waits
 * until these are written.
 * @returns for each the next number of the day, or `booking-sold-out`
 */
export async function placesFor(tx: Tx, cityCode: string, all: readonly Wanted[]): Promise<Outcome<number>[]> {
  const days = [...new Map(all.map(({ meal: { siteId, mealDate } }) => [`${siteId} ${mealDate}`, { siteId, mealDate }])).values()];
  // Sent along with the locks, so it is read once they were got.
  const [, meals] = await Promise.all([lockDays(tx, cityCode, days), bookedSoFar(tx, cityCode, days)]);
  const [taken, last] = [new Map<string, number>(), new Map<string, number>()];
  const add = (day: string, period: MealPeriod, portions: number, number: number): void => {
    taken.set(`${day} ${period}`, (taken.get(`${day} ${period}`) ?? 0) + portions);
    last.set(day, Math.max(last.get(day) ?? 0, number));
  };
  for (const { siteId, mealDate, mealPeriod, portions, last: number } of meals) add(`${siteId} ${mealDate}`, mealPeriod, portions, number);
  return all.map(({ meal: { siteId, mealDate, mealPeriod }, most, portions, before = 0 }) => {
    const day = `${siteId} ${mealDate}`;
    const others = (taken.get(`${day} ${mealPeriod}`) ?? 0) - before;
    if (most !== null && others + portions > most) return refuse('booking-sold-out', { left: Math.max(0, most - others) });
    const number = (last.get(day) ?? 0) + 1;
    add(day, mealPeriod, portions - before, number);
    return done(number);
  });
}

/** Refuses once the cut-off has passed, and says when that was. @returns the cut-off, or `booking-closed` */
export function checkCutOff(hours: BookingHours, mealDate: CivilDate, now: Instant): Outcome<Instant> {
  const closes = closesAt(hours, mealDate);
  return now < closes ? done(closes) : refuse('booking-closed', { at: chinaTime(closes).slice(5, 16).replace('T', ' ') });
}
