import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import { reachKin } from '../family/index.js';
import type { MiniActor, Tx } from '../platform/index.js';
import { liveCard, readBooking, type BookingRow } from './booking.store.js';
import type { BookingPay } from './domain/index.js';
import { mayEat } from './reach-booking.js';

/**
 * The elder for whom an account wants to book, locked: oneself, or a parent who consented to it; paying is a consent of
 * its own.
 * @returns `not-found`, `consent-missing`, `booking-elder-no-card`, `booking-elder-gone`
 */
export async function kinToBookFor(tx: Tx, clock: Clock, actor: MiniActor, elderId: string, pay: BookingPay): Promise<Outcome<string>> {
  const on = today(clock);
  // All sent at once and done in this order: who may do what is read once the elder's lock was got.
  const [elder, mayOrder, mayPay, card] = await Promise.all([
    lockElder(tx, actor.cityCode, elderId), reachKin(tx, actor, elderId, 'ordering', on), pay === 'now' ? reachKin(tx, actor, elderId, 'paying', on) : null,
    liveCard(tx, actor.cityCode, { elderId }),
  ]);
  if (!mayOrder.ok) return mayOrder;
  if (mayPay?.ok === false) return mayPay;
  return elder === undefined ? refuse('not-found') : mayEat(elderId, card !== undefined, elder.died !== null);
}

/** A booking that an account wants to do something with, locked behind its elder. Strangers learn nothing of it. @returns `not-found`, `consent-missing` */
export async function kinBooking(tx: Tx, clock: Clock, actor: MiniActor, bookingId: string, right: 'ordering' | 'paying'): Promise<Outcome<BookingRow>> {
  const seen = await readBooking(tx, actor.cityCode, bookingId);
  if (seen === undefined) return refuse('not-found');
  const may = await reachKin(tx, actor, seen.elderId, right, today(clock), 'lock');
  if (!may.ok) return may;
  const booking = await readBooking(tx, actor.cityCode, bookingId, 'lock');
  return booking === undefined ? refuse('not-found') : done(booking);
}
