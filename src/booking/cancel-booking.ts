import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { cancelOpen } from './end-bookings.js';
import { readHours } from './hours.store.js';
import { checkCutOff } from './price-booking.js';
import { bookingToChange } from './reach-booking.js';

/** Cancels a booking, until the cut-off; its portions are free again. */
@Injectable()
export class CancelBooking {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `booking-not-open`, `booking-closed` */
  run(actor: StaffActor, bookingId: string, id: string, reason: string): Promise<Outcome<{ bookingId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.cancel', body: { bookingId, reason, by: actorName(actor) } }, async (tx) => {
      const found = await bookingToChange(tx, this.places, actor, bookingId);
      if (!found.ok) return found;
      const { state, siteId, mealDate, mealPeriod } = found.value;
      if (state !== 'open') return refuse('booking-not-open');
      const inTime = checkCutOff((await readHours(tx, cityCode, siteId))[mealPeriod], mealDate, this.clock.now());
      if (!inTime.ok) return inTime;
      await cancelOpen(tx, this.clock, cityCode, bookingId, reason, actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.cancel', objectKind: 'booking', objectId: bookingId, reason });
      return done({ bookingId });
    });
  }
}
