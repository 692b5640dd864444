import { fen, type CivilDate, type Fen, type Instant } from '../../kernel/index.js';
import { addUses, periodKeys, type MealDecision, type MealPeriod, type Use } from '../../subsidy/domain/index.js';
import { rankMeals, type CountedMeal, type RankedMeal } from '../../tap/domain/index.js';
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
  readonly terminalId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly subsidyFen: Fen;
  readonly flags: readonly string[];
  readonly deviceTime: Instant;
  readonly receivedAt: Instant;
  readonly offline: boolean;
  readonly journalNumber?: number;
  /** What funders bear now, corrections counted in. */
  readonly shares: readonly Part[];
  readonly byHand: boolean;
  readonly voidedAt: Instant | null;
  /** The void's own time, where a till held it back. */
  readonly takenBackAt: Instant | null;
  /** What changed ranks added to its uses since. */
  readonly useChanges: readonly Use[];
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

/** The uses of a meal as they stand, changed ranks counted in. */
export function standingUses({ explanation, useChanges }: Pick<StandingMeal, 'explanation' | 'useChanges'>): Use[] {
  return addUses(explanation?.uses ?? [], useChanges);
}

/** From when to when a meal counts against the limits of offline ones. */
export function stretchOf(meal: Pick<StandingMeal, 'offline' | 'deviceTime' | 'receivedAt' | 'takenBackAt'>): Pick<CountedMeal, 'from' | 'until'> {
  const from = meal.offline ? meal.deviceTime : meal.receivedAt;
  return { from, until: meal.takenBackAt === null ? null : Math.max(from, meal.takenBackAt) };
}

/** An outcome on the way, with the uses that go on. */
interface Outcome extends DecidedMeal {
  readonly uses: readonly Use[];
  readonly kept: boolean;
}

/** An elder's meals as the server met them: online ones on the counters of their moment, offline ones by their rank. */
class Walk<Meal extends StandingMeal> {
  private readonly counters = new Counters();
  private readonly final: CountedMeal[] = [];
  private readonly offline: (RankedMeal<Outcome> & { readonly voidedAt: Instant | null })[] = [];
  private ranks: ReadonlyMap<string, Outcome> | null = new Map();

  constructor(private readonly decide: (meal: Meal, uses: readonly Use[]) => DecidedMeal) {}

  /** A meal whose outcome stands whatever is known now. */
  settle(meal: Meal, uses: readonly Use[]): void {
    this.counters.add(uses, meal.voidedAt);
    this.final.push({ ...stretchOf(meal), uses });
    if (meal.offline) this.ranks = null;
  }

  answer(meal: Meal): Outcome {
    const keys = periodKeys(meal.mealDate, meal.mealPeriod);
    const ranks = this.outcomes();
    const ranked = this.offline.filter(({ voidedAt }) => voidedAt === null || voidedAt > meal.receivedAt).flatMap(({ tapId }) => ranks.get(tapId)?.uses ?? []);
    const outcome = this.outcomeOf(meal, addUses(this.counters.before(meal.mealDate, meal.mealPeriod, meal.receivedAt), ranked.filter((use) => keys.includes(use.periodKey))));
    this.settle(meal, outcome.uses);
    return outcome;
  }

  arrive(meal: Meal): void {
    const { tapId, terminalId, journalNumber = 0, deviceTime, mealDate, mealPeriod, voidedAt } = meal;
    this.offline.push({ tapId, terminalId, journalNumber, deviceTime, mealDate, mealPeriod, voidedAt, ...stretchOf(meal), decide: (uses) => this.outcomeOf(meal, uses) });
    this.ranks = null;
  }

  /** Online answers and voids change no rank, so only an arrival asks for another look. */
  outcomes(): ReadonlyMap<string, Outcome> {
    this.ranks ??= rankMeals(this.final, this.offline);
    return this.ranks;
  }

  private outcomeOf(meal: Meal, uses: readonly Use[]): Outcome {
    const decided = this.decide(meal, uses);
    const kept = isKeptAsPaid(meal, decided);
    return { ...decided, kept, uses: kept ? standingUses(meal) : decided.decision.uses };
  }
}

/**
 * Decides an elder's meals anew from a day on, as they were decided when they arrived: online in the order of arrival,
 * offline by their rank. So facts alone make a difference: an answer that was given online stays final. Earlier meals
 * only count. A meal that was taken back counts for what was decided before that.
 * @param meals of one elder, in any order
 * @param decide the decision by the rules in force on the meal's day and the facts as known now
 */
export function restateElder<Meal extends StandingMeal>(meals: readonly Meal[], from: CivilDate, decide: (meal: Meal, uses: readonly Use[]) => DecidedMeal): RestatedMeal<Meal>[] {
  const walk = new Walk(decide);
  const online = new Map<string, Outcome>();
  const inOrder = [...meals].sort(byDecision);
  for (const meal of inOrder) {
    if (meal.mealDate < from || isSettled(meal)) walk.settle(meal, standingUses(meal));
    else if (meal.offline) walk.arrive(meal);
    else online.set(meal.tapId, walk.answer(meal));
  }
  const ranks = walk.outcomes();
  return inOrder.flatMap((meal) => {
    const outcome = online.get(meal.tapId) ?? ranks.get(meal.tapId);
    const same = outcome === undefined || outcome.kept || meal.voidedAt !== null || text(meal.shares) === text(outcome.shares);
    return same ? [] : [compare(meal, outcome)];
  });
}

/** Whether the eater had paid offline by another split, and the rules still give what they gave: then all stays as booked. */
function isKeptAsPaid(meal: StandingMeal, { decision }: DecidedMeal): boolean {
  const untouched = meal.voidedAt !== null || total(meal.shares) === meal.subsidyFen;
  const open = meal.priceFen - meal.selfPayFen;
  const computedFen = meal.explanation?.computed?.subsidyFen ?? 0;
  // It has all that the eater had left open, and only its rank, no fact, makes the rules give it something else now.
  if (meal.offline && open < decision.subsidyFen && total(meal.shares) === open && (meal.useChanges.length > 0 || decision.subsidyFen <= computedFen)) return true;
  return meal.flags.includes('fund-changed') && untouched && decision.subsidyFen === meal.explanation?.computed?.subsidyFen;
}

function compare<Meal extends StandingMeal>(meal: Meal, { decision, shares }: DecidedMeal): RestatedMeal<Meal> {
  const open = meal.priceFen - meal.selfPayFen;
  const [beforeFen, afterFen] = [total(meal.shares), total(shares)];
  const beyond = (given: Fen): number => Math.max(0, given - open);
  return { meal, decision, before: meal.shares, after: shares, beforeFen, afterFen, refundFen: fen(Math.max(0, beyond(afterFen) - beyond(beforeFen))) };
}
