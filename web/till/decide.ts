import type { Sale, ShownSplit } from './journal/entry.js';

/**
 * Says what an eater pays, before a sale is written down. Null where this till does not know: online the service says
 * so in its answer, offline the bill is taken and what was too much goes back when the service has settled it.
 */
export type Decide = (sale: Omit<Sale, 'shown'>, priceFen: number) => Promise<ShownSplit | null>;

/** What a price list alone can say: a guest pays the bill. */
export const decideByPrices: Decide = async (sale, priceFen) => (sale.credential.kind === 'guest' ? { selfPayFen: priceFen, subsidyFen: 0 } : null);
