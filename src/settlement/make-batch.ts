import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, fen, refuse, type CivilMonth, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { madeBefore } from './check-step.js';
import { insertBatch, insertBudgets, moveBatch, type Budget } from './batch.store.js';
import { linesOf, lockApproved, moveClaims } from './claim.store.js';
import { takeNumbers } from './run.store.js';

export interface BatchRequest {
  readonly id: string;
  readonly month: CivilMonth;
  readonly countyCode: string;
  readonly budgets: readonly Budget[];
}

export interface BatchAnswer {
  readonly batchId: string;
  readonly batchNumber: string;
  readonly claims: number;
  readonly approvedFen: number;
}

/** The kind of a funder by its code, `county@371502`. */
export function funderKindOf(funderCode: string): string {
  return funderCode.slice(0, funderCode.indexOf('@'));
}

/** Puts a county's approved claims of a month into one batch for finance, with the budget that each funder pays from. */
@Injectable()
export class MakeBatch {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `outside-scope`, `batch-empty`, `budget-missing`, `maker-is-checker` */
  async run(actor: StaffActor, asked: BatchRequest): Promise<Outcome<BatchAnswer>> {
    const { cityCode } = actor;
    const { id: batchId, month, countyCode, budgets } = asked;
    return doDeed(this.transactor, this.clock, { cityCode, id: batchId, kind: 'batch.make', body: { month, countyCode, budgets, by: actor.staffId } }, async (tx) => {
      if (!(await inScope(tx, actor, countyCode))) return refuse('outside-scope');
      const claims = await lockApproved(tx, cityCode, month, countyCode);
      if (claims.length === 0) return refuse('batch-empty', { month });
      if (await madeBefore(tx, actor, claims, 'county')) return refuse('maker-is-checker');
      const kinds = new Set(budgets.map((budget) => budget.funderKind));
      const missing = (await this.kindsOf(tx, cityCode, claims.map((claim) => claim.claimId))).filter((kind) => !kinds.has(kind));
      if (missing.length > 0) return refuse('budget-missing', { kinds: missing });
      const year = Number(month.slice(0, 4));
      const number = await takeNumbers(tx, cityCode, 'batch', countyCode, year, 1);
      const batchNumber = `${countyCode}-${year}-P${String(number).padStart(3, '0')}`;
      const now = this.clock.now();
      const by = { actor: actorName(actor), staffId: actor.staffId, now, reason: null };
      await insertBatch(tx, cityCode, { batchId, month, countyCode, year, number, batchNumber, madeAt: now });
      await insertBudgets(tx, cityCode, batchId, budgets);
      await moveBatch(tx, cityCode, batchId, { step: 'batch', from: null, to: 'batched', ...by });
      await moveClaims(tx, cityCode, claims, { step: 'batch', atStep: 'county', toState: 'batched', batchId, ...by });
      const approvedFen = fen(claims.reduce((sum, claim) => sum + claim.approvedFen, 0));
      const after = { batchNumber, claims: claims.map((claim) => claim.claimNumber), approvedFen, budgets };
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'batch.make', objectKind: 'batch', objectId: batchId, after });
      return done({ batchId, batchNumber, claims: claims.length, approvedFen });
    });
  }

  private async kindsOf(tx: Tx, cityCode: string, claimIds: readonly string[]): Promise<string[]> {
    const lines = await linesOf(tx, cityCode, claimIds);
    return [...new Set(lines.filter((line) => line.claimedFen !== 0).map((line) => funderKindOf(line.funderCode)))].sort();
  }
}
