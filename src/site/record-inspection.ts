import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { findSite } from './find-site.js';
import { addEvent } from './record-event.js';
import { insertInspection, type InspectionRow } from './site.store.js';

/** Records what the market regulator found at a site; it may suspend the site on the same day. */
@Injectable()
export class RecordInspection {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `inspection-in-future`, and for a suspension why it may not follow */
  async run(actor: StaffActor, siteId: string, inspection: InspectionRow): Promise<Outcome<InspectionRow>> {
    const { cityCode } = actor;
    if (inspection.onDate > today(this.clock)) return refuse('inspection-in-future');
    return doDeed(this.transactor, this.clock, { cityCode, id: inspection.inspectionId, kind: 'site.inspection', body: { siteId, ...inspection } }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      await insertInspection(tx, this.clock, cityCode, siteId, inspection, actorName(actor));
      if (!inspection.suspended) return done(inspection);
      const event = { kind: 'suspended' as const, onDate: inspection.onDate, reason: inspection.findings, document: null };
      const suspended = await addEvent(tx, this.clock, actor, site.value, event);
      return suspended.ok ? done(inspection) : suspended;
    });
  }
}
