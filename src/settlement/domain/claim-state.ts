import type { ApprovalStep } from '../../region/domain/index.js';

/** Where a claim stands. */
export const CLAIM_STATES = [
  'building', 'draft', 'submitted', 'townshipReviewed', 'countyApproved', 'batched', 'financeReviewed', 'released', 'partPaid', 'paid', 'returned',
] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

/** A step of the chain of approval. */
export type ChainStep = ApprovalStep['step'];

/** Everything that can happen to a claim's state. */
export const CLAIM_MOVES = ['build', 'submit', 'township', 'county', 'batch', 'unbatch', 'financeReview', 'release', 'pay', 'return', 'rebuild'] as const;
export type ClaimMove = (typeof CLAIM_MOVES)[number];

/** The one table of allowed moves: from which states each may be made, and to which it leads. A city's chain picks from it. */
export const ALLOWED_MOVES: Readonly<Record<ClaimMove, { readonly from: readonly ClaimState[]; readonly to: readonly ClaimState[] }>> = {
  build: { from: ['building'], to: ['draft'] },
  submit: { from: ['draft', 'returned'], to: ['submitted'] },
  township: { from: ['submitted'], to: ['townshipReviewed'] },
  county: { from: ['submitted', 'townshipReviewed'], to: ['countyApproved'] },
  batch: { from: ['countyApproved'], to: ['batched'] },
  unbatch: { from: ['batched', 'financeReviewed'], to: ['countyApproved'] },
  financeReview: { from: ['batched'], to: ['financeReviewed'] },
  release: { from: ['batched', 'financeReviewed'], to: ['released', 'paid'] },
  pay: { from: ['released', 'partPaid'], to: ['partPaid', 'paid'] },
  return: { from: ['submitted', 'townshipReviewed', 'countyApproved'], to: ['returned'] },
  rebuild: { from: ['draft', 'submitted', 'townshipReviewed', 'countyApproved', 'returned'], to: ['draft'] },
};

/** Whether a move may be made from a state. */
export function mayMove(move: ClaimMove, from: ClaimState): boolean {
  return ALLOWED_MOVES[move].from.includes(from);
}

/** The state that a step of the chain leads to. */
const AFTER: Readonly<Record<ChainStep, ClaimState>> = {
  submit: 'submitted', township: 'townshipReviewed', county: 'countyApproved', financeReview: 'financeReviewed', release: 'released',
};

export function stateAfter(step: ChainStep): ClaimState {
  return AFTER[step];
}

/**
 * The step of a city's chain that a claim waits for; undefined while it waits for something else, such as its batch or
 * its money.
 */
export function stepDue(chain: readonly ApprovalStep[], state: ClaimState): ApprovalStep | undefined {
  if (state === 'draft' || state === 'returned') return chain.find(({ step }) => step === 'submit');
  const inBatch = chain.filter(({ step }) => step === 'financeReview' || step === 'release');
  if (state === 'batched') return inBatch[0];
  const done = chain.findIndex(({ step }) => AFTER[step] === state);
  const next = done < 0 ? undefined : chain[done + 1];
  // Between the county's approval and finance lies the batch.
  return state === 'countyApproved' || state === 'released' ? undefined : next;
}

/** Whether a step was taken by somebody, for the rule that maker is never checker. */
export interface StepTaken {
  readonly staffId: string | null;
  /** The step of the chain during which it happened; null for what has no say, such as building. */
  readonly atStep: ChainStep | null;
}

/** Whether somebody already had a say in another step of the same claim: then this one is not theirs. */
export function isMaker(taken: readonly StepTaken[], staffId: string, step: ChainStep): boolean {
  return taken.some((entry) => entry.staffId === staffId && entry.atStep !== null && entry.atStep !== step);
}
