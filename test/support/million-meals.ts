import { parentPort, workerData } from 'node:worker_threads';
import { addUses, decideMeal, recomputeFen, type CompiledVersion, type FundingPart, type MealDecision, type MealFacts, type Reason, type Use } from '../../src/subsidy/domain/index.js';
import { ownArithmetic } from './own-arithmetic.js';
import { Dice, randomElder, randomMeal, randomSite, randomVersion } from './random-packs.js';

/** What a thread found over its meals; `fault` is null when every one of them is sound. */
export interface MillionMeals {
  readonly meals: number;
  readonly paid: number;
  readonly reasons: number;
  readonly forms: readonly string[];
  readonly caps: readonly string[];
  readonly fault: string | null;
}

/** Meals of one elder in a row, each with the counters of those before. */
const RUN = 20;

function sum(parts: readonly FundingPart[]): number {
  let total = 0;
  for (const part of parts) total += part.fen;
  return total;
}

/** Why a decision is not sound, null when it is. */
function unsound(decision: MealDecision): string | null {
  const { subsidyFen, selfPayFen, priceFen, siteFen, deliveryFen, reasons } = decision;
  if (subsidyFen + selfPayFen !== priceFen) return 'self-pay and subsidy are not the price';
  if (subsidyFen < 0 || selfPayFen < 0 || siteFen < 0 || deliveryFen < 0) return 'an amount below zero';
  if (sum(decision.funding) !== subsidyFen || sum(decision.siteFunding) !== siteFen || sum(decision.deliveryFunding) !== deliveryFen) return "funders' parts do not add up";
  if ((decision.refusal === null) !== subsidyFen > 0) return 'a refusal beside a subsidy, or neither';
  let explained = 0;
  for (const reason of reasons) if (reason.pays === 'elder') explained += reason.fen;
  return explained === subsidyFen ? null : 'the reasons do not add up to the subsidy';
}

/** Why a reason does not stand on its own, null when it does. */
function unexplained(reason: Reason): string | null {
  if (recomputeFen(reason) !== reason.fen) return `the engine recomputes ${recomputeFen(reason)}, not ${reason.fen}`;
  return ownArithmetic(reason) === reason.fen ? null : `other arithmetic gives ${ownArithmetic(reason)}, not ${reason.fen}`;
}

/** Decides random meals under shipped versions and many that are made up over everything the language can say. */
function decideMany(shipped: readonly CompiledVersion[], count: number, seed: number): MillionMeals {
  const dice = new Dice(seed);
  const versions = [...shipped, ...Array.from({ length: 600 }, () => randomVersion(dice))];
  const elders = Array.from({ length: 3_000 }, () => randomElder(dice));
  const sites = Array.from({ length: 40 }, () => randomSite(dice));
  // In the order of their days, so that a run of them fills the limits of a day and a week.
  const meals = Array.from({ length: 20_000 }, () => randomMeal(dice)).sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const [forms, caps] = [new Set<string>(), new Set<string>()];
  let [paid, reasons, at] = [0, 0, 0];
  const found = (fault: string | null): MillionMeals => ({ meals: at, paid, reasons, forms: [...forms].sort(), caps: [...caps].sort(), fault });
  while (at < count) {
    const [version, elder, site] = [dice.one(versions), dice.one(elders), dice.one(sites)];
    const first = dice.below(meals.length - RUN);
    let uses: readonly Use[] = [];
    for (let run = 0; run < RUN; run += 1, at += 1) {
      const meal = meals[first + run] as MealFacts;
      const decision = decideMeal({ version, elder, site, meal, uses });
      const say = (fault: string): MillionMeals => found(`${fault}: ${JSON.stringify({ rules: version.rules, elder, site, meal, uses, decision })}`);
      const fault = unsound(decision);
      if (fault !== null) return say(fault);
      if (decision.uses.length > 0) uses = addUses(uses, decision.uses);
      if (decision.reasons.length > 0) paid += 1;
      // What is stored is JSON: every tenth explanation goes through it before it is computed again.
      const kept = at % 10 === 0 ? (JSON.parse(JSON.stringify(decision.reasons)) as Reason[]) : decision.reasons;
      for (const reason of kept) {
        reasons += 1;
        forms.add(reason.working.amount.form);
        for (const { cap } of reason.caps) caps.add(cap);
        const doubt = unexplained(reason);
        if (doubt !== null) return say(doubt);
      }
    }
  }
  return found(null);
}

const { shipped, count, seed } = workerData as { shipped: readonly CompiledVersion[]; count: number; seed: number };
parentPort?.postMessage(decideMany(shipped, count, seed));
