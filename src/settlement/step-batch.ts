import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudits } from '../access/index.js';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { bookingMonth, postTransfers } from '../ledger/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { chainOf } from '../region/index.js';
import { DEFAULT_CHAIN } from '../region/domain/index.js';
import { budgetsOf, insertLegs, lockBatch, moveBatch, type BatchRow, type BatchState } from './batch.store.js';
import { madeBefore } from './check-step.js';
import { cutsOf, linesOf, lockClaimsOfBatch, moveClaims, type ClaimRow } from './claim.store.js';
import { stateAfter, stepDue } from './domain/index.js';
import { planRelease } from './plan-release.js';
import { insertBookings } from './run.store.js';

export interface BatchStepAnswer {
  readonly batchId: string;
  readonly state: BatchState;
  /** Payment legs that the release made. */
  readonly legs: number;
}

/**
 * Finance reviews a batch, and another person there releases it. The release makes the payment legs and books approval
 * and cuts; nothing of it is ever taken back, so from here on only adjustments in an open month correct it.
 */
@Injectable()
export class StepBatch {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `not-allowed`, `batch-state`, `maker-is-checker` */
  async run(actor: StaffActor, batchId: string, id: string, step: 'financeReview' | 'release'): Promise<Outcome<BatchStepAnswer>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: `batch.${step}`, body: { batchId, by: actor.staffId } }, async (tx) => {
      const batch = await lockBatch(tx, cityCode, batchId);
      if (batch === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, batch.countyCode))) return refuse('outside-scope');
      const due = batch.state === 'returned' ? undefined : stepDue((await chainOf(tx, cityCode)) ?? DEFAULT_CHAIN, batch.state);
      if (due?.step !== step) return refuse('batch-state', { state: batch.state });
      if (!actor.roles.includes(due.role)) return refuse('not-allowed');
      const claims = await lockClaimsOfBatch(tx, cityCode, batchId);
      if (await madeBefore(tx, actor, claims, step)) return refuse('maker-is-checker');
      const { legs, state } = step === 'release' ? await this.release(tx, actor, batch, claims) : await this.review(tx, actor, claims);
      await moveBatch(tx, cityCode, batchId, { step, from: batch.state, to: state, actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason: null });
      await recordAudits(tx, this.clock, cityCode, [
        { cityCode, actor, action: `batch.${step}`, objectKind: 'batch', objectId: batchId, before: { state: batch.state }, after: { state, approvedFen: batch.approvedFen, legs } },
        ...claims.map((claim) => ({ cityCode, actor, action: `claim.${step}`, objectKind: 'claim', objectId: claim.claimId, before: { state: claim.state }, after: { approvedFen: claim.approvedFen } })),
      ]);
      return done({ batchId, state, legs });
    });
  }

  private async review(tx: Tx, actor: StaffActor, claims: readonly ClaimRow[]): Promise<{ legs: number; state: BatchState }> {
    const state = stateAfter('financeReview') as 'financeReviewed';
    await moveClaims(tx, actor.cityCode, claims, { step: 'financeReview', atStep: 'financeReview', toState: state, actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason: null });
    return { legs: 0, state };
  }

  private async release(tx: Tx, actor: StaffActor, batch: BatchRow, claims: readonly ClaimRow[]): Promise<{ legs: number; state: BatchState }> {
    const { cityCode } = actor;
    const claimIds = claims.map((claim) => claim.claimId);
    const plan = planRelease({
      cityCode, batch, claims, lines: await linesOf(tx, cityCode, claimIds), cuts: await cutsOf(tx, cityCode, claimIds),
      budgets: await budgetsOf(tx, cityCode, batch.batchId), releasedOn: today(this.clock),
      bookedMonth: await bookingMonth(tx, this.clock, cityCode, today(this.clock)),
    });
    const by = { step: 'release', atStep: 'release', actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason: null } as const;
    const settled = claims.filter((claim) => !plan.legs.some((leg) => leg.claimId === claim.claimId));
    const open = claims.filter((claim) => !settled.includes(claim));
    // A claim of nothing has no money to wait for.
    if (settled.length > 0) await moveClaims(tx, cityCode, settled, { ...by, toState: 'paid' });
    if (open.length > 0) await moveClaims(tx, cityCode, open, { ...by, toState: 'released' });
    await insertLegs(tx, cityCode, plan.legs);
    await insertBookings(tx, cityCode, plan.bookings);
    await postTransfers(tx, this.clock, plan.transfers);
    return { legs: plan.legs.length, state: open.length > 0 ? 'released' : 'paid' };
  }
}
