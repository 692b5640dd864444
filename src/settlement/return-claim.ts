import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { chainOf } from '../region/index.js';
import { DEFAULT_CHAIN } from '../region/domain/index.js';
import { claimsInScope, madeBefore, stepFor } from './check-step.js';
import { mayMove, type ChainStep } from './domain/index.js';
import { keepClaimSeals } from './claim-seal.store.js';
import { insertSteps, linesOf, lockClaims, writeRevision } from './claim.store.js';
import type { StepTakenAnswer } from './take-step.js';

/** Sends a claim back to its site with a reason. It begins anew: a new revision, so that no approval and no cut holds on. */
@Injectable()
export class ReturnClaim {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `not-allowed`, `claim-state`, `maker-is-checker` */
  async run(actor: StaffActor, claimId: string, id: string, reason: string): Promise<Outcome<StepTakenAnswer>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'claim.return', body: { claimId, reason, by: actor.staffId } }, async (tx) => {
      const claims = await lockClaims(tx, cityCode, [claimId]);
      const [claim] = claims;
      if (claim === undefined) return refuse('not-found');
      if (!(await claimsInScope(tx, actor, claims))) return refuse('outside-scope');
      if (!mayMove('return', claim.state)) return refuse('claim-state', { state: claim.state, claimNumber: claim.claimNumber });
      const chain = (await chainOf(tx, cityCode)) ?? DEFAULT_CHAIN;
      let step: Outcome<ChainStep>;
      if (claim.state === 'countyApproved') {
        // Approved and not yet in a batch: the county may take it back.
        const county = chain.find((entry) => entry.step === 'county');
        if (county === undefined || !actor.roles.includes(county.role)) return refuse('not-allowed');
        step = (await madeBefore(tx, actor, claims, 'county')) ? refuse('maker-is-checker') : done('county');
      } else {
        step = await stepFor(tx, actor, chain, claims, null);
      }
      if (!step.ok) return step;
      const revision = claim.revision + 1;
      const lines = await linesOf(tx, cityCode, [claimId]);
      await writeRevision(tx, cityCode, claimId, revision, lines, { ...claim, linesHash: claim.linesHash as string }, 'returned');
      await keepClaimSeals(tx, cityCode, claimId, revision);
      await insertSteps(tx, cityCode, [{ claimId, revision, fromState: claim.state, toState: 'returned' }],
        { step: 'return', atStep: step.value, actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'claim.return', objectKind: 'claim', objectId: claimId, reason, before: { state: claim.state }, after: { state: 'returned', revision } });
      return done({ claims: 1, state: 'returned' });
    });
  }
}
