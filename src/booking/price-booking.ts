import { chinaTime, done, refuse, sumFen, type CivilDate, type Instant, type Outcome } from '../kernel/index.js';
import { billOf, type MealPeriod, type PriceList } from '../menu/domain/index.js';
import { priceListInForce } from '../menu/index.js';
import type { Tx } from '../platform/index.js';
import { bookedSoFar, lockDay, type Booked } from './booking.store.js';
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

/**
 * Whether so many more portions of a meal can be had; whoever asks at the same time waits until this one is written.
 * @param most that the meal has; null for as many as are asked for
 * @param before portions that the same booking has already
 * @returns the next number of the day, or `booking-sold-out`
 */
export async function placeFor(tx: Tx, cityCode: string, { siteId, mealDate, mealPeriod }: MealWished, most: number | null, portions: number, before = 0): Promise<Outcome<number>> {
  // Sent along with the lock, so it is read once the lock was got.
  const [, { portions: taken, next }] = await Promise.all([lockDay(tx, cityCode, siteId, mealDate), bookedSoFar(tx, cityCode, siteId, mealDate, mealPeriod)]);
  if (most !== null && taken - before + portions > most) return refuse('booking-sold-out', { left: Math.max(0, most - taken + before) });
  return done(next);
}

/** Refuses once the cut-off has passed, and says when that was. @returns the cut-off, or `booking-closed` */
export function checkCutOff(hours: BookingHours, mealDate: CivilDate, now: Instant): Outcome<Instant> {
  const closes = closesAt(hours, mealDate);
  return now < closes ? done(closes) : refuse('booking-closed', { at: chinaTime(closes).slice(5, 16).replace('T', ' ') });
}
