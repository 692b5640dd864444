import { Inject, Injectable } from '@nestjs/common';
import { siteInScope } from '../access/index.js';
import { factsAsKnown } from '../elder/index.js';
import { chinaDate, done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { periodKeys, type Use } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { byMealTime, mostUsed } from '../tap/domain/index.js';
import { pastMeals, pastMealsById, type PastMeal } from '../tap/index.js';
import { byDecision, Counters, differencesOf, recomputeKept, standingUses, stretchOf, type Difference, type Side, type WrongPart } from './domain/index.js';
import { PastDecider } from './past-decider.js';
import { countedFrom } from './restate-elder.js';

/** A receipt computed again. */
export interface DecidedAnew {
  readonly tapId: string;
  readonly mealDate: string;
  /** Amounts of the kept explanation that do not come out of it again; empty: every fen has its reason. */
  readonly wrongParts: readonly WrongPart[];
  readonly recorded: Side;
  /** By the version in force on the meal's day and what was known when the tap arrived. */
  readonly recomputed: Side;
  readonly versionSha256: string | null;
  /** The eater had paid offline by another split, which stands: only what the rules gave is compared. */
  readonly keptAsPaid: boolean;
  readonly differences: readonly Difference[];
}

/** Computes a receipt again, from its explanation and from the facts, and names what differs. Changes nothing. */
@Injectable()
export class DecideAnew {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found` (also for a tap that was refused) or `outside-scope` */
  async run(actor: StaffActor, tapId: string): Promise<Outcome<DecidedAnew>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const now = this.clock.now();
      const [standing] = await pastMealsById(tx, cityCode, [tapId], now);
      if (standing === undefined) return refuse('not-found');
      // As it was recorded: before anything was corrected or taken back.
      const [meal] = await pastMealsById(tx, cityCode, [tapId], standing.receivedAt - 1);
      const decider = new PastDecider(cityCode, await this.policies.of(tx, cityCode));
      const records = meal === undefined || meal.elderId === null ? new Map() : await factsAsKnown(tx, cityCode, [meal.elderId], meal.receivedAt);
      if (meal === undefined) return refuse('not-found');
      await decider.prepare(tx, [meal], records.values());
      const site = decider.site(meal);
      if (site === undefined || !(await siteInScope(tx, actor, meal.siteId, site.divisionCode))) return refuse('outside-scope');
      const { decision, shares, version } = decider.decide(meal, records.get(meal.elderId ?? ''), await usesBefore(tx, cityCode, meal, now));
      const keptAsPaid = meal.flags.includes('fund-changed');
      const computedFen = meal.explanation?.computed?.subsidyFen;
      const recorded: Side = { pack: meal.pack, version: meal.packVersion, code: meal.code, subsidyFen: keptAsPaid ? (computedFen ?? meal.subsidyFen) : meal.subsidyFen, shares: meal.shares };
      // A guest's card, and a sale that came after 72 hours, are judged by the till's deed and not by the rules.
      const code = meal.elderId === null || meal.flags.includes('sent-too-late') ? meal.code : decision.refusal;
      const recomputed: Side = { pack: decision.pack, version: decision.version, code, subsidyFen: decision.subsidyFen, shares: shares.map(({ funderCode, fen }) => ({ funderCode, fen })) };
      return done({
        tapId, mealDate: meal.mealDate, wrongParts: recomputeKept(meal.explanation?.reasons ?? []), recorded, recomputed, versionSha256: version?.sha256 ?? null, keptAsPaid,
        differences: differencesOf(recorded, recomputed, keptAsPaid),
      });
    });
  }
}

const rankOf = (a: PastMeal, b: PastMeal): number => byMealTime({ ...a, journalNumber: a.journalNumber ?? 0 }, { ...b, journalNumber: b.journalNumber ?? 0 });

/** What the elder had used when the meal was decided. */
async function usesBefore(tx: Tx, cityCode: string, meal: PastMeal, now: number): Promise<Use[]> {
  if (meal.elderId === null) return [];
  const received = chinaDate(meal.receivedAt);
  const to = received > meal.mealDate ? received : meal.mealDate;
  const meals = await pastMeals(tx, { cityCode, elderIds: [meal.elderId], from: countedFrom(meal.mealDate), to, knownAt: now, explained: true });
  // As it stood when this one arrived: uses, and what had been taken back.
  const others = meals.filter(({ tapId }) => tapId !== meal.tapId).map((other) => ({
    ...other, useChanges: other.useChanges.filter(({ changedAt }) => changedAt <= meal.receivedAt), takenBackAt: other.voidedAt !== null && other.voidedAt <= meal.receivedAt ? other.takenBackAt : null,
  }));
  if (meal.offline) {
    const counted = others.filter((other) => other.receivedAt <= meal.receivedAt && (other.offline && !other.byHand ? rankOf(other, meal) < 0 : byDecision(other, meal) < 0));
    return mostUsed(counted.map((other) => ({ ...stretchOf(other), uses: standingUses(other) })), stretchOf({ ...meal, takenBackAt: null }), periodKeys(meal.mealDate, meal.mealPeriod));
  }
  const counters = new Counters();
  for (const before of others) if (byDecision(before, meal) < 0) counters.add(standingUses(before), before.voidedAt);
  return counters.before(meal.mealDate, meal.mealPeriod, meal.receivedAt);
}
