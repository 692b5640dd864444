import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type JobRequest, type Tx } from '../platform/index.js';
import type { DraftTexts } from '../subsidy/index.js';
import type { ReplayResult, ReplaySums } from './domain/index.js';

/** Whose knowledge a replay goes by: what is known when it is asked for, or what was known when each meal arrived. */
export const FACTS = ['now', 'then'] as const;
export type Facts = (typeof FACTS)[number];

/** A replay without its sums and result. */
export interface ReplayHead {
  readonly replayId: string;
  /** Only meals at sites in this division are counted. */
  readonly scopeCode: string;
  readonly draftId: string | null;
  readonly pack: string;
  readonly version: string;
  readonly draftSha256: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly facts: Facts;
  readonly knownAt: Instant;
  readonly state: 'running' | 'done';
  readonly total: number;
  readonly done: number;
  readonly step: number;
  readonly resultSha256: string | null;
  readonly askedBy: string;
  readonly askedAt: Instant;
  readonly finishedAt: Instant | null;
}

/** A replay under way. */
export interface ReplayRow extends ReplayHead {
  readonly texts: DraftTexts | null;
  readonly afterElder: string | null;
  readonly sums: ReplaySums | null;
  readonly result: ReplayResult | null;
}

const HEAD = `r.replay_id AS "replayId", r.scope_code AS "scopeCode", r.draft_id AS "draftId", r.pack, r.version, r.draft_sha256 AS "draftSha256", r.from_date AS "from", r.to_date AS "to",
  r.facts, r.known_at AS "knownAt", r.state, r.total, r.done, r.step, r.result_sha256 AS "resultSha256", r.asked_by AS "askedBy", r.asked_at AS "askedAt", r.finished_at AS "finishedAt"`;

export type NewReplay = Pick<ReplayRow, 'replayId' | 'scopeCode' | 'draftId' | 'texts' | 'pack' | 'version' | 'draftSha256' | 'from' | 'to' | 'facts' | 'knownAt' | 'total' | 'askedBy'>;

export async function insertReplay(tx: Tx, cityCode: string, replay: NewReplay): Promise<void> {
  await tx.query(
    `INSERT INTO replay (city_code, replay_id, scope_code, draft_id, texts, pack, version, draft_sha256, from_date, to_date, facts, known_at, state, total, asked_by, asked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'running', $13, $14, $12)`,
    [
      cityCode, replay.replayId, replay.scopeCode, replay.draftId, replay.texts === null ? null : JSON.stringify(replay.texts), replay.pack, replay.version, replay.draftSha256,
      replay.from, replay.to, replay.facts, at(replay.knownAt), replay.total, replay.askedBy,
    ],
  );
}

/** A replay with everything, locked when it is to go on. */
export async function readReplay(tx: Tx, cityCode: string, replayId: string, lock = false): Promise<ReplayRow | undefined> {
  const [row] = await tx.query<ReplayRow>(
    `SELECT ${HEAD}, r.texts, r.after_elder AS "afterElder", r.sums, r.result FROM replay r WHERE r.city_code = $1 AND r.replay_id = $2 ${lock ? 'FOR UPDATE' : ''}`, [cityCode, replayId]);
  return row;
}

/** Replays of divisions inside one, the newest first, `limit` + 1 of them after a place. */
export async function listReplays(tx: Tx, cityCode: string, scopeCode: string, after: readonly (string | number)[] | null, limit: number): Promise<ReplayHead[]> {
  return tx.query<ReplayHead>(
    `SELECT ${HEAD} FROM replay r JOIN region_closure c ON c.city_code = r.city_code AND c.descendant_code = r.scope_code AND c.ancestor_code = $2
     WHERE r.city_code = $1 AND ($3::bigint IS NULL OR (r.asked_at, r.replay_id) < (to_timestamp($3::bigint / 1000.0), $4::uuid))
     ORDER BY r.asked_at DESC, r.replay_id DESC LIMIT $5`,
    [cityCode, scopeCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
}

/** Replays of one city are asked for one after the other: waits here until the commit. */
export async function lockReplays(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('replay'), $1::int)`, [cityCode]);
}

/** Replays of a city that are under way, with the step that they are at. */
export async function runningReplays(tx: Tx, cityCode: string): Promise<{ replayId: string; step: number }[]> {
  return tx.query('SELECT replay_id AS "replayId", step FROM replay WHERE city_code = $1 AND state = \'running\' ORDER BY replay_id', [cityCode]);
}

/** Puts down how far a replay is. */
export async function putDown(tx: Tx, cityCode: string, replayId: string, progress: { done: number; step: number; afterElder: string | null; sums: ReplaySums }): Promise<void> {
  await tx.query(
    'UPDATE replay SET done = $3, step = $4, after_elder = $5, sums = $6 WHERE city_code = $1 AND replay_id = $2',
    [cityCode, replayId, progress.done, progress.step, progress.afterElder, JSON.stringify(progress.sums)],
  );
}

/** Ends a replay with what it came to; its sums are no longer needed. */
export async function finish(tx: Tx, cityCode: string, replayId: string, done: number, result: ReplayResult, sha256: string, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE replay SET state = 'done', done = $3, sums = NULL, result = $4, result_sha256 = $5, finished_at = $6 WHERE city_code = $1 AND replay_id = $2`,
    [cityCode, replayId, done, JSON.stringify(result), sha256, at(now)],
  );
}

/** Replays of any city that are under way, as the jobs that carry them on. */
export async function replaysUnderWay(tx: Tx, job: string): Promise<JobRequest[]> {
  const rows = await tx.query<{ cityCode: string; replayId: string; step: number }>(
    `SELECT city_code AS "cityCode", replay_id AS "replayId", step FROM replay WHERE state = 'running' ORDER BY city_code, replay_id LIMIT 1000`);
  return rows.map(({ cityCode, replayId, step }) => ({ cityCode, job, key: `${replayId} ${step}`, payload: { replayId } }));
}
