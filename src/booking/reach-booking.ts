import { done, refuse, type Outcome } from '../kernel/index.js';
import type { SitePlaces } from '../access/index.js';
import { cardHandle, lockElder, mayReach } from '../elder/index.js';
import type { FieldCipher, StaffActor, Tx } from '../platform/index.js';
import { siteDivision } from '../site/index.js';
import { cardHolders, holderOf, readBooking, type BookingRow } from './booking.store.js';

/** Who books on an elder's behalf. */
export const BOOKERS = ['canteenManager', 'communityWorker', 'townshipOfficer'] as const;

/** Who may look elders up by their names, and so may see whose booking it is. */
export const NAMED_TO = ['communityWorker', 'townshipOfficer'] as const;

/** For whom a meal is booked: by the card, or by the elder's id where the elder is in one's care. */
export type ForWhom = { readonly handle: string } | { readonly elderId: string };

/** Of a card's number the digest alone, from the door on. @returns `booking-who-wrong` unless exactly one of both is named */
export function forWhom(cipher: FieldCipher, { card, elderId }: { readonly card?: string; readonly elderId?: string }): Outcome<ForWhom> {
  if (card !== undefined && elderId === undefined) return done({ handle: cardHandle(cipher, card) });
  return elderId !== undefined && card === undefined ? done({ elderId }) : refuse('booking-who-wrong');
}

/**
 * Whether staff may change what is ordered at a site for an elder, whom this locks: the site's own people, and whoever
 * the elder is in the care of.
 * @returns `outside-scope`
 */
export async function mayChangeFor(tx: Tx, places: SitePlaces, actor: StaffActor, { elderId, siteId }: { readonly elderId: string; readonly siteId: string }): Promise<Outcome<null>> {
  const elder = await lockElder(tx, actor.cityCode, elderId);
  const here = await places.openTo(tx, actor, siteId);
  if (here.ok) return done(null);
  return actor.siteId === null && elder !== undefined && (await mayReach(tx, actor, elder)) ? done(null) : refuse('outside-scope');
}

/**
 * The booking that somebody wants to change, locked behind its elder: locks come in the order of sales.
 * @returns `not-found` or `outside-scope`
 */
export async function bookingToChange(tx: Tx, places: SitePlaces, actor: StaffActor, bookingId: string): Promise<Outcome<BookingRow>> {
  const { cityCode } = actor;
  const seen = await readBooking(tx, cityCode, bookingId);
  if (seen === undefined) return refuse('not-found');
  const may = await mayChangeFor(tx, places, actor, seen);
  if (!may.ok) return may;
  const booking = await readBooking(tx, cityCode, bookingId, 'lock');
  return booking === undefined ? refuse('not-found') : done(booking);
}

/** Whether a member of staff may book at a site: a canteen at its own, everybody else at any of the city. @returns `not-found`, `outside-scope` */
export async function siteToBookAt(tx: Tx, places: SitePlaces, actor: StaffActor, siteId: string): Promise<Outcome<null>> {
  if (actor.siteId !== null) {
    const place = await places.openTo(tx, actor, siteId);
    return place.ok ? done(null) : place;
  }
  return (await siteDivision(tx, actor.cityCode, siteId)) === null ? refuse('not-found') : done(null);
}

/**
 * The elder, locked. A canteen books at its own counter for the card that it is told; everybody else for those in their
 * care, at any site of the city.
 * @returns `not-found`, `outside-scope`, `booking-who-wrong`, `booking-elder-unknown`, `booking-elder-no-card`, `booking-elder-gone`
 */
export async function elderToBookFor(tx: Tx, places: SitePlaces, actor: StaffActor, siteId: string, who: ForWhom): Promise<Outcome<string>> {
  const place = await siteToBookAt(tx, places, actor, siteId);
  if (!place.ok) return place;
  if (actor.siteId !== null && !('handle' in who)) return refuse('booking-who-wrong');
  const elderId = 'elderId' in who ? who.elderId : await holderOf(tx, actor.cityCode, who.handle);
  if (elderId === undefined) return refuse('booking-elder-unknown');
  const elder = await lockElder(tx, actor.cityCode, elderId);
  if (elder === undefined) return refuse('not-found');
  if (actor.siteId === null && !(await mayReach(tx, actor, elder))) return refuse('outside-scope');
  return canEat(tx, actor.cityCode, elderId, elder.died !== null);
}

/** Whether an elder whom the caller has locked can eat on a card. @returns the id, or `booking-elder-no-card`, `booking-elder-gone` */
export async function canEat(tx: Tx, cityCode: string, elderId: string, isGone: boolean): Promise<Outcome<string>> {
  return mayEat(elderId, (await cardHolders(tx, cityCode, [elderId])).has(elderId), isGone);
}

/** The same, for whoever has looked for the card. */
export function mayEat(elderId: string, hasCard: boolean, isGone: boolean): Outcome<string> {
  if (!hasCard) return refuse('booking-elder-no-card');
  return isGone ? refuse('booking-elder-gone') : done(elderId);
}
