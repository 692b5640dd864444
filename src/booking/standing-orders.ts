import { Inject, Injectable } from '@nestjs/common';
import { addDays, daysBetween, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { reachKin, reachSelf } from '../family/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { actorName, CLOCK, doDeed, Transactor, type MiniActor } from '../platform/index.js';
import { readSitesOn } from '../site/index.js';
import { isOpenOn } from './booking-places.js';
import { namesSomebody, weekdaysOf, type StandingDay } from './domain/index.js';
import { kinsToBookFor } from './mini-reach.js';
import type { Wish } from './price-booking.js';
import { countStanding, endStanding, insertStanding, readStanding, standingOf, type StandingView } from './standing.store.js';

/** Longer than so many days nobody orders without saying so again. */
const LONGEST_DAYS = 184;
const MOST_STANDING = 6;
/** So long an order that is over is still shown. */
const SHOWN_DAYS = 31;

/** "Every workday lunch". */
export interface StandingAsked extends Wish {
  readonly id: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly mealPeriod: MealPeriod;
  readonly days: readonly StandingDay[];
  readonly from: CivilDate;
  readonly until: CivilDate;
}

/** Standing orders from the mini-program; a job books each of their days ahead. They are paid at the meal. */
@Injectable()
export class StandingOrders {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `consent-missing`, `booking-elder-no-card`, `booking-elder-gone`, `standing-days-wrong`, `standing-too-many`, `booking-note-personal`, `booking-site-closed` */
  make(actor: MiniActor, { id, ...asked }: StandingAsked): Promise<Outcome<{ standingId: string }>> {
    const { cityCode, accountId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.standing', body: { ...asked, by: actorName(actor) } }, async (tx) => {
      const [elder] = await kinsToBookFor(tx, this.clock, cityCode, [{ accountId, elderId: asked.elderId, pay: 'atMeal' }]);
      if (elder?.ok === false) return elder;
      const { elderId, siteId, mealPeriod, days, items, way, note, from, until } = asked;
      const [on, weekdays] = [today(this.clock), weekdaysOf(days)];
      if (weekdays === null || from <= on || until < from || daysBetween(on, until) > LONGEST_DAYS) return refuse('standing-days-wrong', { days: LONGEST_DAYS });
      if (note !== null && namesSomebody(note)) return refuse('booking-note-personal');
      if (!isOpenOn(await readSitesOn(tx, cityCode, [siteId], from), siteId)) return refuse('booking-site-closed');
      if ((await countStanding(tx, cityCode, elderId, on)) >= MOST_STANDING) return refuse('standing-too-many');
      const isSelf = (await reachSelf(tx, actor, elderId)).ok;
      await insertStanding(tx, cityCode, { standingId: id, elderId, siteId, mealPeriod, weekdays, items, way, note, from, until, accountId, isSelf }, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.standing', objectKind: 'standingOrder', objectId: id, after: { ...asked } });
      return done({ standingId: id });
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

  /** Ends an order: what it has booked stays, and is cancelled like any other. @returns `not-found`, `consent-missing`, `standing-ended` */
  end(actor: MiniActor, standingId: string, id: string): Promise<Outcome<{ standingId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.standing-end', body: { standingId, by: actorName(actor) } }, async (tx) => {
      const order = await readStanding(tx, cityCode, standingId);
      if (order === undefined) return refuse('not-found');
      const may = await reachKin(tx, actor, order.elderId, 'ordering', today(this.clock), 'lock');
      if (!may.ok) return may;
      if (!(await endStanding(tx, cityCode, standingId, actorName(actor), this.clock.now()))) return refuse('standing-ended');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.standing-end', objectKind: 'standingOrder', objectId: standingId });
      return done({ standingId });
    });
  }
}
