import { Queue, Worker, withBackend } from 'bullmq';
import type { OutboxRef } from './outbox.store.js';
import { createPostgresBackend, queueConnection } from './queue-schema.js';

/** A wake-up call for workers, never the truth: what it loses the sweeper brings back from the outbox. */
export interface JobQueue {
  /** Hands rows of the outbox to some worker. A row that is in the queue already is not added again. */
  add(refs: readonly OutboxRef[]): Promise<void>;
  /** Takes no new job, waits for those in hand for so many milliseconds, then lets them stall. */
  close(drainMs: number): Promise<void>;
}

/** How fast and how often things happen, in milliseconds where it is a time. Tests shorten it. */
export interface JobPace {
  /** Pause between two looks at the outbox; a job begins within this and a few milliseconds. */
  readonly pollMs: number;
  readonly sweepMs: number;
  /** After so long in a queue without an effect a row is handed out again. */
  readonly staleMs: number;
  /** A killed worker's job goes to another after about twice this. */
  readonly lockMs: number;
  /** Pause before the second try; it doubles with each. */
  readonly backoffMs: number;
  readonly tries: number;
  readonly concurrency: number;
}

export const USUAL_PACE: JobPace = { pollMs: 100, sweepMs: 5_000, staleMs: 30_000, lockMs: 30_000, backoffMs: 500, tries: 8, concurrency: 4 };

/** Where BullMQ keeps its jobs: on Redis when there is an address, on PostgreSQL when not. */
export interface QueueHome {
  readonly redisUrl: string | undefined;
  readonly ownerUrl: string;
  /** Role of the connections to PostgreSQL. */
  readonly role: string;
}

const NAME = 'xingfu';

type Work = (ref: OutboxRef) => Promise<void>;
interface Listening {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Opens the queue and its worker. Money jobs may stall more often than BullMQ's default of once, since a worker that
 * was killed twice says nothing against the job.
 * @param onError told about lost connections and the like; BullMQ comes back by itself
 */
export async function openJobQueue(home: QueueHome, pace: JobPace, work: Work, onError: (error: Error) => void): Promise<JobQueue> {
  const opened = home.redisUrl === undefined ? onPostgres(home, pace, work) : onRedis(home.redisUrl, pace, work);
  for (const part of [opened.queue, opened.worker] as Listening[]) part.on('error', onError);
  const { queue, worker } = opened;
  await queue.waitUntilReady();
  return {
    async add(refs) {
      const opts = { attempts: pace.tries, backoff: { type: 'exponential', delay: pace.backoffMs }, removeOnComplete: true, removeOnFail: true };
      await queue.addBulk(refs.map((ref) => ({ name: 'outbox', data: ref, opts: { ...opts, jobId: `${ref.cityCode}-${ref.outboxId}` } })));
    },
    async close(drainMs) {
      // BullMQ waits for ever for a Redis that is away, so each step has its time.
      if (!(await endsWithin(worker.close(), drainMs))) await endsWithin(worker.close(true), 1_000);
      await endsWithin(queue.close(), 1_000);
    },
  };
}

async function endsWithin(step: Promise<unknown>, mostMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => (timer = setTimeout(() => done(false), mostMs)));
  const ended = await Promise.race([step.then(() => true, () => true), late]);
  clearTimeout(timer);
  return ended;
}

function workerOptions(pace: JobPace) {
  return {
    concurrency: pace.concurrency,
    lockDuration: pace.lockMs,
    stalledInterval: pace.lockMs,
    maxStalledCount: 10,
    runRetryDelay: 1_000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  };
}

function onPostgres(home: QueueHome, pace: JobPace, work: Work) {
  const bound = withBackend(createPostgresBackend);
  const connection = queueConnection(home.ownerUrl, home.role);
  return {
    queue: new bound.Queue<OutboxRef>(NAME, { connection }),
    worker: new bound.Worker<OutboxRef>(NAME, (job) => work(job.data), { connection, ...workerOptions(pace) }),
  };
}

function onRedis(url: string, pace: JobPace, work: Work) {
  return {
    // An add must fail at once while Redis is away: the outbox keeps the row.
    queue: new Queue<OutboxRef>(NAME, { connection: { url, maxRetriesPerRequest: 1 } }),
    worker: new Worker<OutboxRef>(NAME, (job) => work(job.data), { connection: { url, maxRetriesPerRequest: null }, ...workerOptions(pace) }),
  };
}
