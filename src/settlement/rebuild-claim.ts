import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { SealDays } from '../seal/index.js';
import { claimsInScope } from './check-step.js';
import { insertClaimSeals } from './claim-seal.store.js';
import { computeClaim } from './compute-claim.js';
import { mayMove } from './domain/index.js';
import { insertSteps, lockClaims, writeRevision } from './claim.store.js';
import type { StepTakenAnswer } from './take-step.js';

/**
 * Makes a claim again from the rows after a fact changed, such as a payee that was confirmed late. A claim that comes
 * out otherwise is a draft again in a new revision: every approval it had is void.
 */
@Injectable()
export class RebuildClaim {
  constructor(private readonly transactor: Transactor, private readonly seals: SealDays, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `claim-state`, `rebuild-same` */
  async run(actor: StaffActor, claimId: string, id: string): Promise<Outcome<StepTakenAnswer>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'claim.rebuild', body: { claimId, by: actor.staffId } }, async (tx) => {
      const claims = await lockClaims(tx, cityCode, [claimId]);
      const [claim] = claims;
      if (claim === undefined) return refuse('not-found');
      if (!(await claimsInScope(tx, actor, claims))) return refuse('outside-scope');
      if (!mayMove('rebuild', claim.state)) return refuse('claim-state', { state: claim.state, claimNumber: claim.claimNumber });
      const computed = await computeClaim(tx, { clock: this.clock, seals: this.seals }, cityCode, claim.siteId, claim.month);
      if (computed.linesHash === claim.linesHash && computed.differenceFen === claim.differenceFen) return refuse('rebuild-same');
      const revision = claim.revision + 1;
      await writeRevision(tx, cityCode, claimId, revision, computed.lines, computed);
      await insertClaimSeals(tx, cityCode, [{ claimId, revision, logIndexes: computed.logIndexes }]);
      await insertSteps(tx, cityCode, [{ claimId, revision, fromState: claim.state, toState: 'draft' }],
        { step: 'rebuild', atStep: null, actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason: null });
      await recordAudit(tx, this.clock, {
        cityCode, actor, action: 'claim.rebuild', objectKind: 'claim', objectId: claimId, before: { linesHash: claim.linesHash, claimedFen: claim.claimedFen }, after: { linesHash: computed.linesHash, claimedFen: computed.claimedFen },
      });
      return done({ claims: 1, state: 'draft' });
    });
  }
}
