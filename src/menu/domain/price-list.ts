import type { CivilDate, Fen } from '../../kernel/index.js';
import type { MealPeriod } from './words.js';

/** What one item costs in one meal period, and whom; see `portionFen`. */
export interface Price {
  readonly itemCode: string;
  readonly mealPeriod: MealPeriod;
  readonly fen: Fen;
  /** A set for elders at a filed or capped price: filing and cap concern `fen` alone. */
  readonly elderSet: boolean;
  /** For guests; null or left out: the same price. */
  readonly guestFen?: Fen | null;
  /** For relatives who eat along; null or left out: the same price. */
  readonly relativeFen?: Fen | null;
  /** Half a portion for a card holder; null or left out: not sold in halves. */
  readonly halfFen?: Fen | null;
}

/** The prices of a site from a day to a day, both included; `effectiveTo` null is in force until further notice. */
export interface PriceList {
  readonly siteId: string;
  readonly version: number;
  readonly effectiveFrom: CivilDate;
  readonly effectiveTo: CivilDate | null;
  readonly filingNumber: string | null;
  readonly prices: readonly (Required<Price> & { readonly name: string })[];
}

/** A version that shall be published. */
export interface NewPriceList {
  readonly effectiveFrom: CivilDate;
  readonly filingNumber: string | null;
  readonly filedOn: CivilDate | null;
  readonly prices: readonly Price[];
}

/** The most an elders' set may cost, by meal period; a period without a cap is left out. */
export type Caps = ReadonlyMap<MealPeriod, Fen>;

export type PriceListProblem =
  | { readonly code: 'price-repeated'; readonly itemCode: string }
  | { readonly code: 'half-above-whole'; readonly itemCode: string }
  | { readonly code: 'filing-missing' | 'filing-incomplete' }
  | { readonly code: 'filing-too-late'; readonly filedOn: CivilDate }
  | { readonly code: 'price-above-cap'; readonly itemCode: string; readonly capFen: Fen }
  | { readonly code: 'price-list-not-after'; readonly last: CivilDate }
  | { readonly code: 'price-list-backdated' };

/**
 * Checks a version before it is published. Elders' sets need a filing, which must be there on the day the version takes
 * effect, and may not cost more than the cap in force on that day. Versions follow each other by their days, and only
 * the first one, which records prices that were in force before, may begin in the past.
 * @param last the day from which the latest version holds, null for a site without one
 */
export function checkPriceList(list: NewPriceList, caps: Caps, last: CivilDate | null, today: CivilDate): PriceListProblem | null {
  const seen = new Set<string>();
  for (const price of list.prices) {
    const key = `${price.itemCode} ${price.mealPeriod}`;
    if (seen.has(key)) return { code: 'price-repeated', itemCode: price.itemCode };
    seen.add(key);
    if ((price.halfFen ?? price.fen) > price.fen) return { code: 'half-above-whole', itemCode: price.itemCode };
  }
  if ((list.filingNumber === null) !== (list.filedOn === null)) return { code: 'filing-incomplete' };
  const elderSets = list.prices.filter((price) => price.elderSet);
  if (elderSets.length > 0 && list.filedOn === null) return { code: 'filing-missing' };
  if (list.filedOn !== null && list.filedOn > list.effectiveFrom) return { code: 'filing-too-late', filedOn: list.filedOn };
  for (const price of elderSets) {
    const capFen = caps.get(price.mealPeriod);
    if (capFen !== undefined && price.fen > capFen) return { code: 'price-above-cap', itemCode: price.itemCode, capFen };
  }
  if (last !== null && list.effectiveFrom <= last) return { code: 'price-list-not-after', last };
  if (last !== null && list.effectiveFrom < today) return { code: 'price-list-backdated' };
  return null;
}
