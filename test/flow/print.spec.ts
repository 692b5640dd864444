import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { addDays, civilDate } from '../../src/kernel/index.js';
import { linesOf, readPdf, type Stretch } from '../support/pdf-text.js';
import { MINUTE, TappingCity } from '../support/tapping-city.js';

const MONDAY = civilDate('2024-12-02');
/** A4 in points, with a margin that every printer keeps. */
const PAGE = { width: 595, height: 842, edge: 36 };
const SMALLEST = 16;

let city: TappingCity;
let siteId: string;
let manager: string;
let worker: string;
let elsewhere: string;
let elder: { elderId: string; card: string };

const post = (url: string, token: string, body: object) => city.staffed.call('POST', url, { token, body: { id: randomUUID(), ...body } });

async function pdf(url: string, token: string, body?: object): Promise<{ status: number; type: string; bytes: Buffer }> {
  const response = await city.service.app.inject({ method: body === undefined ? 'GET' : 'POST', url, headers: { authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { payload: body }) });
  return { status: response.statusCode, type: String(response.headers['content-type']), bytes: response.rawPayload };
}

/** Reads a paper that was answered, and looks whether it is one for weak eyes. */
async function paper(url: string, token: string, body?: object): Promise<{ lines: string[]; stretches: Stretch[] }> {
  const { status, type, bytes } = await pdf(url, token, body);
  expect([status, type]).toEqual([200, 'application/pdf']);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  if (process.env['KEEP_PAPERS'] !== undefined) writeFileSync(`${process.env['KEEP_PAPERS']}/${/[\w-]+(?=\.pdf|$)/.exec(url.split('?')[0] ?? '')?.[0] ?? 'paper'}.pdf`, bytes);
  const stretches = readPdf(bytes);
  for (const { x, y, size } of stretches) {
    expect(size).toBeGreaterThanOrEqual(SMALLEST);
    expect(Math.min(x, PAGE.width - x, y, PAGE.height - y)).toBeGreaterThanOrEqual(PAGE.edge);
  }
  return { lines: linesOf(stretches), stretches };
}

beforeAll(async () => {
  city = await TappingCity.start();
  siteId = city.sites[0] as string;
  await city.staffed.add('manager', ['canteenManager'], '371502', siteId);
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  await city.staffed.add('elsewhere', ['communityWorker'], '371502002');
  elder = await city.elder();
  [manager, worker, elsewhere] = [await city.staffed.tokenOf('manager'), await city.staffed.tokenOf('worker'), await city.staffed.tokenOf('elsewhere')];
  expect((await city.staffed.call('PUT', `/v1/sites/${siteId}/phone`, { token: manager, body: { id: randomUUID(), phone: '0635-0000001' } })).status).toBe(200);
  const dish = (itemCode: string, name: string, more: object = {}) => ({ itemCode, name, kind: 'dish', components: [], marks: [], allergens: [], ...more });
  const dishes = [dish('rice', '米饭'), dish('bun', '馒头'), dish('beef', '土豆炖牛肉'), dish('eggplant', '花生烧茄子', { allergens: ['peanuts', 'soya'] }), dish('greens', '蒜蓉青菜')];
  expect((await post(`/v1/sites/${siteId}/dishes`, manager, { dishes })).status).toBe(201);
  expect((await post(`/v1/sites/${siteId}/dishes`, manager, { dishes: [{ ...dish('set', '老人套餐'), kind: 'set', components: ['rice', 'beef', 'eggplant', 'greens'], marks: ['lowSalt', 'softDiet'] }] })).status).toBe(201);
  const entries = [0, 1, 2, 3, 4].flatMap((days) => (['lunch', 'dinner'] as const).map((mealPeriod) => ({ mealDate: addDays(MONDAY, days), mealPeriod, itemCode: 'set', portions: 60 })));
  expect((await post(`/v1/sites/${siteId}/menus`, manager, { monday: MONDAY, entries })).status).toBe(201);
  const [here, there] = [await city.till(0), await city.till(1)];
  expect((await here.tap({ card: elder.card })).body).toMatchObject({ subsidyFen: 300 });
  const gone = await there.tap({ card: elder.card, mealPeriod: 'dinner' });
  expect((await there.tap({ card: elder.card, mealPeriod: 'dinner', items: [{ itemCode: 'set', quantity: 2 }] })).status).toBe(200);
  expect((await there.send(`/v1/taps/${gone.body.tapId}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
}, 240_000);

afterAll(() => city.close());

it('prints a week’s menu in large type: whom to call, what there is, what it costs, until when to book', async () => {
  const { lines } = await paper(`/v1/sites/${siteId}/week-menu.pdf?from=2024-12-04`, manager);
  const text = lines.join('');
  expect(lines.slice(0, 3)).toEqual(['测试幸福食堂', '一周菜谱　12月2日到12月8日', '订餐、问事请打电话 0635-0000001']);
  for (const words of ['12月2日 星期一', '12月3日 星期二', '12月8日 星期日', '午餐 11:00 到 13:00　当天9:00前预订', '老人套餐：', '花生烧茄子', '【少盐、软烂】', '含花生、大豆', '15元', '菜谱还没有公布', '第1页，共']) expect(text).toContain(words);
});

it('prints a statement for an elder in the community’s care', async () => {
  const { lines } = await paper(`/v1/elders/${elder.elderId}/statement.pdf?month=2024-12`, worker);
  const text = lines.join('');
  expect(lines[0]).toBe('2024年12月助餐账单');
  expect(lines[1]).toMatch(/^张(女士|先生)　助餐卡尾号 0001$/);
  for (const words of ['12月用餐2次，原价45元，市补1.5元，县补1.5元，您付42元。', '另有1餐已经撤销，不算在内。', '12月3日 星期二 午餐　套餐您付12元', '原价15元，市补1.5元，县补1.5元，您付12元', '原价30元，今天的补贴已经用过，您付30元', '已撤销', '0635-0000001']) expect(text).toContain(words);
  expect(text).not.toMatch(/三丰|19400601|371502|低保|类别/);
  expect((await city.rows("SELECT action FROM audit WHERE action = 'statement.print'")).length).toBe(1);
});

it('prints what was eaten at a canteen for whoever hands the card over there, and nothing of elsewhere', async () => {
  const { lines } = await paper(`/v1/sites/${siteId}/card-statement`, manager, { card: elder.card, month: '2024-12' });
  const text = lines.join('');
  expect(text).toContain('只含在测试幸福食堂的用餐');
  expect(text).toContain('12月用餐1次，原价15元，市补1.5元，县补1.5元，您付12元。');
  expect(text).not.toContain('撤销');
});

it('goes on over pages, with every part whole and each page numbered', async () => {
  city.clock.setTo(civilDate('2024-12-04'), 660);
  city.county = await city.staffed.tokenOf('county');
  const till = await city.till(0);
  for (let meal = 0; meal < 24; meal += 1) {
    city.clock.set(city.clock.now() + MINUTE);
    expect((await till.tap({ card: elder.card })).status).toBe(200);
  }
  const { lines, stretches } = await paper(`/v1/elders/${elder.elderId}/statement.pdf?month=2024-12`, await city.staffed.tokenOf('worker'));
  const pages = Math.max(...stretches.map(({ page }) => page)) + 1;
  expect(pages).toBeGreaterThan(2);
  expect(lines.filter((line) => line.includes(`，共${pages}页`))).toHaveLength(pages);
  expect(lines.filter((line) => /^12月[34]日 星期.*套餐(×2)?您付(12|15|30)元$/.test(line))).toHaveLength(26);
});

describe('who may print', () => {
  beforeAll(async () => {
    [manager, worker, elsewhere, city.county] = [await city.staffed.tokenOf('manager'), await city.staffed.tokenOf('worker'), await city.staffed.tokenOf('elsewhere'), await city.staffed.tokenOf('county')];
  });

  it.each<[string, () => Promise<{ status: number }>, number]>([
    ['another community’s worker, a statement', () => pdf(`/v1/elders/${elder.elderId}/statement.pdf`, elsewhere), 403],
    ['another community’s worker, a menu', () => pdf(`/v1/sites/${siteId}/week-menu.pdf`, elsewhere), 403],
    ['a canteen, a statement by the elder', () => pdf(`/v1/elders/${elder.elderId}/statement.pdf`, manager), 403],
    ['a canteen, at another one', () => pdf(`/v1/sites/${city.sites[1]}/card-statement`, manager, { card: elder.card }), 403],
    ['a canteen, for a card that nobody has', () => pdf(`/v1/sites/${siteId}/card-statement`, manager, { card: 'LC99999999' }), 422],
    ['the county', () => pdf(`/v1/elders/${elder.elderId}/statement.pdf`, city.county), 403],
    ['for nobody', () => pdf(`/v1/elders/${randomUUID()}/statement.pdf`, worker), 404],
    ['of a month that is none', () => pdf(`/v1/elders/${elder.elderId}/statement.pdf?month=2024-13`, worker), 400],
  ])('%s', async (_, ask, status) => {
    expect((await ask()).status).toBe(status);
  });
});
