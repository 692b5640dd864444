import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { mayReach, openElder, readElder } from '../elder/index.js';
import { CLOCK, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { missesFrom, readStanding } from './standing.store.js';

/** Whom to ring up about a meal that will not be there. */
export interface StandingContact {
  readonly name: string;
  readonly phone: string | null;
}

/** Tells who has an elder in their care whom to call about a day that a standing order could not book. */
@Injectable()
export class CallAboutStanding {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Name and telephone, and nothing else of what is known; each look is audited. @returns `not-found`, `outside-scope`, `standing-none-failed` where there is nothing to call about */
  run(actor: StaffActor, standingId: string): Promise<Outcome<StandingContact>> {
    const { cityCode } = actor;
    return this.transactor.run<Outcome<StandingContact>>(async (tx) => {
      const order = await readStanding(tx, cityCode, standingId);
      const row = order === undefined ? undefined : await readElder(tx, cityCode, order.elderId);
      if (row === undefined) return refuse('not-found');
      if (!(await mayReach(tx, actor, row))) return refuse('outside-scope');
      if (!(await missesFrom(tx, cityCode, standingId, today(this.clock)))) return refuse('standing-none-failed');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.standing-contact', objectKind: 'standingOrder', objectId: standingId });
      const { name, phone } = openElder(this.cipher, cityCode, row);
      return done({ name, phone });
    });
  }
}
