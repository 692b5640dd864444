import { ALLOWED_MOVES } from '../settlement/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';

/** What the code allows, in a form that statements can read: invariants compare the rows with it. */
export interface Allowed {
  /** How often, or for how much in fen, uses of a rule may be counted in one period; of each version of a city one row. */
  readonly limits: readonly { readonly cityCode: string; readonly countsAs: string; readonly per: string; readonly count: number | null; readonly fen: number | null }[];
  /** Moves of claims: from each of these states to each of those. */
  readonly moves: readonly { readonly step: string; readonly from: readonly string[]; readonly to: readonly string[] }[];
}

/**
 * Reads it out of the packs and the table of moves.
 * @param packs what is published, by city
 */
export function allowed(packs: ReadonlyMap<string, PackLibrary>): Allowed {
  return {
    limits: [...packs].flatMap(([cityCode, library]) => limitsOf(cityCode, library)),
    moves: Object.entries(ALLOWED_MOVES).map(([step, { from, to }]) => ({ step, from, to })),
  };
}

function limitsOf(cityCode: string, packs: PackLibrary): Allowed['limits'] {
  const rules = packs.all().flatMap((pack) => pack.versions).flatMap((version) => version.rules);
  return rules.flatMap((rule) => rule.limits.map(({ per, count, fen }) => ({ cityCode, countsAs: rule.countsAs, per, count, fen })));
}
