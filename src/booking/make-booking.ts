import { Inject, Injectable } from '@nestjs/common';
import { daysBetween, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { lockElder, mayReach } from '../elder/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { readSitesOn, siteDivision } from '../site/index.js';
import { insertBooking, liveCard, openNumber } from './booking.store.js';
import { readHours } from './hours.store.js';
import { codeOf } from './pick-up-keys.js';
import { checkCutOff, placeFor, priceWish, type MealWished, type Wish } from './price-booking.js';

const MOST_DAYS = 14;

/** For whom a meal is booked: by the card, or by the elder's id where the elder is in one's care. */
export type ForWhom = { readonly handle: string } | { readonly elderId: string };

/** What somebody asks to be booked. */
export interface BookingAsked extends MealWished, Wish {
  readonly id: string;
  readonly who: ForWhom;
}

/** What was booked. */
export interface BookingMade {
  readonly bookingId: string;
  readonly number: number;
  /** Spoken, printed or scanned when the meal is fetched. */
  readonly code: string;
  readonly portions: number;
  readonly priceFen: number;
}

/** Books a meal on an elder's behalf, by whoever took the call. It is paid when it is eaten. */
@Injectable()
export class MakeBooking {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns `not-found`, `outside-scope`, `booking-who-wrong`, `booking-elder-unknown`, `booking-elder-no-card`, `booking-elder-gone`, `booking-too-far`,
   *   `booking-closed`, `booking-site-closed`, `booking-item-unknown`, `booking-note-personal`, `booking-exists`, `booking-sold-out`
   */
  run(actor: StaffActor, { id, ...asked }: BookingAsked): Promise<Outcome<BookingMade>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.make', body: { ...asked, by: actorName(actor) } }, async (tx) => {
      const elder = await this.elderFor(tx, actor, asked.siteId, asked.who);
      if (!elder.ok) return elder;
      const elderId = elder.value;
      const hours = (await readHours(tx, cityCode, asked.siteId))[asked.mealPeriod];
      const open = await this.checkDay(tx, cityCode, asked);
      if (!open.ok) return open;
      const inTime = checkCutOff(hours, asked.mealDate, this.clock.now());
      if (!inTime.ok) return inTime;
      const booked = await priceWish(tx, cityCode, asked, asked);
      if (!booked.ok) return booked;
      const before = await openNumber(tx, cityCode, { elderId, ...asked });
      if (before !== undefined) return refuse('booking-exists', { number: before });
      const place = await placeFor(tx, cityCode, asked, hours, booked.value.portions);
      if (!place.ok) return place;
      const { siteId, mealDate, mealPeriod } = asked;
      const number = place.value;
      await insertBooking(tx, cityCode, { bookingId: id, elderId, siteId, mealDate, mealPeriod, number, madeAt: this.clock.now(), ...booked.value }, actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.make', objectKind: 'booking', objectId: id, after: { siteId, mealDate, mealPeriod, elderId, ...booked.value } });
      return done({ bookingId: id, number, code: codeOf(this.cipher, { cityCode, siteId, mealDate, number }), portions: booked.value.portions, priceFen: booked.value.priceFen });
    });
  }

  /** The elder, locked. A canteen books at its own counter for the card that it is told; everybody else for those in their care, at any site of the city. */
  private async elderFor(tx: Tx, actor: StaffActor, siteId: string, who: ForWhom): Promise<Outcome<string>> {
    const { cityCode } = actor;
    if (actor.siteId !== null) {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      if (!('handle' in who)) return refuse('booking-who-wrong');
    } else if ((await siteDivision(tx, cityCode, siteId)) === null) return refuse('not-found');
    const card = await liveCard(tx, cityCode, who);
    if (card === undefined && 'handle' in who) return refuse('booking-elder-unknown');
    const elderId = 'elderId' in who ? who.elderId : (card as { elderId: string }).elderId;
    const elder = await lockElder(tx, cityCode, elderId);
    if (elder === undefined) return refuse('not-found');
    if (actor.siteId === null && !(await mayReach(tx, actor, elder))) return refuse('outside-scope');
    if (card === undefined) return refuse('booking-elder-no-card');
    return elder.died === null ? done(elderId) : refuse('booking-elder-gone');
  }

  private async checkDay(tx: Tx, cityCode: string, { siteId, mealDate }: { siteId: string; mealDate: CivilDate }): Promise<Outcome<null>> {
    if (daysBetween(today(this.clock), mealDate) > MOST_DAYS) return refuse('booking-too-far', { days: MOST_DAYS });
    const site = (await readSitesOn(tx, cityCode, [siteId], mealDate)).get(siteId);
    return site?.state === 'open' && site.licenceValid ? done(null) : refuse('booking-site-closed');
  }
}
