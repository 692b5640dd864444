import { Inject, Injectable } from '@nestjs/common';
import { done, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import type { SlipLimits } from './domain/index.js';
import { readLimits, writeLimits } from './limit.store.js';

/** Sets what a city allows canteens on paper. */
@Injectable()
export class SetSlipLimits {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `id-taken` */
  run(actor: StaffActor, id: string, limits: SlipLimits): Promise<Outcome<SlipLimits>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'slip.limits', body: { ...limits, by: actor.staffId } }, async (tx) => {
      const before = await readLimits(tx, cityCode);
      await writeLimits(tx, cityCode, limits, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'slip.limits', objectKind: 'city', objectId: cityCode, before, after: limits });
      return done(limits);
    });
  }
}
