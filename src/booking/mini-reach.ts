import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import { reachKin } from '../family/index.js';
import type { MiniActor, Tx } from '../platform/index.js';
import { readBooking, type BookingRow } from './booking.store.js';
import type { BookingPay } from './domain/index.js';
import { canEat } from './reach-booking.js';

/**
 * The elder for whom an account wants to book, locked: oneself, or a parent who consented to it; paying is a consent of
 * its own.
 * @returns `not-found`, `consent-missing`, `booking-elder-no-card`, `booking-elder-gone`
 */
export async function kinToBookFor(tx: Tx, clock: Clock, actor: MiniActor, elderId: string, pay: BookingPay): Promise<Outcome<string>> {
  const elder = await lockElder(tx, actor.cityCode, elderId);
  const mayOrder = await reachKin(tx, actor, elderId, 'ordering', today(clock));
  if (!mayOrder.ok) return mayOrder;
  const mayPay = pay === 'now' ? await reachKin(tx, actor, elderId, 'paying', today(clock)) : mayOrder;
  if (!mayPay.ok) return mayPay;
  return elder === undefined ? refuse('not-found') : canEat(tx, actor.cityCode, elderId, elder.died !== null);
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
