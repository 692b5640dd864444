import { randomUUID } from 'node:crypto';
import { CreateStaff } from '../../src/access/index.js';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { loadCity } from '../../src/region/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const PASSWORD = 'Chun-feng 2024';
const clock = SettableClock.at(civilDate('2024-12-03'), 9 * 60);
let database: TestDatabase;
let service: TestApp;
let token: string;

const facts = {
  elder: { born: '1947-03-03', hukouCode: '371502001', residenceCode: null, categories: [], careHomeStays: [], died: null },
  site: { kind: 'canteen', supplyMode: null, divisionCode: '371525' },
  meal: { date: '2024-12-03', period: 'lunch', priceFen: 1200 },
  uses: [],
};

async function call(method: 'GET' | 'POST', url: string, payload?: object, bearer?: string) {
  const response = await service.app.inject({ method, url, headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }, ...(payload ? { payload } : {}) });
  return { status: response.statusCode, body: response.json() };
}

beforeAll(async () => {
  database = await freshDatabase();
  service = await startApp({ databaseUrl: database.ownerUrl, clock });
  await service.parts.transactor.run((tx) => loadCity(tx, '371500', clock));
  const person = { id: randomUUID(), account: 'security', displayName: 'security', password: PASSWORD, roles: ['securityAdministrator' as const], divisionCode: '371500', siteId: null };
  await service.app.get(CreateStaff).runFirst('371500', 'cli', person);
  token = (await call('POST', '/v1/sessions', { account: 'security', password: PASSWORD })).body.token;
}, 60_000);
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

test('anybody reads the packs, their versions, sources and what is assumed', async () => {
  const { body } = await call('GET', '/v1/packs');
  expect(body.items.map((item: { pack: string }) => item.pack)).toEqual(['guangzhou', 'jianye', 'jurong', 'liaocheng', 'shenzhen', 'tianjin', 'zhengguo']);
  expect((await call('GET', '/v1/packs/tianjin')).body.versions.map((version: { from: string }) => version.from)).toEqual(['2019-01-01', '2022-01-01', '2024-05-17']);
  const liaocheng = (await call('GET', '/v1/packs/liaocheng')).body;
  expect(liaocheng.versions[0]).toMatchObject({ sample: expect.stringContaining('样例'), assumed: true, rules: [{ classes: [{ amount: '1.00元' }, { amount: '2.00元' }, {}, {}] }] });
  expect(await call('GET', '/v1/packs/nowhere')).toMatchObject({ status: 404, body: { code: 'pack-unknown' } });
});

test('staff try facts and hear why; nobody else does', async () => {
  expect(await call('POST', '/v1/packs/liaocheng/explain', facts)).toMatchObject({ status: 401 });
  const { status, body } = await call('POST', '/v1/packs/liaocheng/explain', facts, token);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    subsidyFen: 200, selfPayFen: 1000, refusal: null, forElder: '原价12元，市补1元，县补1元，您付10元',
    funding: [{ funder: 'city', fen: 100, division: '371500' }, { funder: 'county', fen: 100, division: '371525' }],
  });
  expect((await call('POST', '/v1/packs/liaocheng/explain', { ...facts, elder: null }, token)).body.refusal).toBe('guest');
});

test('wrong facts are named field by field', async () => {
  const wrong = { ...facts, meal: { ...facts.meal, priceFen: 12.5, colour: 'red' } };
  const { status, body } = await call('POST', '/v1/packs/liaocheng/explain', wrong, token);
  expect([status, body.code]).toEqual([400, 'fields-wrong']);
  expect(body.errors.map((error: { field: string }) => error.field).sort()).toEqual(['meal.colour', 'meal.priceFen']);
});
