import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { toDecide, type DecisionForm } from './decide-proposals.js';
import { decideLines, lockLines } from './line.store.js';

/** The same for what was paid; the site's lines may be marked as suspected of fraud. */
export interface LineDecisionForm extends DecisionForm {
  readonly suspectedFraud?: boolean | undefined;
}

/**
 * Decides over what was paid after. A line that is accepted and borne by the fund is closed with that; one that the
 * site bears waits for a notice. No money moves here.
 */
@Injectable()
export class DecideLines {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns how many were decided; what `toDecide` refuses, `lines-not-open`, `proposal-first`, `fraud-of-nobody`, `id-taken` */
  async run(actor: StaffActor, comparisonId: string, form: LineDecisionForm): Promise<Outcome<{ decided: number }>> {
    const { cityCode } = actor;
    const fraud = form.suspectedFraud ?? false;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'recovery.decide-lines', body: { comparisonId, form, by: actor.staffId } }, async (tx) => {
      const allowed = await toDecide(tx, actor, comparisonId, form);
      if (!allowed.ok) return allowed;
      if (fraud && (form.decision === 'reject' || !form.reason)) return refuse('reason-missing');
      const lines = await lockLines(tx, cityCode, comparisonId, form.ids ?? null);
      if (lines.length === 0 || (form.ids !== undefined && lines.length !== new Set(form.ids).size)) return refuse('lines-not-open');
      // What a register says is no fact before somebody has accepted it.
      if (form.decision === 'accept' && lines.some((line) => line.proposalState !== 'accepted')) return refuse('proposal-first');
      if (fraud && lines.some((line) => line.bearer === 'fund')) return refuse('fraud-of-nobody');
      const decided = { state: form.decision === 'accept' ? 'accepted' as const : 'rejected' as const, staffId: actor.staffId, now: this.clock.now(), reason: form.reason ?? null };
      await decideLines(tx, cityCode, lines.map((line) => line.lineId), decided, fraud);
      await recordAudit(tx, this.clock, {
        cityCode, actor, action: `recovery.lines-${decided.state}`, objectKind: 'comparison', objectId: comparisonId,
        after: { lines: lines.map((line) => line.lineId), reason: decided.reason, suspectedFraud: fraud },
      });
      return done({ decided: lines.length });
    });
  }
}
