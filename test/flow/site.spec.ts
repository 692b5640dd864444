import { randomUUID } from 'node:crypto';
import { CreateStaff, verifyAuditChain, type NewPerson } from '../../src/access/index.js';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { loadCity } from '../../src/region/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const VILLAGE = '371502001001';
const PASSWORD = 'Chun-feng 2024';
const clock = SettableClock.at(civilDate('2024-12-03'), 9 * 60);
let database: TestDatabase;
let service: TestApp;
const tokens = new Map<string, string>();

async function call(method: 'GET' | 'POST', url: string, account: string | null, payload?: object) {
  const token = account === null ? undefined : tokens.get(account);
  const response = await service.app.inject({ method, url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` }, ...(payload ? { payload } : {}) });
  return { status: response.statusCode, body: response.json(), text: response.body };
}
const get = (url: string, account: string | null) => call('GET', url, account);
const post = (url: string, account: string, payload: object = {}) => call('POST', url, account, { id: randomUUID(), ...payload });

async function logIn(account: string): Promise<void> {
  const { body } = await call('POST', '/v1/sessions', null, { account, password: PASSWORD });
  tokens.set(account, body.token);
}

async function hire(account: string, roles: NewPerson['roles'], divisionCode: string, siteId: string | null = null): Promise<void> {
  const person = { id: randomUUID(), account, displayName: account, password: PASSWORD, roles, divisionCode, siteId };
  if (tokens.size === 0) await service.app.get(CreateStaff).runFirst(CITY, 'cli', person);
  else expect(await call('POST', '/v1/staff', 'security', person)).toMatchObject({ status: 201 });
  await logIn(account);
}

const siteForm = (more: object = {}) => ({
  id: randomUUID(), name: '古城幸福食堂', kind: 'canteen', supplyMode: 'newOrConverted', divisionCode: VILLAGE, address: '古城社区 1 号', seats: 40,
  longitude: 115.98, latitude: 36.45, premisesStatus: 'collective', plannedOn: '2024-06-01', ...more,
});

async function plan(more: object = {}): Promise<string> {
  const { status, body } = await post('/v1/sites', 'street', siteForm(more));
  expect(status).toBe(201);
  return body.siteId;
}

async function operator(name = '示例餐饮'): Promise<string> {
  return (await post('/v1/operators', 'street', { name })).body.operatorId;
}

/** A site that serves: licensed, approved, run by an operator and open since a day. */
async function openSite(onDate = '2024-09-01', more: object = {}): Promise<string> {
  const siteId = await plan(more);
  await post(`/v1/sites/${siteId}/operator`, 'street', { operatorId: await operator(), fromDate: '2024-07-01' });
  for (const kind of ['foodLicence', 'fireApproval']) await post(`/v1/sites/${siteId}/papers`, 'street', { kind, number: `JY-${kind}`, validFrom: '2024-07-01', validTo: '2024-12-31' });
  for (const kind of ['building', 'accepted', 'open']) {
    expect(await post(`/v1/sites/${siteId}/events`, 'county', { kind, onDate })).toMatchObject({ status: 201 });
  }
  return siteId;
}

beforeAll(async () => {
  database = await freshDatabase();
  service = await startApp({ databaseUrl: database.ownerUrl, clock });
  await service.parts.transactor.run((tx) => loadCity(tx, CITY, clock));
  await hire('security', ['securityAdministrator'], CITY);
  await hire('city', ['cityOfficer'], CITY);
  await hire('county', ['countyOfficer'], '371502');
  await hire('county2', ['countyOfficer'], '371502');
  await hire('other', ['countyOfficer'], '371521');
  await hire('street', ['townshipOfficer'], '371502001');
  await hire('regulator', ['marketRegulator'], '371502');
}, 60_000);

afterAll(async () => {
  await service?.close();
  await database?.drop();
});

describe('divisions and purses', () => {
  it('are listed page by page', async () => {
    const first = await get('/v1/divisions?limit=5', 'street');
    expect(first.body.items.map((row: { name: string }) => row.name)).toEqual(['东昌府区', '茌平区', '阳谷县', '莘县', '茌平县']);
    const rest = await get(`/v1/divisions?limit=5&cursor=${first.body.nextCursor}`, 'street');
    expect(rest.body.items).toHaveLength(4);
    expect(rest.body.nextCursor).toBeNull();
    expect((await get(`/v1/divisions/${VILLAGE}`, 'street')).body).toMatchObject({ level: 'community', path: [{ name: '山东省' }, { name: '聊城市' }, { name: '东昌府区' }, { name: '古楼街道' }, {}] });
    expect(await get('/v1/divisions/110101', 'street')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await get('/v1/divisions?cursor=nonsense', 'street')).toMatchObject({ status: 400, body: { code: 'cursor-wrong' } });
    expect(await get('/v1/divisions', null)).toMatchObject({ status: 401 });
  });

  it('shows purses inside the scope only', async () => {
    expect((await get('/v1/funders?kind=county', 'other')).body.items.map((row: { funderCode: string }) => row.funderCode)).toEqual(['county@371521']);
    expect((await get('/v1/funders?kind=county', 'city')).body.items).toHaveLength(9);
  });
});

describe('a site', () => {
  it('goes from plan to closing, and its state follows from its events', async () => {
    const siteId = await openSite();
    expect((await get(`/v1/sites/${siteId}`, 'street')).body).toMatchObject({
      state: 'open', licenceValid: true, path: ['370000', CITY, '371502', '371502001', VILLAGE],
      events: [{ kind: 'planned' }, { kind: 'building' }, { kind: 'accepted' }, { kind: 'open', onDate: '2024-09-01' }],
    });
    expect(await post(`/v1/sites/${siteId}/events`, 'regulator', { kind: 'suspended', onDate: '2024-11-05', reason: '证照公示不全' })).toMatchObject({ status: 201, body: { state: 'suspended', eventNo: 5 } });
    expect(await post(`/v1/sites/${siteId}/events`, 'county', { kind: 'resumed', onDate: '2024-11-08' })).toMatchObject({ body: { state: 'open' } });
    expect(await post(`/v1/sites/${siteId}/events`, 'county', { kind: 'closed', onDate: '2024-12-31', reason: '租约到期' })).toMatchObject({ body: { state: 'closed' } });
    const stateOn = async (date: string) => (await get(`/v1/sites?date=${date}&limit=500`, 'street')).body.items.find((row: { siteId: string }) => row.siteId === siteId).state;
    expect([await stateOn('2024-08-31'), await stateOn('2024-11-07'), await stateOn('2024-12-30'), await stateOn('2024-12-31')]).toEqual(['planned', 'suspended', 'open', 'closed']);
    expect(await post(`/v1/sites/${siteId}/events`, 'county', { kind: 'open', onDate: '2024-12-31' })).toMatchObject({ status: 409, body: { code: 'site-move-forbidden', title: expect.stringContaining('关停') } });
  });

  it('answers a repeat as at first, and refuses another body under the same id', async () => {
    const form = siteForm();
    const first = await post('/v1/sites', 'street', form);
    expect(await post('/v1/sites', 'street', form)).toMatchObject({ status: 201, body: first.body });
    expect(await post('/v1/sites', 'street', { ...form, seats: 41 })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
  });

  it.each([
    ['division-unknown', { divisionCode: '371502999' }], ['division-too-wide', { divisionCode: '371502' }], ['division-retired', { divisionCode: '371523' }],
    ['outside-scope', { divisionCode: '371521001' }], ['position-incomplete', { longitude: null }], ['event-in-future', { plannedOn: '2024-12-04' }],
    ['fields-wrong', { seats: 1.5 }], ['fields-wrong', { kind: 'restaurant' }], ['fields-wrong', { stars: 5 }], ['fields-wrong', { plannedOn: '2024-02-30' }],
  ])('is refused with %s for %j', async (code, wrong) => {
    expect((await post('/v1/sites', 'street', siteForm(wrong))).body).toMatchObject({ code, title: expect.stringMatching(/[一-龥]/) });
  });

  it('opens only with operator, licence and fire approval', async () => {
    const siteId = await plan({ supplyMode: 'newOrConverted' });
    const open = () => post(`/v1/sites/${siteId}/events`, 'county', { kind: 'open', onDate: '2024-12-02' });
    expect((await open()).body.code).toBe('site-move-forbidden');
    await post(`/v1/sites/${siteId}/events`, 'county', { kind: 'accepted', onDate: '2024-11-01' });
    expect((await open()).body.code).toBe('operator-missing');
    await post(`/v1/sites/${siteId}/operator`, 'street', { operatorId: await operator(), fromDate: '2024-12-02' });
    expect((await open()).body.code).toBe('licence-missing');
    await post(`/v1/sites/${siteId}/papers`, 'street', { kind: 'foodLicence', number: 'A', validFrom: '2023-12-02', validTo: '2024-12-01' });
    expect((await open()).body.code).toBe('licence-missing');
    await post(`/v1/sites/${siteId}/papers`, 'street', { kind: 'foodLicence', number: 'B', validFrom: '2024-12-02' });
    expect((await open()).body.code).toBe('fire-approval-missing');
    await post(`/v1/sites/${siteId}/papers`, 'street', { kind: 'fireApproval', number: 'C', validFrom: '2024-12-01' });
    expect(await open()).toMatchObject({ status: 201 });
  });

  it('takes events in order and from those who may record them', async () => {
    const siteId = await plan();
    const event = (account: string, kind: string, onDate: string) => post(`/v1/sites/${siteId}/events`, account, { kind, onDate }).then(({ body }) => body.code ?? body.state);
    expect(await event('street', 'accepted', '2024-07-01')).toBe('site-event-role');
    expect(await event('county', 'building', '2024-05-31')).toBe('event-before-last');
    expect(await event('county', 'building', '2024-12-04')).toBe('event-in-future');
    expect(await event('other', 'building', '2024-07-01')).toBe('outside-scope');
    expect(await event('regulator', 'building', '2024-07-01')).toBe('site-event-role');
    expect(await event('street', 'building', '2024-07-01')).toBe('building');
    expect((await post(`/v1/sites/${randomUUID()}/events`, 'county', { kind: 'building', onDate: '2024-07-01' })).body.code).toBe('not-found');
  });

  it('is listed inside the scope only, page by page', async () => {
    await plan();
    await plan();
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { body: { items: { siteId: string }[]; nextCursor: string | null } } = await get(`/v1/sites?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`, 'county');
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      ids.push(...page.body.items.map((row) => row.siteId));
      cursor = page.body.nextCursor;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe((await get('/v1/sites?limit=500', 'county')).body.items.length);
    expect((await get('/v1/sites', 'other')).body.items).toEqual([]);
    expect((await get('/v1/sites?division=371502', 'other')).body.code).toBe('outside-scope');
    expect((await get(`/v1/sites/${ids[0]}`, 'other')).body.code).toBe('outside-scope');
    expect((await get('/v1/sites?state=planned&limit=500', 'city')).body.items.every((row: { state: string }) => row.state === 'planned')).toBe(true);
  });

  it('shows a manager their own site alone', async () => {
    const siteId = await plan();
    const another = await plan();
    await hire('manager', ['canteenManager'], VILLAGE, siteId);
    expect((await get('/v1/sites', 'manager')).body.items.map((row: { siteId: string }) => row.siteId)).toEqual([siteId]);
    expect((await get(`/v1/sites/${another}`, 'manager')).body.code).toBe('outside-scope');
    expect((await get(`/v1/sites/${siteId}`, 'manager')).status).toBe(200);
  });
});

describe('operators and payees', () => {
  it('checks the credit code and knows an operator again', async () => {
    const creditCode = '91350100M000100Y43';
    expect((await post('/v1/operators', 'street', { name: '甲', creditCode: '91350100M000100Y44' })).body.code).toBe('credit-code-wrong');
    expect(await post('/v1/operators', 'street', { name: '甲', creditCode: creditCode.toLowerCase() })).toMatchObject({ status: 201, body: { creditCode } });
    expect((await post('/v1/operators', 'county', { name: '乙', creditCode })).body.code).toBe('operator-known');
    expect((await get('/v1/operators', 'county')).body.items.some((row: { creditCode: string }) => row.creditCode === creditCode)).toBe(true);
  });

  it('changes the operator of a site from a day on', async () => {
    const siteId = await openSite();
    const next = await operator('接手餐饮');
    expect(await post(`/v1/sites/${siteId}/operator`, 'county', { operatorId: next, fromDate: '2024-12-16', reason: '合同到期' })).toMatchObject({ status: 201 });
    expect((await post(`/v1/sites/${siteId}/operator`, 'county', { operatorId: next, fromDate: '2024-12-16' })).body.code).toBe('tenure-not-after');
    expect((await post(`/v1/sites/${siteId}/operator`, 'county', { operatorId: randomUUID(), fromDate: '2024-12-20' })).body.code).toBe('operator-unknown');
    const on = async (date: string) => (await get(`/v1/sites?date=${date}&limit=500`, 'county')).body.items.find((row: { siteId: string }) => row.siteId === siteId).operatorId;
    expect(await on('2024-12-15')).not.toBe(next);
    expect(await on('2024-12-16')).toBe(next);
  });

  it('keeps an account sealed, shows its tail, and knows it again', async () => {
    const account = '6222 0216 1100 0012 345';
    const { body, text } = await post('/v1/payees', 'street', { name: '古楼街道财政所', bankName: '某银行', account });
    expect(body).toMatchObject({ accountTail: '2345' });
    expect(text).not.toContain('0216');
    expect((await post('/v1/payees', 'county', { name: '别名', bankName: '某银行', account: account.replaceAll(' ', '') })).body.code).toBe('payee-known');
    expect((await post('/v1/payees', 'county', { name: '别名', bankName: '某银行', account: '1234-ABCD' })).body.code).toBe('bank-account-wrong');
    const dump = await service.parts.transactor.run((tx) => tx.query<{ dump: string }>("SELECT string_agg(t::text, '') AS dump FROM (SELECT p::text AS t FROM site_payee p UNION ALL SELECT d::text FROM deed d) t"));
    expect(dump[0]?.dump).toContain('古楼街道财政所');
    expect(dump[0]?.dump).not.toContain('6222021611000012345');
    expect(dump[0]?.dump).not.toContain('6222 0216');
  });

  it('takes two people to change whose account the money goes to', async () => {
    const siteId = await plan();
    const { payeeId } = (await post('/v1/payees', 'county', { name: '村集体', bankName: '某银行', account: '955990001' })).body;
    const proposed = await post(`/v1/sites/${siteId}/payee`, 'county', { payeeId, fromDate: '2024-12-01' });
    const { routeId } = proposed.body;
    const payeeNow = async () => (await get(`/v1/sites/${siteId}`, 'county')).body.payeeId;
    expect(await payeeNow()).toBeNull();
    const confirm = (account: string, route = routeId) => post(`/v1/sites/${siteId}/payee/confirmation`, account, { routeId: route });
    expect((await confirm('county')).body.code).toBe('maker-is-checker');
    expect((await confirm('street')).body.code).toBe('not-allowed');
    expect((await confirm('county2', randomUUID())).body.code).toBe('payee-not-proposed');
    expect(await payeeNow()).toBeNull();
    expect(await confirm('county2')).toMatchObject({ status: 201, body: { routeId } });
    expect(await payeeNow()).toBe(payeeId);
    expect((await confirm('city')).body.code).toBe('payee-confirmed-already');
    expect((await post(`/v1/sites/${siteId}/payee`, 'street', { payeeId, fromDate: '2024-12-01' })).body.code).toBe('tenure-not-after');
  });
});

describe('inspections and hours', () => {
  it('may suspend a site on the day of an inspection', async () => {
    const siteId = await openSite();
    const inspect = (more: object, account = 'regulator') => post(`/v1/sites/${siteId}/inspections`, account, { onDate: '2024-12-02', result: 'failed', findings: '留样不足', suspended: true, ...more });
    expect((await inspect({}, 'county')).status).toBe(403);
    expect((await inspect({ onDate: '2024-12-04' })).body.code).toBe('inspection-in-future');
    expect((await inspect({})).status).toBe(201);
    expect((await get(`/v1/sites/${siteId}`, 'county')).body).toMatchObject({ state: 'suspended', inspections: [{ result: 'failed', suspended: true }] });
    // A second suspension cannot follow, and then the inspection is not half written either.
    expect((await inspect({})).body.code).toBe('site-move-forbidden');
    expect((await get(`/v1/sites/${siteId}`, 'county')).body.inspections).toHaveLength(1);
  });

  it('keeps meal periods apart', async () => {
    const siteId = await openSite();
    const lunch = { mealPeriod: 'lunch', fromMinute: 660, toMinute: 810 };
    const set = (hours: object[], fromDate = '2024-12-01') => post(`/v1/sites/${siteId}/hours`, 'street', { fromDate, hours });
    expect((await set([lunch, { mealPeriod: 'dinner', fromMinute: 800, toMinute: 1000 }])).body.code).toBe('hours-overlap');
    expect((await set([lunch, lunch])).body.code).toBe('hours-repeated');
    expect((await set([{ ...lunch, toMinute: 600 }])).body.code).toBe('hours-backwards');
    expect((await set([lunch])).status).toBe(201);
    expect((await set([lunch])).body.code).toBe('hours-taken');
    expect((await set([{ ...lunch, toMinute: 780 }], '2025-01-01')).status).toBe(201);
    expect((await get(`/v1/sites/${siteId}`, 'county')).body.hours).toEqual([lunch]);
  });
});

describe('what anybody may see', () => {
  it('is where one may eat, and nobody’s name, account or operator', async () => {
    const siteId = await openSite('2024-09-01', { name: '公开食堂' });
    await plan({ name: '规划中的食堂' });
    const { body, text } = await get(`/v1/public/${CITY}/sites?limit=500`, null);
    const shown = body.items.find((row: { siteId: string }) => row.siteId === siteId);
    expect(Object.keys(shown).sort()).toEqual(['address', 'divisionCode', 'hours', 'kind', 'latitude', 'longitude', 'name', 'seats', 'siteId', 'state']);
    expect(text).not.toContain('规划中的食堂');
    expect((await get(`/v1/public/${CITY}/sites?division=371521`, null)).body.items).toEqual([]);
    expect((await get('/v1/public/371600/sites', null)).body.items).toEqual([]);
    expect((await get('/v1/public/abc/sites', null)).status).toBe(400);
  });
});

it('leaves a chain of audit rows behind every change of rights and money', async () => {
  const { chain, actions } = await service.parts.transactor.run(async (tx) => ({
    chain: await verifyAuditChain(tx, CITY),
    actions: (await tx.query<{ action: string }>('SELECT DISTINCT action FROM audit WHERE city_code = $1', [CITY])).map((row) => row.action),
  }));
  expect(chain.brokenAt).toBeNull();
  expect(actions).toEqual(expect.arrayContaining(['site.open', 'site.suspended', 'site.closed', 'site.operator', 'site.payee.propose', 'site.payee.confirm', 'payee.register', 'site.paper.foodLicence']));
});
