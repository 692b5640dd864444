import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { findSite } from './find-site.js';
import { insertPaper, type PaperRow } from './site.store.js';

/** Records a licence, fire approval or contract of a site. A renewal is a further paper. */
@Injectable()
export class AddPaper {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `paper-backwards` */
  async run(actor: StaffActor, siteId: string, paper: PaperRow): Promise<Outcome<PaperRow>> {
    const { cityCode } = actor;
    if (paper.validTo !== null && paper.validTo < paper.validFrom) return refuse('paper-backwards');
    return doDeed(this.transactor, this.clock, { cityCode, id: paper.paperId, kind: 'site.paper', body: { siteId, ...paper } }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      await insertPaper(tx, this.clock, cityCode, siteId, paper, actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: `site.paper.${paper.kind}`, objectKind: 'site', objectId: siteId, after: paper });
      return done(paper);
    });
  }
}
