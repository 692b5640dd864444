import { fen, minFen, minusFen, NO_FEN, type Fen } from '../../kernel/index.js';

/** How far an own share is covered by what was paid ahead. */
export interface Cover {
  /** Of what the booking holds. */
  readonly usedFen: Fen;
  /** Goes back to whoever paid. */
  readonly refundFen: Fen;
  /** In cash at the till. */
  readonly dueFen: Fen;
  /** The till had counted on more than the booking holds, and the eater is gone. */
  readonly isShort: boolean;
}

/**
 * Pays an own share from what a booking holds. Whoever paid too much gets the difference back; whoever paid too little
 * pays the difference at the till, and nobody is billed for it later.
 * @param toldFen how much the till without a network took for paid: by that it asked for cash, so that stands
 */
export function cover(heldFen: Fen, selfPayFen: Fen, toldFen: Fen | null): Cover {
  const counted = minFen(selfPayFen, toldFen ?? heldFen);
  const usedFen = minFen(counted, heldFen);
  return { usedFen, refundFen: minusFen(heldFen, usedFen), dueFen: minusFen(selfPayFen, counted), isShort: usedFen < counted };
}

/** What a city keeps of what was paid for a meal that nobody fetched. */
export interface NoShowRule {
  readonly keptPercent: number;
  /** At most so much; null for no limit. */
  readonly mostFen: Fen | null;
}

/** What a no-show costs, rounded down to the fen: nothing where the city has no rule. */
export function keptOf(paidFen: Fen, rule: NoShowRule | null): Fen {
  if (rule === null || paidFen === 0) return NO_FEN;
  const kept = fen(Math.floor((paidFen * rule.keptPercent) / 100));
  return rule.mostFen === null ? kept : minFen(kept, rule.mostFen);
}
