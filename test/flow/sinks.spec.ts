import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openApi } from '../../src/app.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { JobBoard, JobRunner, Metrics, openLog } from '../../src/platform/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { TappingCity } from '../support/tapping-city.js';

/** Somebody whose every word would be noticed. */
const FIRST_17 = '37150219311212433';
const CANARY = { name: '卡纳瑞', identityNumber: FIRST_17 + checkDigit(FIRST_17), phone: '13987654321', cardNumber: 'LCCANARY01' };
const CONTACT = { name: '卡纳瑞之女', phone: '13712345678' };
const SEEDS = [CANARY.name, CANARY.identityNumber, FIRST_17, CANARY.phone, CANARY.cardNumber, CONTACT.phone];

/** Tables that others than the registry's users read, or that leave the house: jobs, audit, alerts, reports, money. */
const SINKS = ['outbox', 'audit', 'alert', 'proof_run', 'deed', 'tap_claim', 'meal', 'ledger_transfer', 'claim', 'claim_line', 'claim_step'];

let city: TappingCity;
/** A second process' worth of the service, with a log that can be read. */
let service: TestApp;
let owner: pg.Client;
const lines: string[] = [];

beforeAll(async () => {
  city = await TappingCity.start();
  const { ownerUrl } = city.service.ground;
  service = await startApp({ databaseUrl: ownerUrl, clock: city.clock, log: openLog('trace', (line) => void lines.push(line)) });
  owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await service?.close();
  await city?.close();
});

async function post(url: string, body: object) {
  const response = await service.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${city.county}` }, payload: body });
  return { status: response.statusCode, body: response.json() };
}

describe('I25: an elder’s identity, telephone and card number', () => {
  it('are in no log, job, queue, audit row, alert or metric, whatever is done with them', async () => {
    const registered = await post('/v1/elders', { id: randomUUID(), ...CANARY, residenceCode: '371502001' });
    expect(registered.status).toBe(200);
    const { elderId, cardId } = registered.body;
    expect((await post('/v1/elders', { id: randomUUID(), ...CANARY, name: '卡纳瑞甲' })).status).toBeGreaterThanOrEqual(400);
    expect((await post(`/v1/elders/${elderId}/contacts`, { id: randomUUID(), ...CONTACT, relation: 'child', emergency: true })).status).toBeLessThan(500);
    await post('/v1/elders/search', { identityNumber: CANARY.identityNumber });
    const till = await city.till();
    const send = (body: object) => till.send('/v1/taps', body, service.app);
    const tap = await send(till.body({ card: CANARY.cardNumber }));
    expect(tap).toMatchObject({ status: 200, body: { outcome: 'accepted', subsidyFen: 400 } });
    expect((await send({ ...till.body({ card: CANARY.cardNumber }), id: tap.body.tapId })).status).toBe(409);
    expect((await send({ ...till.body({ card: CANARY.cardNumber }), items: CANARY.phone })).status).toBe(400);
    await post(`/v1/cards/${cardId}/events`, { id: randomUUID(), kind: 'lost', reason: '遗失' });
    const { parts, app, ground } = service;
    const runner = new JobRunner({ ...parts, transactor: parts.jobTransactor, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 100 } });
    await owner.query(`INSERT INTO outbox (city_code, job, job_key, payload, staged_at) VALUES ('371500', 'proof.nightly', '2024-12-03', '{"date": "2024-12-03"}', now())`);
    await runner.start();
    await runner.waitUntilIdle();
    await runner.stop();

    const queue = (await owner.query<{ name: string }>(`SELECT 'bullmq.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq'`)).rows.map(({ name }) => name);
    expect(queue.length).toBeGreaterThan(0);
    const found: string[] = [];
    for (const table of [...SINKS, ...queue]) {
      const { rows } = await owner.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
      for (const seed of SEEDS) if (rows.some(({ row }) => row.includes(seed))) found.push(`${table}: ${seed}`);
    }
    const figures = await app.get(Metrics).text();
    expect(figures).toContain('xingfu_taps_total{outcome="accepted",way="online"} 1');
    expect(figures).toContain('xingfu_tap_conflicts_total{code="tap-id-taken",way="online"} 1');
    for (const seed of [...SEEDS, elderId, tap.body.tapId]) if (figures.includes(seed)) found.push(`metrics: ${seed}`);
    expect(lines.some((line) => line.includes('"route":"/v1/taps"'))).toBe(true);
    for (const seed of [...SEEDS, '[phone]', '[id-number]']) if (lines.some((line) => line.includes(seed))) found.push(`log: ${seed}`);
    expect(found).toEqual([]);
  });

  it('have no place in any address', () => {
    const { paths } = openApi(service.app);
    const names = Object.values(paths).flatMap((methods) => Object.values(methods as Record<string, { parameters?: { name: string }[] }>).flatMap(({ parameters = [] }) => parameters.map(({ name }) => name)));
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => /identity|^name$|phone$|cardNumber/i.test(name))).toEqual([]);
  });
});
