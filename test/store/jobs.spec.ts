import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { SettableClock, civilDate } from '../../src/kernel/index.js';
import { deadJobs, JobBoard, JobRunner, openDataSource, openLog, reviveJobs, stageJobs, Transactor, type JobPace, type JobRequest } from '../../src/platform/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { describeWith, findRedis, startRedis, type TestRedis } from '../support/servers.js';
import { signal, until } from '../support/signal.js';

const CITY = '371500';
const clock = SettableClock.at(civilDate('2024-12-31'));
const FAST: Partial<JobPace> = { pollMs: 20, sweepMs: 100, staleMs: 600, lockMs: 400, backoffMs: 20, tries: 5 };

let database: TestDatabase;
let source: DataSource;
let transactor: Transactor;
let lines: string[];
let runners: JobRunner[];
let children: ChildProcess[];

beforeEach(async () => {
  database = await freshDatabase();
  await asOwner("CREATE TABLE effect (city_code char(6), name text); GRANT SELECT, INSERT ON effect TO xingfu_app");
  source = await openDataSource(database.ownerUrl, 10);
  transactor = new Transactor(source);
  lines = [];
  runners = [];
  children = [];
});

async function stopAll(): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
}

afterEach(async () => {
  await stopAll();
  await source.destroy();
  await database.drop();
});

async function asOwner<Row>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

const job = (key: string, kind = 'test.write'): JobRequest => ({ cityCode: CITY, job: kind, key, payload: { name: key } });
const stage = (...jobs: JobRequest[]): Promise<void> => transactor.run((tx) => stageJobs(tx, clock, jobs));
const effects = async (): Promise<string[]> =>
  (await transactor.run((tx) => tx.query<{ name: string }>('SELECT name FROM effect WHERE city_code = $1 ORDER BY name', [CITY]))).map((row) => row.name);

function boardThatWrites(): JobBoard {
  const board = new JobBoard();
  board.handle('test.write', async (tx, request) => void (await tx.query('INSERT INTO effect VALUES ($1, $2)', [request.cityCode, request.key])));
  return board;
}

function runnerOf(board: JobBoard, redisUrl?: string, pace: Partial<JobPace> = FAST): JobRunner {
  const log = openLog('info', (line) => void lines.push(line));
  const runner = new JobRunner({ transactor, board, clock, log, ownerUrl: database.ownerUrl, redisUrl, pace });
  runners.push(runner);
  return runner;
}

async function slowWorker(redisUrl?: string): Promise<{ child: ChildProcess; said: (word: string) => Promise<void> }> {
  const program = fileURLToPath(new URL('../support/slow-worker.mjs', import.meta.url));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, database.ownerUrl, redisUrl ?? ''], { stdio: ['ignore', 'pipe', 'inherit'], env });
  children.push(child);
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  return { child, said: (word) => until(() => said.includes(word), `the slow worker says “${word}”`, 15_000) };
}

function jobs(redis: () => TestRedis | undefined): void {
  it('begins within 200 ms of the commit and does each job once', async () => {
    const runner = runnerOf(boardThatWrites(), redis()?.url, { ...FAST, pollMs: 100 });
    await runner.start();
    await stage(job('first'));
    await runner.waitUntilIdle();
    const begun = performance.now();
    await stage(job('a'), job('b'), job('a'));
    await until(async () => (await effects()).length === 3, 'all three are done', 1_000);
    expect(performance.now() - begun).toBeLessThan(400);
    await runner.waitUntilIdle();
    expect(await effects()).toEqual(['a', 'b', 'first']);
  });

  it('does a job once although it was handed out twice, and twice at the same time', async () => {
    const [one, two] = [runnerOf(boardThatWrites(), redis()?.url), runnerOf(boardThatWrites(), redis()?.url)];
    await Promise.all([one.start(), two.start()]);
    await stage(...Array.from({ length: 50 }, (_, index) => job(`job ${index}`)));
    await one.waitUntilIdle();
    await asOwner('UPDATE outbox SET relayed_at = NULL');
    const { work } = one as unknown as { work(ref: object): Promise<void> };
    const refs = await asOwner<object>('SELECT city_code AS "cityCode", outbox_id AS "outboxId" FROM outbox');
    await Promise.all(refs.flatMap((ref) => [work.call(one, ref), work.call(two, ref)]));
    expect(await effects()).toHaveLength(50);
  });

  it('asks somebody else while no transaction is open and nothing is locked, and then does the job once', async () => {
    const board = new JobBoard();
    const open: unknown[] = [];
    board.handleAsking('test.write', async (request) => {
      open.push(...(await transactor.run((tx) => tx.query(`SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()`))));
      await transactor.run((tx) => tx.query('SELECT FROM outbox WHERE job_key = $1 FOR UPDATE NOWAIT', [request.key]));
      return `heard for ${request.key}`;
    }, async (tx, request, heard) => void (await tx.query('INSERT INTO effect VALUES ($1, $2)', [request.cityCode, heard])));
    const runner = runnerOf(board, redis()?.url);
    await runner.start();
    await stage(job('question'));
    await runner.waitUntilIdle();
    expect([await effects(), open]).toEqual([['heard for question'], []]);
  });

  it('takes nothing back when the transaction that asked is rolled back', async () => {
    const runner = runnerOf(boardThatWrites(), redis()?.url);
    await runner.start();
    await expect(transactor.run(async (tx) => {
      await stageJobs(tx, clock, [job('never')]);
      throw new Error('no');
    })).rejects.toThrow('no');
    await runner.waitUntilIdle();
    expect(await effects()).toEqual([]);
  });

  it('F32: gives the job of a killed worker to another', async () => {
    await stage(job('a'));
    const { child, said } = await slowWorker(redis()?.url);
    await said('took');
    child.kill('SIGKILL');
    const runner = runnerOf(boardThatWrites(), redis()?.url);
    await runner.start();
    await runner.waitUntilIdle(20_000);
    expect(await effects()).toEqual(['a']);
  });

  it('F33: refuses the effect of a worker that was frozen while another did the job', async () => {
    await stage(job('a'));
    const { child, said } = await slowWorker(redis()?.url);
    await said('took');
    child.kill('SIGSTOP');
    const runner = runnerOf(boardThatWrites(), redis()?.url);
    await runner.start();
    await runner.waitUntilIdle(20_000);
    child.kill('SIGCONT');
    child.kill('SIGUSR2');
    await said('refused');
    expect(await effects()).toEqual(['a']);
  });

  it('F36: does a job whose worker was killed twice, once and not put aside', async () => {
    await stage(job('a'));
    for (let kills = 0; kills < 2; kills += 1) {
      await asOwner('UPDATE outbox SET relayed_at = NULL');
      const { child, said } = await slowWorker(redis()?.url);
      await said('took');
      child.kill('SIGKILL');
    }
    const runner = runnerOf(boardThatWrites(), redis()?.url);
    await runner.start();
    await runner.waitUntilIdle(20_000);
    expect(await effects()).toEqual(['a']);
    expect(await asOwner('SELECT dead_at, handled_at IS NOT NULL AS handled FROM outbox')).toEqual([{ dead_at: null, handled: true }]);
  });

  it('F35: puts a poisoned job aside with its reason, an alarm and an alert, and does the others', async () => {
    const board = boardThatWrites();
    let poisoned = true;
    board.handle('test.poison', async (tx) => {
      if (poisoned) await tx.query("INSERT INTO effect SELECT '371500', 'half'");
      if (poisoned) await tx.query('SELECT 1 / 0');
      await tx.query("INSERT INTO effect VALUES ('371500', 'cured')");
    });
    const runner = runnerOf(board, redis()?.url);
    await runner.start();
    await stage(job('a'), job('bad', 'test.poison'), job('unknown', 'test.nobody'), job('z'));
    await runner.waitUntilIdle();
    expect(await effects()).toEqual(['a', 'z']);
    const dead = (kind: string) => transactor.run((tx) => deadJobs(tx, CITY, kind));
    expect([await dead('test.poison'), await dead('test.nobody')]).toEqual([[{ key: 'bad', failure: expect.stringContaining('22012') }], [{ key: 'unknown', failure: 'NoHandler' }]]);
    expect(lines.filter((line) => line.includes('job-dead'))).toHaveLength(2);
    expect(await asOwner('SELECT kind, subject, count::int, resolved_at FROM alert ORDER BY subject')).toEqual(['test.nobody', 'test.poison'].map((subject) => ({ kind: 'job', subject, count: 1, resolved_at: null })));
    poisoned = false;
    expect(await transactor.run((tx) => reviveJobs(tx, CITY, 'test.poison'))).toBe(1);
    await runner.waitUntilIdle();
    expect(await effects()).toEqual(['a', 'cured', 'z']);
  });

  it('F38: lets a job in hand finish before it stops', async () => {
    const began = signal('the job began');
    const board = new JobBoard();
    board.handle('test.write', async (tx) => {
      began.fire();
      await tx.query("SELECT pg_sleep(0.5)");
      await tx.query("INSERT INTO effect VALUES ('371500', 'slow')");
    });
    const runner = runnerOf(board, redis()?.url);
    await runner.start();
    await stage(job('slow'));
    await began.wait();
    await runner.stop();
    runners = [];
    expect(await effects()).toEqual(['slow']);
  });

  it('stages work that the business rows call for and the outbox lost', async () => {
    const board = boardThatWrites();
    board.sweep(() => Promise.resolve([job('found')]));
    const runner = runnerOf(board, redis()?.url);
    await runner.start();
    await until(async () => (await effects()).length === 1, 'the found work is done');
    await asOwner('DELETE FROM outbox');
    await until(async () => (await effects()).length === 2, 'it is done again once its row is gone');
  });
}

describe('jobs on PostgreSQL', () => {
  jobs(() => undefined);

  it('F30: restores all work after the schema of the queue was dropped', async () => {
    const runner = runnerOf(boardThatWrites());
    await runner.start();
    await stage(job('before'));
    await runner.waitUntilIdle();
    await asOwner('DROP SCHEMA bullmq CASCADE');
    await stage(job('after'), job('later'));
    await runner.waitUntilIdle(20_000);
    expect(await effects()).toEqual(['after', 'before', 'later']);
  });

  it('goes on after every connection was cut', async () => {
    const runner = runnerOf(boardThatWrites());
    await runner.start();
    await stage(job('before'));
    await runner.waitUntilIdle();
    await asOwner('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    await until(() => stage(job('after')).then(() => true, () => false), 'the pool is back');
    await until(() => runner.waitUntilIdle(10_000).then(() => true, () => false), 'idle again', 20_000);
    expect(await effects()).toEqual(['after', 'before']);
  });
});

describeWith('redis-server', findRedis(), (program) => {
  let redis: TestRedis;
  beforeEach(async () => {
    redis = await startRedis(program);
  });
  afterEach(async () => {
    await stopAll();
    await redis.stop();
  });

  jobs(() => redis);

  it('F31: keeps work in the outbox while Redis is full, and does it once there is room; the transaction that asks feels nothing', async () => {
    const runner = runnerOf(boardThatWrites(), redis.url);
    await runner.start();
    await stage(job('before'));
    await runner.waitUntilIdle();
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory', '1');
    const begun = performance.now();
    await stage(job('a'), job('b'));
    expect(performance.now() - begun).toBeLessThan(500);
    await until(() => lines.some((line) => line.includes('looking for jobs failed')), 'the relay is refused');
    expect(await effects()).toEqual(['before']);
    expect(await asOwner('SELECT count(*)::int AS n FROM outbox WHERE handled_at IS NULL AND dead_at IS NULL')).toEqual([{ n: 2 }]);
    await client.config('SET', 'maxmemory', '0');
    client.disconnect();
    await runner.waitUntilIdle(20_000);
    expect(await effects()).toEqual(['a', 'b', 'before']);
  });

  it('F30: restores all work after Redis was wiped', async () => {
    await stage(job('a'), job('b'));
    const { child, said } = await slowWorker(redis.url);
    await said('took');
    child.kill('SIGKILL');
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    const runner = runnerOf(boardThatWrites(), redis.url);
    await runner.start();
    await runner.waitUntilIdle(20_000);
    expect(await effects()).toEqual(['a', 'b']);
  });
});
