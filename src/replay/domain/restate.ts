import { fen, type CivilDate, type Fen, type Instant } from '../../kernel/index.js';
import type { MealDecision, MealPeriod, Use } from '../../subsidy/domain/index.js';
import { Counters } from './counters.js';

/** What one funder bears of a meal. */
export interface Part {
  readonly funderCode: string;
  readonly fen: Fen;
}

/** A meal of the past as a restatement looks at it. */
export interface StandingMeal {
  readonly tapId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly subsidyFen: Fen;
  readonly flags: readonly string[];
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  /** What funders bear now, corrections counted in. */
  readonly shares: readonly Part[];
  readonly byHand: boolean;
  readonly voidedAt: Instant | null;
  readonly explanation?: { readonly computed?: { readonly subsidyFen: number }; readonly uses?: readonly Use[] };
}

/** A meal decided anew: who bears what. */
export interface DecidedMeal {
  readonly decision: MealDecision;
  readonly shares: readonly Part[];
}

/** One meal that comes out otherwise. */
export interface RestatedMeal<Meal extends StandingMeal> {
  readonly meal: Meal;
  readonly decision: MealDecision;
  readonly before: readonly Part[];
  readonly after: readonly Part[];
  readonly beforeFen: Fen;
  readonly afterFen: Fen;
  /** What is now due to the elder: money of funders beyond what the elder left open. Never below nothing. */
  readonly refundFen: Fen;
}

const total = (parts: readonly Part[]): Fen => fen(parts.reduce((sum, part) => sum + part.fen, 0));
const text = (parts: readonly Part[]): string => parts.map((part) => `${part.funderCode} ${part.fen}`).sort().join('|');

/** Compares meals of one elder in the order in which they were decided: by arrival, those that arrived together by their time. */
export function byDecision(a: StandingMeal, b: StandingMeal): number {
  return a.receivedAt - b.receivedAt || a.deviceTime - b.deviceTime || (a.tapId < b.tapId ? -1 : 1);
}

/** Whether what was recorded stands whatever is known now: taken back, corrected by a person, or sold at the full price by age alone. */
function isSettled(meal: StandingMeal): boolean {
  return meal.byHand || meal.flags.includes('sent-too-late');
}

/**
 * Decides an elder's meals anew from a day on, in the order in which they were decided, so that facts alone make a
 * difference: an answer that was given online stays final. Earlier meals only count. A meal that was taken back counts
 * for what was decided before that.
 * @param meals of one elder, in any order
 * @param decide the decision by the rules in force on the meal's day and the facts as known now
 */
export function restateElder<Meal extends StandingMeal>(meals: readonly Meal[], from: CivilDate, decide: (meal: Meal, uses: readonly Use[]) => DecidedMeal): RestatedMeal<Meal>[] {
  const counters = new Counters();
  const restated: RestatedMeal<Meal>[] = [];
  for (const meal of [...meals].sort(byDecision)) {
    const recorded = meal.explanation?.uses ?? [];
    if (meal.mealDate < from || isSettled(meal)) {
      counters.add(recorded, meal.voidedAt);
      continue;
    }
    const decided = decide(meal, counters.before(meal.mealDate, meal.mealPeriod, meal.receivedAt));
    const kept = isKeptAsPaid(meal, decided);
    counters.add(kept ? recorded : decided.decision.uses, meal.voidedAt);
    if (!kept && meal.voidedAt === null && text(meal.shares) !== text(decided.shares)) restated.push(compare(meal, decided));
  }
  return restated;
}

/** Whether the eater had paid offline by another split, and the rules still give what they gave: then all stays as booked. */
function isKeptAsPaid(meal: StandingMeal, { decision }: DecidedMeal): boolean {
  const untouched = meal.voidedAt !== null || total(meal.shares) === meal.subsidyFen;
  return meal.flags.includes('fund-changed') && untouched && decision.subsidyFen === meal.explanation?.computed?.subsidyFen;
}

function compare<Meal extends StandingMeal>(meal: Meal, { decision, shares }: DecidedMeal): RestatedMeal<Meal> {
  const open = meal.priceFen - meal.selfPayFen;
  const [beforeFen, afterFen] = [total(meal.shares), total(shares)];
  const beyond = (given: Fen): number => Math.max(0, given - open);
  return { meal, decision, before: meal.shares, after: shares, beforeFen, afterFen, refundFen: fen(Math.max(0, beyond(afterFen) - beyond(beforeFen))) };
}
