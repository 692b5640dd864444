import { addDays } from '../kernel/index.js';
import { addUses, decideMeal, type CompiledVersion, type ElderFacts, type SiteFacts, type Use } from '../subsidy/domain/index.js';
import { BENCH_MONDAY, BENCH_PACKS, benchElder, benchMeal, benchSite, Dice, type BenchPack } from './bench-meals.js';

const DAYS = 28;

interface Eater {
  readonly version: CompiledVersion;
  readonly elder: ElderFacts;
  readonly site: SiteFacts;
  uses: readonly Use[];
}

/** What a replayed month came to. */
export interface Replayed {
  readonly meals: number;
  readonly seconds: number;
  readonly subsidised: number;
  readonly byFunder: Readonly<Record<string, number>>;
}

/**
 * Decides four weeks of meals in memory, day by day, each elder with the counters that the meals before left behind:
 * what a replay of a draft costs beside reading and writing.
 */
export function replayMonth(count: number, seed: number, versions: Readonly<Record<BenchPack, CompiledVersion>>): Replayed {
  const dice = new Dice(seed);
  const eaters = Array.from({ length: Math.max(1, Math.ceil(count / DAYS)) }, (): Eater => {
    const pack = dice.of(BENCH_PACKS);
    return { version: versions[pack], elder: benchElder(dice, pack, versions[pack]), site: benchSite(dice, pack), uses: [] };
  });
  const byFunder: Record<string, number> = {};
  const begun = performance.now();
  let [meals, subsidised] = [0, 0];
  for (let day = 0; day < DAYS; day += 1) {
    const date = addDays(BENCH_MONDAY, day);
    for (const eater of eaters) {
      if (meals === count) break;
      meals += 1;
      const { version, elder, site, uses } = eater;
      const decision = decideMeal({ version, elder, site, meal: benchMeal(dice, date), uses });
      if (decision.subsidyFen > 0) subsidised += 1;
      for (const { funder, fen } of decision.funding) byFunder[funder] = (byFunder[funder] ?? 0) + fen;
      // Days that are over are asked for no more.
      if (decision.uses.length > 0) eater.uses = addUses(uses.filter(({ periodKey }) => !periodKey.startsWith('d:')), decision.uses);
    }
  }
  return { meals, seconds: (performance.now() - begun) / 1_000, subsidised, byFunder };
}
