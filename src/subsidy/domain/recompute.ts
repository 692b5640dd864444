import { NO_FEN, type Fen } from '../../kernel/index.js';
import { workOut } from './amount.js';
import type { Reason } from './decision.js';

/** Computes a reason's amount again from the reason alone, without the pack and without the elder. */
export function recomputeFen(reason: Pick<Reason, 'funder' | 'working'>): Fen {
  const index = reason.working.funding.parts.findIndex((part) => part.funder === reason.funder);
  return workOut(reason.working).parts[index] ?? NO_FEN;
}
