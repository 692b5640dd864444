import { done, refuse, type Outcome } from '../../kernel/index.js';

export const DISPUTE_STATES = ['open', 'forwarded', 'upheld', 'rejected', 'withdrawn'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** What happens to a dispute after it was opened. */
export const DISPUTE_MOVES = ['forward', 'uphold', 'reject', 'withdraw'] as const;
export type DisputeMove = (typeof DISPUTE_MOVES)[number];

/**
 * Every move of a dispute. Only the authority's answer, after the dispute was sent to it, changes a category or leaves
 * it; the elder's side may take a dispute back until then.
 */
export const DISPUTE_TABLE: Readonly<Record<DisputeState, Partial<Record<DisputeMove, DisputeState>>>> = {
  open: { forward: 'forwarded', withdraw: 'withdrawn' },
  forwarded: { uphold: 'upheld', reject: 'rejected', withdraw: 'withdrawn' },
  upheld: {},
  rejected: {},
  withdrawn: {},
};

/** Who may enter which move; the answers are the authority's, entered from its paper by county or city civil affairs. */
export const DISPUTE_ROLES: Readonly<Record<DisputeMove, readonly string[]>> = {
  forward: ['townshipOfficer', 'countyOfficer', 'cityOfficer'],
  uphold: ['countyOfficer', 'cityOfficer'],
  reject: ['countyOfficer', 'cityOfficer'],
  withdraw: ['communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer'],
};

/** The state after a move, or `dispute-move-wrong` with the moves that the state allows. */
export function moveDispute(state: DisputeState, move: DisputeMove): Outcome<DisputeState> {
  const next = DISPUTE_TABLE[state][move];
  return next === undefined ? refuse('dispute-move-wrong', { state, allowed: Object.keys(DISPUTE_TABLE[state]) }) : done(next);
}
