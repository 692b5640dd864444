import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { findSite } from './find-site.js';
import { writePhone } from './site.store.js';

/** Sets the number that elders and their families call a site by. */
@Injectable()
export class SetPhone {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope` */
  run(actor: StaffActor, siteId: string, id: string, phone: string): Promise<Outcome<{ phone: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'site.phone', body: { siteId, phone } }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      await writePhone(tx, this.clock, cityCode, siteId, phone, actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'site.phone', objectKind: 'site', objectId: siteId });
      return done({ phone });
    });
  }
}
