import type { MealDecision, Reason, Use } from '../../subsidy/domain/index.js';
import type { AcceptedTap } from './decide-tap.js';
import type { Presence } from './tap.js';

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
  /** What relatives and guests ate along, part of the price but not of what the rules looked at; left out where nobody did. */
  readonly othersFen?: number;
  /** How the cashier made sure that the elder was there; left out where nobody said. */
  readonly presence?: Presence;
}

/** The part of a reason that is the same for every meal of its rule and class: its words, its amount, its funding. */
export type ReasonWords = Omit<KeptReason, 'facts' | 'caps' | 'parts' | 'working'> & { readonly working: Pick<Reason['working'], 'amount' | 'funding'> };

/** An explanation as it is written down: each reason names its words instead of saying them again. */
export interface ShortExplanation extends Omit<Explanation, 'reasons'> {
  readonly reasons: readonly (Pick<KeptReason, 'facts' | 'caps' | 'parts'> & { readonly rests: string; readonly working: Omit<Reason['working'], 'amount' | 'funding'> })[];
}

/**
 * Packs a decision for keeping: funders of one rule together, the document by its id, the words of each reason by a name.
 * @param nameWords gives a reason's words their name; `ReasonWords` of equal content have to get the same
 */
export function explain(plan: AcceptedTap, nameWords: (reason: Reason) => string, presence?: Presence): ShortExplanation {
  const { selfPayFen, subsidyFen, siteFen, deliveryFen } = plan.decision;
  return { computed: { selfPayFen, subsidyFen, siteFen, deliveryFen }, reasons: shortReasons(plan.decision, nameWords), uses: plan.uses, ...(plan.othersFen === 0 ? {} : { othersFen: plan.othersFen }), ...(presence === undefined ? {} : { presence }) };
}

function shortReasons(decision: MealDecision, nameWords: (reason: Reason) => string): ShortExplanation['reasons'] {
  const kept: (ShortExplanation['reasons'][number] & { parts: KeptReason['parts'][number][] })[] = [];
  let last: Reason | undefined;
  for (const reason of decision.reasons) {
    const { funder, division, fen } = reason;
    // The engine gives the funders of one rule one after the other.
    const same = last !== undefined && last.ruleId === reason.ruleId && last.classId === reason.classId && last.pays === reason.pays;
    if (same) kept.at(-1)?.parts.push({ funder, division, fen });
    else {
      const { amount: _amount, funding: _funding, ...working } = reason.working;
      kept.push({ rests: nameWords(reason), facts: reason.facts, caps: reason.caps, working, parts: [{ funder, division, fen }] });
    }
    last = reason;
  }
  return kept;
}

/** The words of a reason. */
export function wordsOf(reason: Reason): ReasonWords {
  const { document, funder: _funder, funderName: _name, division: _division, fen: _fen, facts: _facts, caps: _caps, working, ...words } = reason;
  return { ...words, documentId: document.id, working: { amount: working.amount, funding: working.funding } };
}
