import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import type { BookingHours } from './domain/index.js';
import { readHours, writeHours, writeQuota } from './hours.store.js';

/** Sets until when a site takes bookings of a meal, and how many portions; of every day or of one. */
@Injectable()
export class SetBookingHours {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `booking-hours-wrong` */
  run(actor: StaffActor, siteId: string, id: string, mealPeriod: MealPeriod, hours: BookingHours): Promise<Outcome<BookingHours>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.hours', body: { siteId, mealPeriod, ...hours, by: actorName(actor) } }, async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      if (hours.endsMinute <= hours.beginsMinute) return refuse('booking-hours-wrong');
      const before = (await readHours(tx, cityCode, siteId))[mealPeriod];
      await writeHours(tx, cityCode, siteId, mealPeriod, hours, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.hours', objectKind: 'site', objectId: siteId, before, after: { mealPeriod, ...hours } });
      return done(hours);
    });
  }

  /** Another number of portions for one day. @returns `not-found`, `outside-scope` */
  quota(actor: StaffActor, siteId: string, id: string, mealDate: CivilDate, mealPeriod: MealPeriod, portions: number): Promise<Outcome<{ portions: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.quota', body: { siteId, mealDate, mealPeriod, portions, by: actorName(actor) } }, async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      await writeQuota(tx, cityCode, siteId, mealDate, mealPeriod, portions, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.quota', objectKind: 'site', objectId: siteId, after: { mealDate, mealPeriod, portions } });
      return done({ portions });
    });
  }
}
