import type { CivilDate } from '../../kernel/index.js';

/** Purses that pay a part of a meal or an award. */
export const FUNDER_KINDS = ['city', 'county', 'township', 'village', 'lotteryWelfareFund', 'charity'] as const;
export type FunderKind = (typeof FUNDER_KINDS)[number];

/** A purse: who pays, for which division, from and to which day (both included, null is open). */
export interface Funder {
  /** Kind and division, e.g. `county@371502`. */
  readonly funderCode: string;
  readonly kind: FunderKind;
  readonly name: string;
  readonly divisionCode: string;
  readonly validFrom: CivilDate | null;
  readonly validTo: CivilDate | null;
}
