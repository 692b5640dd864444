import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { runDirectory } from '../support/database.js';
import { databaseStands, endOrphan, ServiceProcess, stopProcesses } from '../support/processes.js';
import { until } from '../support/signal.js';
import { CITY, PASSWORD, StaffedCity } from '../support/staffed-city.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, url: string, { token = '', body }: { token?: string; body?: object } = {}): Promise<Answer> {
  const response = await fetch(url, { method, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a service on a server', () => {
  let city: StaffedCity;
  let owner: pg.Client;
  /** Holds locks in a transaction of its own. */
  let holder: pg.Client;
  let service: ServiceProcess;
  let address: string;
  let token: string;

  async function up(): Promise<void> {
    const { ownerUrl, dataDir } = city.service.ground;
    service = ServiceProcess.start('main', { DATABASE_URL: ownerUrl, DATA_DIR: dataDir, PORT: '0' });
    address = await service.address();
    const opened = await ask('POST', `${address}/v1/sessions`, { body: { account: 'security', password: PASSWORD } });
    expect(opened).toMatchObject({ status: 201 });
    token = String(opened.body['token']);
  }

  beforeAll(async () => {
    city = await StaffedCity.start();
    [owner, holder] = [new pg.Client({ connectionString: city.service.ground.ownerUrl }), new pg.Client({ connectionString: city.service.ground.ownerUrl })];
    await Promise.all([owner.connect(), holder.connect()]);
  }, 60_000);
  afterAll(async () => {
    await stopProcesses();
    await Promise.all([owner?.end(), holder?.end()]);
    await city?.close();
  });

  const one = async (sql: string, values: unknown[]): Promise<number> => Number((await owner.query<{ n: number }>(sql, values)).rows[0]?.n);
  /** How much of a hire is written down: its deed, its person, its audit row. */
  const written = async (id: string, account: string): Promise<number[]> => [
    await one('SELECT count(*) AS n FROM deed WHERE deed_id = $1', [id]), await one('SELECT count(*) AS n FROM access_staff WHERE account = $1', [account]),
    await one('SELECT count(*) AS n FROM audit WHERE object_id = (SELECT staff_id::text FROM access_staff WHERE account = $1)', [account]),
  ];
  const hire = (id: string, account: string): Promise<Answer> => ask('POST', `${address}/v1/staff`, { token, body: { ...city.person(account, ['auditor']), id } });
  const waiting = (): Promise<number> => one(`SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`, []);
  const stageJob = (key: string) => owner.query(`INSERT INTO outbox (city_code, job, job_key, payload, staged_at) VALUES ($1, 'proof.nightly', $2, jsonb_build_object('date', $2::text), now())`, [CITY, key]);

  it('F38: told to stop, answers what was asked, finishes the job in hand, takes nothing new and ends with code 0', async () => {
    await up();
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    // Holds up the requests and the job half way: after the deed, before the audit row; before the run is written.
    await holder.query('BEGIN; LOCK TABLE audit, proof_run IN ACCESS EXCLUSIVE MODE');
    const answers = Promise.all(ids.map((id, index) => hire(id, `slow.${index}`)));
    await stageJob('2024-11-30');
    await until(async () => (await waiting()) === 4, 'requests and the job wait');
    service.signal('SIGTERM');
    await until(async () => (await ask('GET', `${address}/readyz`)).status === 503, 'it says that it is not ready');
    expect((await ask('GET', `${address}/livez`)).status).toBe(200);
    await until(() => fetch(`${address}/livez`, { headers: { connection: 'close' } }).then(() => false, () => true), 'the door is closed', 15_000);
    await holder.query('COMMIT');
    expect((await answers).map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await service.end()).toEqual({ code: 0, signal: null });
    for (const [index, id] of ids.entries()) expect(await written(id, `slow.${index}`)).toEqual([1, 1, 1]);
    expect(await one(`SELECT count(*) AS n FROM proof_run WHERE ran_for = '2024-11-30'`, [])).toBe(1);
    expect(await one(`SELECT count(*) AS n FROM outbox WHERE job_key = '2024-11-30' AND handled_at IS NOT NULL`, [])).toBe(1);
    expect(service.err.match(/"msg":"stopped"/g)).toHaveLength(1);
    expect(service.err).not.toMatch(/"level":(40|50|60)/);
  }, 90_000);

  it('killed, leaves nothing half-written, and started again takes the same request', async () => {
    await up();
    const id = randomUUID();
    await holder.query('BEGIN; LOCK TABLE audit, proof_run IN ACCESS EXCLUSIVE MODE');
    const answer = hire(id, 'killed').then(() => 'answered', () => 'cut off');
    await stageJob('2024-11-29');
    await until(async () => (await waiting()) === 2, 'request and job wait');
    expect(await service.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await answer).toBe('cut off');
    await holder.query('COMMIT');
    // The server finds out that the client is gone when it wants to answer, and rolls back.
    await until(async () => (await one('SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state <> $1 AND pid <> pg_backend_pid()', ['idle'])) === 0, 'the cut connections are gone');
    expect(await written(id, 'killed')).toEqual([0, 0, 0]);
    // The job stays open for another process, which test/store/jobs.spec.ts watches taking it over.
    expect(await one(`SELECT (SELECT count(*) FROM proof_run WHERE ran_for = '2024-11-29') + count(handled_at) AS n FROM outbox WHERE job_key = '2024-11-29'`, [])).toBe(0);
    await up();
    expect((await hire(id, 'killed')).status).toBe(201);
    expect(await written(id, 'killed')).toEqual([1, 1, 1]);
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
  }, 90_000);
});

describe('a first start', () => {
  let dataDir: string;

  beforeEach(() => {
    const directory = mkdtempSync(join(runDirectory(), 'first-'));
    chmodSync(directory, 0o711);
    dataDir = join(directory, 'data');
  });
  afterEach(async () => {
    await stopProcesses();
    await endOrphan(dataDir);
  });

  const start = (): ServiceProcess => ServiceProcess.start('main', { DATA_DIR: dataDir, PORT: '0' });

  it('interrupted while it makes its database, takes the database down with it', async () => {
    const first = start();
    await first.says('Making a new database');
    expect(await first.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(databaseStands(dataDir)).toBe(false);
    expect(first.err).toBe('');
  }, 60_000);

  it('killed while it loads the demo city, begins it anew at the next start', async () => {
    const first = start();
    // A day's line of progress: the city is half there.
    await first.says(' 2024-12-');
    await first.stop('SIGKILL');
    const second = start();
    const address = await second.address();
    expect(second.out).toContain('清空后重来');
    expect(second.out).toContain('演示城市已装入');
    expect((await ask('GET', `${address}/v1/public/${CITY}/overview`)).body).toMatchObject({ city: { cityCode: CITY }, claims: expect.any(Array) });
    expect(await second.stop('SIGINT')).toEqual({ code: 0, signal: null });
  }, 300_000);
});
