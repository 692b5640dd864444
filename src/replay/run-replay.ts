import { Inject, Injectable } from '@nestjs/common';
import type { ElderRecord } from '../elder/domain/index.js';
import { factsAsKnown, factsRecorded } from '../elder/index.js';
import { invariant, type Clock, type Instant } from '../kernel/index.js';
import { CLOCK, hashOf, stageJobs, type JobRequest, type Tx } from '../platform/index.js';
import { codeAt } from '../subsidy/domain/index.js';
import { compileDraft, draftOf, PolicyLibrary, type Pack } from '../subsidy/index.js';
import { eldersWhoAte, pastMeals, type PastMeal } from '../tap/index.js';
import { addElder, Counters, emptySums, resultOf, type ComparedMeal, type ReplayResult, type ReplaySums } from './domain/index.js';
import { PastDecider } from './past-decider.js';
import { finish, putDown, readReplay, type ReplayRow } from './replay.store.js';

/** Carries a replay on by one step. */
export const RUN_REPLAY = 'replay.run';

/** Elders of a page, and for how long a step takes pages before it puts down how far it is and lets others work. */
const ELDERS = 20;
const STEP_MS = 1_000;

/** The facts that a meal of an elder is decided on. */
type RecordFor = (meal: PastMeal) => ElderRecord | undefined;

/**
 * Replays a draft on the meals of a period: elder after elder, each one's meals in the order of their time, with
 * counters that begin empty on the period's first day. A step is a second's work in one transaction, which reads and
 * writes nothing but the replay's own row; what was known when the replay was asked for is all it looks at, so a step
 * may come hours after the one before.
 */
@Injectable()
export class RunReplay {
  /** The draft of the last step, which the next one wants again: compiling it takes longer than a page of meals. */
  private compiled: { readonly cityCode: string; readonly replayId: string; readonly draft: Pack } | undefined;

  constructor(private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Does one step, and stages the next. A second delivery finds the step done and does nothing. */
  async step(tx: Tx, { cityCode, key, payload }: JobRequest): Promise<void> {
    const replay = await readReplay(tx, cityCode, String(payload['replayId']), true);
    invariant(replay, 'a replay under way is there');
    if (replay.state === 'done' || key !== `${replay.replayId} ${replay.step}`) return;
    const sums = replay.sums ?? emptySums();
    const decider = new PastDecider(cityCode, (await this.policies.of(tx, cityCode)).replacing(inForce(await this.draft(tx, cityCode, replay), replay)));
    let { afterElder, done } = replay;
    for (const end = performance.now() + STEP_MS; performance.now() < end;) {
      const elderIds = await eldersWhoAte(tx, cityCode, replay.from, replay.to, replay.knownAt, afterElder, ELDERS);
      if (elderIds.length > 0) done += await this.page(tx, cityCode, replay, decider, sums, elderIds);
      afterElder = elderIds.at(-1) ?? afterElder;
      if (elderIds.length === ELDERS) continue;
      const result = resultOf(sums, basisOf(replay));
      await finish(tx, cityCode, replay.replayId, done, result, resultHash(result), this.clock.now());
      return;
    }
    const step = replay.step + 1;
    await putDown(tx, cityCode, replay.replayId, { done, step, afterElder, sums });
    await stageJobs(tx, this.clock, [{ cityCode, job: RUN_REPLAY, key: `${replay.replayId} ${step}`, payload: { replayId: replay.replayId } }]);
  }

  private async draft(tx: Tx, cityCode: string, replay: ReplayRow): Promise<Pack> {
    const { replayId } = replay;
    if (this.compiled?.cityCode === cityCode && this.compiled.replayId === replayId) return this.compiled.draft;
    const draft = await packOf(tx, cityCode, replay);
    this.compiled = { cityCode, replayId, draft };
    return draft;
  }

  /** Adds some elders' meals to the sums. @returns how many meals were looked at, those taken back included */
  private async page(tx: Tx, cityCode: string, replay: ReplayRow, decider: PastDecider, sums: ReplaySums, elderIds: readonly string[]): Promise<number> {
    const meals = await pastMeals(tx, { cityCode, elderIds, from: replay.from, to: replay.to, knownAt: replay.knownAt, explained: false });
    const records = await factsAsKnown(tx, cityCode, elderIds, replay.knownAt);
    await decider.prepare(tx, meals, records.values());
    const recordFor: RecordFor = replay.facts === 'now' ? (meal) => records.get(meal.elderId ?? '') : await factsThen(tx, cityCode, decider, meals, records, replay.knownAt);
    for (const own of byElder(meals)) addElder(sums, compareElder(own, decider, recordFor).filter((meal) => this.counts(decider, replay, meal)));
    return meals.length;
  }

  private counts(decider: PastDecider, replay: ReplayRow, meal: ComparedMeal): boolean {
    return decider.site(meal)?.path.includes(replay.scopeCode) ?? false;
  }
}

/** The draft, in force on every day of the period: its own first day is still to come. */
function inForce(draft: Pack, { from }: ReplayRow): Pack {
  return { ...draft, versions: draft.versions.map((version) => ({ ...version, from, to: null })) };
}

async function packOf(tx: Tx, cityCode: string, { draftId, texts }: ReplayRow): Promise<Pack> {
  const draft = texts === null ? await draftOf(tx, cityCode, draftId ?? '') : compileDraft(texts).pack;
  invariant(draft !== null, 'a draft is never removed');
  return draft;
}

function basisOf({ pack, version, draftSha256, from, to, facts, scopeCode }: ReplayRow): Record<string, string> {
  return { pack, version, draftSha256, from, to, facts, scopeCode, counters: 'empty-at-start', guests: 'left-out' };
}

/** The hash of a result over its canonical JSON: the same meals, facts and draft give the same one. */
export function resultHash(result: ReplayResult): string {
  return hashOf(result);
}

function byElder(meals: readonly PastMeal[]): PastMeal[][] {
  const groups: PastMeal[][] = [];
  for (const meal of meals) {
    const last = groups.at(-1);
    if (last?.[0]?.elderId === meal.elderId) last?.push(meal);
    else groups.push([meal]);
  }
  return groups;
}

/** Decides one elder's meals by the draft, in the order of their time. A meal that was taken back was never eaten. */
function compareElder(meals: readonly PastMeal[], decider: PastDecider, recordFor: RecordFor): ComparedMeal[] {
  const counters = new Counters();
  const compared: ComparedMeal[] = [];
  for (const meal of meals) {
    if (meal.voidedAt !== null) continue;
    const { decision, shares } = decider.decide(meal, recordFor(meal), counters.before(meal.mealDate, meal.mealPeriod, meal.receivedAt));
    counters.add(decision.uses, null);
    const path = decider.site(meal)?.path ?? [];
    compared.push({
      elderId: meal.elderId ?? '', siteId: meal.siteId, countyCode: codeAt(path, 'county') ?? '', mealDate: meal.mealDate, priceFen: meal.priceFen - meal.othersFen,
      paidCode: meal.code, paid: meal.shares, draft: shares, decision,
    });
  }
  return compared;
}

/**
 * What was known of each elder when each meal arrived. Most elders' facts were all recorded before their first meal;
 * only for the others the registry is asked once for each stretch between two entries.
 */
async function factsThen(
  tx: Tx, cityCode: string, decider: PastDecider, meals: readonly PastMeal[], now: ReadonlyMap<string, ElderRecord>, knownAt: Instant,
): Promise<RecordFor> {
  const first = meals.reduce((moment, meal) => Math.min(moment, meal.receivedAt), knownAt);
  const moments = new Map<string, Instant[]>();
  for (const { elderId, recordedAt } of await factsRecorded(tx, cityCode, first, knownAt, [...now.keys()])) moments.set(elderId, [...(moments.get(elderId) ?? []), recordedAt]);
  const known = new Map<string, ElderRecord | undefined>();
  const keyOf = (meal: PastMeal): string => `${meal.elderId} ${(moments.get(meal.elderId ?? '') ?? []).filter((moment) => moment <= meal.receivedAt).length}`;
  for (const meal of meals) {
    if (!moments.has(meal.elderId ?? '') || known.has(keyOf(meal))) continue;
    const records = await factsAsKnown(tx, cityCode, [meal.elderId ?? ''], meal.receivedAt);
    known.set(keyOf(meal), records.get(meal.elderId ?? ''));
    await decider.prepare(tx, [meal], records.values());
  }
  return (meal) => (moments.has(meal.elderId ?? '') ? known.get(keyOf(meal)) : now.get(meal.elderId ?? ''));
}
