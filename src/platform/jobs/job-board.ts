import { invariant, type Clock } from '../../kernel/index.js';
import { at, type Tx } from '../db/tx.js';

/** A piece of work to be done after the transaction that asks for it, once. */
export interface JobRequest {
  readonly cityCode: string;
  /** Which handler does it, e.g. `settlement.build-claim`. */
  readonly job: string;
  /** Names this piece of work among all of its kind; staging it twice is staging it once. */
  readonly key: string;
  /** Ids and dates only, never personal data: queues keep it in clear. */
  readonly payload: Readonly<Record<string, string | number>>;
  /** How often it has failed before: work that is done together may then be done alone. */
  readonly tries?: number;
}

/**
 * Does a job inside the transaction that also marks it as handled, so its effect happens once or not at all.
 * @param heard the answer to its question, of a job that has one
 */
export type JobHandler = (tx: Tx, job: JobRequest, heard?: unknown) => Promise<void>;

/** What a job has to hear from somebody else before it can be done; two workers may ask at the same time. */
type JobQuestion<Heard = unknown> = (job: JobRequest) => Promise<Heard>;

/** Work that ought to exist according to the business rows: what a sweeper compares with the outbox. */
export type WorkFinder = (tx: Tx) => Promise<readonly JobRequest[]>;

/** Which room does which job. Rooms write themselves in when their modules start. */
export class JobBoard {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly questions = new Map<string, JobQuestion>();
  readonly finders: WorkFinder[] = [];

  /** @throws InvariantBroken when the job has a handler already */
  handle(job: string, handler: JobHandler): void {
    invariant(!this.handlers.has(job), `two handlers for the job ${job}`);
    this.handlers.set(job, handler);
  }

  /**
   * A job that needs the answer of somebody who may be slow: no transaction is open while they are asked. The handler
   * looks again at what the question went by.
   * @throws InvariantBroken when the job has a handler already
   */
  handleAsking<Heard>(job: string, question: JobQuestion<Heard>, handler: (tx: Tx, job: JobRequest, heard: Heard) => Promise<void>): void {
    this.handle(job, handler as JobHandler);
    this.questions.set(job, question);
  }

  /** Lets the sweeper ask a room for work that its rows call for, should the outbox row be missing. */
  sweep(finder: WorkFinder): void {
    this.finders.push(finder);
  }

  handlerOf(job: string): JobHandler | undefined {
    return this.handlers.get(job);
  }

  questionOf(job: string): JobQuestion | undefined {
    return this.questions.get(job);
  }
}

/**
 * Stages jobs in the transaction that needs them: they exist exactly when the change does.
 * The same city, job and key a second time changes nothing.
 */
export async function stageJobs(tx: Tx, clock: Clock, jobs: readonly JobRequest[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `INSERT INTO outbox (city_code, job, job_key, payload, staged_at)
     SELECT j.city_code, j.job, j.job_key, j.payload::jsonb, $5
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS j (city_code, job, job_key, payload)
     ON CONFLICT (city_code, job, job_key) DO NOTHING`,
    [jobs.map((job) => job.cityCode), jobs.map((job) => job.job), jobs.map((job) => job.key), jobs.map((job) => JSON.stringify(job.payload)), at(clock.now())],
  );
}
