import { LoadTargets, noteData } from '../../src/target/index.js';
import { bringCanteens } from '../support/canteens.js';
import { publishShipped } from '../support/publish-shipped.js';
import { CITY, StaffedCity } from '../support/staffed-city.js';
import { addDays, civilDate } from '../../src/kernel/index.js';

const CODE = 'liaocheng-2024-new-canteens';
const DONGCHANGFU = '371502';
const CHIPING = '371503';

let city: StaffedCity;
let officer: string;

beforeAll(async () => {
  city = await StaffedCity.start();
  await publishShipped(city);
  await city.add('county', ['countyOfficer'], CHIPING);
  officer = await city.tokenOf('county');
  await city.service.app.get(LoadTargets).load(CITY);
  await bringCanteens(city.service.parts, city.clock, CITY, [
    { divisionCode: DONGCHANGFU, life: 'open 2023-05-01' },
    { divisionCode: DONGCHANGFU, life: 'open 2024-02-10' },
    { divisionCode: CHIPING, life: 'open 2024-02-20, suspended 2024-08-01' },
    { divisionCode: CHIPING, life: 'open 2024-06-01, closed 2024-09-15' },
    { divisionCode: CHIPING, life: 'accepted 2024-06-01' },
    { divisionCode: CHIPING, life: 'open 2024-09-15', supplyMode: 'ruralHappinessHome' },
    { divisionCode: DONGCHANGFU, life: 'open 2024-03-01', kind: 'mealPoint' },
  ]);
});

afterAll(() => city.close());

describe('targets', () => {
  it('are those of the city, with their papers; loading them again changes nothing', async () => {
    const { status, body } = await city.call('GET', '/v1/targets', { token: officer });
    expect(status).toBe(200);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ code: CODE, required: 100, deadline: '2024-12-31', document: { number: '聊政办字〔2024〕11号' }, baseline: { number: 220, assumed: true } });
    expect(await city.service.app.get(LoadTargets).load(CITY)).toBe(0);
  });

  it('are counted for any day', async () => {
    const report = async (query: string) => (await city.call('GET', `/v1/targets/${CODE}/report${query}`, { token: officer })).body.report;
    expect(await report('?asOf=2024-07-31')).toMatchObject({ asOf: '2024-07-31', counted: 3, remaining: 97, openBefore: 1 });
    const now = await report('');
    expect(now).toMatchObject({ asOf: '2024-12-03', required: 100, counted: 2, remaining: 98, met: false, countedAtDeadline: null });
    expect(now.newSites).toEqual({ planned: 0, building: 0, accepted: 1, open: 2, suspended: 1, closed: 1 });
    expect(now.byCounty).toMatchObject([{ divisionCode: DONGCHANGFU, name: '东昌府区', counted: 1 }, { divisionCode: CHIPING, name: '茌平区', counted: 1 }]);
    expect(now.byMonth).toHaveLength(12);
    expect(now.steps.at(-1)).toEqual({ date: '2024-12-03', counted: 2 });
  });

  it('refuse strangers, unknown codes and days that do not exist', async () => {
    expect((await city.call('GET', '/v1/targets')).status).toBe(401);
    expect(await city.call('GET', '/v1/targets/nothing/report', { token: officer })).toMatchObject({ status: 404, body: { code: 'target-unknown' } });
    expect(await city.call('GET', `/v1/targets/${CODE}/report?asOf=2024-02-30`, { token: officer })).toMatchObject({ status: 400, body: { code: 'fields-wrong', errors: [{ field: 'asOf' }] } });
  });
});

describe('the public overview', () => {
  it('needs no log-in and shows the target, every county and what the data is', async () => {
    await city.service.parts.transactor.run((tx) => noteData(tx, CITY, [{ code: 'demo', kind: 'demo', sentence: '演示数据，不是真实记录。' }]));
    const { status, body } = await city.call('GET', `/v1/public/${CITY}/overview`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ city: { name: '聊城市', provinceName: '山东省' }, asOf: '2024-12-03', month: '2024-12', days: [], claims: [] });
    expect(body.notes).toContainEqual({ code: 'demo', kind: 'demo', sentence: '演示数据，不是真实记录。' });
    expect(body.notes).toContainEqual({ code: 'pack-liaocheng', kind: 'example', sentence: expect.stringContaining('未公布') });
    expect(body.targets[0].report.counted).toBe(2);
    expect(body.counties).toHaveLength(8);
    expect(body.counties.find((county: { divisionCode: string }) => county.divisionCode === CHIPING).states).toMatchObject({ open: 1, accepted: 1, suspended: 1, closed: 1 });
    expect((await city.call('GET', '/v1/public/cities')).body.items).toEqual([{ cityCode: CITY, name: '聊城市', provinceName: '山东省' }]);
  });

  it('answers for another day and month, and is kept for some seconds only for the same question', async () => {
    const asked = `/v1/public/${CITY}/overview?asOf=2024-07-31&month=2024-07`;
    const before = (await city.call('GET', asked)).body;
    expect(before).toMatchObject({ asOf: '2024-07-31', month: '2024-07', targets: [{ report: { counted: 3 } }] });
    await bringCanteens(city.service.parts, city.clock, CITY, [{ divisionCode: CHIPING, life: 'open 2024-07-01' }]);
    expect((await city.call('GET', asked)).body).toEqual(before);
    expect((await city.call('GET', `${asked.replace('07-31', '07-30')}`)).body.targets[0].report.counted).toBe(4);
  });

  it('refuses a city that is not here', async () => {
    expect(await city.call('GET', '/v1/public/110000/overview')).toMatchObject({ status: 404, body: { code: 'city-not-served' } });
  });
});

describe('a hundred openings', () => {
  it('meet the target on the day of the hundredth, and not before', async () => {
    const first = civilDate('2024-10-01');
    await bringCanteens(city.service.parts, city.clock, CITY, Array.from({ length: 97 }, (_, index) => ({ divisionCode: DONGCHANGFU, life: `open ${addDays(first, index % 60)}` })));
    const report = async (asOf: string) => (await city.call('GET', `/v1/targets/${CODE}/report?asOf=${asOf}`, { token: officer })).body.report;
    const { steps } = await report('2024-12-03');
    const hundredth = steps.find((step: { counted: number }) => step.counted >= 100).date as string;
    expect(await report(hundredth)).toMatchObject({ met: true, remaining: 0 });
    expect(await report(addDays(civilDate(hundredth), -1))).toMatchObject({ met: false });
  });
});

describe('the pages', () => {
  it('carry their headers of security, and answers of the API are kept by nobody', async () => {
    const page = await city.service.app.inject({ method: 'GET', url: '/' });
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' });
    const { headers } = await city.call('GET', '/v1/public/cities');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
});
