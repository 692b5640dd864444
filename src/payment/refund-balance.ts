import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { reachElder } from '../elder/index.js';
import { done, NO_FEN, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { bookEntries, readBalances } from './balance.store.js';

export interface RefundForm {
  readonly id: string;
  readonly fen: number;
  readonly reason: string;
}

/** Takes money off an elder's balance that the bank pays out again: at any time, also after the city's last day, to the last fen. */
@Injectable()
export class RefundBalance {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `refund-above-balance`, `id-taken` */
  run(actor: StaffActor, elderId: string, form: RefundForm): Promise<Outcome<{ elderId: string; balanceFen: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'prepaid.refund', body: { elderId, ...form, by: actor.staffId } }, async (tx) => {
      const reached = await reachElder(tx, actor, elderId);
      if (!reached.ok) return reached;
      const before = (await readBalances(tx, cityCode, [elderId])).get(elderId) ?? NO_FEN;
      if (form.fen > before) return refuse('refund-above-balance', { balanceFen: before });
      await bookEntries(tx, this.clock, cityCode, [{ elderId, kind: 'refunded', fen: -form.fen, cause: form.id, tapId: null, siteId: null, by: actorName(actor) }]);
      const balanceFen = before - form.fen;
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'prepaid.refund', objectKind: 'elder', objectId: elderId, reason: form.reason, before: { balanceFen: before }, after: { balanceFen } });
      return done({ elderId, balanceFen });
    });
  }
}
