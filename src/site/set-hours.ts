import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { checkHours, type MealHours } from './domain/index.js';
import { findSite } from './find-site.js';
import { insertHours } from './site.store.js';

export interface NewHours {
  readonly id: string;
  readonly siteId: string;
  readonly fromDate: CivilDate;
  readonly hours: readonly MealHours[];
}

/** Sets when a site serves which meal: from a day on these periods and no others, until a later day has its own. */
@Injectable()
export class SetHours {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `hours-repeated`, `hours-backwards`, `hours-overlap`, `hours-taken` */
  async run(actor: StaffActor, asked: NewHours): Promise<Outcome<{ fromDate: CivilDate; hours: readonly MealHours[] }>> {
    const { cityCode } = actor;
    const { siteId, fromDate, hours } = asked;
    const problem = checkHours(hours);
    if (problem) return refuse(problem);
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'site.hours', body: asked }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      const written = await insertHours(tx, this.clock, cityCode, siteId, fromDate, hours, actorName(actor));
      return written ? done({ fromDate, hours }) : refuse('hours-taken');
    });
  }
}
