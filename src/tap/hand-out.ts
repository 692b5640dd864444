import type { Clock } from '../kernel/index.js';
import { collectBookings, lockBookings } from '../booking/index.js';
import { handOut, type HandOut } from '../booking/domain/index.js';
import type { Tx } from '../platform/index.js';
import { byMealTime, type Tap, type TapFacts, type TapPlan } from './domain/index.js';

/** Marked in the events of what the till handed out. */
const TILL = 'till';

/**
 * Hands booked meals out with the sales that name them, in the sales' own transaction and in the order of the meals. A
 * batch in which nobody booked sends nothing. No sale is refused for its booking: what does not fit is flagged.
 * The elders are locked by the caller; bookings come after them, and before months and balances.
 * @returns the plans with their flags
 */
export async function handOutBooked(tx: Tx, clock: Clock, cityCode: string, fresh: readonly { readonly tap: Tap; readonly facts: TapFacts; readonly plan: TapPlan }[]): Promise<TapPlan[]> {
  const sales = fresh.flatMap(({ tap, facts, plan }): (HandOut & { tap: Tap })[] => (tap.bookingId === undefined || plan.kind !== 'accepted' ? []
    : [{ tap, tapId: tap.tapId, bookingId: tap.bookingId, elderId: facts.holder?.elderId ?? null, siteId: tap.siteId, mealDate: plan.mealDate }]));
  if (sales.length === 0) return fresh.map(({ plan }) => plan);
  const bookings = await lockBookings(tx, cityCode, [...new Set(sales.map(({ bookingId }) => bookingId))]);
  const { collected, flags } = handOut(bookings, [...sales].sort((a, b) => byMealTime(a.tap, b.tap)));
  await collectBookings(tx, cityCode, collected, TILL, clock.now());
  return fresh.map(({ tap, plan }) => {
    const flag = flags.get(tap.tapId);
    return flag === undefined || plan.kind !== 'accepted' ? plan : { ...plan, flags: [...plan.flags, flag] };
  });
}
