import type { MealDecision, Reason, Use } from '../../subsidy/domain/index.js';
import type { AcceptedTap } from './decide-tap.js';

/** What is kept of a rule that paid: the document by its id, and each funder's part. */
export interface KeptReason extends Omit<Reason, 'document' | 'funder' | 'funderName' | 'division' | 'fen'> {
  readonly documentId: string;
  readonly parts: readonly { readonly funder: string; readonly division: string | null; readonly fen: number }[];
}

/** Why a meal costs whom what, kept with the meal: enough to compute every fen again. */
export interface Explanation {
  /** What the rules gave; differs from what is booked where an offline own share was kept as paid. */
  readonly computed: { readonly selfPayFen: number; readonly subsidyFen: number; readonly siteFen: number; readonly deliveryFen: number };
  readonly reasons: readonly KeptReason[];
  /** What a void gives back to the elder's counters. */
  readonly uses: readonly Use[];
}

/** Packs a decision for keeping: funders of one rule together, the document once by id. */
export function explain(plan: AcceptedTap): Explanation {
  const { selfPayFen, subsidyFen, siteFen, deliveryFen } = plan.decision;
  return { computed: { selfPayFen, subsidyFen, siteFen, deliveryFen }, reasons: keptReasons(plan.decision), uses: plan.uses };
}

function keptReasons(decision: MealDecision): KeptReason[] {
  const byRule = new Map<string, KeptReason & { parts: { funder: string; division: string | null; fen: number }[] }>();
  for (const reason of decision.reasons) {
    const { document, funder, funderName: _name, division, fen, ...rest } = reason;
    const key = `${reason.pays} ${reason.ruleId} ${reason.classId}`;
    const kept = byRule.get(key) ?? { ...rest, documentId: document.id, parts: [] };
    kept.parts.push({ funder, division, fen });
    byRule.set(key, kept);
  }
  return [...byRule.values()];
}
