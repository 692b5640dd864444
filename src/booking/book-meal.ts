import { daysBetween, done, minFen, refuse, today, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import type { FieldCipher, Tx } from '../platform/index.js';
import type { SiteOn } from '../site/index.js';
import { readMealFacts, type MealFacts } from './booking-facts.store.js';
import type { BookingPlaces } from './booking-places.js';
import { insertBooking } from './booking.store.js';
import { NO_AHEAD, type Ahead, type BookingChannel } from './domain/index.js';
import { codeOf } from './pick-up-keys.js';
import { checkCutOff, placeFor, priceBy, type MealWished, type Wish } from './price-booking.js';

/** So many days ahead a meal is booked at most. */
export const MOST_DAYS = 14;
/** Of an elder for one day, whoever asks for them without being staff: meals that wait, those that were ever asked for, portions of one. */
const MOST_WAITING = 3;
const MOST_MADE = 10;
const MOST_PORTIONS = 10;

/** What was booked. */
export interface BookingMade {
  readonly bookingId: string;
  readonly number: number;
  /** Spoken, printed or scanned when the meal is fetched. */
  readonly code: string;
  readonly portions: number;
  readonly priceFen: Fen;
}

/** A meal that is to be booked for an elder whom the caller has locked and may book for. */
export interface MealToBook extends MealWished, Wish {
  readonly bookingId: string;
  readonly elderId: string;
  readonly channel: BookingChannel;
  readonly accountId: string | null;
  /** How the actor is named. */
  readonly by: string;
}

/** What booking works with. */
export interface BookingTools {
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  readonly places: BookingPlaces;
}

/** What of a meal that is to be booked the caller brings along; each is left out where nothing is to be brought. */
export interface Brought {
  /** What the meal is booked by, read under the elder's lock already. */
  readonly facts?: MealFacts;
  /** How it is paid, by what it costs; at the meal without it. */
  readonly aheadOf?: (priceFen: Fen, closes: Instant, site: SiteOn | undefined) => Ahead;
}

/**
 * Books a meal: the site's day, the cut-off, prices, whether the elder has one already, how many the elder has for that
 * day, and the last portions, in this order. Nothing is written where it refuses.
 * @returns `booking-too-far`, `booking-closed`, `booking-site-closed`, `booking-item-unknown`, `booking-note-personal`,
 *   `booking-exists`, `booking-too-many`, `booking-sold-out`
 */
export async function bookMeal(tx: Tx, { clock, cipher, places }: BookingTools, cityCode: string, meal: MealToBook, brought: Brought = {}): Promise<Outcome<BookingMade & Ahead>> {
  const { bookingId, elderId, siteId, mealDate, mealPeriod, channel, accountId, by } = meal;
  if (daysBetween(today(clock), mealDate) > MOST_DAYS) return refuse('booking-too-far', { days: MOST_DAYS });
  const facts = brought.facts ?? await readMealFacts(tx, cityCode, meal);
  const { isOpen, prices, site } = await places.at(tx, cityCode, facts.placeHead, siteId, mealDate);
  if (!isOpen) return refuse('booking-site-closed');
  const inTime = checkCutOff(facts.hours, mealDate, clock.now());
  if (!inTime.ok) return inTime;
  const booked = priceBy(prices, mealPeriod, meal);
  if (!booked.ok) return booked;
  const { portions, priceFen } = booked.value;
  if (facts.openNumber !== null) return refuse('booking-exists', { number: facts.openNumber });
  if (channel === 'mini' && !isWithinQuota(facts, portions)) return refuse('booking-too-many');
  const ahead = brought.aheadOf?.(priceFen, inTime.value, site) ?? NO_AHEAD;
  const place = await placeFor(tx, cityCode, meal, facts.mostPortions, portions);
  if (!place.ok) return place;
  const number = place.value;
  await insertBooking(tx, cityCode, { bookingId, elderId, siteId, mealDate, mealPeriod, number, madeAt: clock.now(), channel, accountId, ...booked.value, ...ahead }, by);
  return done({ bookingId, number, code: codeOf(cipher, { cityCode, siteId, mealDate, number }), portions, priceFen, ...ahead });
}

/** How a meal is paid ahead: its elder's own share as far as it is known, within a quarter of an hour and before the cut-off. */
export function paidAhead(ownFen: Fen, priceFen: Fen, now: Instant, closes: Instant): Ahead {
  const expectedFen = minFen(ownFen, priceFen);
  return expectedFen === 0 ? NO_AHEAD : { pay: 'now', expectedFen, payBy: Math.min(now + TO_PAY_MS, closes) };
}

const TO_PAY_MS = 15 * 60_000;

/** Against scripts that book out a kitchen in somebody's name, or book and cancel all day. */
function isWithinQuota({ waiting, made }: MealFacts, portions: number): boolean {
  return waiting < MOST_WAITING && made < MOST_MADE && portions <= MOST_PORTIONS;
}
