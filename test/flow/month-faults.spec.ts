import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { signTerminalRequest, verifyAuditChain } from '../../src/access/index.js';
import { civilDate, type Instant } from '../../src/kernel/index.js';
import { JobBoard, JobRunner } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { until } from '../support/signal.js';
import { CITY, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

const HOUR = 60 * MINUTE;

let city: TappingCity;
let owner: pg.Client;
const tokens: Record<string, string> = {};

const close = (id: string = randomUUID(), month = '2024-12') => city.staffed.call('POST', `/v1/settlement/months/${month}/close`, { token: tokens['boss'] as string, body: { id } });
const violations = () => city.service.parts.transactor.run(async (tx) => (await runInvariants(tx, 'all')).violations);
const claims = async () => (await owner.query(`SELECT claim_id, number, state, meals::int, claimed_fen::int, lines_hash FROM claim ORDER BY number`)).rows;

function newRunner(): JobRunner {
  const { app, parts, ground } = city.service;
  return new JobRunner({ ...parts, transactor: parts.jobTransactor, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 100, backoffMs: 20, tries: 3 } });
}

async function worked(work: (runner: JobRunner) => Promise<void>): Promise<void> {
  const runner = newRunner();
  await runner.start();
  try {
    await work(runner);
  } finally {
    await runner.stop();
  }
}

/** A till sends by its own clock, which is right, whatever the server's says. */
async function sendAt(till: TestTill, time: Instant, path: string, body: object) {
  const payload = JSON.stringify(body);
  const headers = signTerminalRequest(till.terminal.session, { method: 'POST', path, time, body: payload });
  const response = await city.service.app.inject({ method: 'POST', url: path, headers: { ...headers, 'content-type': 'application/json' }, payload });
  return { status: response.statusCode, body: response.json() };
}

beforeAll(async () => {
  city = await TappingCity.start();
  for (const [account, role] of [['boss', 'cityOfficer'], ['system', 'systemAdministrator']] as const) await city.staffed.add(account, [role]);
  tokens['boss'] = await city.staffed.tokenOf('boss');
  owner = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await owner.connect();
  // The canteens' licences of the test city end before the month does.
  await owner.query(`UPDATE site_paper SET valid_to = '2025-12-31'`);
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await city?.close();
});

describe('F39: the server’s clock steps', () => {
  it.each([['an hour ahead, over the end of the month', HOUR], ['an hour back', -HOUR]])('%s: what was sold meanwhile is booked where it belongs, and no number or chain is hurt', async (_name, step) => {
    city.clock.setTo(civilDate('2024-12-31'), 23 * 60 + 30);
    city.county = await city.staffed.tokenOf('county');
    const till = await city.till();
    const { card } = await city.elder();
    const real = city.clock.now();
    const body = (minutes: number, change = {}) => till.body({ mealPeriod: 'dinner', deviceTime: new Date(real + minutes * MINUTE).toISOString(), ...change });
    expect(await sendAt(till, real, '/v1/taps', body(0))).toMatchObject({ status: 200, body: { outcome: 'accepted', bookedMonth: '2024-12' } });
    city.clock.set(real + step);
    const held = [body(1, { card }), body(2)];
    expect(await sendAt(till, real + MINUTE, '/v1/taps', held[0] as object)).toMatchObject({ status: 401, body: { code: 'terminal-clock-wrong' } });
    tokens['boss'] = await city.staffed.tokenOf('boss');
    city.clock.set(real + 3 * MINUTE);
    const { status, body: { results } } = await sendAt(till, real + 3 * MINUTE, '/v1/taps/upload', { taps: held });
    expect([status, results.map(({ answer }: { answer: object }) => answer)]).toEqual([200, held.map(({ id }) => expect.objectContaining({ tapId: id, outcome: 'accepted', mealDate: '2024-12-31', bookedMonth: '2024-12' }))]);
    expect(await sendAt(till, real + 4 * MINUTE, '/v1/taps', body(4))).toMatchObject({ status: 200, body: { outcome: 'accepted' } });
    expect(await city.service.parts.transactor.run((tx) => verifyAuditChain(tx, CITY))).toMatchObject({ brokenAt: null });
    expect(await violations()).toEqual([]);
  });
});

describe('the month’s end', () => {
  it('F34: closed by several at the same moment, and twice under one id, it closes once', async () => {
    city.county = await city.staffed.tokenOf('county');
    const till = await city.till(1);
    await till.tap({ card: (await city.elder()).card });
    city.clock.setTo(civilDate('2025-01-02'), 600);
    for (const account of ['boss', 'system']) tokens[account] = await city.staffed.tokenOf(account);
    const id = randomUUID();
    const answers = await Promise.all([close(id), close(), close(id), close(), close()]);
    const taken = answers.filter(({ status }) => status === 202);
    expect(new Set(taken.map(({ body }) => body.runId)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 202).map(({ status, body }) => [status, body.code])).toEqual(Array.from({ length: 5 - taken.length }, () => [409, 'month-closed']));
    expect((await owner.query('SELECT count(*)::int AS n FROM settlement_run')).rows).toEqual([{ n: 1 }]);
    expect((await claims()).map(({ number, state }) => [number, state])).toEqual([[1, 'building'], [2, 'building']]);
    expect((await owner.query(`SELECT count(*)::int AS n FROM outbox WHERE job = 'settlement.build-claim'`)).rows).toEqual([{ n: 2 }]);
  });

  it('F35: with a claim that cannot be built, the other one is; an alert says so, and after the cause is gone it is built as well', async () => {
    const [bad] = await claims();
    await owner.query(`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poisoned' USING ERRCODE = '23514'; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON claim_step FOR EACH ROW WHEN (NEW.claim_id = '${bad.claim_id}') EXECUTE FUNCTION poison()`);
    await worked((runner) => runner.waitUntilIdle(20_000));
    expect((await claims()).map(({ state }) => state)).toEqual(['building', 'draft']);
    const alerts = await city.staffed.call('GET', '/v1/alerts', { token: tokens['system'] as string });
    expect(alerts.body.items).toMatchObject([{ kind: 'job', subject: 'settlement.build-claim', count: 1 }]);
    expect((await violations()).map(({ id }) => id)).toEqual(['I28']);
    await owner.query('DROP TRIGGER poison ON claim_step; DROP FUNCTION poison()');
    expect(await city.staffed.call('POST', '/v1/jobs/revival', { token: tokens['system'] as string, body: { id: randomUUID(), job: 'settlement.build-claim' } })).toMatchObject({ status: 200, body: { revived: 1 } });
    await worked((runner) => runner.waitUntilIdle(20_000));
    expect((await claims()).map(({ state }) => state)).toEqual(['draft', 'draft']);
    expect(await violations()).toEqual([]);
  });

  it('F37, I27: with no process up when it was due and its jobs lost, a start finds the work and makes the same claims', async () => {
    const before = await claims();
    // As on the morning of the 1st: closed, but nothing built and nothing staged.
    const admin = new pg.Client({ connectionString: (city.staffed as unknown as { database: { adminUrl: string } }).database.adminUrl });
    await admin.connect();
    await admin.query(`SET session_replication_role = replica; DELETE FROM claim_step; DELETE FROM claim_line; DELETE FROM claim_seal; DELETE FROM outbox; DELETE FROM audit WHERE action = 'claim.build';
      UPDATE claim SET state = 'building', revision = 0, lines_hash = null, meals = 0, claimed_fen = 0`);
    await admin.end();
    await worked(() => until(async () => (await claims()).every(({ state }) => state === 'draft'), 'all claims are built', 15_000));
    expect(await claims()).toEqual(before);
  });
});
