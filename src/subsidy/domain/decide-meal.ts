import { NO_FEN } from '../../kernel/index.js';
import type { MealDecision, MealQuestion, RefusalCode } from './decision.js';

/**
 * Decides what one meal costs whom. Deterministic, and total over any facts.
 * @returns parts of 0 or more; funding adds up to the subsidy, self-pay and subsidy to the price
 */
export function decideMeal(question: MealQuestion): MealDecision {
  return fullPrice(question, question.elder === null ? 'guest' : 'no-pack');
}

/** A meal at the full price, with the reason why no subsidy applies. */
export function fullPrice(question: MealQuestion, refusal: RefusalCode): MealDecision {
  const { version, meal } = question;
  const funding = (version?.funders ?? []).map(({ code }) => ({ funder: code, fen: NO_FEN, division: null }));
  return {
    pack: version?.pack ?? null,
    version: version?.version ?? null,
    priceFen: meal.priceFen,
    subsidyFen: NO_FEN,
    selfPayFen: meal.priceFen,
    deliveryFen: NO_FEN,
    deliveryFeeFen: NO_FEN,
    siteFen: NO_FEN,
    funding,
    deliveryFunding: funding,
    siteFunding: funding,
    reasons: [],
    uses: [],
    refusal,
  };
}
