import { fen, invariant, sumFen, type CivilDate, type CivilMonth, type Fen } from '../kernel/index.js';
import { derivedId } from '../platform/index.js';
import { account, toTransfers, type Posting, type Transfer } from '../ledger/domain/index.js';
import type { BatchRow, Budget, LegRow } from './batch.store.js';
import type { ClaimRow } from './claim.store.js';
import { approvedLines, legsOf, type ClaimLine, type LineCut } from './domain/index.js';
import { funderKindOf } from './make-batch.js';

/** Everything that the release of a batch looks at. */
export interface ReleaseFacts {
  readonly cityCode: string;
  readonly batch: BatchRow;
  readonly claims: readonly ClaimRow[];
  readonly lines: readonly (ClaimLine & { claimId: string })[];
  readonly cuts: readonly (LineCut & { claimId: string })[];
  readonly budgets: readonly Budget[];
  readonly releasedOn: CivilDate;
  readonly bookedMonth: CivilMonth;
}

/** What a release writes. */
export interface ReleasePlan {
  readonly legs: Omit<LegRow, 'paidFen'>[];
  readonly bookings: { claimId: string; funderCode: string; siteId: string; bookedMonth: CivilMonth; fen: Fen }[];
  readonly transfers: Transfer[];
}

/** One account's money to another; an amount below zero goes the other way. */
export function towards(debitAccount: string, creditAccount: string, amount: Fen): Posting {
  if (amount >= 0) return { debitAccount, creditAccount, fen: amount };
  return { debitAccount: creditAccount, creditAccount: debitAccount, fen: fen(-amount) };
}

/**
 * Plans a release: a leg for each claim, funder and payee, and the money that leaves each site's receivables for what
 * was approved and what was cut. Approved and cut together are what was claimed, so the receivable of the claim is gone.
 */
export function planRelease(facts: ReleaseFacts): ReleasePlan {
  const plan: ReleasePlan = { legs: [], bookings: [], transfers: [] };
  const budgets = new Map(facts.budgets.map((budget) => [budget.funderKind, budget]));
  const { batchId, batchNumber } = facts.batch;
  for (const claim of [...facts.claims].sort((a, b) => a.number - b.number)) {
    const { claimId, siteId } = claim;
    const lines = approvedLines(facts.lines.filter((line) => line.claimId === claimId), facts.cuts.filter((cut) => cut.claimId === claimId));
    for (const leg of legsOf(lines)) {
      const budget = budgets.get(funderKindOf(leg.funderCode));
      invariant(budget, 'a batch has a budget for each of its funders');
      const legNumber = `${batchNumber}-${String(plan.legs.length + 1).padStart(4, '0')}`;
      plan.legs.push({ ...leg, legNumber, batchId, claimId, budgetYear: budget.budgetYear, budgetDocument: budget.budgetDocument, releasedOn: facts.releasedOn });
    }
    const head = { cityCode: facts.cityCode, bookedMonth: facts.bookedMonth, siteId, mealDate: null, causeId: claimId };
    const funders = [...new Set(lines.map((line) => line.funderCode))].sort();
    const sums = funders.map((funderCode) => {
      const own = lines.filter((line) => line.funderCode === funderCode);
      return { funderCode, approvedFen: sumFen(own.map((line) => line.approvedFen)), cutFen: sumFen(own.map((line) => line.cutFen)) };
    });
    for (const { funderCode, approvedFen, cutFen } of sums) {
      const taken = fen(approvedFen + cutFen);
      if (taken !== 0) plan.bookings.push({ claimId, funderCode, siteId, bookedMonth: facts.bookedMonth, fen: taken });
    }
    plan.transfers.push(
      ...toTransfers({ ...head, transferId: derivedId('approval', claimId), kind: 'approval' }, sums.map(({ funderCode, approvedFen }) => towards(account.approved(siteId, funderCode), account.due(siteId, funderCode), approvedFen))),
      ...toTransfers({ ...head, transferId: derivedId('cut', claimId), kind: 'cut' }, sums.map(({ funderCode, cutFen }) => towards(account.cut(siteId, funderCode), account.due(siteId, funderCode), cutFen))),
    );
  }
  return plan;
}
