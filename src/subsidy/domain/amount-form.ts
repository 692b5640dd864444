import type { Fen } from '../../kernel/index.js';
import type { MealPeriod } from './facts.js';

/** A part of a unit: cut off, to the nearest (half up), or up. */
export type Rounding = 'down' | 'half-up' | 'up';

/**
 * What a share is taken of: what the bill comes to, the price before the operator's own discount, what earlier groups
 * of rules have left of the bill, or the operator's discount itself.
 */
export type AmountBase = 'paid' | 'list' | 'left' | 'discount';

/** A share of the base, in hundredths of a percent: 25 % is 2500. */
export interface Percentage {
  readonly form: 'percentage';
  readonly basisPoints: number;
  /** A fraction instead of a percentage: `basisPoints` is then its numerator. Left out: 10,000. */
  readonly denominator?: number;
  readonly capFen: Fen | null;
  readonly of: AmountBase;
  readonly rounding: Rounding;
  /** Rounded to whole units of so many fen: 1 (left out), 10 for a jiao, 50 for half a yuan, 100 for a yuan. */
  readonly unitFen?: number;
  /** Never less than this. */
  readonly floorFen?: Fen;
  /** Only of the part of the base above this ... */
  readonly ofAboveFen?: Fen;
  /** ... and only of its part up to this. */
  readonly ofUpToFen?: Fen;
}

/** A step of an amount by bill: from this bill on, up to the next step. */
export interface Step {
  readonly fromFen: Fen;
  readonly amount: { readonly form: 'fixed'; readonly fen: Fen } | Percentage;
}

/** A slice of the bill with a share of its own, from the end of the slice before. */
export interface Slice {
  readonly upToFen: Fen | null;
  readonly basisPoints: number;
}

/** What a rule pays before limits, funders and bill. */
export type AmountForm =
  | { readonly form: 'fixed'; readonly fen: Fen }
  | Percentage
  | { readonly form: 'voucher'; readonly kind: string }
  /** The elder pays a fixed sum and the subsidy the rest of the base, up to a cap. */
  | { readonly form: 'rest'; readonly elderPaysFen: Fen; readonly capFen: Fen | null; readonly of: AmountBase }
  /** The amount of the last step that the base reaches; below the first, nothing. */
  | { readonly form: 'steps'; readonly of: AmountBase; readonly steps: readonly Step[] }
  /** The shares of all slices together, rounded once. */
  | { readonly form: 'slices'; readonly of: AmountBase; readonly slices: readonly Slice[]; readonly capFen: Fen | null; readonly rounding: Rounding; readonly unitFen?: number }
  /** So much for each square metre, meal, diner or seat: money for sites only. */
  | { readonly form: 'per-unit'; readonly fen: Fen; readonly of: GrantUnit; readonly capFen: Fen | null };

/** What money for a site may be counted by. */
export type GrantUnit = 'squareMetres' | 'meals' | 'diners' | 'seats';

/** A class's amount: one for every meal period, or one each (null: this period pays nothing). */
export type PeriodAmounts = Readonly<Record<MealPeriod, AmountForm | null>>;
