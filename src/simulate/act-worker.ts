import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../demo/domain/index.js';
import { sendHeldVoids } from './act-till.js';
import { claimsStand, queueStands } from './books.store.js';
import { wipeQueue } from './cluster.store.js';
import type { CityProcess } from './city-process.js';
import type { Deed, Fault } from './domain/index.js';
import type { Month } from './month.js';
import type { Arm } from './process-words.js';

type Close = Extract<Deed, { do: 'close' }>;

/** Statements of a job between the lock of its claim and its commit, at most. */
const STEPS_OF_A_CLAIM = 9;
const MOST_BUILT_MS = 90_000;
/** How long a point may take to be reached on a busy machine. */
const REACH_MS = 20_000;

/** Closes a month, and what befalls the worker while it builds the claims. */
export async function closeMonth(month: Month, step: Close): Promise<void> {
  const close = (): Promise<void> => ask(month, step);
  switch (step.fault) {
    case 'workerKilledInSettlement': await killed(month, close, 1, step.fault); break;
    case 'workerKilledTwice': await killed(month, close, 2, step.fault); break;
    case 'workerFrozen': await frozen(month, close); break;
    case 'sigtermInSettlement': await told(month, close); break;
    case 'queueWiped': await wiped(month, close); break;
    case 'schedulerMissed': await missed(month, close); break;
    default: await close();
  }
  await built(month);
}

/** Asks for the closing, at once at two processes where the step says so, beside tills that upload. */
async function ask(month: Month, { month: closing, ids, uploads }: Close): Promise<void> {
  for (const till of uploads) (month.tills[till] as { cut: boolean }).cut = false;
  const ports = month.parts.crew.ports();
  const closings = ids.map(async (id, index) => {
    month.deeds.set(id, { meaning: () => [{ what: 'close', month: closing }], acknowledged: false });
    const said = await month.office.post('city', `/v1/settlement/months/${closing}/close`, { id }, ports[index % ports.length]);
    const kept = month.deeds.get(id);
    if (said.status < 300 && kept !== undefined) kept.acknowledged = true;
    else month.deeds.delete(id);
    return said;
  });
  const uploading = uploads.map(async (index) => {
    const till = month.tills[index];
    if (till === undefined) return 0;
    const held = till.held.splice(0);
    for (const entry of held) await till.upload([entry]);
    await sendHeldVoids(month, till);
    return held.length;
  });
  const said = await Promise.all(closings);
  const sent = (await Promise.all(uploading)).reduce((sum, count) => sum + count, 0);
  const [done, refused] = [said.filter((one) => one.status === 202).length, said.filter((one) => one.code === 'month-closed').length];
  if (done !== 1 || done + refused !== said.length) month.oddities.push(`closing ${closing} got ${said.map((one) => `${one.status} ${one.code}`).join(', ')}`);
  if (ids.length > 1 && done === 1 && refused === ids.length - 1) month.count('monthClosedTwice');
  if (sent > 0) month.count('closeWhileUploading');
}

/** Waits until every claim of closed months is built. @throws Error when that takes too long: the month is not alive */
async function built(month: Month): Promise<void> {
  for (const end = performance.now() + MOST_BUILT_MS; !(await claimsStand(month.parts.ground.url)); await pause(40)) {
    if (performance.now() > end) throw new Error(`claims of a closed month are not built after ${MOST_BUILT_MS} ms`);
  }
}

/** The worker is killed while it builds a claim, at a step that the seed names; once, or its successor as well. */
async function killed(month: Month, close: () => Promise<void>, times: 1 | 2, fault: Fault): Promise<void> {
  const { crew } = month.parts;
  const random = new Random(month.story.seed).branch('kill');
  const point = (arm: number): Arm => {
    const place = random.whole(1, STEPS_OF_A_CLAIM + 2);
    const at = place <= STEPS_OF_A_CLAIM ? 'statement' : place === STEPS_OF_A_CLAIM + 1 ? 'beforeCommit' : 'afterCommit';
    return { arm, transaction: 'job', nth: 1, at, ...(at === 'statement' ? { statement: place } : {}), act: 'kill' };
  };
  const first = crew.worker;
  await first.arm(point(0));
  await close();
  const died = [await endOf(first)];
  const second = await crew.addWorker(times === 2 ? [point(-1)] : []);
  if (times === 2) {
    died.push(await endOf(second));
    await crew.addWorker();
  }
  crew.workers = crew.workers.filter((worker) => worker.alive);
  if (died.every((signal) => signal === 'SIGKILL')) month.count(fault);
}

async function endOf(worker: CityProcess): Promise<string | null> {
  const ending = await Promise.race([worker.ended, pause(REACH_MS, undefined)]);
  if (ending !== undefined) return ending.signal;
  // It was armed for a statement that this claim did not need.
  await worker.kill();
  return null;
}

/** The worker stands still past its lock while another one does its work; then it wakes up and goes on. */
async function frozen(month: Month, close: () => Promise<void>): Promise<void> {
  const { crew } = month.parts;
  const sleeper = crew.worker;
  const point = await sleeper.arm({ transaction: 'job', nth: 1, at: 'beforeCommit', act: 'pause' });
  await close();
  const reached = await Promise.race([point.reached.then(() => true), pause(REACH_MS, false)]);
  sleeper.signal('SIGSTOP');
  const other = await crew.addWorker();
  await built(month);
  sleeper.signal('SIGCONT');
  await point.release();
  await pause(100);
  if (reached && sleeper.alive) month.count('workerFrozen');
  await sleeper.kill();
  crew.workers = [other];
}

/** A deploy in mid-settlement: the worker is told to leave while a claim is in its hands. */
async function told(month: Month, close: () => Promise<void>): Promise<void> {
  const { crew } = month.parts;
  const leaving = crew.worker;
  const point = await leaving.arm({ transaction: 'job', nth: 1, at: 'beforeCommit', act: 'pause' });
  await close();
  const reached = await Promise.race([point.reached.then(() => true), pause(REACH_MS, false)]);
  leaving.signal('SIGTERM');
  await pause(100);
  await point.release();
  const { code } = await leaving.ended;
  if (reached && code === 0) month.count('sigtermInSettlement');
  crew.workers = [];
  await crew.addWorker();
}

/** The queue's store is wiped while a claim is being built and others wait. */
async function wiped(month: Month, close: () => Promise<void>): Promise<void> {
  const { crew, ground } = month.parts;
  const point = await crew.worker.arm({ transaction: 'job', nth: 1, at: 'beforeCommit', act: 'pause' });
  await close();
  await Promise.race([point.reached, pause(REACH_MS)]);
  if (month.parts.redis !== undefined) {
    const keys = await month.parts.redis.wipe();
    await point.release();
    await built(month);
    return month.count('redisWiped', keys > 0 ? 1 : 0);
  }
  await wipeQueue(ground.url);
  const gone = !(await queueStands(ground.url));
  await point.release();
  await built(month);
  for (const end = performance.now() + 10_000; !(await queueStands(ground.url)) && performance.now() < end;) await pause(50);
  if (gone && (await queueStands(ground.url))) month.count('queueWiped');
}

/** Nobody does jobs when the month is closed; the worker comes up later and finds the work. */
async function missed(month: Month, close: () => Promise<void>): Promise<void> {
  const { crew, ground } = month.parts;
  crew.worker.signal('SIGTERM');
  await crew.worker.ended;
  crew.workers = [];
  await close();
  const waiting = !(await claimsStand(ground.url));
  await crew.addWorker();
  await built(month);
  if (waiting) month.count('schedulerMissed');
}
