import type { CivilDate, Instant } from '../../kernel/index.js';
import { addUses, periodKeys, type MealPeriod, type Use } from '../../subsidy/domain/index.js';
import { byMealTime } from './decide-tap.js';
import type { Tap } from './tap.js';

/** The stretch of time in which a meal counts against the elder's limits. */
export interface Stretch {
  /** Offline the moment of the sale, online that of the answer. */
  readonly from: Instant;
  /** When the meal was taken back, by the void's own clock; null for one that stands. */
  readonly until: Instant | null;
}

/** A meal whose outcome is final: answered online, or decided by a person. */
export interface CountedMeal extends Stretch {
  readonly uses: readonly Use[];
}

/** A meal that was sold offline, with its decision for any state of the counters. */
export interface RankedMeal<Given extends { readonly uses: readonly Use[] }> extends Stretch, Pick<Tap, 'tapId' | 'terminalId' | 'journalNumber' | 'deviceTime'> {
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
  decide(uses: readonly Use[]): Given;
}

/**
 * What each offline meal of one elder gets: a function of the meals alone, in whatever order they arrived.
 * Final outcomes count first, whenever they were given. Offline meals then follow by time, terminal and journal number;
 * each gets what its limits leave at every moment from its sale on, for as long as it stands. A meal that was taken back
 * counts until that moment and not after, so a void frees its use for later meals and re-decides no earlier one.
 * @returns the outcomes by tap
 */
export function rankMeals<Given extends { readonly uses: readonly Use[] }>(final: readonly CountedMeal[], offline: readonly RankedMeal<Given>[]): Map<string, Given> {
  const counted = [...final];
  const outcomes = new Map<string, Given>();
  for (const meal of [...offline].sort(byMealTime)) {
    const given = meal.decide(mostUsed(counted, meal, periodKeys(meal.mealDate, meal.mealPeriod)));
    outcomes.set(meal.tapId, given);
    if (given.uses.length > 0) counted.push({ from: meal.from, until: meal.until, uses: given.uses });
  }
  return outcomes;
}

/** The most that each counter of some periods holds at any moment of a stretch. */
export function mostUsed(counted: readonly CountedMeal[], { from, until }: Stretch, keys: readonly string[]): Use[] {
  const during = counted.filter((meal) => (meal.until === null || meal.until > from) && (until === null || meal.from < until))
    .map((meal) => ({ ...meal, uses: meal.uses.filter((use) => keys.includes(use.periodKey)) })).filter((meal) => meal.uses.length > 0);
  // Counters only grow where a meal begins, so no other moment needs a look.
  const moments = new Set([from, ...during.map((meal) => meal.from).filter((moment) => moment > from)]);
  const most = new Map<string, Use>();
  for (const moment of moments) {
    const standing = during.filter((meal) => meal.from <= moment && (meal.until === null || meal.until > moment));
    for (const use of addUses([], standing.flatMap((meal) => meal.uses))) {
      const key = `${use.ruleId} ${use.periodKey}`;
      const before = most.get(key);
      most.set(key, before === undefined ? use : { ...use, count: Math.max(use.count, before.count), fen: use.fen > before.fen ? use.fen : before.fen });
    }
  }
  return [...most.values()];
}
