import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { findSite } from '../site/index.js';
import { checkWeek, type MenuEntry } from './domain/index.js';
import { dishesOf, insertWeek } from './menu.store.js';

/** Publishes what is on the table in a week. Published again, the week gets a further revision, and the latest counts. */
@Injectable()
export class PublishWeek {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `menu-monday-wrong`, `menu-week-over`, `menu-day-outside`, `menu-entry-repeated`, `item-unknown` */
  async run(actor: StaffActor, siteId: string, id: string, monday: CivilDate, entries: readonly MenuEntry[]): Promise<Outcome<{ monday: CivilDate; revision: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'menu.week', body: { siteId, monday, entries } }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      const problem = checkWeek(monday, entries, today(this.clock));
      if (problem) return refuse(problem);
      const known = await dishesOf(tx, cityCode, siteId, entries.map((entry) => entry.itemCode));
      const missing = entries.find((entry) => !known.has(entry.itemCode));
      if (missing) return refuse('item-unknown', { itemCode: missing.itemCode });
      return done({ monday, revision: await insertWeek(tx, this.clock, cityCode, siteId, monday, entries, actorName(actor)) });
    });
  }
}
