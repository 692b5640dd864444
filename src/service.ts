import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.js';
import type { Ground } from './boot.js';
import { JobBoard, JobRunner, Readiness, type JobPace } from './platform/index.js';

/** The service of one process: the app, and the runner of jobs where this process does any. */
export interface Service {
  readonly app: NestFastifyApplication;
  readonly jobs: JobRunner | undefined;
  /** Says not ready, finishes requests and jobs in hand, closes connections and, where it is ours, the database. */
  close(): Promise<void>;
}

/**
 * Puts the service up on its ground; it does not listen yet.
 * @param runJobs whether this process does jobs
 * @param pace other waiting times than the usual, for tests and the demo
 */
export async function putUp(ground: Ground, runJobs: boolean, pace: Partial<JobPace> = {}): Promise<Service> {
  const app = await createApp(ground.parts);
  await app.init();
  const { transactor, clock, log, settings } = ground.parts;
  const jobs = runJobs ? new JobRunner({ transactor, board: app.get(JobBoard), clock, log, ownerUrl: ground.ownerUrl, redisUrl: settings.redisUrl, pace }) : undefined;
  await jobs?.start();
  const close = async (): Promise<void> => {
    app.get(Readiness).drain();
    await app.close();
    await jobs?.stop();
    await ground.close();
  };
  return { app, jobs, close };
}

const GRACE_MS = 30_000;

/** Closes the service on SIGTERM and SIGINT, and leaves at the latest after 30 seconds. */
export function closeOnSignals(service: Service): void {
  let closing = false;
  const close = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    await service.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void close());
}

/** Ends the process with what stopped it: one line for a wrong setting, else with the place. */
export function giveUp(error: unknown): never {
  const wrongSetting = error instanceof Error && error.name === 'WrongSetting';
  process.stderr.write(`${error instanceof Error ? ((wrongSetting ? undefined : error.stack) ?? error.message) : String(error)}\n`);
  process.exit(1);
}
