import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { emptyDatabase, runDirectory, type TestDatabase, type TestServer } from '../support/database.js';
import { ServiceProcess, stopProcesses } from '../support/processes.js';
import { describeWith, findPostgres15, findRedis, startOtherPostgres, startRedis, type TestRedis } from '../support/servers.js';
import { until } from '../support/signal.js';

const CITY = '371500';
const [postgres15, redisServer] = [findPostgres15(), findRedis()];

/** Tables whose rows are money, or say how it came about. */
const MONEY = ['ledger_transfer', 'ledger_account', 'tap_claim', 'meal', 'meal_share', 'meal_void', 'meal_adjustment', 'claim_step', 'claim_cut', 'payment_receipt', 'audit'];

describeWith('PostgreSQL 15 and Redis', postgres15 && redisServer ? { binDir: postgres15, program: redisServer } : null, ({ binDir, program }) => {
  let server: TestServer & { stop(): Promise<void> };
  let redis: TestRedis;
  let database: TestDatabase;
  let owner: pg.Client;
  let settings: Record<string, string>;

  beforeAll(async () => {
    [server, redis] = await Promise.all([startOtherPostgres(binDir), startRedis(program)]);
    database = await emptyDatabase(server);
    settings = { DATABASE_URL: database.ownerUrl, REDIS_URL: redis.url, DATA_DIR: mkdtempSync(join(runDirectory(), 'keys-')), PORT: '0' };
    owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
  }, 60_000);
  afterAll(async () => {
    await stopProcesses();
    await owner?.end();
    await redis?.stop();
    await server?.stop();
  });

  const one = async (sql: string): Promise<number> => Number((await owner.query<{ n: number }>(sql)).rows[0]?.n);
  const stageJob = (date: string) => owner.query(`INSERT INTO outbox (city_code, job, job_key, payload, staged_at) VALUES ($1, 'proof.nightly', $2, jsonb_build_object('date', $2::text), now())`, [CITY, date]);
  const isDone = async (date: string): Promise<boolean> => (await one(`SELECT count(*) AS n FROM proof_run WHERE ran_for = '${date}' AND violations = '[]'`)) === 1;

  it('starts on an empty database with the demo city when asked, its jobs on Redis, and leaves the database alone when not', async () => {
    const plain = ServiceProcess.start('main', settings);
    const health = await fetch(`${await plain.address()}/readyz`);
    expect([health.status, await one('SELECT count(*) AS n FROM region_city')]).toEqual([200, 0]);
    expect(plain.out).not.toContain('演示账号');
    await plain.stop('SIGINT');

    const demo = ServiceProcess.start('main --demo', settings);
    const address = await demo.address();
    expect(demo.out).toContain('演示账号');
    expect(demo.out).toMatch(/收银台登记码 +371500\./);
    expect(await (await fetch(`${address}/v1/public/${CITY}/overview`)).json()).toMatchObject({ city: { cityCode: CITY } });
    // What the demo of today leaves to do is done once the service is up: samples of sealed days, sheets of paper.
    await until(async () => (await one('SELECT count(*) AS n FROM outbox WHERE handled_at IS NULL')) === 0, 'the demo leaves nothing undone', 60_000);
    expect(await demo.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(await one('SELECT count(*) AS n FROM claim')).toBeGreaterThan(0);
    const client = new Redis(redis.url);
    expect(await client.keys('bull:xingfu:*')).not.toEqual([]);
    client.disconnect();
  }, 180_000);

  it('leaves jobs to a worker where it is told to, and the worker does them', async () => {
    const api = ServiceProcess.start('main', { ...settings, JOBS: 'elsewhere' });
    await api.address();
    await stageJob('2024-11-30');
    await new Promise((done) => setTimeout(done, 1_000));
    expect(await one(`SELECT count(relayed_at) AS n FROM outbox WHERE job_key = '2024-11-30'`)).toBe(0);
    const worker = ServiceProcess.start('worker', settings);
    await worker.says('worker started');
    await until(() => isDone('2024-11-30'), 'the worker did the job', 20_000);
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
    expect(await api.stop('SIGINT')).toEqual({ code: 0, signal: null });
  }, 60_000);

  it('does the work that a wiped Redis forgot', async () => {
    await stageJob('2024-11-28');
    // Handed to a queue that is then wiped, longer ago than a worker has patience for.
    await owner.query(`UPDATE outbox SET relayed_at = now() - interval '1 hour' WHERE job_key = '2024-11-28'`);
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    const worker = ServiceProcess.start('worker', settings);
    await until(() => isDone('2024-11-28'), 'the worker found the job again', 30_000);
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
  }, 60_000);

  it('works under a role that can neither change nor remove money, and the owner cannot by mistake', async () => {
    const guarded = (await owner.query<{ name: string }>(`SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgfoid = 'forbid_change'::regproc`)).rows.map(({ name }) => name);
    expect(guarded).toEqual(expect.arrayContaining(MONEY));
    const attempt = async (role: string, sql: string): Promise<unknown> => {
      await owner.query(`BEGIN; SET LOCAL ROLE ${role}`);
      const state = await owner.query(sql).then(() => 'done', (error: Error) => error.message);
      await owner.query('ROLLBACK');
      return state;
    };
    for (const table of MONEY) {
      for (const sql of [`UPDATE ${table} SET city_code = city_code`, `DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]) {
        expect([sql, await attempt('xingfu_app', sql)]).toEqual([sql, expect.stringMatching(/^permission denied/)]);
      }
    }
    const filled: string[] = [];
    for (const table of MONEY) if ((await one(`SELECT count(*) AS n FROM ${table}`)) > 0) filled.push(table);
    expect(filled).toEqual(expect.arrayContaining(['ledger_transfer', 'meal', 'meal_share', 'claim_step', 'audit']));
    for (const table of filled) expect([table, await attempt('NONE', `DELETE FROM ${table}`)]).toEqual([table, expect.stringMatching(/is append-only/)]);
  }, 60_000);
});
