import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Fen, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { chainOf } from '../region/index.js';
import { DEFAULT_CHAIN } from '../region/domain/index.js';
import { stepFor } from './check-step.js';
import { approvedLines } from './domain/index.js';
import { cutsOf, insertCut, linesOf, lockClaims } from './claim.store.js';

export interface CutRequest {
  readonly id: string;
  readonly lineNo: number;
  readonly fen: Fen;
  readonly reason: string;
}

/** What a cut leaves of a claim. */
export interface CutAnswer {
  readonly claimedFen: Fen;
  readonly cutFen: Fen;
}

/**
 * Takes money off a line of a claim, with a reason, by whoever has the claim before them. It keeps the approvals
 * already given: who approved more has nothing against less.
 */
@Injectable()
export class CutClaim {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `not-allowed`, `claim-state`, `maker-is-checker`, `cut-line-unknown`, `cut-too-much` */
  async run(actor: StaffActor, claimId: string, asked: CutRequest): Promise<Outcome<CutAnswer>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'claim.cut', body: { claimId, ...asked, by: actor.staffId } }, async (tx) => {
      const claims = await lockClaims(tx, cityCode, [claimId]);
      const [claim] = claims;
      if (claim === undefined) return refuse('not-found');
      const step = await stepFor(tx, actor, (await chainOf(tx, cityCode)) ?? DEFAULT_CHAIN, claims, null);
      if (!step.ok) return step;
      if (step.value === 'submit') return refuse('claim-state', { state: claim.state, claimNumber: claim.claimNumber });
      const lines = approvedLines(await linesOf(tx, cityCode, [claimId]), await cutsOf(tx, cityCode, [claimId]));
      const line = lines.find((entry) => entry.lineNo === asked.lineNo);
      if (line === undefined) return refuse('cut-line-unknown', { lineNo: asked.lineNo });
      if (asked.fen > line.approvedFen) return refuse('cut-too-much', { leftFen: Math.max(0, line.approvedFen) });
      const { lineNo, fen, reason } = asked;
      await insertCut(tx, cityCode, claim.revision, {
        claimId, cutId: asked.id, lineNo, fen, reason, atStep: step.value, actor: actorName(actor), staffId: actor.staffId, at: this.clock.now(),
      });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'claim.cut', objectKind: 'claim', objectId: claimId, reason, before: { cutFen: claim.cutFen }, after: { lineNo, cutFen: claim.cutFen + fen } });
      return done({ claimedFen: claim.claimedFen, cutFen: (claim.cutFen + fen) as Fen });
    });
  }
}
