import { done, refuse, type Outcome } from '../kernel/index.js';
import type { SitePlaces } from '../access/index.js';
import { lockElder, mayReach } from '../elder/index.js';
import type { StaffActor, Tx } from '../platform/index.js';
import { readBooking, type BookingRow } from './booking.store.js';

/**
 * The booking that somebody wants to change, locked behind its elder: the site's own people, and whoever the elder is in
 * the care of. Locks come in the order of sales: the elder, then the booking.
 * @returns `not-found` or `outside-scope`
 */
export async function bookingToChange(tx: Tx, places: SitePlaces, actor: StaffActor, bookingId: string): Promise<Outcome<BookingRow>> {
  const { cityCode } = actor;
  const seen = await readBooking(tx, cityCode, bookingId);
  if (seen === undefined) return refuse('not-found');
  const elder = await lockElder(tx, cityCode, seen.elderId);
  const here = await places.openTo(tx, actor, seen.siteId);
  const mayChange = here.ok || (actor.siteId === null && elder !== undefined && (await mayReach(tx, actor, elder)));
  if (!mayChange) return refuse('outside-scope');
  const booking = await readBooking(tx, cityCode, bookingId, 'lock');
  return booking === undefined ? refuse('not-found') : done(booking);
}
