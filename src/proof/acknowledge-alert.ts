import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { acknowledge, lockAlert, type AlertRow } from './alert.store.js';

/** Somebody takes an alert on: it stays open until what it found is gone. */
@Injectable()
export class AcknowledgeAlert {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `alert-acknowledged` */
  async run(actor: StaffActor, id: string, alertId: string): Promise<Outcome<AlertRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'alert.acknowledge', body: { alertId, by: staffId } }, async (tx) => {
      const before = await lockAlert(tx, cityCode, alertId);
      if (before === undefined || before.resolvedAt !== null) return refuse('not-found');
      if (before.acknowledgedAt !== null) return refuse('alert-acknowledged');
      const after = await acknowledge(tx, cityCode, alertId, staffId, this.clock.now());
      invariant(after, 'a locked alert is there');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'alert.acknowledge', objectKind: 'alert', objectId: alertId, before, after });
      return done(after);
    });
  }
}
