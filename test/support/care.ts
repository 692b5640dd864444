import { JobBoard, stageJobs, type JobRequest } from '../../src/platform/index.js';
import type { TappingCity } from './tapping-city.js';

/** Jobs of the rooms that a test of notices plays through. */
const MINE = `(job LIKE 'care.%' OR job = 'booking.no-show-news')`;

/** Stages what the sweepers find, as the runner does. */
export async function sweepCare(city: TappingCity): Promise<void> {
  const { app, parts: { transactor, clock } } = city.service;
  await transactor.run(async (tx) => {
    for (const find of app.get(JobBoard).finders) await stageJobs(tx, clock, (await find(tx)).filter(({ job }) => job.startsWith('care.')));
  });
}

/** The jobs that wait, by their kinds. */
export async function openJobs(city: TappingCity): Promise<string[]> {
  return (await city.rows<{ job: string }>(`SELECT job FROM outbox WHERE handled_at IS NULL AND dead_at IS NULL AND ${MINE} ORDER BY outbox_id`)).map(({ job }) => job);
}

/** Sweeps and does what waits, each once, those that are staged meanwhile too. @returns the names of what failed */
export async function workCare(city: TappingCity): Promise<string[]> {
  await sweepCare(city);
  const { app, parts: { transactor } } = city.service;
  const failed: string[] = [];
  const tried = new Set<number>();
  for (;;) {
    const [job] = await city.rows<JobRequest & { outboxId: number }>(
      `SELECT city_code AS "cityCode", job, job_key AS key, payload, tries, outbox_id AS "outboxId" FROM outbox
       WHERE handled_at IS NULL AND dead_at IS NULL AND ${MINE} AND NOT outbox_id::text = ANY (string_to_array($1, ',')) ORDER BY outbox_id LIMIT 1`, [[...tried].join(',')]);
    if (job === undefined) return failed;
    tried.add(job.outboxId);
    try {
      await transactor.run(async (tx) => {
        await app.get(JobBoard).handlerOf(job.job)?.(tx, job);
        await tx.query('UPDATE outbox SET handled_at = now() WHERE city_code = $1 AND outbox_id = $2', [job.cityCode, job.outboxId]);
      });
    } catch (error) {
      failed.push((error as Error).name);
      await city.rows('UPDATE outbox SET tries = tries + 1 WHERE city_code = $1 AND outbox_id = $2', [job.cityCode, job.outboxId]);
    }
  }
}
