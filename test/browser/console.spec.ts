import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { chinaDate } from '../../src/kernel/index.js';
import { axeFindings, builtPages, openBrowser, openPage, settled, sizeFindings } from '../support/browser.js';
import { partsOfJpeg } from '../support/pictures.js';
import { TappingCity } from '../support/tapping-city.js';
import { PASSWORD } from '../support/staffed-city.js';
import { TillPage } from '../support/till-page.js';

const WIDTHS = [['a desk', 1280], ['a tablet', 820], ['a telephone', 390]] as const;

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
const open: Page[] = [];

beforeAll(async () => {
  city = await TappingCity.start(undefined, await builtPages());
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  await city.staffed.add('manager', ['canteenManager'], '371502001', city.sites[0]);
  await city.staffed.add('town', ['townshipOfficer'], '371502001');
  await city.staffed.add('bureau', ['cityOfficer'], '371500');
  await city.staffed.add('bureau2', ['cityOfficer'], '371500');
  browser = await openBrowser();
}, 120_000);

afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close();
});

afterAll(async () => {
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

/** Opens the console as somebody, with the clock of the service. */
async function enter(account: string, width = 1280): Promise<Page> {
  const page = await openPage(browser, width);
  page.setDefaultTimeout(8_000);
  open.push(page);
  await page.context().addInitScript(`{ const Real = Date; const shift = ${city.clock.now() - Date.now()};
    globalThis.Date = class extends Real { constructor(...given) { if (given.length === 0) super(Real.now() + shift); else super(...given); } static now() { return Real.now() + shift; } }; }`);
  await page.goto(`${city.service.url}/console`);
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('navigation').waitFor();
  return page;
}

it('says in words why nobody gets in', async () => {
  const page = await openPage(browser, 390);
  open.push(page);
  await page.goto(`${city.service.url}/console`);
  await page.getByLabel('账号').fill('manager');
  await page.getByLabel('密码').fill('not the password');
  await page.getByRole('button', { name: '登录' }).click();
  expect(await page.getByRole('alert').innerText()).toMatch(/账号或密码/);
});

it('brings a till in by a one-time code, gives its cashier a PIN, and takes it out again', async () => {
  const page = await enter('manager');
  await page.getByText('新增收银机', { exact: true }).click();
  await page.getByLabel('名称').fill('一号收银台');
  await page.getByRole('button', { name: '生成登记码' }).click();
  const code = await page.locator('.code .figure').innerText();
  const till = await TillPage.open(city, browser);
  await till.page.getByLabel('登记码').fill(code);
  await till.page.getByRole('button', { name: '登记', exact: true }).click();
  await till.page.getByRole('heading', { name: /开班检查|登录/ }).waitFor();

  await page.reload();
  await page.getByRole('row', { name: /一号收银台/ }).getByText('正常').waitFor();
  await page.getByText('登记收银员', { exact: true }).click();
  await page.getByLabel('姓名').fill('王收银');
  await page.getByLabel('PIN').fill('111111');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  expect(await page.getByRole('alert').innerText()).toMatch(/PIN/);
  await page.getByLabel('PIN').fill('483920');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await page.getByRole('row', { name: /王收银/ }).waitFor();

  await page.getByText('停用收银机', { exact: true }).click();
  await page.getByLabel('原因').first().fill('平板丢失');
  await page.getByRole('button', { name: '停用', exact: true }).click();
  await page.getByRole('row', { name: /一号收银台.*已停用/ }).waitFor();
  await till.close();
});

it('sends a deed whose answer was lost again under the same id', async () => {
  const page = await enter('manager');
  const ids: string[] = [];
  await page.route('**/v1/terminals', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    ids.push((route.request().postDataJSON() as { id: string }).id);
    if (ids.length > 1) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.getByText('新增收银机', { exact: true }).click();
  await page.getByLabel('名称').fill('二号收银台');
  await page.getByRole('button', { name: '生成登记码' }).click();
  await page.getByText('连接不上服务').waitFor();
  await page.getByRole('button', { name: '生成登记码' }).click();
  await page.locator('.code').or(page.getByText(/登记码/).last()).first().waitFor();
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(await city.rows("SELECT 1 FROM access_terminal WHERE label = '二号收银台'")).toHaveLength(1);
});

it('shows each the rooms of their post alone, and lets the city set what a till may give when it is cut off', async () => {
  const manager = await enter('manager');
  expect(await manager.getByRole('navigation').innerText()).not.toContain('离线限额');
  const page = await enter('bureau');
  await page.getByRole('link', { name: '离线限额' }).click();
  const tap = page.getByLabel('单笔补贴上限');
  await tap.fill('12.345');
  await page.getByRole('button', { name: '保存' }).click();
  expect(await page.getByRole('alert').innerText()).toContain('最多两位小数');
  await tap.fill('12.50');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存').or(page.locator('input[value="12.50"]')).first().waitFor();
  expect((await city.staffed.call('GET', '/v1/till/limits', { token: await city.staffed.tokenOf('bureau') })).body.tapFen).toBe(1250);
});

it('lets two officers say whose account a canteen’s eaters pay by WeChat', async () => {
  const page = await enter('bureau');
  await page.getByRole('link', { name: '微信收款' }).click();
  await page.getByText('食堂现在都不收微信付款').waitFor();
  await page.getByText('登记或停用收款商户号').click();
  await page.getByLabel('微信支付特约商户号').fill('1900000123');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await page.getByRole('button', { name: '提交复核' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('row', { name: '1900000123' }).innerText()).toContain('待复核');
  const county = await enter('county');
  await county.getByRole('link', { name: '微信收款' }).click();
  await county.getByText('登记或停用收款商户号').waitFor();
  expect(await county.getByRole('button', { name: '提交复核' }).count()).toBe(0);
  const other = await enter('bureau2');
  await other.getByRole('link', { name: '微信收款' }).click();
  await other.getByRole('button', { name: '提交复核' }).click();
  await other.getByText('已复核', { exact: true }).waitFor();
  expect(await city.rows('SELECT outcome FROM operator_merchant_decision')).toEqual([{ outcome: 'confirmed' }]);
  expect(await other.getByText('迟迟取不到的微信账单').count()).toBe(0);
  // One that was confirmed a week ago, and of which no bill was ever had.
  await city.rows(`WITH m AS (INSERT INTO operator_merchant SELECT city_code, gen_random_uuid(), operator_id, '1900000999', recorded_at, recorded_by FROM operator_merchant RETURNING city_code, merchant_id)
    INSERT INTO operator_merchant_decision SELECT city_code, merchant_id, 'confirmed', $1::timestamptz - interval '7 days', gen_random_uuid() FROM m`, [new Date(city.clock.now()).toISOString()]);
  await other.reload();
  await other.getByText('迟迟取不到的微信账单').waitFor();
  expect(await other.getByRole('row', { name: '1900000999' }).first().innerText()).toMatch(/年\d+月\d+日.*测试餐饮/s);
});

it('asks for the log-in again once the session has ended, and keeps nothing of anybody in the browser', async () => {
  const page = await enter('manager');
  expect(await page.evaluate('JSON.stringify([Object.keys(sessionStorage), Object.keys(localStorage)])')).toBe('[["xingfu-console"],[]]');
  await page.evaluate("sessionStorage.setItem('xingfu-console', sessionStorage.getItem('xingfu-console') + 'x')");
  await page.reload();
  await page.getByRole('button', { name: '登录' }).waitFor();
});

it('prints a village canteen\'s paper, takes slips in from it, and names those that are missing', async () => {
  const [siteId, today] = [city.sites[1] as string, chinaDate(city.clock.now())];
  const elder = await city.elder();
  const town = await city.staffed.tokenOf('town');
  expect((await city.staffed.call('POST', `/v1/slips/sites/${siteId}/steps`, { token: town, body: { id: randomUUID(), kind: 'begun', onDate: today, reason: '没有收银机' } })).status).toBe(200);
  const page = await enter('town');
  await page.getByRole('link', { name: '纸质单' }).click();
  await page.getByText('打印名单和纸质单').click();
  await page.getByRole('button', { name: '打印', exact: true }).click();
  await page.locator('.slips strong').first().waitFor();
  const codes = await page.locator('.slips strong').allInnerTexts();
  expect(codes.length).toBeGreaterThan(10);
  expect(await page.locator('.roster').innerText()).not.toMatch(/371502|低保|特困/);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('navigation').isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('link', { name: '返回' }).click();
  await page.getByRole('link', { name: '补录与核销' }).click();
  await page.getByLabel('这些单子的照片').setInputFiles({ name: 'slips.jpg', mimeType: 'image/jpeg', buffer: partsOfJpeg(800, 600) });
  const line = page.getByRole('row').filter({ has: page.getByLabel('单号') });
  await line.nth(0).getByLabel('单号').fill(codes[0] ?? '');
  await line.nth(0).getByLabel('编号、卡号或散客').fill(elder.card);
  await line.nth(0).getByLabel('实收（元）').fill('12.345');
  await page.getByRole('button', { name: '补录', exact: true }).click();
  expect(await page.getByRole('alert').innerText()).toContain('最多两位小数');
  await line.nth(0).getByLabel('实收（元）').fill('12');
  await line.nth(1).getByLabel('单号').fill((codes[1] ?? '').replace(/.$/, (last) => (last === 'A' ? 'C' : 'A')));
  await line.nth(1).getByLabel('编号、卡号或散客').fill('散客');
  await line.nth(1).getByLabel('实收（元）').fill('15');
  await page.getByRole('button', { name: '补录', exact: true }).click();
  await page.getByRole('table', { name: '逐张答复' }).waitFor();
  const told = await page.getByRole('table', { name: '逐张答复' }).innerText();
  expect(told).toContain('已记账');
  expect(told).toContain('没有记账');
  // What was not taken stays on the form, to be put right.
  expect(await line.nth(0).getByLabel('编号、卡号或散客').inputValue()).toBe('散客');
  // The count of what is missing is read anew after the slips were taken in.
  await page.locator('.trouble', { hasText: '缺第 2、3' }).waitFor();
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
  expect(await sizeFindings(page)).toEqual([]);
  const [meal] = await city.rows<{ flags: string[]; own: number }>("SELECT flags, self_pay_fen::int AS own FROM meal WHERE 'slip' = ANY(flags)");
  expect(meal).toMatchObject({ own: 1200 });
}, 60_000);

it.each(WIDTHS)('stands up to axe and to the sizes on %s', async (_, width) => {
  const page = await enter('manager', width);
  await page.getByText('新增收银机', { exact: true }).click();
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
  expect(await sizeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: '导入流水' }).click();
  await page.getByLabel('收银机导出的文件').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  const bureau = await enter('bureau', width);
  for (const room of ['离线限额', '班次', '抽查', '纸质单', '微信收款']) {
    await bureau.getByRole('link', { name: room }).click();
    await bureau.getByRole('heading', { name: room, level: 1 }).waitFor();
    await settled(bureau);
    expect(await axeFindings(bureau)).toEqual([]);
    expect(await sizeFindings(bureau)).toEqual([]);
  }
}, 60_000);

it('prints a week’s menu and a card’s statement for those without a telephone', async () => {
  const page = await enter('manager', 820);
  await page.getByRole('link', { name: '大字打印' }).click();
  await page.getByRole('heading', { name: '月度账单' }).waitFor();
  expect([await axeFindings(page), await sizeFindings(page)]).toEqual([[], []]);
  const printed = async (button: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
    return `${download.suggestedFilename()} ${readFileSync(await download.path()).subarray(0, 5).toString()}`;
  };
  expect(await printed('生成菜谱')).toBe('一周菜谱 2024-12-03.pdf %PDF-');
  await page.getByLabel('助餐卡号').fill((await city.elder()).card);
  expect(await printed('生成账单')).toBe('助餐账单 2024-12.pdf %PDF-');
  await page.getByLabel('助餐卡号').fill('LC99999999');
  await page.getByRole('button', { name: '生成账单' }).click();
  await page.getByText('没有查到这张能用的助餐卡').waitFor();
  await page.getByText('食堂电话').click();
  await page.getByLabel('公开电话').fill('0635-0000001');
  await page.getByRole('button', { name: '保存电话' }).click();
  await page.getByText('已保存 0635-0000001').waitFor();
});
