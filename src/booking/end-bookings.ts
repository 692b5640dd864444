import { NO_FEN, type CivilDate, type Clock } from '../kernel/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import type { Tx } from '../platform/index.js';
import { endBookings, openOfMeal, readBooking } from './booking.store.js';
import { keptOf } from './domain/index.js';
import { tellNoShows } from './no-show-news.js';
import { ruleOn } from './no-show-rule.store.js';
import { releaseMoney, withdrawOrders } from './settle-money.js';
import type { UnnamedMeals } from './unnamed-meals.js';

/** Why a booking was cancelled that nobody paid in time. */
const UNPAID = 'unpaid';

/** Cancels a booking that is open and gives back all that was paid for it. @param by how the actor is named */
export async function cancelOpen(tx: Tx, clock: Clock, cityCode: string, bookingId: string, reason: string, by: string): Promise<void> {
  for (const ended of await endBookings(tx, cityCode, [bookingId], 'cancelled', reason, by, clock.now())) {
    await releaseMoney(tx, clock, cityCode, { ...ended, keptFen: NO_FEN }, 'cancelled', String(ended.eventNo), by);
    if (ended.pay === 'now' && ended.orderId === null) await withdrawOrders(tx, clock, cityCode, bookingId);
  }
}

/**
 * Gives up what nobody fetched of a meal: an event that others may look into, without any subsidy. The city's rule says
 * what is kept of what was paid. Whoever came missed nothing, whether their sale named no booking or was taken back
 * later: all goes back, and nobody is worried.
 */
export async function giveUpMeal(tx: Tx, clock: Clock, unnamed: UnnamedMeals, meal: { readonly cityCode: string; readonly siteId: string; readonly mealDate: CivilDate; readonly mealPeriod: MealPeriod }, by: string): Promise<void> {
  const { cityCode, siteId, mealDate, mealPeriod } = meal;
  const open = await openOfMeal(tx, cityCode, siteId, mealDate, mealPeriod);
  await unnamed.handOut(tx, clock, cityCode, open, by);
  const gone = await endBookings(tx, cityCode, open.map(({ bookingId }) => bookingId), 'noShow', null, by, clock.now());
  const paid = gone.filter(({ heldFen }) => heldFen > 0);
  const rule = paid.length === 0 ? null : await ruleOn(tx, cityCode, mealDate);
  for (const ended of paid) await releaseMoney(tx, clock, cityCode, { ...ended, keptFen: ended.wasFetched ? NO_FEN : keptOf(ended.heldFen, rule) }, 'noShow', String(ended.eventNo), by);
  await tellNoShows(tx, clock, gone.filter(({ wasFetched }) => !wasFetched).map(({ bookingId, elderId }) => ({ cityCode, bookingId, elderId, siteId, mealDate, mealPeriod })));
}

/** Gives up a booking that was to be paid by now and was not. A payment that comes later goes back. */
export async function giveUpUnpaid(tx: Tx, clock: Clock, cityCode: string, bookingId: string, by: string): Promise<void> {
  const booking = await readBooking(tx, cityCode, bookingId, 'lock');
  if (booking?.state !== 'open' || booking.orderId !== null || booking.payBy === null || clock.now() < booking.payBy) return;
  await endBookings(tx, cityCode, [bookingId], 'cancelled', UNPAID, by, clock.now());
  await withdrawOrders(tx, clock, cityCode, bookingId);
}
