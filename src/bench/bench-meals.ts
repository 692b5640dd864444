import { addDays, civilDate, fen, type CivilDate } from '../kernel/index.js';
import { MEAL_PERIODS, pathOf, periodKey, type CategoryHeld, type CompiledVersion, type ElderFacts, type MealFacts, type MealQuestion, type SiteFacts, type Use } from '../subsidy/domain/index.js';

/** The cities whose rules are measured: weights and a week's count, classes of people, parts lost at a boundary. */
export const BENCH_PACKS = ['liaocheng', 'tianjin', 'zhengguo'] as const;
export type BenchPack = (typeof BENCH_PACKS)[number];

/** One meal to be decided, and which city's rules it falls under. */
export interface BenchMeal {
  readonly pack: BenchPack;
  readonly question: MealQuestion;
}

/** Small numbers that follow from a seed (mulberry32), so that every run decides the same meals. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 up to `below`. */
  upTo(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  }

  of<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)] as T;
  }

  chance(percent: number): boolean {
    return this.upTo(100) < percent;
  }
}

const HOMES: Readonly<Record<BenchPack, readonly string[]>> = {
  liaocheng: ['371502001', '371502002', '371503100', '371525101', '371581001'],
  tianjin: ['120101001', '120102003', '120114101'],
  zhengguo: ['440118104', '440118104', '440118104'],
};
const SITES: Readonly<Record<BenchPack, readonly string[]>> = {
  liaocheng: HOMES.liaocheng,
  tianjin: HOMES.tianjin,
  zhengguo: ['440118104', '440118104', '440118105', '440103001'],
};
const AWAY = '370102001';

/** The Monday on which the weeks of the bench begin. */
export const BENCH_MONDAY = civilDate('2024-12-02');

function categories(dice: Dice, version: CompiledVersion): CategoryHeld[] {
  const codes = Object.keys(version.categories);
  if (codes.length === 0) return [];
  const count = dice.of([0, 0, 1, 1, 2, 3]);
  return Array.from({ length: count }, () => ({ code: dice.of(codes), grade: dice.of([null, '1', '2', '3']), from: civilDate('2020-01-01'), to: null, source: '民政' }));
}

/** An elder of a city: now and then one from elsewhere, in a care home, or below the age. */
export function benchElder(dice: Dice, pack: BenchPack, version: CompiledVersion): ElderFacts {
  const home = pathOf(dice.chance(95) ? dice.of(HOMES[pack]) : AWAY);
  return {
    born: addDays(civilDate('1925-01-01'), dice.upTo(14_600)),
    hukou: home,
    residence: dice.chance(90) ? home : pathOf(dice.of(HOMES[pack])),
    categories: categories(dice, version),
    careHomeStays: dice.chance(3) ? [{ from: civilDate('2024-06-01'), to: null }] : [],
    died: null,
  };
}

export function benchSite(dice: Dice, pack: BenchPack): SiteFacts {
  return { kind: 'canteen', supplyMode: 'newOrConverted', division: pathOf(dice.of(SITES[pack])) };
}

export function benchMeal(dice: Dice, date: CivilDate): MealFacts {
  return { date, period: dice.of([...MEAL_PERIODS, 'lunch', 'lunch'] as const), priceFen: fen(dice.of([150, 600, 800, 1_000, 1_200, 1_300, 1_500])), delivered: dice.chance(5), workday: true };
}

/** Counters such as a store reads for an elder: the keys of this meal, some of them already used. */
function counters(dice: Dice, version: CompiledVersion, meal: MealFacts): Use[] {
  const rule = version.rules[0];
  if (rule === undefined || dice.chance(50)) return [];
  const pers = [...new Set(rule.limits.map(({ per }) => per))];
  return pers.filter(() => dice.chance(50)).map((per) => ({
    ruleId: rule.countsAs, periodKey: periodKey(per, meal.date, meal.period), count: per === 'week' ? 1 + dice.upTo(5) : 1, fen: fen(300),
  }));
}

/** Random meals of December 2024 under the given versions, the same for the same seed. */
export function benchMeals(count: number, seed: number, versions: Readonly<Record<BenchPack, CompiledVersion>>): BenchMeal[] {
  const dice = new Dice(seed);
  return Array.from({ length: count }, () => {
    const pack = dice.of(BENCH_PACKS);
    const version = versions[pack];
    const meal = benchMeal(dice, addDays(BENCH_MONDAY, dice.upTo(28)));
    return { pack, question: { version, elder: benchElder(dice, pack, version), site: benchSite(dice, pack), meal, uses: counters(dice, version, meal) } };
  });
}
