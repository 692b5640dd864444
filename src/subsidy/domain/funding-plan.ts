import type { Fen } from '../../kernel/index.js';

/** A paper that a rule rests on; `not published` where a part of it is not known. */
export interface DocumentRef {
  readonly id: string;
  readonly title: string;
  readonly number: string;
  readonly date: string;
  readonly issuer: string;
  readonly url: string;
  /** SHA-256 in hex of the paper's file, null where no file is at hand. */
  readonly sha256: string | null;
}

export type Level = 'province' | 'city' | 'county' | 'township' | 'village';

export interface FundingPlanPart {
  readonly funder: string;
  /** A fixed part, or null for the funder that takes the rest. */
  readonly fen: Fen | null;
  /** Weight of a division by weights; null in a division by parts. */
  readonly weight: number | null;
  /** In a division by parts: a percentage of the whole, in hundredths of a percent, rounded down. */
  readonly basisPoints?: number;
  /** The most that a percentage gives. */
  readonly capFen?: Fen;
  readonly lostWhenSiteOutside: LostWhen | null;
}

/** The boundary whose crossing costs the funder's part. */
export type LostWhen =
  | { readonly divisions: readonly string[] }
  | { readonly sameAs: { readonly of: 'hukou' | 'residence'; readonly level: Level } };

export interface FundingPlan {
  readonly by: 'parts' | 'weights';
  readonly parts: readonly FundingPlanPart[];
  /** Who is cut when the subsidy exceeds the bill: all in proportion, or one after the other in this order. */
  readonly cut: 'proportional' | readonly string[];
}
