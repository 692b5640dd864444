import { JobBoard, stageJobs, type JobRequest, type Tx } from '../../src/platform/index.js';
import type { TappingCity } from './tapping-city.js';

/** Does one job as the runner does: no transaction is open while somebody else is asked. @param finish in the transaction of the effect */
export async function doJob({ service: { app, parts } }: Pick<TappingCity, 'service'>, job: JobRequest, finish?: (tx: Tx) => Promise<unknown>): Promise<void> {
  const board = app.get(JobBoard);
  const heard = await board.questionOf(job.job)?.(job);
  await parts.transactor.run(async (tx) => {
    await board.handlerOf(job.job)?.(tx, job, heard);
    await finish?.(tx);
  });
}

/** Stages what the sweepers find of some kinds and does what waits of them, as the runner would: a job that was done is not done again. */
export async function sweepOnce(city: TappingCity, kind: string): Promise<void> {
  const { app, parts: { transactor, clock } } = city.service;
  await transactor.run(async (tx) => {
    for (const find of app.get(JobBoard).finders) await stageJobs(tx, clock, (await find(tx)).filter(({ job }) => job.startsWith(kind)));
  });
  const open = await city.rows<JobRequest & { outboxId: number }>(
    `SELECT city_code AS "cityCode", job, job_key AS key, payload, outbox_id AS "outboxId" FROM outbox WHERE handled_at IS NULL AND dead_at IS NULL AND starts_with(job, $1) ORDER BY outbox_id`, [kind]);
  for (const job of open) await doJob(city, job, (tx) => tx.query('UPDATE outbox SET handled_at = now() WHERE city_code = $1 AND outbox_id = $2', [job.cityCode, job.outboxId]));
}
