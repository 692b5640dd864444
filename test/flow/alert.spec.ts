import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { civilDate } from '../../src/kernel/index.js';
import { JobBoard, Metrics, type JobRequest } from '../../src/platform/index.js';
import { CITY, StaffedCity } from '../support/staffed-city.js';

let city: StaffedCity;
let owner: pg.Client;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  city = await StaffedCity.start();
  for (const [account, role, division] of [['system', 'systemAdministrator', CITY], ['audit', 'auditAdministrator', CITY], ['auditor', 'auditor', CITY], ['countyauditor', 'auditor', '371502'], ['county', 'countyOfficer', '371502']] as const) {
    await city.add(account, [role], division);
    tokens[account] = await city.tokenOf(account);
  }
  owner = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await owner.connect();
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await city?.close();
});

const call = (account: string, method: 'GET' | 'POST', url: string, body?: object) => city.call(method, url, { token: tokens[account] as string, ...(body === undefined ? {} : { body }) });
const alerts = async (account = 'audit', show = '') => (await call(account, 'GET', `/v1/alerts${show}`)).body.items;

/** Does tonight's run as a worker would. */
async function night(date: string): Promise<void> {
  const board = city.service.app.get(JobBoard);
  const job: JobRequest = { cityCode: CITY, job: 'proof.nightly', key: date, payload: { date } };
  city.clock.setTo(civilDate(date), 2 * 60);
  await city.service.parts.transactor.run(async (tx) => board.handlerOf('proof.nightly')?.(tx, job));
  city.clock.setTo(civilDate('2024-12-03'), 9 * 60);
}
const breakBooks = () => owner.query(`INSERT INTO ledger_balance VALUES ('${CITY}', '2024-12', 'cash/x', 5, 0, 1)`);
const mendBooks = () => owner.query(`DELETE FROM ledger_balance WHERE account = 'cash/x'`);

describe('an invariant that is broken', () => {
  it('is an alert once for as long as it lasts, and another when it comes back', async () => {
    await night('2024-12-04');
    expect(await alerts()).toEqual([]);
    await breakBooks();
    await night('2024-12-05');
    await night('2024-12-06');
    expect(await alerts()).toMatchObject([{ kind: 'invariant', count: 1, acknowledgedBy: null, resolvedAt: null }, { kind: 'invariant' }]);
    expect((await alerts()).map((one: { subject: string }) => one.subject).sort()).toEqual(['I01', 'I02']);
    await mendBooks();
    await night('2024-12-07');
    expect(await alerts()).toEqual([]);
    expect(await alerts('auditor', '?show=all')).toHaveLength(2);
    await breakBooks();
    await night('2024-12-08');
    expect(await alerts('auditor', '?show=all')).toHaveLength(4);
    await mendBooks();
  });

  it('is acknowledged by one administrator, once, with an audit row', async () => {
    const [alert] = await alerts();
    const acknowledge = (account: string, id: string = randomUUID()) => call(account, 'POST', `/v1/alerts/${alert.alertId}/acknowledgement`, { id });
    const id = randomUUID();
    const taken = await acknowledge('system', id);
    expect(taken).toMatchObject({ status: 200, body: { acknowledgedBy: expect.any(String), resolvedAt: null } });
    expect(await acknowledge('system', id)).toMatchObject({ status: 200, body: taken.body });
    expect(await acknowledge('audit')).toMatchObject({ status: 409, body: { code: 'alert-acknowledged' } });
    expect((await owner.query(`SELECT count(*)::int AS n FROM audit WHERE action = 'alert.acknowledge'`)).rows).toEqual([{ n: 1 }]);
    expect(await call('system', 'POST', `/v1/alerts/${randomUUID()}/acknowledgement`, { id: randomUUID() })).toMatchObject({ status: 404 });
  });

  it('is nobody else’s to see or to acknowledge', async () => {
    const [alert] = await alerts();
    expect(await call('countyauditor', 'GET', '/v1/alerts')).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await call('county', 'GET', '/v1/alerts')).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await call('auditor', 'POST', `/v1/alerts/${alert.alertId}/acknowledgement`, { id: randomUUID() })).toMatchObject({ status: 403 });
  });

  it('cannot be taken back or forgotten by the service', async () => {
    const tx = (sql: string) => city.service.parts.transactor.run((t) => t.query(sql));
    await expect(tx(`DELETE FROM alert WHERE city_code = '${CITY}'`)).rejects.toThrow(/permission denied/);
    await expect(tx(`UPDATE alert SET acknowledged_by = null, acknowledged_at = null WHERE city_code = '${CITY}' AND acknowledged_by IS NOT NULL`)).rejects.toThrow(/acknowledged once/);
    await expect(tx(`UPDATE alert SET resolved_at = null WHERE city_code = '${CITY}' AND resolved_at IS NOT NULL`)).rejects.toThrow(/acknowledged once/);
    await expect(owner.query(`DELETE FROM alert`)).rejects.toThrow(/acknowledged once/);
  });
});

describe('journals that a sealing found wrong', () => {
  it('are an alert of that night, which ends when somebody has looked into it', async () => {
    await owner.query(`INSERT INTO alert (city_code, kind, subject, count, opened_at) VALUES ('${CITY}', 'seal', 'journals-2024-12-02', 3, now())`);
    const found = async () => (await alerts()).filter((one: { kind: string }) => one.kind === 'seal');
    const [alert] = await found();
    expect(alert).toMatchObject({ subject: 'journals-2024-12-02', count: 3 });
    expect(await call('audit', 'POST', `/v1/alerts/${alert.alertId}/acknowledgement`, { id: randomUUID() })).toMatchObject({ status: 200, body: { resolvedAt: expect.any(String) } });
    expect(await found()).toEqual([]);
  });
});

describe('jobs that were put aside', () => {
  it('are listed by kind and started again by the system administrator alone', async () => {
    await owner.query(`INSERT INTO outbox (city_code, job, job_key, payload, staged_at, dead_at, tries, failure) SELECT '${CITY}', 'settlement.build-claim', k, '{}', now(), now(), 8, 'QueryFailedError 23505' FROM unnest(ARRAY['a', 'b']) AS k`);
    await owner.query(`INSERT INTO alert (city_code, kind, subject, count, opened_at) VALUES ('${CITY}', 'job', 'settlement.build-claim', 2, now())`);
    const dead = { items: [{ job: 'settlement.build-claim', jobs: 2, failures: ['QueryFailedError 23505'] }] };
    expect((await call('auditor', 'GET', '/v1/jobs/dead')).body).toEqual(dead);
    const body = { id: randomUUID(), job: 'settlement.build-claim' };
    expect(await call('audit', 'POST', '/v1/jobs/revival', body)).toMatchObject({ status: 403 });
    expect(await call('system', 'POST', '/v1/jobs/revival', body)).toMatchObject({ status: 200, body: { job: 'settlement.build-claim', revived: 2 } });
    expect((await call('auditor', 'GET', '/v1/jobs/dead')).body).toEqual({ items: [] });
    expect((await alerts()).filter((one: { kind: string }) => one.kind === 'job')).toEqual([]);
    expect((await owner.query(`SELECT tries, dead_at FROM outbox WHERE job_key = 'a'`)).rows).toEqual([{ tries: 0, dead_at: null }]);
    await owner.query(`DELETE FROM outbox WHERE job = 'settlement.build-claim'`);
  });
});

describe('the figures', () => {
  it('show how rows stand, by city and state', async () => {
    const text = await city.service.app.get(Metrics).text();
    for (const line of [
      /^xingfu_invariant_violations\{city="371500",invariant="all"\} 2$/m, /^xingfu_alerts_open\{city="371500",kind="invariant"\} 2$/m, /^xingfu_jobs\{city="371500",state="dead"\} 0$/m,
      /^xingfu_outbox_age_seconds\{city="371500"\} \d/m, /^xingfu_audit_height\{city="371500"\} [1-9]\d*$/m, /^xingfu_pool_connections\{pool="taps",state="waiting"\} 0$/m,
    ]) expect(text).toMatch(line);
  });
});
