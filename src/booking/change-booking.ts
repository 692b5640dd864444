import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type MiniActor, type StaffActor, type Tx } from '../platform/index.js';
import type { BookingMade, BookingTools } from './book-meal.js';
import { changeBooked, type BookingRow } from './booking.store.js';
import { readHours, readQuota } from './hours.store.js';
import { codeOf } from './pick-up-keys.js';
import { checkCutOff, placesFor, priceWish, type Wish } from './price-booking.js';
import { bookingToChange } from './reach-booking.js';

/** Puts another wish in the place of what was booked, until the cut-off. Number and code stay. */
@Injectable()
export class ChangeBooking {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, and those of `changeOpen` */
  run(actor: StaffActor, bookingId: string, id: string, wish: Wish): Promise<Outcome<BookingMade>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.change', body: { bookingId, ...wish, by: actorName(actor) } }, async (tx) => {
      const found = await bookingToChange(tx, this.places, actor, bookingId);
      return found.ok ? changeOpen(tx, { clock: this.clock, cipher: this.cipher }, actor, found.value, wish) : found;
    });
  }
}

/**
 * Changes a booking that the caller has locked.
 * @returns `booking-not-open`, `booking-unpaid`, `booking-closed`, `booking-site-closed`, `booking-item-unknown`, `booking-note-personal`, `booking-sold-out`
 */
export async function changeOpen(tx: Tx, { clock, cipher }: Pick<BookingTools, 'clock' | 'cipher'>, actor: StaffActor | MiniActor, booking: BookingRow, wish: Wish): Promise<Outcome<BookingMade>> {
  const { cityCode } = actor;
  const { bookingId, number, pay, orderId } = booking;
  if (booking.state !== 'open') return refuse('booking-not-open');
  // Somebody may be looking at the amount on a phone right now, whoever changes it.
  if (pay === 'now' && orderId === null) return refuse('booking-unpaid');
  const hours = (await readHours(tx, cityCode, booking.siteId))[booking.mealPeriod];
  const inTime = checkCutOff(hours, booking.mealDate, clock.now());
  if (!inTime.ok) return inTime;
  const booked = await priceWish(tx, cityCode, booking, wish);
  if (!booked.ok) return booked;
  const { portions, priceFen } = booked.value;
  const most = (await readQuota(tx, cityCode, booking.siteId, booking.mealDate, booking.mealPeriod)) ?? hours.dayPortions;
  const [place] = await placesFor(tx, cityCode, [{ meal: booking, most, portions, before: booking.portions }]);
  if (place?.ok === false) return place;
  await changeBooked(tx, cityCode, bookingId, booked.value, actorName(actor), clock.now());
  await recordAudit(tx, clock, { cityCode, actor, action: 'booking.change', objectKind: 'booking', objectId: bookingId, before: booking, after: booked.value });
  return done({ bookingId, number, code: codeOf(cipher, { cityCode, ...booking }), portions, priceFen });
}
