import { setTimeout as pause } from 'node:timers/promises';
import { APP_ROLE } from '../db/data-source.js';
import { isUnavailable, sqlState, violatedConstraint } from '../db/pg-errors.js';
import type { Transactor } from '../db/transactor.js';
import type { Log } from '../telemetry/index.js';
import type { Clock } from '../../kernel/index.js';
import { raiseAlerts } from './alert.store.js';
import { stageJobs, type JobBoard } from './job-board.js';
import { openJobQueue, USUAL_PACE, type JobPace, type JobQueue } from './job-queue.js';
import { countFailure, countOpen, giveBack, giveBackStale, lockOpen, markHandled, queueSchemaStands, takeUnrelayed, type OutboxRef } from './outbox.store.js';
import { migrateQueue, QUEUE_SCHEMA } from './queue-schema.js';

/** What a runner works with. */
export interface JobRunnerParts {
  readonly transactor: Transactor;
  readonly board: JobBoard;
  readonly clock: Clock;
  readonly log: Log;
  /** Connection string of the database's owner. */
  readonly ownerUrl: string;
  /** BullMQ's Redis; undefined keeps the jobs in PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly pace?: Partial<JobPace>;
}

const BATCH = 200;
const DRAIN_MS = 25_000;

/**
 * Carries the outbox to the handlers of the job board: a relay wakes BullMQ up, BullMQ wakes a worker up, the worker
 * does the job in one transaction with the mark that it is done, and a sweeper looks for what got lost on the way.
 * Any number of processes may run one at the same time.
 */
export class JobRunner {
  private readonly pace: JobPace;
  private queue: JobQueue | undefined;
  private stopping = false;
  private loops: Promise<void>[] = [];
  private readonly halt = new AbortController();

  constructor(private readonly parts: JobRunnerParts) {
    this.pace = { ...USUAL_PACE, ...parts.pace };
  }

  /** Begins to relay, work and sweep. Rooms must have written their handlers on the board. */
  async start(): Promise<void> {
    const { ownerUrl, redisUrl, log } = this.parts;
    const onError = (error: Error): void => log.warn({ error: reasonOf(error) }, 'job queue away');
    this.queue = await openJobQueue({ ownerUrl, redisUrl, role: APP_ROLE }, this.pace, (ref) => this.work(ref), onError);
    this.loops = [this.repeat(this.pace.pollMs, () => this.relay()), this.repeat(this.pace.sweepMs, () => this.sweep())];
  }

  /** Takes nothing new, lets jobs in hand finish for at most 25 seconds, and closes the queue. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.halt.abort();
    await Promise.all(this.loops);
    await this.queue?.close(DRAIN_MS);
  }

  /**
   * Waits until no job is open, those staged by jobs included; dead ones do not count.
   * @throws Error when that takes longer than `mostMs`
   */
  async waitUntilIdle(mostMs = 120_000): Promise<void> {
    const end = performance.now() + mostMs;
    while ((await this.parts.transactor.run(countOpen)) > 0) {
      if (performance.now() > end) throw new Error(`jobs are still open after ${mostMs} ms`);
      await pause(20);
    }
  }

  private async repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    while (!this.stopping) {
      try {
        await work();
      } catch (error) {
        this.parts.log.warn({ error: reasonOf(error) }, 'looking for jobs failed, trying again');
      }
      await pause(everyMs, undefined, { signal: this.halt.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Hands new rows to the queue. A process that dies between mark and hand-over leaves them to the sweeper. */
  private async relay(): Promise<void> {
    for (let taken = BATCH; taken === BATCH && !this.stopping;) {
      const refs = await this.parts.transactor.run((tx) => takeUnrelayed(tx, BATCH));
      taken = refs.length;
      if (taken === 0) return;
      try {
        await this.queue?.add(refs);
      } catch (error) {
        await this.parts.transactor.run((tx) => giveBack(tx, refs));
        throw error;
      }
    }
  }

  /** Does one job, once: whoever comes second finds the row handled or locked and does nothing. */
  private async work(ref: OutboxRef): Promise<void> {
    try {
      const ask = await this.step(ref, null);
      if (ask !== null) await this.step(ref, { answer: await ask() });
    } catch (error) {
      await this.failed(ref, error);
    }
  }

  /** One transaction of a job: all of it, or of one with a question what finds that out. @returns the question, to be asked before the next step */
  private step(ref: OutboxRef, heard: { readonly answer: unknown } | null): Promise<(() => Promise<unknown>) | null> {
    const { transactor, board } = this.parts;
    return transactor.run(async (tx) => {
      const job = await lockOpen(tx, ref);
      if (job === undefined) return null;
      const handler = board.handlerOf(job.job);
      if (handler === undefined) throw new NoHandler();
      const question = board.questionOf(job.job);
      if (question !== undefined && heard === null) return () => question(job);
      await handler(tx, job, heard?.answer);
      await markHandled(tx, ref);
      return null;
    });
  }

  private async failed(ref: OutboxRef, error: unknown): Promise<void> {
    const { transactor, log, clock } = this.parts;
    const failure = reasonOf(error);
    // A database that is away says nothing against the job, so it costs no try.
    const count = isUnavailable(error) ? undefined : await transactor.run(async (tx) => {
      const counted = await countFailure(tx, ref, failure, this.pace.tries);
      if (counted?.dead === true) await raiseAlerts(tx, clock.now(), [{ cityCode: ref.cityCode, kind: 'job', subject: counted.job, count: 1 }]);
      return counted;
    });
    if (count?.dead === true) {
      log.error({ ...ref, failure, tries: count.tries, alarm: 'job-dead' }, 'a job failed too often and was put aside');
      return;
    }
    log.warn({ ...ref, failure, tries: count?.tries }, 'a job failed and will be tried again');
    // BullMQ keeps this text and tries again after a pause.
    throw new Error(failure);
  }

  /** Brings back what got lost: rows that no worker finished, a wiped schema, work that never reached the outbox. */
  private async sweep(): Promise<void> {
    const { transactor, board, clock, log, ownerUrl, redisUrl } = this.parts;
    if (redisUrl === undefined && !(await transactor.run((tx) => queueSchemaStands(tx, QUEUE_SCHEMA)))) {
      log.warn('the schema of the job queue is gone, making it anew');
      await migrateQueue(ownerUrl);
    }
    const again = await transactor.run((tx) => giveBackStale(tx, this.pace.staleMs));
    if (again > 0) log.warn({ jobs: again }, 'jobs without an effect are handed out again');
    for (const find of board.finders) await transactor.run(async (tx) => stageJobs(tx, clock, await find(tx)));
  }
}

/** A job of a kind that no room of this process handles. */
class NoHandler extends Error {
  override readonly name = 'NoHandler';
}

/** Why something failed, as names and codes only: messages may quote rows. */
function reasonOf(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown };
  const parts = [name, sqlState(error) ?? code, violatedConstraint(error)];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' ') || 'unknown';
}
