import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { actorName, CLOCK, derivedId, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { insertPaperSite, insertStep, lockRegister, readPaperSite, stepsOf } from './paper-site.store.js';

/** Whether a site is run on paper, from a day on. */
export interface StepAsked {
  readonly id: string;
  readonly kind: 'begun' | 'ended';
  readonly onDate: CivilDate;
  readonly reason: string;
}

/** Puts a site on paper, or back on its device. Its register is made the first time and stays. */
@Injectable()
export class PutOnPaper {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `slip-step-same`, `slip-step-past` */
  run(actor: StaffActor, siteId: string, { id, ...asked }: StepAsked): Promise<Outcome<{ siteId: string; siteNo: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'slip.site', body: { siteId, ...asked } }, async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      await lockRegister(tx, cityCode, siteId);
      const steps = await stepsOf(tx, cityCode, siteId);
      const last = steps.at(-1);
      if ((last?.kind ?? 'ended') === asked.kind) return refuse('slip-step-same');
      if (asked.onDate < today(this.clock) || (last !== undefined && asked.onDate <= last.onDate)) return refuse('slip-step-past', { last: last?.onDate ?? '无' });
      const by = actorName(actor);
      const now = this.clock.now();
      const site = (await readPaperSite(tx, cityCode, siteId))
        ?? (await insertPaperSite(tx, cityCode, { siteId, terminalId: derivedId('slip-register', cityCode, siteId), divisionCode: place.value, by, now }));
      await insertStep(tx, cityCode, siteId, steps.length + 1, { ...asked, by, recordedAt: now });
      await recordAudit(tx, this.clock, { cityCode, actor, action: `slip.site.${asked.kind}`, objectKind: 'site', objectId: siteId, reason: asked.reason, after: { onDate: asked.onDate } });
      return done({ siteId, siteNo: site.siteNo });
    });
  }
}
