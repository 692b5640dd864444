import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { reachKin, reachSelf } from '../family/index.js';
import { actorName, CLOCK, doDeed, Transactor, type MiniActor } from '../platform/index.js';
import { kinsToBookFor } from './mini-reach.js';
import { setUpStanding, stopStanding, type StandingWish } from './set-up-standing.js';
import { readStanding, standingOf, type StandingView } from './standing.store.js';

/** So long an order that is over is still shown. */
const SHOWN_DAYS = 31;

/** A standing order that an account asks for. */
export interface StandingAsked extends StandingWish {
  readonly id: string;
  readonly elderId: string;
}

/** Standing orders from the mini-program. */
@Injectable()
export class StandingOrders {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `consent-missing`, `booking-elder-no-card`, `booking-elder-gone`, and those of `setUpStanding` */
  make(actor: MiniActor, { id, ...asked }: StandingAsked): Promise<Outcome<{ standingId: string }>> {
    const { cityCode, accountId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.standing', body: { ...asked, by: actorName(actor) } }, async (tx) => {
      const { elderId, ...wish } = asked;
      const [elder] = await kinsToBookFor(tx, this.clock, cityCode, [{ accountId, elderId, pay: 'atMeal' }]);
      if (elder?.ok === false) return elder;
      return setUpStanding(tx, this.clock, actor, { standingId: id, elderId, accountId, isSelf: (await reachSelf(tx, actor, elderId)).ok }, wish);
    });
  }

  /** Those that stand, and what became of their days. @returns `not-found`, `consent-missing` */
  list(actor: MiniActor, elderId: string): Promise<Outcome<StandingView[]>> {
    return this.transactor.run(async (tx) => {
      const on = today(this.clock);
      const may = await reachKin(tx, actor, elderId, 'ordering', on);
      return may.ok ? done(await standingOf(tx, actor.cityCode, elderId, addDays(on, -SHOWN_DAYS))) : may;
    });
  }

  /** @returns `not-found`, `consent-missing`, `standing-ended` */
  end(actor: MiniActor, standingId: string, id: string): Promise<Outcome<{ standingId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.standing-end', body: { standingId, by: actorName(actor) } }, async (tx) => {
      const order = await readStanding(tx, cityCode, standingId);
      if (order === undefined) return refuse('not-found');
      const may = await reachKin(tx, actor, order.elderId, 'ordering', today(this.clock), 'lock');
      return may.ok ? stopStanding(tx, this.clock, actor, standingId) : may;
    });
  }
}
