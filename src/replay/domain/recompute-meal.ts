import { recomputeFen, type Reason } from '../../subsidy/domain/index.js';
import type { KeptReason } from '../../tap/domain/index.js';

/** A part of a kept explanation that does not give its own amount again. */
export interface WrongPart {
  readonly ruleId: string;
  readonly funder: string;
  readonly keptFen: number;
  readonly recomputedFen: number;
}

/** Computes every amount of a kept explanation again from the explanation alone. @returns those that differ */
export function recomputeKept(reasons: readonly KeptReason[]): WrongPart[] {
  const wrong: WrongPart[] = [];
  for (const { parts, documentId: _id, ...rest } of reasons) {
    for (const { funder, division, fen: keptFen } of parts) {
      const recomputedFen = recomputeFen({ ...rest, funder, division } as unknown as Reason);
      if (recomputedFen !== keptFen) wrong.push({ ruleId: rest.ruleId, funder, keptFen, recomputedFen });
    }
  }
  return wrong;
}

/** A value that came out otherwise when a meal was decided anew. */
export interface Difference {
  readonly what: 'pack' | 'version' | 'code' | 'subsidy' | 'share';
  /** Of a share, whose. */
  readonly funderCode: string | null;
  readonly recorded: string;
  readonly recomputed: string;
}

/** One side of the comparison. */
export interface Side {
  readonly pack: string | null;
  readonly version: string | null;
  readonly code: string | null;
  readonly subsidyFen: number;
  readonly shares: readonly { readonly funderCode: string; readonly fen: number }[];
}

/**
 * Names what differs between a meal as it was recorded and as it is decided anew.
 * @param keptAsPaid the eater had paid offline by another split: only what the rules gave is compared, not who bore what
 */
export function differencesOf(recorded: Side, recomputed: Side, keptAsPaid: boolean): Difference[] {
  const found: Difference[] = [];
  const add = (what: Difference['what'], a: string | number | null, b: string | number | null, funderCode: string | null = null): void => {
    if (a !== b) found.push({ what, funderCode, recorded: String(a ?? ''), recomputed: String(b ?? '') });
  };
  add('pack', recorded.pack, recomputed.pack);
  add('version', recorded.version, recomputed.version);
  add('code', recorded.code, recomputed.code);
  add('subsidy', recorded.subsidyFen, recomputed.subsidyFen);
  if (keptAsPaid) return found;
  const amount = (side: Side, code: string): number => side.shares.find((share) => share.funderCode === code)?.fen ?? 0;
  for (const code of [...new Set([...recorded.shares, ...recomputed.shares].map((share) => share.funderCode))].sort()) add('share', amount(recorded, code), amount(recomputed, code), code);
  return found;
}
