import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { divisionsOf } from '../region/index.js';
import { insertCap, type CapRow } from './menu.store.js';

/** Sets the most that an elders' set may cost in a division from a day on (限价套餐). */
@Injectable()
export class SetCap {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `division-unknown`, `outside-scope`, `cap-taken` */
  async run(actor: StaffActor, id: string, cap: CapRow): Promise<Outcome<CapRow>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'menu.cap', body: cap }, async (tx) => {
      if ((await divisionsOf(tx, cityCode, [cap.divisionCode])).length === 0) return refuse('division-unknown');
      if (!(await inScope(tx, actor, cap.divisionCode))) return refuse('outside-scope');
      if (!(await insertCap(tx, this.clock, cityCode, cap, actorName(actor)))) return refuse('cap-taken');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'menu.cap', objectKind: 'division', objectId: cap.divisionCode, after: cap });
      return done(cap);
    });
  }
}
