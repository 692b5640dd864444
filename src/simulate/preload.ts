import pg from 'pg';
import { systemClock } from '../kernel/index.js';
import { PLANTS, type Plant } from './plants.js';
import type { Arm, FromProcess, ToProcess } from './process-words.js';

/**
 * Loaded into a process of the product before its own code (`node --import`), for simulations alone: sets its clock,
 * stops or kills it at named points of its transactions, and plants defects by rewriting statements on their way to the
 * database. The product's code stays as it is.
 */

/** What a transaction is for, told by what it writes. */
const KINDS: Readonly<Record<Arm['transaction'], RegExp>> = {
  tap: /INSERT INTO meal\s*\(/i,
  void: /INSERT INTO meal_void\b/i,
  close: /INSERT INTO settlement_run\b/i,
  step: /INSERT INTO claim_step\b/i,
  job: /FROM outbox\b[\s\S]*SKIP LOCKED/i,
};
const BUILDS_CLAIM = /\bFROM claim c\b[\s\S]*FOR NO KEY UPDATE/i;
const COMMIT = /^\s*commit\b/i;
const BEGIN = /^\s*begin\b/i;

interface Ongoing {
  readonly text: string[];
  /** Statements since the claim was locked; undefined where no claim is built. */
  building: number | undefined;
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

let offset = 0;
(systemClock as { now: () => number }).now = () => Date.now() + offset;

const arms = new Map<number, Arm & { left: number }>();
const releases = new Map<number, () => void>();
const ongoing = new WeakMap<pg.Client, Ongoing>();
const planted = new Map<Plant, number>();
let plant: Plant | undefined;

function tell(word: FromProcess): void {
  process.send?.(word);
}

function arm(one: Arm): void {
  arms.set(one.arm, { ...one, left: one.nth });
}

for (const one of JSON.parse(process.env['SIMULATE_ARMS'] ?? '[]') as Arm[]) arm(one);

process.on('message', (word: ToProcess) => {
  if (word.say === 'clock') offset = word.offsetMs;
  else if (word.say === 'arm') arm(word.arm);
  else if (word.say === 'disarm') arms.clear();
  else if (word.say === 'plant') {
    plant = word.plant ?? undefined;
    planted.clear();
  }
  else if (word.say === 'release') releases.get(word.arm)?.();
  tell({ say: 'heard', number: word.number });
});
// Whoever plays the story is gone, so is this process.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();

const original = pg.Client.prototype.query as unknown as Query;

/** Does what is armed for a point; a kill does not come back. */
async function reach(one: Arm): Promise<void> {
  arms.delete(one.arm);
  if (one.act === 'kill') {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  }
  const released = new Promise<void>((done) => releases.set(one.arm, done));
  tell({ say: 'paused', arm: one.arm });
  await released;
}

function due(state: Ongoing, point: Arm['at']): Arm | undefined {
  for (const one of arms.values()) {
    if (one.at !== point || !isOf(state, one)) continue;
    if (point === 'statement' && state.building !== one.statement) continue;
    one.left -= 1;
    if (one.left <= 0) return one;
  }
  return undefined;
}

function isOf(state: Ongoing, { transaction }: Arm): boolean {
  if (transaction === 'job') return state.building !== undefined;
  return state.text.some((text) => KINDS[transaction].test(text));
}

function note(client: pg.Client, text: string): Ongoing {
  if (BEGIN.test(text)) ongoing.set(client, { text: [], building: undefined });
  const state = ongoing.get(client) ?? { text: [], building: undefined };
  state.text.push(text);
  if (state.building !== undefined) state.building += 1;
  else if (BUILDS_CLAIM.test(text) && state.text.some((one) => KINDS.job.test(one))) state.building = 0;
  return state;
}

function rewritten(text: string): string {
  if (plant === undefined) return text;
  const other = PLANTS[plant](text);
  if (other !== text) {
    planted.set(plant, (planted.get(plant) ?? 0) + 1);
    if (planted.get(plant) === 1) tell({ say: 'planted', plant });
  }
  return other;
}

function withText(first: unknown, text: string): unknown {
  return typeof first === 'string' ? text : { ...(first as object), text };
}

const wrapped: Query = function query(this: pg.Client, ...args) {
  const [first, ...rest] = args;
  const text = typeof first === 'string' ? first : (first as { text?: unknown } | undefined)?.text;
  if (typeof text !== 'string') return original.apply(this, args);
  const state = note(this, text);
  const send = (): unknown => original.apply(this, [withText(first, rewritten(text)), ...rest]);
  const byPromise = !rest.some((one) => typeof one === 'function');
  if (!byPromise || arms.size === 0) return send();
  if (!COMMIT.test(text)) {
    const here = due(state, 'statement');
    return here === undefined ? send() : reach(here).then(send);
  }
  const before = due(state, 'beforeCommit');
  const answered = before === undefined ? (send() as Promise<unknown>) : reach(before).then(send);
  const after = due(state, 'afterCommit');
  return after === undefined ? answered : Promise.resolve(answered).then((result) => reach(after).then(() => result));
};
(pg.Client.prototype as unknown as { query: Query }).query = wrapped;

// A frozen process must not keep its locks for as long as a city's server may wait for one.
const connect = pg.Client.prototype.connect as unknown as Query;
(pg.Client.prototype as unknown as { connect: Query }).connect = function shortLocks(this: pg.Client, ...args) {
  const parameters = (this as unknown as { connectionParameters: { options?: string } }).connectionParameters;
  if (parameters.options !== undefined) parameters.options = parameters.options.replace(/idle_in_transaction_session_timeout=\S+/, 'idle_in_transaction_session_timeout=2s');
  return connect.apply(this, args);
};

// The queue's waiting times, so that what was lost comes back within seconds.
const { USUAL_PACE } = (await import(new URL('../platform/jobs/job-queue.js', import.meta.url).href)) as { USUAL_PACE: Record<string, number> };
Object.assign(USUAL_PACE, { pollMs: 50, sweepMs: 400, staleMs: 2_000, lockMs: 1_500, backoffMs: 100 });
