import { Inject, Injectable } from '@nestjs/common';
import { inScope } from '../access/index.js';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { divisionsOf } from '../region/index.js';
import { addEvent } from './record-event.js';
import { insertSite, type SiteRow } from './site.store.js';

export interface NewSite extends Omit<SiteRow, 'siteId'> {
  readonly id: string;
  readonly plannedOn: CivilDate;
  readonly document: string | null;
}

/** Registers a site that is planned: where, how large and of what kind. Everything later is an event of its life. */
@Injectable()
export class PlanSite {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `position-incomplete`, `division-unknown`, `division-retired`, `division-too-wide`, `outside-scope`, `event-in-future` */
  async run(actor: StaffActor, asked: NewSite): Promise<Outcome<{ siteId: string }>> {
    const { id, plannedOn, document, ...about } = asked;
    if ((about.longitude === null) !== (about.latitude === null)) return refuse('position-incomplete');
    return doDeed(this.transactor, this.clock, { cityCode: actor.cityCode, id, kind: 'site.plan', body: asked }, async (tx) => {
      const place = await this.place(tx, actor, about.divisionCode);
      if (!place.ok) return place;
      const site = { siteId: id, ...about };
      await insertSite(tx, this.clock, actor.cityCode, site, actorName(actor));
      const planned = await addEvent(tx, this.clock, actor, site, { kind: 'planned', onDate: plannedOn, reason: null, document });
      return planned.ok ? done({ siteId: id }) : planned;
    });
  }

  private async place(tx: Tx, actor: StaffActor, divisionCode: string): Promise<Outcome<null>> {
    const [division] = await divisionsOf(tx, actor.cityCode, [divisionCode]);
    if (!division) return refuse('division-unknown');
    if (division.validTo !== null && division.validTo < today(this.clock)) {
      return refuse('division-retired', { validTo: division.validTo, successorCode: division.successorCode ?? '' });
    }
    if (division.level !== 'township' && division.level !== 'community') return refuse('division-too-wide');
    return (await inScope(tx, actor, divisionCode)) ? done(null) : refuse('outside-scope');
  }
}
