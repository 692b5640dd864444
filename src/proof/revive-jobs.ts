import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, resolveAlerts, reviveJobs, Transactor, type StaffActor } from '../platform/index.js';
import { deadKinds } from './alert.store.js';

/** Gives the dead jobs of a kind another round of tries, after somebody has removed what they failed on. */
@Injectable()
export class ReviveJobs {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns how many live again */
  async run(actor: StaffActor, id: string, job: string): Promise<Outcome<{ job: string; revived: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'job.revive', body: { job, by: actor.staffId } }, async (tx) => {
      const revived = await reviveJobs(tx, cityCode, job);
      const still = (await deadKinds(tx, cityCode)).map((kind) => kind.job);
      await resolveAlerts(tx, this.clock.now(), cityCode, 'job', still);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'job.revive', objectKind: 'job', objectId: job, after: { revived } });
      return done({ job, revived });
    });
  }
}
