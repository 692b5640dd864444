import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { lockElders } from '../elder/index.js';
import { reachAll, reachKin, type KinReach } from '../family/index.js';
import type { MiniActor, Tx } from '../platform/index.js';
import { cardHolders, readBooking, type BookingRow } from './booking.store.js';
import type { BookingPay } from './domain/index.js';
import { mayEat } from './reach-booking.js';

/** Who wants to book for whom. */
export interface KinAsking {
  readonly accountId: string;
  readonly elderId: string;
  readonly pay: BookingPay;
}

/** An elder whom somebody may book for. */
export interface KinElder {
  readonly elderId: string;
  /** Whether they may know of the elder's meals, too. */
  readonly seesMeals: boolean;
}

/**
 * The elders for whom accounts want to book, locked: oneself, or a parent who consented to it; paying is a consent of
 * its own.
 * @returns for each in its order `not-found`, `consent-missing`, `booking-elder-no-card`, `booking-elder-gone`, or the elder
 */
export async function kinsToBookFor(tx: Tx, clock: Clock, cityCode: string, asking: readonly KinAsking[]): Promise<Outcome<KinElder>[]> {
  const ids = asking.map(({ elderId }) => elderId);
  // All sent at once and done in this order: who may do what is read once the elders' locks were got.
  const [elders, reaches, holders] = await Promise.all([lockElders(tx, cityCode, ids), reachAll(tx, cityCode, asking, today(clock)), cardHolders(tx, cityCode, ids)]);
  const locked = new Map(elders.map((elder) => [elder.elderId, elder]));
  return asking.map(({ elderId, pay }, place) => {
    const reach = reaches[place] as KinReach;
    const [mayOrder, mayPay, elder] = [reach('ordering'), reach('paying'), locked.get(elderId)];
    if (!mayOrder.ok) return mayOrder;
    if (pay === 'now' && !mayPay.ok) return mayPay;
    if (elder === undefined) return refuse('not-found');
    const may = mayEat(elderId, holders.has(elderId), elder.died !== null);
    return may.ok ? done({ elderId, seesMeals: reach('meals').ok }) : may;
  });
}

/** What was paid tells what somebody's class pays: it is for the elder, and for whoever sees their meals or pays for them. */
export function knowsMoney(may: KinReach): boolean {
  return may('meals').ok || may('paying').ok;
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
