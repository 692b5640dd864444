import { fen, type Fen } from '../../kernel/index.js';

/** Sums of one fund for the claims of meals of one year that are paid from the budget of one year. */
export interface ClaimSum {
  readonly mealYear: number;
  /** The budget year of the batch that a claim lies in; the meal's own year before that. */
  readonly payYear: number;
  readonly claimedFen: number;
  readonly cutFen: number;
  readonly approvedFen: number;
}

/** What is known of one fund and budget year. */
export interface FundSums {
  readonly budgetFen: number;
  /** Meals of the year with this fund's share, less voids and adjustments, as the ledger has them. */
  readonly committedFen: number;
  readonly claims: readonly ClaimSum[];
  /** Paid from the budget of this year, by receipts. */
  readonly paidFen: number;
}

/** The figures of one fund and budget year; `budgetFen - usedFen` is `remainingFen`, and the parts of the use add up to it. */
export interface FundFigures {
  readonly budgetFen: Fen;
  readonly committedFen: Fen;
  /** Meals of other years that are paid from this year's budget. */
  readonly carriedInFen: Fen;
  /** Meals of this year that are paid from another year's budget. */
  readonly carriedOutFen: Fen;
  readonly claimedFen: Fen;
  readonly cutFen: Fen;
  readonly approvedFen: Fen;
  readonly paidFen: Fen;
  /** Eaten, and in no claim yet. */
  readonly unclaimedFen: Fen;
  /** Claimed and not cut, and not approved yet. */
  readonly inReviewFen: Fen;
  /** Approved, and not paid yet. */
  readonly unpaidFen: Fen;
  /** All that this budget has to bear: unclaimed, in review, unpaid and paid. */
  readonly usedFen: Fen;
  /** Below zero when the use is beyond the budget. */
  readonly remainingFen: Fen;
}

/**
 * Works out a fund's figures. A meal binds the budget of its own year until its claim goes into a batch that names
 * another budget year; a cut frees what was claimed.
 */
export function figuresOf(sums: FundSums, year: number): FundFigures {
  const total = (rows: readonly ClaimSum[], pick: (row: ClaimSum) => number): number => rows.reduce((sum, row) => sum + pick(row), 0);
  const own = sums.claims.filter(({ payYear }) => payYear === year);
  const claimedFen = total(own, (row) => row.claimedFen);
  const cutFen = total(own, (row) => row.cutFen);
  const approvedFen = total(own, (row) => row.approvedFen);
  const carriedInFen = total(own.filter(({ mealYear }) => mealYear !== year), (row) => row.claimedFen);
  const carriedOutFen = total(sums.claims.filter(({ mealYear, payYear }) => mealYear === year && payYear !== year), (row) => row.claimedFen);
  const borneFen = sums.committedFen - carriedOutFen + carriedInFen;
  const usedFen = borneFen - cutFen;
  return {
    budgetFen: fen(sums.budgetFen), committedFen: fen(sums.committedFen), carriedInFen: fen(carriedInFen), carriedOutFen: fen(carriedOutFen),
    claimedFen: fen(claimedFen), cutFen: fen(cutFen), approvedFen: fen(approvedFen), paidFen: fen(sums.paidFen),
    unclaimedFen: fen(borneFen - claimedFen), inReviewFen: fen(claimedFen - cutFen - approvedFen), unpaidFen: fen(approvedFen - sums.paidFen),
    usedFen: fen(usedFen), remainingFen: fen(sums.budgetFen - usedFen),
  };
}

/** What is beyond a budget, and what it is called: money that an order lets go on is owed without a fund, never a fund. */
export interface Overrun {
  /** Beyond the budget with an order to continue: 无预算应付款. */
  readonly unfundedPayableFen: Fen;
  /** Beyond the budget, and nobody has ordered it. */
  readonly overrunFen: Fen;
}

export function overrunOf(figures: FundFigures, ordered: boolean): Overrun {
  const over = fen(Math.max(0, -figures.remainingFen));
  return ordered ? { unfundedPayableFen: over, overrunFen: fen(0) } : { unfundedPayableFen: fen(0), overrunFen: over };
}
