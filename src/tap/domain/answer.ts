import type { CivilDate, CivilMonth, Fen } from '../../kernel/index.js';
import type { TapPlan } from './decide-tap.js';
import { acceptedSentence, refusedSentence } from './sentences.js';

/** What a till is told of a tap: the same for ever. All amounts are fen and 0 for a refused tap. */
export interface TapAnswer {
  readonly outcome: 'accepted' | 'refused';
  readonly tapId: string;
  /** Why the tap is refused, or why there is no subsidy; null for a subsidised meal. */
  readonly code: string | null;
  readonly sentence: string;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly subsidyFen: number;
  readonly siteBorneFen: number;
  readonly funding: readonly { readonly funderCode: string; readonly name: string; readonly fen: number }[];
  readonly flags: readonly string[];
  readonly mealDate: CivilDate;
  readonly bookedMonth: CivilMonth;
  /** Of a sale by tender `booked`: the part of the own share that is due in cash. */
  readonly dueFen?: number;
}

/** Words the answer of a tap that is written down. */
export function answerOf(tapId: string, plan: Exclude<TapPlan, { kind: 'split-changed' }>, bookedMonth: CivilMonth): TapAnswer {
  if (plan.kind === 'refused') {
    const none = 0 as Fen;
    return {
      outcome: 'refused', tapId, code: plan.code, sentence: refusedSentence(plan.code), priceFen: none, selfPayFen: none, subsidyFen: none,
      siteBorneFen: none, funding: [], flags: [], mealDate: plan.mealDate, bookedMonth,
    };
  }
  const { code, priceFen, selfPayFen, subsidyFen, siteBorneFen, flags, mealDate } = plan;
  return {
    outcome: 'accepted', tapId, code, sentence: acceptedSentence(plan), priceFen, selfPayFen, subsidyFen, siteBorneFen,
    funding: plan.shares.map(({ funderCode, name, fen }) => ({ funderCode, name, fen })), flags, mealDate, bookedMonth, ...(plan.dueFen === undefined ? {} : { dueFen: plan.dueFen }),
  };
}

/** A kept answer with its fields in the order in which it was first given: the database keeps none, and answers are equal byte for byte. */
export function inOrder(kept: TapAnswer): TapAnswer {
  const { outcome, tapId, code, sentence, priceFen, selfPayFen, subsidyFen, siteBorneFen, flags, mealDate, bookedMonth, dueFen } = kept;
  const funding = kept.funding.map(({ funderCode, name, fen }) => ({ funderCode, name, fen }));
  return { outcome, tapId, code, sentence, priceFen, selfPayFen, subsidyFen, siteBorneFen, funding, flags, mealDate, bookedMonth, ...(dueFen === undefined ? {} : { dueFen }) };
}
