import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { recordDeath, recordHome, recordStay } from '../elder/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, derivedId, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { decideProposals, lockProposals, readComparison, type ComparisonRow, type ProposalRow } from './comparison.store.js';

/** What a person decides about some of a comparison's proposals or lines. */
export interface DecisionForm {
  readonly id: string;
  /** Those that are decided; all that are open when left out. */
  readonly ids?: readonly string[] | undefined;
  readonly decision: 'accept' | 'reject';
  readonly reason?: string | null | undefined;
}

/**
 * Checks who decides: whoever had a register compared does not decide over what it found.
 * @returns `not-found`, `outside-scope`, `maker-is-checker`, `reason-missing`
 */
export async function toDecide(tx: Tx, actor: StaffActor, comparisonId: string, form: DecisionForm): Promise<Outcome<ComparisonRow>> {
  const comparison = await readComparison(tx, actor.cityCode, comparisonId);
  if (!comparison) return refuse('not-found');
  if (!(await inScope(tx, actor, comparison.divisionCode))) return refuse('outside-scope');
  if (comparison.madeStaff === actor.staffId) return refuse('maker-is-checker');
  return form.decision === 'reject' && !form.reason ? refuse('reason-missing') : done(comparison);
}

/** Decides over facts that a register tells: an accepted one is written into the registry, as of its day. */
@Injectable()
export class DecideProposals {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns how many were decided; what `toDecide` refuses, `proposals-not-open`, `proposal-clashes` with the row and
   *   what the registry refuses, `id-taken`
   */
  async run(actor: StaffActor, comparisonId: string, form: DecisionForm): Promise<Outcome<{ decided: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'recovery.decide-proposals', body: { comparisonId, form, by: actor.staffId } }, async (tx) => {
      const allowed = await toDecide(tx, actor, comparisonId, form);
      if (!allowed.ok) return allowed;
      const proposals = await lockProposals(tx, cityCode, comparisonId, form.ids ?? null);
      if (proposals.length === 0 || (form.ids !== undefined && proposals.length !== new Set(form.ids).size)) return refuse('proposals-not-open');
      for (const proposal of form.decision === 'accept' ? proposals : []) {
        const written = await this.write(tx, actor, proposal, allowed.value.source);
        if (!written.ok) return refuse('proposal-clashes', { row: proposal.rowNo, code: written.code });
      }
      const decided = { state: form.decision === 'accept' ? 'accepted' as const : 'rejected' as const, staffId: actor.staffId, now: this.clock.now(), reason: form.reason ?? null };
      await decideProposals(tx, cityCode, proposals.map((proposal) => proposal.proposalId), decided);
      await recordAudit(tx, this.clock, {
        cityCode, actor, action: `recovery.proposals-${decided.state}`, objectKind: 'comparison', objectId: comparisonId,
        after: { proposals: proposals.map((proposal) => proposal.proposalId), reason: decided.reason },
      });
      return done({ decided: proposals.length });
    });
  }

  private write(tx: Tx, actor: StaffActor, { proposalId, elderId, kind, from, to, placeCode }: ProposalRow, source: string): Promise<Outcome<unknown>> {
    const id = derivedId(proposalId, 'fact');
    if (kind === 'death') return recordDeath(tx, this.clock, actor, elderId, { id, diedOn: from, source });
    if (kind === 'stay') return recordStay(tx, this.clock, actor, elderId, { id, from, to, source });
    return recordHome(tx, this.clock, actor, elderId, { id, kind: 'hukou', divisionCode: placeCode, from, source });
  }
}
