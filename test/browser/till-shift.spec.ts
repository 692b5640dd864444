import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { axeFindings, builtPages, openBrowser, openPage, settled, sizeFindings } from '../support/browser.js';
import { PASSWORD } from '../support/staffed-city.js';
import { TappingCity } from '../support/tapping-city.js';
import { TillPage, type TillBrowser } from '../support/till-page.js';

/** Text and targets that are read and touched from 80 cm. */
const FAR = { font: 20, target: 60 };

interface ShiftRow {
  readonly id: string;
  readonly first: number;
  readonly last: number | null;
  readonly counted: number | null;
  readonly expected: number | null;
  readonly cashier: string | null;
  readonly checks: { what: string; is: string }[];
}

let city: TappingCity;
let browser: Browser;
let manager: string;
let ticking: NodeJS.Timeout;
/** How many milliseconds the service's clock has jumped. */
let ahead = 0;
const open: TillPage[] = [];

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + ahead + Date.now() - begun), 100);
  await city.staffed.add('manager', ['canteenManager'], '371502', city.sites[0]);
  manager = await city.staffed.tokenOf('manager');
  browser = await openBrowser();
}, 120_000);

afterEach(async () => {
  for (const till of open.splice(0)) {
    expect(till.complaints).toEqual([]);
    await till.close();
  }
});

afterAll(async () => {
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

async function till(options?: TillBrowser): Promise<TillPage> {
  const opened = await TillPage.open(city, browser, options);
  open.push(opened);
  return opened;
}

const shifts = (terminalId: string): Promise<ShiftRow[]> => city.rows<ShiftRow>(
  `SELECT s.shift_id AS id, s.first_number AS first, c.last_number AS last, c.counted_fen AS counted, c.expected_fen AS expected, k.name AS cashier, s.checks FROM till_shift s
   LEFT JOIN till_shift_close c ON c.city_code = s.city_code AND c.shift_id = s.shift_id LEFT JOIN till_cashier k ON k.city_code = s.city_code AND k.cashier_id = s.cashier_id
   WHERE s.terminal_id = $1 ORDER BY s.first_number, s.opened_at`, [terminalId]);

/** Waits until the service knows of so many shifts. */
async function told(terminalId: string, many: number): Promise<ShiftRow[]> {
  for (let turn = 0; turn < 50; turn += 1) {
    const rows = await shifts(terminalId);
    if (rows.length >= many) return rows;
    await pause(200);
  }
  throw new Error(`the service was not told of ${many} shifts`);
}

const button = (at: TillPage, name: string | RegExp) => at.page.getByRole('button', { name });
const main = (at: TillPage): Promise<string> => at.page.innerText('main');

/** Writes pieces by their face, as `5 元`. */
async function count(at: TillPage, pieces: Record<string, string>): Promise<void> {
  for (const [face, text] of Object.entries(pieces)) await at.page.getByLabel(face, { exact: true }).fill(text);
}

it('begins after one list, is counted blind, and agrees with the service to the fen', async () => {
  const counter = await till();
  const terminalId = await counter.enrol();
  const checks = counter.page.locator('.checks');
  await checks.getByText('与服务器一致').waitFor();
  await checks.getByText(/人，一小时内的/).waitFor();
  for (const what of ['时钟', '声音', '打印', '本机存储', '名册', '流水', '价目表']) expect([what, await checks.locator('strong', { hasText: what }).count()]).toEqual([what, 1]);
  await button(counter, '试：请用餐').click();
  await button(counter, '听得清').click();
  await checks.locator('li.good', { hasText: '声音' }).waitFor();
  await button(counter, '开始收款').click();
  await button(counter, /^散客/).waitFor();
  await counter.sell((await city.elder()).card);
  await counter.sell();
  await counter.press('0');
  await counter.sell();
  await counter.sell();
  await counter.press('-', '1');
  await counter.says('已撤销');
  await counter.uploaded();
  const [begun] = await told(terminalId, 1);
  expect(begun).toMatchObject({ first: 1, last: null, cashier: null, checks: expect.arrayContaining([{ what: 'sound', is: 'good' }, { what: 'clock', is: 'good' }]) });
  await button(counter, '结班').click();
  // Nobody is told what should be there before it was counted.
  expect(await main(counter)).not.toMatch(/27|应有/);
  await count(counter, { '10 元': '2', '5 元': '1', '1 元': '2', '5 角': '1' });
  expect(await counter.page.locator('output').innerText()).toBe('27.50 元');
  for (const [total, words] of [['27.505', '最多两位小数'], ['二十七', '不要写字母'], ['30', '加起来是 27.50 元，合计写的是 30 元']] as const) {
    await counter.page.getByLabel(/合计/).fill(total);
    await button(counter, '点好了').click();
    expect(await counter.page.getByRole('alert').innerText()).toContain(words);
  }
  await count(counter, { '5 角': 'abc' });
  await button(counter, '点好了').click();
  expect(await counter.page.getByRole('alert').innerText()).toContain('5 角写的不是张数');
  await settled(counter.page);
  expect(await axeFindings(counter.page)).toEqual([]);
  expect(await sizeFindings(counter.page, FAR)).toEqual([]);
  await count(counter, { '5 角': '1' });
  await counter.page.getByLabel(/合计/).fill('27.5');
  await button(counter, '点好了').click();
  await counter.page.getByText('与服务器一致').waitFor();
  const said = await main(counter);
  expect(said).toContain('现金多 0.50 元');
  expect(said).toMatch(/餐费\s+45.00 元\s+45.00 元/);
  expect(said).toMatch(/其中扫码\s+15.00 元\s+15.00 元/);
  expect(await axeFindings(counter.page)).toEqual([]);
  expect(await sizeFindings(counter.page, FAR)).toEqual([]);
  const [books] = await city.rows<{ fen: number }>(
    `SELECT sum(m.self_pay_fen)::bigint AS fen FROM meal m WHERE m.terminal_id = $1 AND m.tender = 'cash' AND NOT EXISTS (SELECT FROM meal_void v WHERE v.tap_id = m.tap_id)`, [terminalId]);
  expect(await shifts(terminalId)).toMatchObject([{ first: 1, last: 5, counted: 2750, expected: books?.fen }]);
  expect(books?.fen).toBe(2700);
  await button(counter, '完成').click();
  await button(counter, '开始收款').click();
  await counter.sell();
  expect((await told(terminalId, 2))[1]).toMatchObject({ first: 6 });
}, 90_000);

it('begins without a network and is told later; it does not end while anything is unsent', async () => {
  const counter = await till();
  const terminalId = await counter.enrol();
  await counter.page.locator('.checks').getByText('与服务器一致').waitFor();
  await counter.page.locator('.checks').getByText(/人，一小时内的/).waitFor();
  await counter.context.setOffline(true);
  await button(counter, '开始收款').click();
  await button(counter, /^散客/).waitFor();
  await counter.sell();
  await counter.sell();
  await button(counter, '结班').click();
  expect(await button(counter, '点好了').isDisabled()).toBe(true);
  expect(await counter.page.getByRole('alert').innerText()).toContain('还有 2 笔没有上传，不能结班');
  expect(await shifts(terminalId)).toEqual([]);
  await counter.context.setOffline(false);
  await counter.page.getByRole('alert').waitFor({ state: 'detached', timeout: 30_000 });
  await count(counter, { '10 元': '3' });
  // The answer is lost on its way: what is sent again is the same count.
  let dropped = 0;
  await counter.page.route('**/v1/till/shifts/*/close', async (route) => {
    await route.fetch();
    dropped += 1;
    await (dropped === 1 ? route.abort('connectionreset') : route.fallback());
  });
  await button(counter, '点好了').click();
  await counter.page.getByRole('alert').getByText('暂时不能结班').waitFor();
  expect(await shifts(terminalId)).toMatchObject([{ first: 1, last: 2, counted: 3000, expected: 3000 }]);
  await button(counter, '点好了').click();
  await counter.page.getByText('现金相符').waitFor();
  expect(await shifts(terminalId)).toHaveLength(1);
}, 90_000);

it('changes hands with a count: whoever comes next begins a shift of their own', async () => {
  const counter = await till();
  const terminalId = await counter.enrol();
  const pins: Record<string, string> = { 小王: '482913', 小李: '739164' };
  for (const [name, pin] of Object.entries(pins)) {
    expect((await city.staffed.call('POST', '/v1/till/cashiers', { token: manager, body: { id: randomUUID(), terminalId, name, pin } })).status).toBe(200);
  }
  await counter.page.reload();
  const logIn = async (name: string): Promise<void> => {
    await counter.page.getByRole('button', { name: new RegExp(name) }).click();
    await counter.press(...(pins[name] as string));
    await counter.page.locator('.log-in').waitFor({ state: 'detached' });
  };
  await logIn('小王');
  await button(counter, '开始收款').click();
  await counter.sell();
  await counter.says('请刷卡');
  await counter.page.locator('button.cashier').click();
  await logIn('小李');
  await counter.page.getByText('先把 小王 的班点清').waitFor();
  await count(counter, { '10 元': '1', '5 元': '1' });
  await button(counter, '点好了').click();
  await counter.page.getByText('现金相符').waitFor();
  expect(await main(counter)).toContain('小王');
  await button(counter, '完成').click();
  await button(counter, '开始收款').click();
  await counter.sell();
  expect(await told(terminalId, 2)).toMatchObject([{ first: 1, last: 1, cashier: '小王', counted: 1500 }, { first: 2, cashier: '小李' }]);
  // Without a network nothing can be counted: whoever comes next sells all the same, and the shift before stays uncounted.
  await counter.context.setOffline(true);
  await counter.sell();
  await counter.says('请刷卡');
  await counter.page.locator('button.cashier').click();
  await logIn('小王');
  await counter.page.getByText('先把 小李 的班点清').waitFor();
  await button(counter, '先收款，上一班以后再说').click();
  await counter.sell();
  expect(await counter.badge()).toMatch(/^2\s*笔未上传/);
  // Once more, and the service hears of both when the network is back.
  await counter.says('请刷卡');
  await counter.page.locator('button.cashier').click();
  await logIn('小李');
  await button(counter, '先收款，上一班以后再说').click();
  await counter.sell();
  await counter.context.setOffline(false);
  await counter.uploaded();
  expect(await told(terminalId, 4)).toMatchObject([{ last: 1 }, { first: 2, last: null, cashier: '小李' }, { first: 4, last: null, cashier: '小王' }, { first: 5, last: null, cashier: '小李' }]);
}, 90_000);

it('hands what it cannot send to a file that only the service reads, and nothing is booked twice afterwards', async () => {
  const counter = await till();
  const terminalId = await counter.begin();
  await counter.sell();
  await counter.uploaded();
  await counter.context.setOffline(true);
  const { card } = await city.elder();
  await counter.sell(card);
  await counter.sell();
  await counter.press('-', '1');
  await counter.says('已撤销');
  await button(counter, '结班').click();
  const [download] = await Promise.all([counter.page.waitForEvent('download'), button(counter, '导出未上传记录').click()]);
  expect(download.suggestedFilename()).toBe('收银台未上传记录.json');
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).not.toMatch(new RegExp(`${card}|credential|lunch`));
  const bring = (file: object) => city.staffed.call('POST', '/v1/till/journals', { token: manager, body: { id: randomUUID(), file } });
  const file = JSON.parse(text) as { sealed: string };
  expect(await bring({ ...file, sealed: `${file.sealed.slice(0, 40)}${file.sealed[40] === 'A' ? 'B' : 'A'}${file.sealed.slice(41)}` })).toMatchObject({ status: 422, body: { code: 'journal-file-torn' } });
  const { status, body } = await bring(file);
  expect(status).toBe(200);
  expect(body.entries.map(({ number, fate }: { number: number; fate: string }) => [number, fate])).toEqual([[2, 'booked'], [3, 'booked'], [4, 'booked']]);
  const desk = await openPage(browser, 1280);
  await desk.goto(`${city.service.url}/console`);
  await desk.getByLabel('账号').fill('manager');
  await desk.getByLabel('密码').fill(PASSWORD);
  await desk.getByRole('button', { name: '登录' }).click();
  await desk.getByRole('link', { name: '导入流水' }).click();
  await desk.getByLabel('收银机导出的文件').setInputFiles({ name: 'photo.json', mimeType: 'application/json', buffer: Buffer.from('no file of a till') });
  await desk.getByRole('button', { name: '导入' }).click();
  expect(await desk.getByRole('alert').innerText()).toContain('不是收银机导出的文件');
  await desk.getByLabel('收银机导出的文件').setInputFiles(await download.path());
  await desk.getByRole('button', { name: '导入' }).click();
  await desk.getByText('共 3 笔：新记账 0 笔，先前已收到 3 笔').waitFor();
  await settled(desk);
  expect([await axeFindings(desk), await sizeFindings(desk)]).toEqual([[], []]);
  await desk.context().close();
  const before = await counter.served(terminalId);
  expect(before.map(({ number, voided, signed }) => [number, voided, signed])).toEqual([[1, false, true], [2, false, true], [3, true, true], [4, false, true]]);
  await counter.context.setOffline(false);
  await counter.page.getByRole('alert').waitFor({ state: 'detached', timeout: 30_000 });
  expect(await counter.served(terminalId)).toEqual(before);
}, 90_000);

it('that was left the day before is counted the next morning', async () => {
  const counter = await till();
  const terminalId = await counter.begin();
  await counter.sell();
  await counter.uploaded();
  await told(terminalId, 1);
  ahead = 24 * 3_600_000;
  await counter.context.addInitScript(`{
    const Before = Date;
    globalThis.Date = class extends Before {
      constructor(...given) { if (given.length === 0) super(Before.now() + ${ahead}); else super(...given); }
      static now() { return Before.now() + ${ahead}; }
    };
  }`);
  await counter.page.reload();
  await counter.page.getByText('12月3日开的班还没有结').waitFor();
  await button(counter, '先结那一班').click();
  expect(await main(counter)).toContain('12月3日开的班');
  await button(counter, '返回').click();
  await button(counter, '先结那一班').click();
  await count(counter, { '5 元': '3' });
  await button(counter, '点好了').click();
  await counter.page.getByText('现金相符').waitFor();
  expect(await shifts(terminalId)).toMatchObject([{ first: 1, last: 1, counted: 1500 }]);
  await button(counter, '完成').click();
  await counter.page.getByText('还没有结').waitFor({ state: 'detached' });
}, 60_000);
