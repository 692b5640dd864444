import { Inject, Injectable } from '@nestjs/common';
import { done, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { readLimits, writeLimits, type TillLimits } from './limit.store.js';

/** Sets what the tills of a city may grant by themselves while they are offline. */
@Injectable()
export class SetLimits {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `id-taken` */
  run(actor: StaffActor, id: string, limits: TillLimits): Promise<Outcome<TillLimits>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'till.limits', body: { ...limits, by: actor.staffId } }, async (tx) => {
      const before = await readLimits(tx, cityCode);
      await writeLimits(tx, cityCode, limits, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'till.limits', objectKind: 'city', objectId: cityCode, before, after: limits });
      return done(limits);
    });
  }
}
