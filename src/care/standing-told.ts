import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { today, type Clock } from '../kernel/index.js';
import { HAS_MEAL } from '../booking/domain/index.js';
import { StandingNews, type FailedDay } from '../booking/index.js';
import { reachKin } from '../family/index.js';
import { CLOCK, type Tx } from '../platform/index.js';
import { phonesOf, siteNames } from '../site/index.js';
import { sayNotBooked, sayNotBookedAnyMore } from './domain/index.js';
import { sexOf } from './notice.store.js';
import { Tell } from './tell.js';

/** Tells the elder, and whoever set the order up and still may, of each day that a standing order could not book. */
@Injectable()
export class StandingTold implements OnModuleInit {
  constructor(private readonly news: StandingNews, private readonly tell: Tell, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.news.heardBy((tx, day) => this.hear(tx, day));
  }

  private async hear(tx: Tx, { cityCode, order, date, code }: FailedDay): Promise<void> {
    if (code === HAS_MEAL) return;
    const { standingId, elderId, siteId, mealPeriod, accountId, isSelf } = order;
    const [site, phone] = [(await siteNames(tx, cityCode, [siteId])).get(siteId) ?? '', (await phonesOf(tx, cityCode, [siteId])).get(siteId) ?? null];
    const orderedBy = isSelf ? null : accountId;
    const about = { cityCode, elderId, kind: 'notBooked' } as const;
    if ((await sexOf(tx, cityCode, elderId)) !== null) {
      return this.tell.orderers(tx, { ...about, cause: `${standingId} ${date}` }, today(this.clock), orderedBy, (who) => sayNotBooked(code, who, site, phone, { mealDate: date, mealPeriod }));
    }
    // Of an elder who died it is said once, and not every day.
    if (orderedBy === null || !(await reachKin(tx, { cityCode, accountId: orderedBy }, elderId, 'ordering', today(this.clock))).ok) return;
    await this.tell.run(tx, { ...about, accountId: orderedBy, cause: `${standingId} gone`, said: sayNotBookedAnyMore(site, phone, mealPeriod) });
  }
}
