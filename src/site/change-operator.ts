import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { findSite } from './find-site.js';
import { insertOperation, operationsOf, operatorsOf, type OperationRow } from './party.store.js';

export interface NewOperation {
  readonly id: string;
  readonly siteId: string;
  /** Null ends the operator's part without a follower. */
  readonly operatorId: string | null;
  readonly fromDate: CivilDate;
  readonly reason: string | null;
}

/** Lets a site be run by another operator from a day on, which may be in the middle of a month. */
@Injectable()
export class ChangeOperator {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `operator-unknown`, `tenure-not-after` */
  async run(actor: StaffActor, asked: NewOperation): Promise<Outcome<OperationRow>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'site.operator', body: asked }, async (tx) => {
      const site = await findSite(tx, actor, asked.siteId, true);
      if (!site.ok) return site;
      if (asked.operatorId !== null && (await operatorsOf(tx, cityCode, [asked.operatorId])).size === 0) return refuse('operator-unknown');
      const last = (await operationsOf(tx, cityCode, asked.siteId)).at(-1);
      if (last && asked.fromDate <= last.fromDate) return refuse('tenure-not-after', { last: last.fromDate });
      const row = { fromDate: asked.fromDate, operatorId: asked.operatorId, reason: asked.reason };
      await insertOperation(tx, this.clock, cityCode, asked.siteId, row, actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'site.operator', objectKind: 'site', objectId: asked.siteId, before: last ?? null, after: row });
      return done(row);
    });
  }
}
