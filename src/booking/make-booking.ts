import { Inject, Injectable } from '@nestjs/common';
import { done, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { bookMeal, type BookingMade } from './book-meal.js';
import { BookingPlaces } from './booking-places.js';
import type { BookingChannel } from './domain/index.js';
import type { MealWished, Wish } from './price-booking.js';
import { elderToBookFor, type ForWhom } from './reach-booking.js';

/** What somebody asks to be booked. */
export interface BookingAsked extends MealWished, Wish {
  readonly id: string;
  readonly who: ForWhom;
  readonly channel: BookingChannel;
}

/** Books a meal on an elder's behalf, by whoever took the call. It is paid when it is eaten. */
@Injectable()
export class MakeBooking {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher, private readonly bookable: BookingPlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns `not-found`, `outside-scope`, `booking-who-wrong`, `booking-elder-unknown`, `booking-elder-no-card`, `booking-elder-gone`, and those of `bookMeal`
   */
  run(actor: StaffActor, { id, ...asked }: BookingAsked): Promise<Outcome<BookingMade>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.make', body: { ...asked, by: actorName(actor) } }, async (tx) => {
      const elder = await elderToBookFor(tx, this.places, actor, asked.siteId, asked.who);
      if (!elder.ok) return elder;
      const elderId = elder.value;
      const made = await bookMeal(tx, { clock: this.clock, cipher: this.cipher, places: this.bookable }, cityCode, { ...asked, bookingId: id, elderId, accountId: null, by: actorName(actor) });
      if (!made.ok) return made;
      const { siteId, mealDate, mealPeriod, channel } = asked;
      const { bookingId, number, code, portions, priceFen } = made.value;
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.make', objectKind: 'booking', objectId: id, after: { siteId, mealDate, mealPeriod, elderId, channel, portions, priceFen } });
      return done({ bookingId, number, code, portions, priceFen });
    });
  }
}
