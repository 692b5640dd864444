import type { CivilMonth, Fen } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** Claims of a month in one state, with their four figures. */
export interface ClaimStateTotal {
  readonly state: string;
  readonly claims: number;
  readonly claimedFen: Fen;
  readonly approvedFen: Fen;
  readonly cutFen: Fen;
  readonly paidFen: Fen;
}

export async function claimsByState(_tx: Tx, _cityCode: string, _month: CivilMonth): Promise<ClaimStateTotal[]> {
  return [];
}
