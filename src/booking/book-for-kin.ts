import { Inject, Injectable, Optional } from '@nestjs/common';
import { done, minFen, today, type Clock, type Fen, type Outcome } from '../kernel/index.js';
import { reachKin } from '../family/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type MiniActor } from '../platform/index.js';
import { bookMeal, paidAhead, type BookingMade } from './book-meal.js';
import { readMealFacts } from './booking-facts.store.js';
import { BookingPlaces } from './booking-places.js';
import { NO_AHEAD, type Ahead, type BookingPay } from './domain/index.js';
import { kinToBookFor } from './mini-reach.js';
import type { MealWished, Wish } from './price-booking.js';
import { PayAhead } from './pay-ahead.js';
import { PRICE_PREVIEW, type PricePreview } from './price-preview.js';

/** What somebody asks to be booked for themselves or a parent. */
export interface KinBookingAsked extends MealWished, Wish {
  readonly id: string;
  readonly elderId: string;
  readonly pay: BookingPay;
}

/** What was booked, and what it is going to cost the elder as far as that is known; the tap decides. */
export interface KinBookingMade extends BookingMade, Ahead {
  readonly expectedSelfPayFen: Fen;
}

/** Books a meal from the mini-program, to be paid at once or when it is eaten. */
@Injectable()
export class BookForKin {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly places: BookingPlaces, @Inject(CLOCK) private readonly clock: Clock, private readonly pays: PayAhead, @Optional() @Inject(PRICE_PREVIEW) private readonly preview?: PricePreview,
  ) {}

  /** @returns `not-found`, `consent-missing`, `booking-elder-no-card`, `booking-elder-gone`, those of `bookMeal`, `wechat-off`, `pay-not-here` */
  run(actor: MiniActor, { id, pay, ...asked }: KinBookingAsked): Promise<Outcome<KinBookingMade>> {
    const { cityCode, accountId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.mini', body: { ...asked, pay, by: actorName(actor) } }, async (tx) => {
      const { elderId, mealDate: date, mealPeriod: period } = asked;
      // Sent behind the elder's lock, so all of it is as of then.
      const [elder, facts, known, sees] = await Promise.all([kinToBookFor(tx, this.clock, actor, elderId, pay), readMealFacts(tx, cityCode, asked), this.preview?.pricesOf(tx, cityCode, elderId, [date]), reachKin(tx, actor, elderId, 'meals', today(this.clock))]);
      if (!elder.ok) return elder;
      // What is asked is what the page showed. Whoever may not see meals learns nothing of them here; what is missing is paid at the meal.
      const prices = sees.ok ? known : known?.withoutUses();
      let expectedSelfPayFen: Fen | undefined;
      const made = await bookMeal(tx, { clock: this.clock, cipher: this.cipher, places: this.places }, cityCode, { ...asked, bookingId: id, channel: 'mini', accountId, by: actorName(actor) }, {
        facts,
        aheadOf: (priceFen, closes, site) => {
          expectedSelfPayFen = minFen(prices?.of(site, date, period, priceFen)?.selfPayFen ?? priceFen, priceFen);
          return pay === 'now' ? paidAhead(expectedSelfPayFen, priceFen, this.clock.now(), closes) : NO_AHEAD;
        },
      });
      if (!made.ok) return made;
      const order = made.value.pay === 'now' ? await this.pays.open(tx, actor, { ...asked, ...made.value }) : done(null);
      if (!order.ok) return order;
      // Its first event says who made it. The chain of the audit, where a whole city waits, is for what is done on others' behalf.
      return done({ ...made.value, expectedSelfPayFen: expectedSelfPayFen ?? made.value.priceFen });
    });
  }
}
