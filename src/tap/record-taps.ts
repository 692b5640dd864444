import { chinaDate, done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { fallenAmong, recordAudits } from '../access/index.js';
import { bookingMonths, postTransfers } from '../ledger/index.js';
import { mealPostings, toTransfers, type Transfer } from '../ledger/domain/index.js';
import type { Metrics, Tx } from '../platform/index.js';
import type { PolicyLibrary } from '../subsidy/index.js';
import { answerOf, decideTaps, inOrder, type Tap, type TapAnswer, type TapFacts, type TapPlan } from './domain/index.js';
import { takeFromBalances, withBalances } from './balance-facts.js';
import { takeCodes, withCodes } from './code-facts.js';
import { bookRanks } from './book-ranks.js';
import { gatherFacts } from './gather-facts.js';
import { handOutBooked } from './hand-out.js';
import { JOURNAL_START } from './journal.js';
import type { PlaceFacts } from './place-facts.js';
import { rankBatch } from './rank-offline.js';
import { saveTaps, type SavedTap } from './save-taps.store.js';
import { sealDue } from './seal-due.store.js';
import { lockTapIds, readAnswers, readClaims, type Claim } from './tap.store.js';

/** A tap with what makes it this deed and no other. */
export interface ArrivedTap {
  readonly tap: Tap;
  /** Over the deed's fields: equal for every repeat, however it arrives. */
  readonly bodyHash: string;
  readonly prevHash: string;
  readonly entryHash: string;
  /** What the till's key put under the entry's hash, unchecked; no part of the deed. */
  readonly signature: Buffer | null;
  /** The session that is to be asked about before anything is done or answered; absent where the guard has asked. */
  readonly session?: string;
}

/** What recording needs besides the transaction. */
export interface RecordTools {
  readonly clock: Clock;
  readonly policies: PolicyLibrary;
  readonly places: PlaceFacts;
  readonly metrics: Metrics;
}

/**
 * Records a batch of taps of one city in one transaction: locks, facts for all in a few statements, one pure decision
 * each, one write. Locks come in the order tap ids, elders, bookings, months, balances.
 * @returns for each tap its answer (a repeat gets the first one), or a refusal that wrote nothing: `tap-id-taken`,
 *   `journal-number-taken`, `split-changed`, `terminal-revoked`, `terminal-session-ended`
 */
export async function recordTaps(tx: Tx, tools: RecordTools, cityCode: string, arrived: readonly ArrivedTap[]): Promise<Outcome<TapAnswer>[]> {
  // The locks go out in their order in one turn; facts are gathered for repeats too, so that nothing waits for the claims.
  const locked = lockTapIds(tx, cityCode, [...new Set(arrived.map(({ tap }) => tap.tapId))]);
  const packs = locked.then((head) => tools.policies.at(tx, cityCode, head));
  const [sorting, gathered] = await Promise.all([sortArrivals(tx, cityCode, arrived, locked), gatherFacts(tx, packs, tools.places, cityCode, arrived.map(({ tap }) => tap))]);
  const { fresh } = sorting;
  tools.metrics.observe('xingfu_tap_batch_size', arrived.length);
  tools.metrics.count('xingfu_tap_replays_total', {}, sorting.kept.size);
  const place = new Map(arrived.map((one, index) => [one, index]));
  const holds = chainCheck(sorting.claims, fresh);
  const taps = fresh.map(({ tap }) => tap);
  const facts = await withCodes(tx, tools.clock, cityCode, taps, await withBalances(tx, cityCode, taps,
    fresh.map((one): TapFacts => ({ ...(gathered.facts[place.get(one) as number] as Omit<TapFacts, 'chainHolds'>), chainHolds: holds(one) }))));
  const decided = decideTaps(fresh.map(({ tap }, index) => ({ tap, facts: facts[index] as TapFacts })), gathered.used);
  const { plans: ranked, changes } = await rankBatch(tx, packs, cityCode, fresh.map(({ tap }, index) => ({ tap, facts: facts[index] as TapFacts, plan: decided[index] as TapPlan })));
  const plans = await handOutBooked(tx, tools.clock, cityCode, fresh.map(({ tap }, index) => ({ tap, facts: facts[index] as TapFacts, plan: ranked[index] as TapPlan })));
  const saved = await giveMonths(tx, tools.clock, cityCode, fresh, plans, facts);
  const ranks = await bookRanks(tx, tools.clock, cityCode, changes);
  await Promise.all([saveTaps(tx, cityCode, saved), postTransfers(tx, tools.clock, [...saved.flatMap((row) => transfersOf(cityCode, row)), ...ranks.transfers])]);
  await takeCodes(tx, tools.clock, cityCode, saved);
  await takeFromBalances(tx, tools.clock, cityCode, saved);
  await sealDue(tx, cityCode, saved.filter((row) => row.dayOver).map(({ tap: { siteId }, plan: { mealDate }, bookedMonth }) => ({ siteId, mealDate, bookedMonth })));
  await recordAudits(tx, tools.clock, cityCode, [...ranks.audits, ...sorting.conflicts.map(({ tap, bodyHash }) => ({
    cityCode, actor: `terminal:${tap.terminalId}`, action: 'tap.id-conflict', objectKind: 'tap', objectId: tap.tapId, after: { bodyHash },
  }))]);
  return answers(arrived, sorting, new Map(saved.map((row) => [row.tap.tapId, row.answer])), new Map(fresh.map(({ tap }, index) => [tap.tapId, plans[index] as TapPlan])));
}

interface Sorting {
  /** Taps that are to be decided. */
  readonly fresh: readonly ArrivedTap[];
  /** Claims on the batch's ids, its journal numbers and their neighbours. */
  readonly claims: readonly Claim[];
  readonly kept: ReadonlyMap<string, TapAnswer>;
  readonly refusals: ReadonlyMap<ArrivedTap, Outcome<never>>;
  /** Arrivals whose id is taken by another body. */
  readonly conflicts: readonly ArrivedTap[];
}

/** Tells new taps from repeats and from those whose id or journal number is taken. */
async function sortArrivals(tx: Tx, cityCode: string, arrived: readonly ArrivedTap[], locked: Promise<unknown>): Promise<Sorting> {
  const [, claims, fallen] = await Promise.all([
    locked,
    readClaims(tx, cityCode, arrived.map(({ tap }) => tap)),
    fallenAmong(tx, cityCode, [...new Set(arrived.map(({ tap }) => tap.terminalId))], [...new Set(arrived.flatMap(({ session }) => session ?? []))]),
  ]);
  const bodyById = new Map(claims.map((claim) => [claim.tapId, claim.bodyHash]));
  const numbers = new Set(claims.map(journalKey));
  const refusals = new Map<ArrivedTap, Outcome<never>>();
  const conflicts: ArrivedTap[] = [];
  const fresh: ArrivedTap[] = [];
  for (const one of arrived) {
    const { tap } = one;
    const gone = one.session === undefined ? null : fallen.terminals.has(tap.terminalId) ? 'terminal-revoked' : fallen.sessions.has(one.session) ? 'terminal-session-ended' : null;
    if (gone !== null) {
      refusals.set(one, refuse(gone));
      continue;
    }
    const taken = bodyById.get(tap.tapId);
    if (taken === one.bodyHash) continue;
    if (taken !== undefined) {
      conflicts.push(one);
      refusals.set(one, refuse('tap-id-taken'));
    } else if (fallen.terminals.has(tap.terminalId) && tap.byFile !== true) refusals.set(one, refuse('terminal-revoked'));
    else if (numbers.has(journalKey(tap))) refusals.set(one, refuse('journal-number-taken', { journalNumber: tap.journalNumber }));
    else {
      bodyById.set(tap.tapId, one.bodyHash);
      numbers.add(journalKey(tap));
      fresh.push(one);
    }
  }
  const mine = new Set(arrived.map(({ tap }) => tap.tapId));
  const kept = await readAnswers(tx, cityCode, claims.filter((claim) => claim.kind === 'tap' && mine.has(claim.tapId)));
  return { fresh, claims, kept, refusals, conflicts };
}

function journalKey(entry: { terminalId: string; journalNumber: number }): string {
  return `${entry.terminalId} ${entry.journalNumber}`;
}

/**
 * Tells of an entry whether it names the hash of the one before it, and the one after it names this one's, as far as
 * they are there. A broken chain is no reason to lose a sale: the meal is flagged.
 */
function chainCheck(claims: readonly Claim[], fresh: readonly ArrivedTap[]): (one: ArrivedTap) => boolean {
  const entries = new Map<string, { prevHash: string; entryHash: string }>(claims.map((claim) => [journalKey(claim), claim]));
  for (const one of fresh) entries.set(journalKey(one.tap), one);
  return ({ tap: { terminalId, journalNumber }, prevHash, entryHash }) => {
    const before = journalNumber === 1 ? JOURNAL_START : entries.get(journalKey({ terminalId, journalNumber: journalNumber - 1 }))?.entryHash;
    const after = entries.get(journalKey({ terminalId, journalNumber: journalNumber + 1 }))?.prevHash;
    return (before === undefined || before === prevHash) && (after === undefined || after === entryHash);
  };
}

/** Gives every tap that is to be written its month: refused ones that of the day they arrived, as their own date may be nonsense. */
async function giveMonths(tx: Tx, clock: Clock, cityCode: string, fresh: readonly ArrivedTap[], plans: readonly TapPlan[], facts: readonly TapFacts[]): Promise<SavedTap[]> {
  const bookOn = (index: number) => {
    const plan = plans[index] as TapPlan;
    return plan.kind === 'accepted' ? plan.mealDate : chinaDate((fresh[index] as ArrivedTap).tap.receivedAt);
  };
  const written = fresh.map((_, index) => index).filter((index) => plans[index]?.kind !== 'split-changed');
  const months = await bookingMonths(tx, clock, cityCode, [...new Set(written.map(bookOn))]);
  return written.map((index): SavedTap => {
    const one = fresh[index] as ArrivedTap;
    const plan = plans[index] as TapPlan;
    const bookedMonth = months.get(bookOn(index));
    invariant(bookedMonth !== undefined && plan.kind !== 'split-changed', 'a tap that is written has a month');
    const site = facts[index]?.site ?? null;
    const dayOver = months.isOver(plan.mealDate, bookedMonth);
    return { ...one, plan, bookedMonth, dayOver, answer: answerOf(one.tap.tapId, plan, bookedMonth), operatorId: site?.operatorId ?? null, payeeId: site?.payeeId ?? null };
  });
}

function transfersOf(cityCode: string, { tap, plan, bookedMonth }: SavedTap): Transfer[] {
  if (plan.kind === 'refused') return [];
  const head = { cityCode, bookedMonth, transferId: tap.tapId, kind: 'meal' as const, siteId: tap.siteId, mealDate: plan.mealDate, causeId: tap.tapId };
  return toTransfers(head, mealPostings(tap.siteId, plan));
}

function answers(arrived: readonly ArrivedTap[], sorting: Sorting, saved: ReadonlyMap<string, TapAnswer>, plans: ReadonlyMap<string, TapPlan>): Outcome<TapAnswer>[] {
  return arrived.map((one) => {
    const refusal = sorting.refusals.get(one);
    if (refusal !== undefined) return refusal;
    const { tapId } = one.tap;
    const kept = sorting.kept.get(tapId);
    if (kept !== undefined) return done(inOrder(kept));
    const plan = plans.get(tapId);
    if (plan?.kind === 'split-changed') {
      const { priceFen, selfPayFen, subsidyFen } = plan;
      return refuse('split-changed', { priceFen, selfPayFen, subsidyFen });
    }
    const answer = saved.get(tapId);
    invariant(answer, 'a tap is a repeat, refused, or written');
    return done(answer);
  });
}
