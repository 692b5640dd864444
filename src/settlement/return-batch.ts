import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { chainOf } from '../region/index.js';
import { DEFAULT_CHAIN } from '../region/domain/index.js';
import { lockBatch, moveBatch } from './batch.store.js';
import { madeBefore } from './check-step.js';
import { lockClaimsOfBatch, moveClaims } from './claim.store.js';
import { stepDue } from './domain/index.js';
import type { BatchStepAnswer } from './step-batch.js';

/** Finance sends a batch back to the county with a reason: its claims are approved ones without a batch again. */
@Injectable()
export class ReturnBatch {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `not-allowed`, `batch-state`, `maker-is-checker` */
  async run(actor: StaffActor, batchId: string, id: string, reason: string): Promise<Outcome<BatchStepAnswer>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'batch.return', body: { batchId, reason, by: actor.staffId } }, async (tx) => {
      const batch = await lockBatch(tx, cityCode, batchId);
      if (batch === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, batch.countyCode))) return refuse('outside-scope');
      const due = batch.state === 'returned' ? undefined : stepDue((await chainOf(tx, cityCode)) ?? DEFAULT_CHAIN, batch.state);
      if (due === undefined) return refuse('batch-state', { state: batch.state });
      if (!actor.roles.includes(due.role)) return refuse('not-allowed');
      const claims = await lockClaimsOfBatch(tx, cityCode, batchId);
      if (await madeBefore(tx, actor, claims, due.step)) return refuse('maker-is-checker');
      const by = { actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason };
      await moveClaims(tx, cityCode, claims, { step: 'unbatch', atStep: due.step, toState: 'countyApproved', batchId: null, ...by });
      await moveBatch(tx, cityCode, batchId, { step: 'return', from: batch.state, to: 'returned', ...by });
      const numbers = claims.map((claim) => claim.claimNumber);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'batch.return', objectKind: 'batch', objectId: batchId, reason, before: { state: batch.state, claims: numbers }, after: { state: 'returned' } });
      return done({ batchId, state: 'returned', legs: 0 });
    });
  }
}
