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
    : [{ tap, tapId: tap.tapId, bookingId: tap.bookingId, elderId: facts.holder?.elderId ?? null, siteId: tap.siteId, mealDate: plan.mealDate,
      ahead: tap.tender === 'booked' ? { selfPayFen: plan.selfPayFen, toldFen: tap.paidFen ?? null } : null }]));
  if (sales.length === 0) return fresh.map(({ tap, plan }) => withoutBooking(tap, plan));
  const bookings = await lockBookings(tx, cityCode, [...new Set(sales.map(({ bookingId }) => bookingId))]);
  const { collected, flags, dueFen } = handOut(bookings, [...sales].sort((a, b) => byMealTime(a.tap, b.tap)));
  await collectBookings(tx, clock, cityCode, collected, TILL);
  return fresh.map(({ tap, plan }) => {
    if (plan.kind !== 'accepted' || tap.bookingId === undefined) return withoutBooking(tap, plan);
    const due = dueFen.get(tap.tapId);
    return { ...plan, flags: [...plan.flags, ...(flags.get(tap.tapId) ?? [])], ...(due === undefined ? {} : { dueFen: due }) };
  });
}

/** Said to be paid ahead without naming a booking: all of it is due. */
function withoutBooking(tap: Tap, plan: TapPlan): TapPlan {
  return tap.tender === 'booked' && plan.kind === 'accepted' && tap.bookingId === undefined ? { ...plan, dueFen: plan.selfPayFen } : plan;
}
