import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { reachAll, type KinReach } from '../family/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type MiniActor } from '../platform/index.js';
import type { BookingMade } from './book-meal.js';
import { changeOpen } from './change-booking.js';
import { cancelOpen } from './end-bookings.js';
import { readHours } from './hours.store.js';
import { kinBooking, knowsMoney } from './mini-reach.js';
import { checkCutOff, type Wish } from './price-booking.js';

/** Why a booking was cancelled, where nobody is asked for words. */
const BY_KIN = 'mini';

/** Changes and cancels bookings from the mini-program, until the cut-off; whoever may order may do both, whoever booked. */
@Injectable()
export class ChangeForKin {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * What was paid stays with the booking: the meal decides what is due or goes back.
   * @returns `not-found`, `consent-missing`, and those of `changeOpen`
   */
  change(actor: MiniActor, bookingId: string, id: string, wish: Wish): Promise<Outcome<BookingMade>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.change', body: { bookingId, ...wish, by: actorName(actor) } }, async (tx) => {
      const found = await kinBooking(tx, this.clock, actor, bookingId, 'ordering');
      return found.ok ? changeOpen(tx, { clock: this.clock, cipher: this.cipher }, actor, found.value, wish) : found;
    });
  }

  /**
   * All that was paid goes back; how much is null for whoever neither sees meals nor pays for them.
   * @returns `not-found`, `consent-missing`, `booking-not-open`, `booking-closed`
   */
  cancel(actor: MiniActor, bookingId: string, id: string): Promise<Outcome<{ bookingId: string; refundFen: number | null }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.cancel', body: { bookingId, by: actorName(actor) } }, async (tx) => {
      const found = await kinBooking(tx, this.clock, actor, bookingId, 'ordering');
      if (!found.ok) return found;
      const { state, elderId, siteId, mealDate, mealPeriod, heldFen } = found.value;
      if (state !== 'open') return refuse('booking-not-open');
      const inTime = checkCutOff((await readHours(tx, cityCode, siteId))[mealPeriod], mealDate, this.clock.now());
      if (!inTime.ok) return inTime;
      await cancelOpen(tx, this.clock, cityCode, bookingId, BY_KIN, actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.cancel', objectKind: 'booking', objectId: bookingId, reason: BY_KIN });
      const [may] = (await reachAll(tx, cityCode, [{ accountId: actor.accountId, elderId }], today(this.clock))) as [KinReach];
      return done({ bookingId, refundFen: knowsMoney(may) ? heldFen : null });
    });
  }
}
