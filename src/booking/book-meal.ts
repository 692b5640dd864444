import { daysBetween, done, minFen, refuse, today, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import type { FieldCipher, Tx } from '../platform/index.js';
import type { SiteOn } from '../site/index.js';
import { readMealFacts, type MealFacts } from './booking-facts.store.js';
import type { BookingPlaces, PlaceOn } from './booking-places.js';
import { insertBookings, type NewBooking } from './booking.store.js';
import { NO_AHEAD, type Ahead, type BookingChannel } from './domain/index.js';
import { codeOf } from './pick-up-keys.js';
import { checkCutOff, placesFor, priceBy, type MealWished, type Wish } from './price-booking.js';

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

/** What of meals that are to be booked the caller brings along; each is left out where nothing is to be brought. */
export interface Brought {
  /** What each meal is booked by, read under the elders' locks already. */
  readonly facts?: readonly MealFacts[];
  /** How the meal at a place of the list is paid, by what it costs; at the meal without it. */
  readonly aheadOf?: (place: number, priceFen: Fen, closes: Instant, site: SiteOn | undefined) => Ahead;
}

/** A meal that may be booked if there are portions left. */
type Bookable = Omit<NewBooking, 'number'>;

/**
 * Books meals of different elders: for each the site's day, the cut-off, prices, whether the elder has one already, how
 * many the elder has for that day, and the last portions, in this order. Nothing is written of those that it refuses.
 * @returns for each in its order what was booked, or `booking-too-far`, `booking-closed`, `booking-site-closed`, `booking-item-unknown`,
 *   `booking-note-personal`, `booking-exists`, `booking-too-many`, `booking-sold-out`
 */
export async function bookMeals(tx: Tx, tools: BookingTools, cityCode: string, meals: readonly MealToBook[], brought: Brought = {}): Promise<Outcome<BookingMade & Ahead>[]> {
  const all = brought.facts ?? await readMealFacts(tx, cityCode, meals);
  const bookable: Outcome<Bookable>[] = [];
  for (const [place, meal] of meals.entries()) {
    const facts = all[place] as MealFacts;
    bookable.push(bookableAs(tools.clock, meal, facts, await tools.places.at(tx, cityCode, facts.placeHead, meal.siteId, meal.mealDate), (...about) => brought.aheadOf?.(place, ...about) ?? NO_AHEAD));
  }
  const wanted = bookable.flatMap((one, place) => (one.ok ? [{ place, meal: one.value, most: all[place]?.mostPortions ?? null, portions: one.value.portions }] : []));
  const numbers = wanted.length === 0 ? [] : await placesFor(tx, cityCode, wanted);
  const made: NewBooking[] = [];
  const answers: Outcome<BookingMade & Ahead>[] = bookable.map((one) => (one.ok ? refuse('booking-sold-out') : one));
  for (const [index, { place, meal }] of wanted.entries()) {
    const number = numbers[index] as Outcome<number>;
    if (!number.ok) {
      answers[place] = number;
      continue;
    }
    const booking = { ...meal, number: number.value };
    made.push(booking);
    const { bookingId, portions, priceFen, pay, expectedFen, payBy } = booking;
    answers[place] = done({ bookingId, number: booking.number, code: codeOf(tools.cipher, { cityCode, ...booking }), portions, priceFen, pay, expectedFen, payBy } as BookingMade & Ahead);
  }
  if (made.length > 0) await insertBookings(tx, cityCode, made);
  return answers;
}

/** Books one meal. @returns as `bookMeals` does */
export async function bookMeal(tx: Tx, tools: BookingTools, cityCode: string, meal: MealToBook): Promise<Outcome<BookingMade & Ahead>> {
  return (await bookMeals(tx, tools, cityCode, [meal]))[0] as Outcome<BookingMade & Ahead>;
}

function bookableAs(clock: Clock, meal: MealToBook, facts: MealFacts, { isOpen, prices, site }: PlaceOn, aheadOf: (priceFen: Fen, closes: Instant, site: SiteOn | undefined) => Ahead): Outcome<Bookable> {
  const { bookingId, elderId, siteId, mealDate, mealPeriod, channel, accountId, by } = meal;
  if (daysBetween(today(clock), mealDate) > MOST_DAYS) return refuse('booking-too-far', { days: MOST_DAYS });
  if (!isOpen) return refuse('booking-site-closed');
  const inTime = checkCutOff(facts.hours, mealDate, clock.now());
  if (!inTime.ok) return inTime;
  const booked = priceBy(prices, mealPeriod, meal);
  if (!booked.ok) return booked;
  if (facts.openNumber !== null) return refuse('booking-exists', { number: facts.openNumber });
  if (channel === 'mini' && !isWithinQuota(facts, booked.value.portions)) return refuse('booking-too-many');
  return done({ bookingId, elderId, siteId, mealDate, mealPeriod, madeAt: clock.now(), madeBy: by, channel, accountId, ...booked.value, ...aheadOf(booked.value.priceFen, inTime.value, site) });
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
