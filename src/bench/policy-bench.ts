import { civilDate } from '../kernel/index.js';
import { PackLibrary } from '../subsidy/index.js';
import { decideMeal, type CompiledVersion } from '../subsidy/domain/index.js';
import { BENCH_PACKS, benchMeals, type BenchMeal, type BenchPack } from './bench-meals.js';
import { HAND_WRITTEN } from './hand-written.js';
import { replayMonth } from './replay-month.js';
import { rulesEngine, type RulesEngine } from './rules-engine.js';

const ROUNDS = 9;
const WARM_UP = 3;
/** Meals decided by one before the other has its turn. */
const LOT = 500;
/** One in so many meals goes through the rules engine, which takes as long for it as ours for a hundred. */
const RULES_ENGINE_SHARE = 20;

export interface PolicyBenchOptions {
  readonly meals: number;
  readonly replayMeals: number;
  readonly seed: number;
}

/** Figures of `bench policy`; rates are meals per second, medians of interleaved rounds. */
export interface PolicyBenchFigures {
  readonly perSecond: number;
  readonly ratioToRulesEngine: number;
  /** Hand-written per second over engine per second, the engine with its whole explanation. */
  readonly ratioToHandWritten: number;
  readonly replaySeconds: number;
  readonly handWrittenPerSecond: number;
  readonly rulesEnginePerSecond: number;
  readonly meals: number;
  readonly subsidisedMeals: number;
  readonly replayMeals: number;
  readonly rounds: number;
  readonly on: readonly string[];
}

function versionsOf(library: PackLibrary): Record<BenchPack, CompiledVersion> {
  const day = civilDate('2024-12-02');
  return Object.fromEntries(BENCH_PACKS.map((pack) => {
    const version = library.versionOn(pack, day);
    if (version === null) throw new Error(`政策包 ${pack} 在 ${day} 没有版本，无法比较；请恢复 packs/${pack}`);
    return [pack, version];
  })) as Record<BenchPack, CompiledVersion>;
}

/** @throws Error at the first meal that is not decided alike by all three: then there is nothing to compare */
async function compareResults(meals: readonly BenchMeal[], engine: RulesEngine): Promise<number> {
  let subsidised = 0;
  for (const [index, { pack, question }] of meals.entries()) {
    const { subsidyFen, selfPayFen, funding, uses, reasons } = decideMeal(question);
    if (subsidyFen > 0) subsidised += 1;
    const ours = JSON.stringify([subsidyFen, selfPayFen, funding.map(({ fen }) => fen), uses.map(({ periodKey, count, fen }) => ({ periodKey, count, fen }))]);
    const hand = handWritten(pack, question);
    if (ours !== JSON.stringify([hand.subsidyFen, hand.selfPayFen, hand.funding, hand.uses])) throw new Error(`第${index + 1}餐（${pack}）与手写函数不同：${ours} 与 ${JSON.stringify(hand)}`);
    if ((subsidyFen > 0) !== reasons.length > 0) throw new Error(`第${index + 1}餐（${pack}）没有记下依据，不能比较`);
    if (index % RULES_ENGINE_SHARE !== 0) continue;
    const other = await engine(meals[index] as BenchMeal);
    if (other.subsidyFen !== subsidyFen || other.funding.some((fen, at) => fen !== funding[at]?.fen)) throw new Error(`第${index + 1}餐（${pack}）与 json-rules-engine 不同：${ours} 与 ${JSON.stringify(other)}`);
  }
  return subsidised;
}

function handWritten(pack: BenchPack, { elder, site, meal, uses }: BenchMeal['question']): ReturnType<(typeof HAND_WRITTEN)[BenchPack]> {
  if (elder === null) throw new Error('a meal of the bench has an elder');
  return HAND_WRITTEN[pack]({ elder, site, meal, uses });
}

/** Seconds that each of two took for the same meals, turn by turn in small lots, so that what else runs hits both alike. */
function race(meals: readonly BenchMeal[], ours: (meal: BenchMeal) => number, hand: (meal: BenchMeal) => number): { ours: number; hand: number } {
  const taken = { ours: 0, hand: 0 };
  // The sum keeps the work from being optimised away.
  let sum = 0;
  const run = (who: 'ours' | 'hand', start: number): void => {
    const decide = who === 'ours' ? ours : hand;
    const end = Math.min(start + LOT, meals.length);
    const begun = performance.now();
    for (let index = start; index < end; index += 1) sum += decide(meals[index] as BenchMeal);
    taken[who] += (performance.now() - begun) / 1_000;
  };
  for (let start = 0; start < meals.length; start += LOT) {
    const oursFirst = (start / LOT) % 2 === 0;
    run(oursFirst ? 'ours' : 'hand', start);
    run(oursFirst ? 'hand' : 'ours', start);
  }
  if (sum <= 0) throw new Error('没有一餐得到补贴，不能比较');
  return { ours: meals.length / taken.ours, hand: meals.length / taken.hand };
}

async function passAsync(meals: readonly BenchMeal[], engine: RulesEngine): Promise<number> {
  const begun = performance.now();
  for (const meal of meals) await engine(meal);
  return meals.length / ((performance.now() - begun) / 1_000);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Measures the engine against `json-rules-engine` and against functions written by hand for the same three cities, on
 * the same random meals; all must answer the same fen before anything is timed. Rounds are interleaved, and a ratio
 * is the median of the rounds' ratios.
 */
export async function benchPolicy({ meals: count, replayMeals, seed }: PolicyBenchOptions): Promise<PolicyBenchFigures> {
  const versions = versionsOf(PackLibrary.load());
  const meals = benchMeals(count, seed, versions);
  const engine = await rulesEngine(versions);
  const subsidisedMeals = await compareResults(meals, engine);
  const few = meals.filter((_, index) => index % RULES_ENGINE_SHARE === 0);
  const rounds: { ours: number; hand: number; rules: number }[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const raced = race(meals, ({ question }) => decideMeal(question).subsidyFen, ({ pack, question }) => handWritten(pack, question).subsidyFen);
    const rules = await passAsync(few, engine);
    if (round >= WARM_UP) rounds.push({ ...raced, rules });
  }
  const replayed = replayMonth(replayMeals, seed, versions);
  return {
    perSecond: Math.round(median(rounds.map(({ ours }) => ours))),
    ratioToRulesEngine: round2(median(rounds.map(({ ours, rules }) => ours / rules))),
    ratioToHandWritten: round2(median(rounds.map(({ ours, hand }) => hand / ours))),
    replaySeconds: round2(replayed.seconds),
    handWrittenPerSecond: Math.round(median(rounds.map(({ hand }) => hand))),
    rulesEnginePerSecond: Math.round(median(rounds.map(({ rules }) => rules))),
    meals: count, subsidisedMeals, replayMeals: replayed.meals, rounds: ROUNDS,
    on: ['stored explanation', 'counters', 'funders', `rules of ${BENCH_PACKS.join(', ')}`],
  };
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
