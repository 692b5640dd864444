import { addDays, chinaDate, type Clock, type Instant } from '../kernel/index.js';
import { derivedId, type Tx } from '../platform/index.js';
import { addUses, periodKeys, type Use } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import { byMealTime, decideTap, rankMeals, type AcceptedTap, type CountedMeal, type RankedMeal, type Tap, type TapFacts, type TapPlan } from './domain/index.js';
import { keptDecider, type KeptOutcome } from './kept-decider.js';
import { rankRows, type RankRow } from './rank.store.js';
import { readUses } from './tap.store.js';

/** A sale is sold at the full price once it is older than this; so no earlier meal can be waiting for its rank. */
const OLDEST_MS = 72 * 3_600_000;
/** An online sale's clock may be behind by as much as that and still draw on limits. */
const OLDEST_DAYS = 3;

/** A meal that arrived earlier and gets another rank. */
export interface RankChange {
  readonly changeId: string;
  readonly row: RankRow;
  readonly shares: KeptOutcome['shares'];
  /** What is added to its uses, negative: taken off. */
  readonly uses: readonly Use[];
  /** The sale that arrived, or the void. */
  readonly causeId: string;
  readonly rankedAt: Instant;
}

/** A tap that is about to be written down. */
export interface FreshTap {
  readonly tap: Tap;
  readonly facts: TapFacts;
  readonly plan: TapPlan;
}

interface Question {
  readonly since: Instant;
  readonly causeId: string;
  readonly rankedAt: Instant;
  readonly final: readonly CountedMeal[];
  readonly fresh: readonly RankedMeal<AcceptedTap>[];
}

interface Answer {
  readonly plans: ReadonlyMap<string, AcceptedTap>;
  readonly changes: readonly RankChange[];
}

const NOTHING: Answer = { plans: new Map(), changes: [] };

/**
 * Ranks the offline meals of a batch among those of their elders that arrived earlier; see `rankMeals`. The elders are
 * locked by the caller. Reads only, and nothing at all for a batch without offline meals.
 * @returns the batch's plans as they are to be written, and what changes of meals that were there
 */
export async function rankBatch(tx: Tx, library: Promise<PackLibrary>, cityCode: string, batch: readonly FreshTap[]): Promise<{ plans: readonly TapPlan[]; changes: readonly RankChange[] }> {
  const { plans, changes } = batch.some(({ tap }) => tap.offline) ? await rankArrivals(tx, await library, cityCode, batch) : NOTHING;
  return { plans: batch.map(({ tap, plan }) => plans.get(tap.tapId) ?? plan), changes };
}

async function rankArrivals(tx: Tx, library: PackLibrary, cityCode: string, arrivals: readonly FreshTap[]): Promise<Answer> {
  const byElder = new Map<string, { tap: Tap; facts: TapFacts; plan: AcceptedTap }[]>();
  for (const { tap, facts, plan } of arrivals) {
    if (plan.kind !== 'accepted' || plan.elderId === null) continue;
    byElder.set(plan.elderId, [...(byElder.get(plan.elderId) ?? []), { tap, facts, plan }]);
  }
  const questions = new Map<string, Question>();
  for (const [elderId, meals] of byElder) {
    const ranked = meals.filter(({ tap, plan }) => tap.offline && isRanked(plan.decision.pack, plan.code)).sort((a, b) => byMealTime(a.tap, b.tap));
    const first = ranked[0]?.tap;
    if (first === undefined) continue;
    questions.set(elderId, {
      since: first.deviceTime, causeId: first.tapId, rankedAt: Math.max(...ranked.map(({ tap }) => tap.receivedAt)),
      final: meals.filter(({ tap, plan }) => !tap.offline && plan.uses.length > 0).map(({ tap, plan }) => ({ uses: plan.uses, from: tap.receivedAt, until: null })),
      fresh: ranked.map(({ tap, facts, plan }) => ({
        tapId: tap.tapId, terminalId: tap.terminalId, journalNumber: tap.journalNumber, deviceTime: tap.deviceTime,
        mealDate: plan.mealDate, mealPeriod: tap.mealPeriod, from: tap.deviceTime, until: null, decide: decider({ tap, facts, plan }),
      })),
    });
  }
  return rankElders(tx, library, cityCode, questions);
}

/**
 * Decides a fresh meal for any state of the counters. What it takes of a balance was settled when it arrived and stays,
 * as cash in a drawer does, so another rank never makes it too much.
 */
function decider({ tap, facts, plan }: { readonly tap: Tap; readonly facts: TapFacts; readonly plan: AcceptedTap }): (uses: readonly Use[]) => AcceptedTap {
  if (tap.tender !== 'balance') return (uses) => decideTap(tap, facts, uses) as AcceptedTap;
  const { selfPayFen, subsidyFen } = plan;
  const settled = { ...tap, shown: { selfPayFen, subsidyFen } };
  return (uses) => decideTap(settled, { ...facts, balanceFen: selfPayFen }, uses) as AcceptedTap;
}

/**
 * Ranks an elder's offline meals once more after a void that is written down already: one that was made before a meal
 * was sold frees its use for it. The elder is locked by the caller. Reads only.
 * @param madeAt the void's own time
 */
export async function rankAfterVoid(tx: Tx, library: PackLibrary, clock: Clock, cityCode: string, elderId: string, voidId: string, madeAt: Instant): Promise<readonly RankChange[]> {
  const question: Question = { since: madeAt - OLDEST_MS, causeId: voidId, rankedAt: clock.now(), final: [], fresh: [] };
  return (await rankElders(tx, library, cityCode, new Map([[elderId, question]]))).changes;
}

async function rankElders(tx: Tx, library: PackLibrary, cityCode: string, questions: ReadonlyMap<string, Question>): Promise<Answer> {
  if (questions.size === 0) return NOTHING;
  const elderIds = [...questions.keys()].sort();
  const since = Math.min(...[...questions.values()].map((question) => question.since));
  const rows = await rankRows(tx, cityCode, elderIds, addDays(chinaDate(since), -OLDEST_DAYS), since);
  const waiting = rows.filter((row) => isWaiting(row, questions.get(row.elderId)?.since ?? since));
  const decide = await keptDecider(tx, library, cityCode, waiting);
  const waits = new Set(waiting.filter((row) => decide(row, []) !== null));
  const keys = new Set([...waits, ...[...questions.values()].flatMap((question) => question.fresh)].flatMap((meal) => [...periodKeys(meal.mealDate, meal.mealPeriod)]));
  const used = await readUses(tx, cityCode, elderIds, [...keys]);
  const plans = new Map<string, AcceptedTap>();
  const changes: RankChange[] = [];
  for (const [elderId, question] of questions) {
    const own = rows.filter((row) => row.elderId === elderId);
    const kept = own.filter((row) => waits.has(row)).map((row): RankedMeal<KeptOutcome> => ({ ...row, ...stretchOf(row), decide: (uses) => decide(row, uses) as KeptOutcome }));
    const outcomes = rankMeals<AcceptedTap | KeptOutcome>([...question.final, ...finalMeals(own, waits, question.since, keys, used.get(elderId) ?? [])], [...question.fresh, ...kept]);
    for (const row of own) {
      const outcome = outcomes.get(row.tapId);
      if (outcome?.kind === 'kept') changes.push(...changeOf(cityCode, row, outcome, question));
    }
    for (const { tapId } of question.fresh) {
      const outcome = outcomes.get(tapId);
      if (outcome?.kind === 'accepted') plans.set(tapId, outcome);
    }
  }
  return { plans, changes };
}

/** Codes of meals that no room under a limit would subsidise. */
const UNRANKED = ['guest', 'no-pack', 'not-in-force', 'funds-ended', 'deceased', 'sent-too-late'];

function isRanked(pack: string | null, code: string | null): boolean {
  return pack !== null && (code === null || !UNRANKED.includes(code));
}

/** Whether a meal that arrived earlier takes part in the ranking from a moment on. */
function isWaiting(row: RankRow, since: Instant): boolean {
  return row.offline && !row.byHand && row.deviceTime >= since && isRanked(row.pack, row.code);
}

/** Online a meal counts from its answer, offline from its sale. A void is never before its meal. */
function stretchOf(row: RankRow): { from: Instant; until: Instant | null } {
  const from = row.offline ? row.deviceTime : row.receivedAt;
  return { from, until: row.voidedAt === null ? null : Math.max(from, row.voidedAt) };
}

function usesOf(row: RankRow): Use[] {
  return addUses(row.uses ?? [], row.useChanges);
}

/** What is final for the ranking: the meals from its first moment on that are not ranked, the voids since, and as one what was before. */
function finalMeals(own: readonly RankRow[], waits: ReadonlySet<RankRow>, since: Instant, keys: ReadonlySet<string>, used: readonly Use[]): CountedMeal[] {
  const later: CountedMeal[] = [];
  let before = [...used];
  for (const row of own) {
    const stretch = stretchOf(row);
    const uses = usesOf(row);
    if (stretch.from < since && (stretch.until === null || stretch.until <= since)) continue;
    if (stretch.until === null) before = addUses(before, uses.filter((use) => keys.has(use.periodKey)), -1);
    if (!waits.has(row) && uses.length > 0) later.push({ ...stretch, uses });
  }
  return [{ from: Number.NEGATIVE_INFINITY, until: null, uses: before }, ...later];
}

const textOf = (shares: KeptOutcome['shares']): string => shares.map(({ funderCode, fen }) => `${funderCode} ${fen}`).sort().join('|');

function changeOf(cityCode: string, row: RankRow, outcome: KeptOutcome, { causeId, rankedAt }: Question): RankChange[] {
  const uses = addUses(outcome.uses, usesOf(row), -1);
  const shares = row.voidedAt === null ? outcome.shares : row.shares;
  if (uses.length === 0 && textOf(shares) === textOf(row.shares)) return [];
  return [{ changeId: derivedId('rank', cityCode, row.tapId, causeId), row, shares, uses, causeId, rankedAt: Math.max(rankedAt, row.receivedAt) }];
}
