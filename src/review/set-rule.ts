import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import type { SampleRule } from './domain/index.js';
import { insertRule } from './rule.store.js';

export interface RuleForm extends SampleRule {
  readonly id: string;
  readonly fromDate: CivilDate;
}

/** Sets how many meals of later days are drawn by lot; what is marked is looked at whatever is set. */
@Injectable()
export class SetRule {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `review-rule-too-soon`, `id-taken` */
  async run(actor: StaffActor, { id, fromDate, rateBasisPoints, least }: RuleForm): Promise<Outcome<SampleRule & { fromDate: CivilDate }>> {
    const { cityCode } = actor;
    const rule = { fromDate, rateBasisPoints, least };
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'review.rule', body: rule }, async (tx) => {
      if (fromDate <= today(this.clock)) return refuse('review-rule-too-soon');
      await insertRule(tx, cityCode, id, { ...rule, setAt: this.clock.now(), setBy: actorName(actor) });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'review.rule', objectKind: 'city', objectId: cityCode, after: rule });
      return done(rule);
    });
  }
}
