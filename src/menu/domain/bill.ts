import { fen, sumFen, timesFen, type Fen } from '../../kernel/index.js';

/** Who eats a portion that is not the card holder's own: a relative who eats along, or a guest. */
export const EATERS = ['relative', 'guest'] as const;
export type Eater = (typeof EATERS)[number];

/** What one item costs whom, in fen, as a price list says it; null or left out: `fen` for guests and relatives, no halves at all. */
export interface PriceKinds {
  readonly fen: number;
  readonly guestFen?: number | null;
  readonly relativeFen?: number | null;
  readonly halfFen?: number | null;
}

/** A row of a price list; without a meal period it holds at every meal. */
export interface PriceRow extends PriceKinds {
  readonly itemCode: string;
  readonly mealPeriod: string | null;
}

/** A line of a bill. */
export interface BillItem {
  readonly itemCode: string;
  readonly quantity: number;
  /** A half portion; only of the card holder's own. */
  readonly half?: true;
  /** Whose it is; left out: of whoever stands there, the card holder or the guest. */
  readonly for?: Eater;
}

/** A bill by its eaters. */
export interface Bill {
  /** What the card holder eats, or a guest who eats alone: the only part that a subsidy looks at. */
  readonly ownFen: Fen;
  /** What relatives and guests eat along, always paid in full by whoever stands there. */
  readonly othersFen: Fen;
}

/** Why a list gives no bill. */
export type BillProblem = 'item-unknown' | 'half-not-sold';

/** What one portion costs, in fen, or null for a half that is not sold. @param byCard whether a card holder stands there */
export function portionFen(price: PriceKinds, item: Pick<BillItem, 'half' | 'for'>, byCard: boolean): number | null {
  const eater = item.for ?? (byCard ? 'holder' : 'guest');
  if (item.half === true) return eater === 'holder' ? (price.halfFen ?? null) : null;
  if (eater === 'relative') return price.relativeFen ?? price.fen;
  return eater === 'guest' ? (price.guestFen ?? price.fen) : price.fen;
}

/**
 * The bill of a sale by a price list. Who pays which price hangs on the sale alone: a card that turns out to be lost
 * changes the subsidy and no price, so what a till asked for without a network stays right.
 */
export function billOf(items: readonly BillItem[], mealPeriod: string, byCard: boolean, prices: readonly PriceRow[]): Bill | BillProblem {
  const own: Fen[] = [];
  const others: Fen[] = [];
  for (const item of items) {
    const price = prices.find((row) => row.itemCode === item.itemCode && row.mealPeriod === mealPeriod) ?? prices.find((row) => row.itemCode === item.itemCode && row.mealPeriod === null);
    if (price === undefined) return 'item-unknown';
    const each = portionFen(price, item, byCard);
    if (each === null) return 'half-not-sold';
    (item.for === undefined ? own : others).push(timesFen(fen(each), item.quantity));
  }
  return { ownFen: sumFen(own), othersFen: sumFen(others) };
}
