import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import type { NoShowRule } from './domain/index.js';
import { insertRule, insertRuleDecision, readRules, type NoShowRuleRow } from './no-show-rule.store.js';

/** A city's wish for what a no-show costs. */
export interface NoShowRuleForm extends NoShowRule {
  readonly id: string;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly firstDay: CivilDate;
}

/** What is kept of what was paid for a meal that nobody fetched: recorded by one officer of the city, in force once another confirms it. */
@Injectable()
export class SetNoShowRule {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `no-show-day-past`, `id-taken` */
  record(actor: StaffActor, { id: ruleId, ...form }: NoShowRuleForm): Promise<Outcome<NoShowRuleRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: ruleId, kind: 'no-show.record', body: { ...form, by: staffId } }, async (tx) => {
      // Whoever has paid already did so under the rule of that day.
      if (form.firstDay <= today(this.clock)) return refuse('no-show-day-past');
      await insertRule(tx, cityCode, { ruleId, ...form, recordedBy: staffId }, this.clock.now());
      return this.tell(tx, actor, ruleId, 'no-show.record');
    });
  }

  /** @returns `not-found`, `maker-is-checker`, `no-show-decided`, `id-taken` */
  decide(actor: StaffActor, ruleId: string, { id, outcome }: { readonly id: string; readonly outcome: 'confirmed' | 'rejected' }): Promise<Outcome<NoShowRuleRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'no-show.decide', body: { ruleId, outcome, by: staffId } }, async (tx) => {
      const rule = (await readRules(tx, cityCode)).find((one) => one.ruleId === ruleId);
      if (rule === undefined) return refuse('not-found');
      if (rule.recordedBy === staffId) return refuse('maker-is-checker');
      if (!(await insertRuleDecision(tx, cityCode, ruleId, { outcome, by: staffId, now: this.clock.now() }))) return refuse('no-show-decided');
      return this.tell(tx, actor, ruleId, `no-show.${outcome}`);
    });
  }

  private async tell(tx: Tx, actor: StaffActor, ruleId: string, action: string): Promise<Outcome<NoShowRuleRow>> {
    const rule = (await readRules(tx, actor.cityCode)).find((one) => one.ruleId === ruleId);
    if (rule === undefined) return refuse('not-found');
    await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action, objectKind: 'noShowRule', objectId: ruleId, after: rule });
    return done(rule);
  }
}
