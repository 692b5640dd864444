import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as pause } from 'node:timers/promises';
import { createApp } from './app.js';
import type { Ground } from './boot.js';
import { JobBoard, JobRunner, Metrics, reachRedis, Readiness, serveMetrics, WrongSetting, type JobPace, type MetricsServer } from './platform/index.js';

/** The service of one process: the app, and the runner of jobs where this process does any. */
export interface Service {
  readonly app: NestFastifyApplication;
  readonly jobs: JobRunner | undefined;
  /**
   * Says not ready, finishes requests and jobs in hand, closes connections and, where it is ours, the database.
   * @param lookMs how long it takes requests after saying so, for load balancers that look only now and then
   */
  close(lookMs?: number): Promise<void>;
}

/**
 * Puts the service up on its ground; it does not listen yet. From here on the ground is the service's: where this
 * fails, it is put away as well.
 * @param runJobs whether this process does jobs
 * @param pace other waiting times than the usual, for tests and the demo
 */
export async function putUp(ground: Ground, runJobs: boolean, pace: Partial<JobPace> = {}): Promise<Service> {
  const { jobTransactor, clock, log, settings } = ground.parts;
  let app: NestFastifyApplication | undefined;
  let figures: MetricsServer | undefined;
  try {
    if (runJobs && settings.redisUrl !== undefined) await reachRedis(settings.redisUrl);
    const made = (app = await createApp(ground.parts));
    await made.init();
    const jobs = runJobs ? new JobRunner({ transactor: jobTransactor, board: made.get(JobBoard), clock, log, ownerUrl: ground.ownerUrl, redisUrl: settings.redisUrl, pace }) : undefined;
    figures = settings.metricsPort === undefined ? undefined : await showFigures(made, settings.metricsPort);
    await jobs?.start();
    const close = async (lookMs = 0): Promise<void> => {
      made.get(Readiness).drain();
      const jobsDone = jobs?.stop();
      await pause(lookMs);
      await made.close();
      await jobsDone;
      await figures?.close();
      await ground.close();
      log.info('stopped');
    };
    return { app: made, jobs, close };
  } catch (error) {
    await figures?.close();
    await app?.close();
    await ground.close();
    throw error;
  }
}

/** Shows the figures of this process to its own machine alone. */
async function showFigures(app: NestFastifyApplication, port: number): Promise<MetricsServer> {
  try {
    return await serveMetrics(app.get(Metrics), port, '127.0.0.1');
  } catch {
    throw new WrongSetting(`METRICS_PORT ${port} cannot be listened on: stop what uses it, or choose another`);
  }
}

const GRACE_MS = 30_000;
/** How often load balancers look at `/readyz`, at most. */
const LOOK_MS = 5_000;

/** Brings one part of a process up and says how to put it away again. */
export type BringUp = <T>(part: Promise<T>, putAway: (part: T, lookMs: number) => Promise<void>) => Promise<T>;

/**
 * Runs a process until SIGTERM, SIGINT or a failure. Whenever that comes, every part that is up, or just coming up, is
 * put away, the last one first, and the process leaves at the latest after 30 seconds: with code 0 when it was told
 * to, else with code 1 and what went wrong, in one line for a wrong setting.
 * @param listens whether others send requests: these are then told by `/readyz` for five seconds, except at a terminal
 * @param work brings the parts up; goes no further once the end has begun
 */
export function runProcess(listens: boolean, work: (bringUp: BringUp, fail: (error: unknown) => void) => Promise<void>): void {
  const parts: ((lookMs: number) => Promise<void>)[] = [];
  let ending = false;
  const end = async (code: number, lookMs: number): Promise<void> => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    for (const putAway of parts.reverse()) await putAway(lookMs).catch((error: unknown) => tell(placesOf(error)));
    process.exit(code);
  };
  const fail = (error: unknown): void => {
    // What breaks because the process is being taken apart is no news.
    if (!ending) tell(reasonOf(error));
    void end(1, 0);
  };
  const bringUp: BringUp = async (part, putAway) => {
    parts.push((lookMs) => part.then((up) => putAway(up, lookMs), () => undefined));
    const up = await part;
    return ending ? new Promise(() => undefined) : up;
  };
  process.on('SIGTERM', () => void end(0, listens ? LOOK_MS : 0));
  process.on('SIGINT', () => void end(0, 0));
  // After an error that nobody caught the state is unknown: leave, and be started again.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, (error) => fail(new Uncaught(placesOf(error))));
  // In a promise, so that what it throws before its first wait is caught as well.
  void Promise.resolve().then(() => work(bringUp, fail)).catch(fail);
}

/** An error that no code caught; its text holds no message, which may quote a row. */
class Uncaught extends Error {
  override readonly name = 'Uncaught';
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What stopped a start: one line for a wrong setting, else with the place. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'WrongSetting' || error instanceof Uncaught ? error.message : (error.stack ?? error.message);
}

/** The kind of an error and the places of its stack. */
function placesOf(error: unknown): string {
  const { name, code, stack } = error as { name?: string; code?: string; stack?: string };
  return [`${name ?? 'unknown'} ${code ?? ''}`.trim(), ...(stack ?? '').split('\n').filter((line) => line.startsWith('    at '))].join('\n');
}
