import request from 'supertest';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { loadCity } from '../../src/region/index.js';
import { LoadTargets } from '../../src/target/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { bringCanteens } from '../support/canteens.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const clock = SettableClock.at(civilDate('2024-12-31'), 12 * 60);

let database: TestDatabase;
let service: TestApp;

beforeAll(async () => {
  database = await freshDatabase();
  service = await startApp({ databaseUrl: database.ownerUrl, clock });
  await service.parts.transactor.run((tx) => loadCity(tx, CITY, clock));
  await service.app.get(LoadTargets).load(CITY);
  await bringCanteens(service.parts, clock, CITY, [{ divisionCode: '371502', life: 'open 2024-03-01' }, { divisionCode: '371521', life: 'open 2023-03-01' }]);
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const ask = () => request(service.app.getHttpServer());

describe('what anybody may read', () => {
  it.each([
    ['/v1/public/cities', 'items'],
    [`/v1/public/${CITY}/overview`, 'targets'],
    [`/v1/public/${CITY}/sites`, 'items'],
    [`/v1/public/${CITY}/policies`, 'items'],
    ['/v1/packs', 'items'],
    ['/openapi.json', 'paths'],
  ])('GET %s answers without a log-in', async (path, key) => {
    const answer = await ask().get(path).expect(200).expect('content-type', /json/);
    expect(answer.body).toHaveProperty(key);
  });

  it('names canteens, and nobody who works for them or is paid for them', async () => {
    const { body } = await ask().get(`/v1/public/${CITY}/sites`).expect(200);
    const sites = body as { items: Record<string, unknown>[] };
    expect(sites.items).toHaveLength(2);
    const allowed = ['siteId', 'name', 'kind', 'state', 'divisionCode', 'address', 'seats', 'longitude', 'latitude', 'hours'];
    for (const site of sites.items) expect(Object.keys(site).filter((key) => !allowed.includes(key))).toEqual([]);
  });

  it('pages with a cursor until the end, each canteen once', async () => {
    const first = (await ask().get(`/v1/public/${CITY}/sites?limit=1`).expect(200)).body as { items: { siteId: string }[]; nextCursor: string };
    const second = (await ask().get(`/v1/public/${CITY}/sites?limit=1&cursor=${first.nextCursor}`).expect(200)).body as { items: { siteId: string }[]; nextCursor: null };
    expect(new Set([...first.items, ...second.items].map((site) => site.siteId)).size).toBe(2);
    expect(second.nextCursor).toBeNull();
  });

  it('counts the target of the paper on the asked day', async () => {
    const { body } = await ask().get(`/v1/public/${CITY}/overview?asOf=2024-12-31`).expect(200);
    const [target] = (body as { targets: { report: { required: number; counted: number } }[] }).targets;
    expect(target?.report).toMatchObject({ required: 100, counted: 1 });
  });

  it('knows no other city', async () => {
    const answer = await ask().get('/v1/public/530500/overview').expect(404).expect('content-type', /problem\+json/);
    expect(answer.body).toMatchObject({ code: 'city-not-served', status: 404 });
  });
});
