import type { Tx } from '../db/tx.js';
import type { JobRequest } from './job-board.js';

/** Names a row of the outbox: all that a queue ever holds. */
export interface OutboxRef {
  readonly cityCode: string;
  readonly outboxId: number;
}

/**
 * Takes rows that no queue has seen, by their ids: a row that commits late is found by a later look, whatever its id.
 * Times are the database's own, since several processes look and the product's clock may be set.
 */
export function takeUnrelayed(tx: Tx, limit: number): Promise<OutboxRef[]> {
  return tx.query<OutboxRef>(
    `UPDATE outbox SET relayed_at = now()
     FROM (SELECT city_code, outbox_id FROM outbox
           WHERE relayed_at IS NULL AND handled_at IS NULL AND dead_at IS NULL
           ORDER BY outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED) taken
     WHERE outbox.city_code = taken.city_code AND outbox.outbox_id = taken.outbox_id
     RETURNING outbox.city_code AS "cityCode", outbox.outbox_id AS "outboxId"`,
    [limit],
  );
}

/** Lets the relay take again what it could not hand to the queue. */
export async function giveBack(tx: Tx, refs: readonly OutboxRef[]): Promise<void> {
  await tx.query(
    `UPDATE outbox SET relayed_at = NULL
     FROM unnest($1::text[], $2::bigint[]) AS ref (city_code, outbox_id)
     WHERE outbox.city_code = ref.city_code AND outbox.outbox_id = ref.outbox_id AND handled_at IS NULL`,
    [refs.map((ref) => ref.cityCode), refs.map((ref) => ref.outboxId)],
  );
}

/** Lets the relay take again what was handed to a queue too long ago and is still open. @returns how many rows */
export async function giveBackStale(tx: Tx, staleMs: number): Promise<number> {
  const rows = await tx.query(
    `UPDATE outbox SET relayed_at = NULL
     WHERE (city_code, outbox_id) IN (
       SELECT city_code, outbox_id FROM outbox
       WHERE handled_at IS NULL AND dead_at IS NULL AND relayed_at < now() - make_interval(secs => $1::double precision)
       ORDER BY outbox_id LIMIT 5000 FOR UPDATE SKIP LOCKED)
     RETURNING outbox_id`,
    [staleMs / 1000],
  );
  return rows.length;
}

/** Locks an open row for its handler; undefined when it is handled, dead, or in the hands of another worker. */
export async function lockOpen(tx: Tx, ref: OutboxRef): Promise<JobRequest | undefined> {
  const [row] = await tx.query<JobRequest>(
    `SELECT city_code AS "cityCode", job, job_key AS key, payload, tries FROM outbox
     WHERE city_code = $1 AND outbox_id = $2 AND handled_at IS NULL AND dead_at IS NULL
     FOR UPDATE SKIP LOCKED`,
    [ref.cityCode, ref.outboxId],
  );
  return row;
}

/** Marks a row as handled, in the transaction of its effect. */
export async function markHandled(tx: Tx, ref: OutboxRef): Promise<void> {
  await tx.query('UPDATE outbox SET handled_at = now() WHERE city_code = $1 AND outbox_id = $2', [ref.cityCode, ref.outboxId]);
}

/** Counts a failed try. After `most` of them the row is dead: nobody takes it again until it is revived. */
export async function countFailure(tx: Tx, ref: OutboxRef, failure: string, most: number): Promise<{ job: string; tries: number; dead: boolean } | undefined> {
  const [row] = await tx.query<{ job: string; tries: number; dead: boolean }>(
    `UPDATE outbox SET tries = tries + 1, failure = $3, dead_at = CASE WHEN tries + 1 >= $4 THEN now() END
     WHERE city_code = $1 AND outbox_id = $2 AND handled_at IS NULL AND dead_at IS NULL
     RETURNING job, tries, dead_at IS NOT NULL AS dead`,
    [ref.cityCode, ref.outboxId, failure, most],
  );
  return row;
}

/** How many rows still wait for a handler, dead ones apart. */
export async function countOpen(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ open: number }>('SELECT count(*)::int AS open FROM outbox WHERE handled_at IS NULL AND dead_at IS NULL');
  return row?.open ?? 0;
}

/** A job that failed too often, and why: a code, never data. */
export interface DeadJob {
  readonly key: string;
  readonly failure: string;
}

/** The dead jobs of a kind in a city, for the page that shows progress. */
export function deadJobs(tx: Tx, cityCode: string, job: string): Promise<DeadJob[]> {
  return tx.query<DeadJob>(
    'SELECT job_key AS key, failure FROM outbox WHERE city_code = $1 AND job = $2 AND handled_at IS NULL AND dead_at IS NOT NULL ORDER BY job_key',
    [cityCode, job],
  );
}

/** Gives dead jobs of a kind another round of tries, after their cause was removed. @returns how many */
export async function reviveJobs(tx: Tx, cityCode: string, job: string): Promise<number> {
  const rows = await tx.query(
    `UPDATE outbox SET tries = 0, dead_at = NULL, relayed_at = NULL
     WHERE city_code = $1 AND job = $2 AND handled_at IS NULL AND dead_at IS NOT NULL RETURNING outbox_id`,
    [cityCode, job],
  );
  return rows.length;
}

/** Whether BullMQ's schema is there. */
export async function queueSchemaStands(tx: Tx, schema: string): Promise<boolean> {
  const [row] = await tx.query<{ stands: boolean }>('SELECT to_regclass($1) IS NOT NULL AS stands', [`${schema}.job`]);
  return row?.stands === true;
}
