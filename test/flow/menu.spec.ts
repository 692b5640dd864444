import { randomUUID } from 'node:crypto';
import { CreateStaff, type NewPerson } from '../../src/access/index.js';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { loadCity } from '../../src/region/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const PASSWORD = 'Chun-feng 2024';
const clock = SettableClock.at(civilDate('2024-12-03'), 9 * 60);
const SITE = randomUUID();
const OTHER = randomUUID();
let database: TestDatabase;
let service: TestApp;
const tokens = new Map<string, string>();

async function call(method: 'GET' | 'POST', url: string, account: string | null, payload?: object) {
  const token = account === null ? undefined : tokens.get(account);
  const response = await service.app.inject({ method, url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` }, ...(payload ? { payload } : {}) });
  return { status: response.statusCode, body: response.json() };
}
const get = (url: string, account: string | null) => call('GET', url, account);
const post = (url: string, account: string, payload: object = {}) => call('POST', url, account, { id: randomUUID(), ...payload });

async function hire(account: string, roles: NewPerson['roles'], divisionCode: string, siteId: string | null = null): Promise<void> {
  const person = { id: randomUUID(), account, displayName: account, password: PASSWORD, roles, divisionCode, siteId };
  if (tokens.size === 0) await service.app.get(CreateStaff).runFirst(CITY, 'cli', person);
  else expect(await call('POST', '/v1/staff', 'security', person)).toMatchObject({ status: 201 });
  tokens.set(account, (await call('POST', '/v1/sessions', null, { account, password: PASSWORD })).body.token);
}

beforeAll(async () => {
  database = await freshDatabase();
  service = await startApp({ databaseUrl: database.ownerUrl, clock });
  await service.parts.transactor.run((tx) => loadCity(tx, CITY, clock));
  await hire('security', ['securityAdministrator'], CITY);
  await hire('county', ['countyOfficer'], '371502');
  for (const id of [SITE, OTHER]) {
    expect(await post('/v1/sites', 'county', {
      id, name: '示例食堂', kind: 'canteen', supplyMode: 'hungPlate', divisionCode: '371502001001', address: '示例路', seats: 30, premisesStatus: 'leased', plannedOn: '2024-06-01',
    })).toMatchObject({ status: 201 });
  }
  await hire('manager', ['canteenManager'], '371502001001', SITE);
  await hire('neighbour', ['canteenManager'], '371502001001', OTHER);
}, 60_000);

afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const dish = (itemCode: string, more: object = {}) => ({ itemCode, name: `菜 ${itemCode}`, kind: 'dish', components: [], marks: [], allergens: [], ...more });
const price = (itemCode: string, fen: number, more: object = {}) => ({ itemCode, mealPeriod: 'lunch', fen, elderSet: false, ...more });
const filed = { filingNumber: '东昌价备 7 号', filedOn: '2024-12-01' };

it('takes dishes and sets with their marks, and lets them be corrected', async () => {
  const save = (...dishes: object[]) => post(`/v1/sites/${SITE}/dishes`, 'manager', { dishes });
  expect(await save(dish('egg', { name: '鸡蛋羹', marks: ['softDiet'], allergens: ['eggs'] }), dish('rice'), dish('set-a', { kind: 'set', components: ['egg', 'rice'] }))).toMatchObject({ status: 201, body: { saved: 3 } });
  expect((await save(dish('egg'), dish('egg'))).body.code).toBe('item-repeated');
  expect((await save(dish('set-b', { kind: 'set' }))).body.code).toBe('set-empty');
  expect((await save(dish('set-b', { kind: 'set', components: ['fish'] }))).body).toMatchObject({ code: 'item-unknown', detail: { itemCode: 'fish' } });
  expect((await save(dish('set-a'))).body.code).toBe('item-kind-fixed');
  expect((await save(dish('x', { allergens: ['dust'] }))).body.code).toBe('fields-wrong');
  expect((await save(dish('x', { components: ['鱼'] }))).body.code).toBe('fields-wrong');
  expect((await save(dish('rice', { name: '软米饭', marks: ['softDiet'] }))).status).toBe(201);
  const page = await get(`/v1/sites/${SITE}/dishes?limit=2`, 'county');
  expect(page.body.items.map((row: { name: string }) => row.name)).toEqual(['鸡蛋羹', '软米饭']);
  expect((await get(`/v1/sites/${SITE}/dishes?cursor=${page.body.nextCursor}`, 'county')).body).toMatchObject({ items: [{ itemCode: 'set-a', components: ['egg', 'rice'] }], nextCursor: null });
  expect((await post(`/v1/sites/${SITE}/dishes`, 'neighbour', { dishes: [dish('egg')] })).body.code).toBe('outside-scope');
});

describe('prices', () => {
  const publish = (prices: object[], more: object = {}, account = 'manager') => post(`/v1/sites/${SITE}/price-lists`, account, { effectiveFrom: '2024-12-03', prices, ...more });

  it('are refused with a fraction of a fen, unfiled, above the cap, or for unknown items', async () => {
    expect((await publish([price('egg', 200.5)])).body).toMatchObject({ code: 'fields-wrong', errors: [{ field: 'prices.0.fen' }] });
    expect((await publish([price('fish', 200)])).body.code).toBe('item-unknown');
    expect((await publish([price('egg', 200, { elderSet: true })], filed)).body.code).toBe('elder-set-not-set');
    expect((await publish([price('set-a', 1300, { elderSet: true })])).body.code).toBe('filing-missing');
    expect((await publish([price('set-a', 1300, { elderSet: true })], { ...filed, filedOn: '2024-12-04' })).body.code).toBe('filing-too-late');
    const cap = { divisionCode: '371502', mealPeriod: 'lunch', fromDate: '2024-01-01', capFen: 1250, document: '示例文件' };
    expect((await post('/v1/price-caps', 'manager', cap)).status).toBe(403);
    expect((await post('/v1/price-caps', 'county', { ...cap, divisionCode: '371521' })).body.code).toBe('outside-scope');
    expect((await post('/v1/price-caps', 'county', cap)).status).toBe(201);
    expect((await post('/v1/price-caps', 'county', cap)).body.code).toBe('cap-taken');
    expect((await publish([price('set-a', 1300, { elderSet: true })], filed)).body).toMatchObject({ code: 'price-above-cap', title: expect.stringContaining('12.50 元') });
    expect((await get(`/v1/sites/${SITE}/price-lists/current`, 'manager')).body.code).toBe('price-list-none');
  });

  it('take effect by version and day', async () => {
    expect(await publish([price('set-a', 1250, { elderSet: true }), price('egg', 200)], filed)).toMatchObject({ status: 201, body: { version: 1 } });
    expect((await publish([price('egg', 250)])).body.code).toBe('price-list-not-after');
    expect(await publish([price('egg', 250)], { effectiveFrom: '2024-12-05' })).toMatchObject({ body: { version: 2 } });
    const current = async (date: string) => (await get(`/v1/sites/${SITE}/price-lists/current?date=${date}`, 'manager')).body;
    expect(await current('2024-12-04')).toMatchObject({ version: 1, effectiveTo: '2024-12-04', prices: [{ itemCode: 'egg', fen: 200 }, { itemCode: 'set-a', fen: 1250, elderSet: true }] });
    expect(await current('2024-12-05')).toMatchObject({ version: 2, effectiveTo: null });
    expect((await get(`/v1/sites/${SITE}/price-lists/current`, 'neighbour')).body.code).toBe('outside-scope');
  });
});

it('publishes a week, publishes it again, and shows anybody the latest with prices', async () => {
  const publish = (entries: object[], monday = '2024-12-02') => post(`/v1/sites/${SITE}/menus`, 'manager', { monday, entries });
  const lunch = { mealDate: '2024-12-04', mealPeriod: 'lunch', itemCode: 'set-a', portions: 60 };
  expect((await publish([lunch], '2024-12-03')).body.code).toBe('menu-monday-wrong');
  expect((await publish([{ ...lunch, mealDate: '2024-12-09' }])).body.code).toBe('menu-day-outside');
  expect((await publish([{ ...lunch, mealDate: '2024-11-26' }], '2024-11-25')).body.code).toBe('menu-week-over');
  expect((await publish([{ ...lunch, itemCode: 'fish' }])).body.code).toBe('item-unknown');
  expect((await publish([lunch])).body).toMatchObject({ revision: 1 });
  expect((await publish([{ ...lunch, portions: 80 }, { ...lunch, itemCode: 'rice' }])).body).toMatchObject({ revision: 2 });
  const { body } = await get(`/v1/public/${CITY}/sites/${SITE}/menu?date=2024-12-04`, null);
  expect(body.items).toEqual([
    expect.objectContaining({ itemCode: 'set-a', portions: 80, fen: 1250, elderSet: true, components: ['egg', 'rice'] }),
    expect.objectContaining({ itemCode: 'rice', name: '软米饭', fen: null, elderSet: false }),
  ]);
  expect((await get(`/v1/public/${CITY}/sites/${SITE}/menu`, null)).body.items).toEqual([]);
  expect((await get(`/v1/public/${CITY}/sites/${randomUUID()}/menu`, null)).status).toBe(404);
});
