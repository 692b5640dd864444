import { setTimeout as pause } from 'node:timers/promises';
import { chinaDate, type Instant } from '../kernel/index.js';
import { Random } from '../demo/domain/index.js';
import { cutConnections } from './cluster.store.js';
import type { CityProcess } from './city-process.js';
import type { Deed, Fault, Sale } from './domain/index.js';
import { answerOf, type Month } from './month.js';
import { codeOf, type Entry, type SimulatedTill, type VoidEntry } from './till.js';

type Of<What extends Deed['do']> = Extract<Deed, { do: What }>;

/** How long a point may take to be reached on a busy machine. */
const REACH_MS = 20_000;

interface Written {
  readonly till: SimulatedTill;
  readonly entry: Entry;
}

/** Makes sales at once at their tills, one after the other at each, under the step's fault where it has one. */
export async function sell(month: Month, { sales, fault }: Of<'sell'>, at: Instant): Promise<void> {
  const others = month.tills.filter((till) => !till.cut);
  const moved = sales.map((sale, index) => ({ sale, till: placeOf(month, fault, sale, others[(index + 1) % Math.max(1, others.length)]) }));
  const all = moved.map(({ sale, till }): Written => ({ till, entry: till.write(sale, month.cardOf(sale), at) }));
  const online = all.filter(({ till }) => !till.cut);
  switch (online.length === 0 ? null : fault) {
    case 'apiKilledAfterCommit': case 'apiKilledBeforeCommit':
      return underKill(month, fault as Fault, 'tap', (port) => send(online, port));
    case 'answerDropped': return dropped(month, online);
    case 'lineHalfOpen': return halfOpen(month, online);
    case 'postgresStoppedImmediate': case 'postgresRestartInFlight': case 'connectionsCut':
      return inMidBatch(month, fault as Fault, online);
    case 'twoTillsAtOnce': return atOnce(month, online);
    default:
      await send(online, undefined);
      return countStory(month, fault, all);
  }
}

/** Where a sale is made: at its own till, or at one with a network where the fault needs one; two at once need two. */
function placeOf(month: Month, fault: Fault | null, sale: Sale, other: SimulatedTill | undefined): SimulatedTill {
  const own = month.tills[sale.till] as SimulatedTill;
  if (fault === null || isOfStory(fault)) return own;
  return (fault === 'twoTillsAtOnce' ? other : month.online(sale.till)) ?? own;
}

/** Faults that lie in what is sold, not in what happens to the machines. */
function isOfStory(fault: Fault): boolean {
  return ['wrongClock', 'midnight', 'cardLostOffline', 'deathLate', 'ruleChanged', 'capOffline', 'serverClockStep'].includes(fault);
}

async function send(written: readonly Written[], first: number | undefined): Promise<void> {
  await Promise.all(written.map(({ till, entry }) => till.inTurn(() => till.deliver(entry, first))));
}

/** What the answers themselves show of a fault. */
function countStory(month: Month, fault: Fault | null, all: readonly Written[]): void {
  if (fault === 'serverClockStep') return month.count(fault, month.trouble.splice(0).includes('terminal-clock-wrong') ? 1 : 0);
  if (fault === 'deathLate') return;
  for (const { entry } of all) {
    const answer = entry.answers.at(-1);
    if (answer === undefined) {
      if (fault === 'midnight') month.count(fault);
      continue;
    }
    const { code, flags } = JSON.parse(answer) as { code: string | null; flags: string[] };
    const skewed = ['time-in-future', 'site-not-open', 'sent-too-late'].includes(code ?? '') || flags.includes('clock-skew');
    if (fault === 'midnight' || (fault === 'wrongClock' && skewed)) month.count(fault);
  }
}

/** An API process kills itself at a point of its next transaction; whoever asked it asks the other one. */
async function underKill(month: Month, fault: Fault, transaction: 'tap' | 'void', work: (port: number) => Promise<void>): Promise<void> {
  const { crew } = month.parts;
  await crew.whole();
  const victim = crew.apis[month.first] as CityProcess;
  await victim.arm({ transaction, nth: 1, at: fault === 'apiKilledAfterCommit' ? 'afterCommit' : 'beforeCommit', act: 'kill' });
  month.trouble = [];
  await work(victim.port);
  const ending = await Promise.race([victim.ended, pause(5_000, undefined)]);
  if (ending === undefined) {
    await victim.say({ say: 'disarm' });
    return month.parts.tell('      … nothing reached the point at which it should have been killed');
  }
  if (ending.signal === 'SIGKILL' && month.trouble.some((one) => one.startsWith('unknown'))) month.count(fault);
  crew.replace(month.first);
}

/** The answer is dropped on the way, and the till asks five times at once under the same id. */
async function dropped(month: Month, written: readonly Written[]): Promise<void> {
  for (const { till, entry } of written) {
    const before = month.lines.drops.failed;
    const reply = await till.once('/v1/taps', entry.body, month.lines.drops.port);
    const replies = await Promise.all(Array.from({ length: 5 }, () => till.deliver(entry)));
    if (reply.status === 'unknown' && month.lines.drops.failed > before) month.count('answerDropped');
    if (new Set(replies.map((one) => (one as { text: string }).text)).size !== 1) month.oddities.push(`five questions under one id got different answers: ${entry.sale.tapId}`);
  }
}

async function halfOpen(month: Month, written: readonly Written[]): Promise<void> {
  month.trouble = [];
  for (const { till, entry } of written) await till.deliver(entry, month.lines.holds.port, 400);
  month.count('lineHalfOpen', month.trouble.filter((one) => one === 'unknown timeout').length > 0 ? 1 : 0);
}

/** The database goes away while a batch stands right before its commit and others wait behind it. */
async function inMidBatch(month: Month, fault: Fault, written: readonly Written[]): Promise<void> {
  const { crew, ground } = month.parts;
  await crew.whole();
  const victim = crew.apis[month.first] as CityProcess;
  const point = await victim.arm({ transaction: 'tap', nth: 1, at: 'beforeCommit', act: 'pause' });
  month.trouble = [];
  const [head, ...rest] = written;
  const sending = Promise.all([head === undefined ? undefined : send([head], victim.port), pause(30).then(() => send(rest, undefined))]);
  const reached = await Promise.race([point.reached.then(() => true), pause(REACH_MS, false)]);
  let broken = 0;
  if (fault === 'connectionsCut') {
    broken = await cutConnections(ground.adminUrl, ground.databaseName);
    await point.release();
  } else {
    const start = await ground.stop(fault === 'postgresStoppedImmediate' ? 'immediate' : 'fast');
    broken = 1;
    await point.release();
    await pause(150);
    await start();
  }
  await sending;
  await victim.say({ say: 'disarm' });
  if (reached && broken > 0 && month.trouble.length > 0) month.count(fault);
}

/** Two tills ask for one elder's only meal within one moment, at two processes. */
async function atOnce(month: Month, written: readonly Written[]): Promise<void> {
  const { crew } = month.parts;
  await crew.whole();
  const [one, other] = written;
  const [first, second] = crew.apis as [CityProcess, CityProcess];
  const point = await first.arm({ transaction: 'tap', nth: 1, at: 'beforeCommit', act: 'pause' });
  const deliver = (which: Written | undefined, port: number) => which?.till.inTurn(() => which.till.deliver(which.entry, port));
  const sending = [deliver(one, first.port)];
  const reached = await Promise.race([point.reached.then(() => true), pause(REACH_MS, false)]);
  sending.push(deliver(other, second.port));
  await pause(200);
  await point.release();
  await Promise.all(sending);
  await first.say({ say: 'disarm' });
  if (reached && one?.till !== other?.till && written.every(({ entry }) => entry.state === 'answered')) month.count('twoTillsAtOnce');
}

/** Uploads what a till held, in the pieces and the order of the step. */
export async function upload(month: Month, step: Of<'upload'>): Promise<void> {
  const till = month.tills[step.till] as SimulatedTill;
  if (till.cut || till.held.length === 0) return;
  const held = till.held.splice(0);
  const ordered = step.order === 'asWritten' ? held : step.order === 'newestFirst' ? [...held].reverse() : new Random(held.length + month.story.seed).shuffled(held);
  const size = Math.ceil(ordered.length / step.pieces);
  const pieces = Array.from({ length: step.pieces }, (_, index) => ordered.slice(Math.max(0, index * size - (step.again ? 1 : 0)), (index + 1) * size)).filter((piece) => piece.length > 0);
  const { fault } = step;
  if (fault === 'apiKilledAfterCommit' || fault === 'apiKilledBeforeCommit') await underKill(month, fault, 'tap', (port) => till.upload(ordered, port));
  else if (fault === 'uploadCut') await cutInTheMiddle(month, till, ordered);
  else for (const piece of pieces) await till.upload(piece);
  const before = till.entries.map((entry) => entry.answers.length);
  if (step.again) await till.upload(held);
  await sendHeldVoids(month, till);
  if (fault === 'uploadedTwice' && step.again && before.some((count) => count > 0)) month.count(fault);
  if (fault === 'outOfOrder' && ordered.some((entry, index) => entry !== held[index])) month.count(fault);
  if (fault === 'lateAfterClose') month.count(fault, held.filter((entry) => bookedLate(entry)).length);
  if (fault === 'capOffline') month.count(fault, held.filter((entry) => answerOf(entry)?.flags.includes('fund-changed')).length);
  // The rule may have changed while it was away: it sold by the one that it knew.
  month.count(held.some((entry) => answerOf(entry)?.flags.includes('fund-changed')) && month.story.faults.includes('ruleChanged') && step.till === 3 ? 'ruleChanged' : null);
  month.count(month.story.faults.includes('cardLostOffline') ? 'cardLostOffline' : null, held.filter((entry) => answerOf(entry)?.code === 'card-lost').length);
}

function bookedLate(entry: Entry): boolean {
  const { mealDate, bookedMonth } = JSON.parse(entry.answers.at(-1) ?? '{"mealDate":"","bookedMonth":""}') as { mealDate: string; bookedMonth: string };
  return mealDate.slice(0, 7) !== bookedMonth;
}

async function cutInTheMiddle(month: Month, till: SimulatedTill, entries: readonly Entry[]): Promise<void> {
  month.trouble = [];
  const before = month.lines.cuts.failed;
  await till.upload(entries, month.lines.cuts.port);
  if (month.lines.cuts.failed > before && month.trouble.some((one) => one.startsWith('unknown'))) month.count('uploadCut');
}

/** Takes a till's last sale of the day back; without a network the void waits in the till behind its sale. */
export async function takeBack(month: Month, step: Of<'void'>, at: Instant): Promise<void> {
  const own = month.tills[step.till] as SimulatedTill;
  const till = own.cut && step.fault === null ? own : month.online(step.till);
  const today = chinaDate(at);
  const entry = till?.entries.filter((one) => !one.voided && one.sale.deviceTime <= at && chinaDate(one.sale.deviceTime) === today && (till.cut ? one.state === 'unknown' : answerOf(one) !== undefined)).at(-1);
  if (till === undefined || entry === undefined) return;
  entry.voided = true;
  const written = till.writeVoid(entry.sale.tapId, step.id, at);
  if (till.cut) return;
  const ask = (port?: number): Promise<void> => sendVoid(month, till, written, port);
  if (step.fault === 'apiKilledAfterCommit' || step.fault === 'apiKilledBeforeCommit') await underKill(month, step.fault, 'void', ask);
  else await ask();
}

async function sendVoid(month: Month, till: SimulatedTill, entry: VoidEntry, port?: number): Promise<void> {
  const reply = await till.deliverVoid(entry, port);
  if (reply.status !== 200) month.oddities.push(`the void ${entry.voidId} got ${reply.status} ${codeOf(reply)}`);
}

/** Sends the voids that waited for their sales to be sent. */
export async function sendHeldVoids(month: Month, till: SimulatedTill): Promise<void> {
  for (const entry of till.heldVoids.splice(0)) await sendVoid(month, till, entry);
}

/** Asks once more for an answer that is known. */
export async function repeat(month: Month, { till: index, pick }: Of<'repeat'>): Promise<void> {
  const till = month.online(index);
  const entry = pickAnswered(till, pick);
  if (till !== undefined && entry !== undefined) await till.deliver(entry);
}

/** Sends another deed under an id that is taken. */
export async function otherBody(month: Month, { till: index, pick }: Of<'otherBody'>): Promise<void> {
  const till = month.online(index);
  const entry = pickAnswered(till, pick);
  if (till === undefined || entry === undefined) return;
  const reply = await till.until('/v1/taps', { ...entry.body, tender: entry.body['tender'] === 'cash' ? 'code' : 'cash' });
  if (reply.status === 409 && codeOf(reply) === 'tap-id-taken') month.count('otherBody');
  else month.oddities.push(`another body under a taken id got ${reply.status} ${codeOf(reply)}`);
}

function pickAnswered(till: SimulatedTill | undefined, pick: number): Entry | undefined {
  const known = till?.entries.filter((one) => one.state === 'answered') ?? [];
  return known[pick % Math.max(1, known.length)];
}

/** A copy of a till's store on another device: the same id from two terminals at once. */
export async function clone(month: Month, step: Of<'clone'>, at: Instant): Promise<void> {
  const [own, other] = [month.tills[step.till] as SimulatedTill, month.tills[step.by] as SimulatedTill];
  if (own.cut || other.cut) return;
  const card = month.cardOf(step.sale);
  const [entry, copy] = [own.write(step.sale, card, at), other.write({ ...step.sale, till: step.by }, card, at, false)];
  const [mine, theirs] = await Promise.all([own.until('/v1/taps', entry.body), other.until('/v1/taps', copy.body)]);
  const taken = [mine, theirs].filter((reply) => reply.status === 409 && codeOf(reply) === 'tap-id-taken').length;
  if ([mine, theirs].filter((reply) => reply.status === 200).length === 1 && taken === 1) month.count('sameTapTwoTills');
  else month.oddities.push(`one id from two tills got ${mine.status} and ${theirs.status}`);
  if (mine.status !== 200) own.unwrite(entry);
  const [kept, reply] = mine.status === 200 ? [entry, mine] : [other.write({ ...step.sale, till: step.by }, card, at), theirs];
  kept.state = 'answered';
  kept.answers.push((reply as { text: string }).text);
}

/** Cuts or restores a till's network. */
export function network(month: Month, { till: index, cut }: Of<'network'>): void {
  (month.tills[index] as SimulatedTill).cut = cut;
  month.refresh();
}

