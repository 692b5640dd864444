import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { addDays, civilDate } from '../../src/kernel/index.js';
import { axeFindings, builtPages, openBrowser, settled, sizeFindings } from '../support/browser.js';
import { enterConsole } from '../support/console-page.js';
import { TappingCity } from '../support/tapping-city.js';
import { workOff } from '../support/wechat-orders.js';

const DAY = civilDate('2024-12-03');

let city: TappingCity;
let browser: Browser;
let elder: { elderId: string; card: string };
const open: Page[] = [];

beforeAll(async () => {
  city = await TappingCity.start(undefined, await builtPages());
  await city.staffed.add('manager', ['canteenManager'], '371502001', city.sites[0]);
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  elder = await city.elder();
  browser = await openBrowser();
}, 120_000);

afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close();
});

afterAll(async () => {
  await browser?.close();
  await city?.close();
});

async function enter(account: string, width?: number): Promise<Page> {
  const page = await enterConsole(browser, city, account, '预订', width);
  open.push(page);
  // Both canteens of a test bear the same name; whoever has one of their own chooses none.
  if (account === 'worker') await page.getByLabel('助餐点').selectOption(city.sites[0] as string);
  return page;
}

async function holds(page: Page): Promise<void> {
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
  expect(await sizeFindings(page)).toEqual([]);
}

const bookings = () => city.rows<{ n: number }>('SELECT count(*)::int AS n FROM booking');
/** What is read back, once it is there. */
async function facts(page: Page): Promise<Record<string, string>> {
  await page.getByRole('heading', { name: '请念给老人核对' }).waitFor();
  return Object.fromEntries(await page.getByRole('region', { name: '核对' }).locator('dl > div').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent) as [string, string])));
}
const tail = (): string => elder.card.slice(-4);

it('reads a booking back before it is written, keeps what was typed, and says number and code afterwards', async () => {
  const page = await enter('manager', 820);
  await page.getByLabel('用餐日期').fill('2024-12-05');
  const panel = page.locator('details', { has: page.getByText('代老人预订', { exact: true }) });
  await panel.locator('summary').click();
  // A canteen may not look anybody up.
  expect(await panel.getByLabel('或老人姓名（全名）').count()).toBe(0);
  await panel.getByLabel('助餐卡号').fill(elder.card);
  await panel.getByLabel('餐品').selectOption('lunch set');
  await panel.getByLabel('份数').fill('2');
  await panel.getByLabel('怎样取').selectOption('collect');
  await panel.getByLabel('备注').fill('软一点');
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  expect(await facts(page)).toEqual({ 老人: `卡尾号 ${tail()}`, 哪一天: '12月5日 星期四', 餐次: '午餐', 餐品: '套餐 × 2 份', 怎样取: '自取', 备注: '软一点', 原价: '30.00 元；用餐时付款，补贴按用餐时算' });
  expect(await page.evaluate('document.activeElement.textContent')).toBe('请念给老人核对');
  await holds(page);
  expect(await bookings()).toEqual([{ n: 0 }]);
  await page.getByRole('button', { name: '不对，改一改' }).click();
  expect([await panel.getByLabel('助餐卡号').inputValue(), await panel.getByLabel('份数').inputValue(), await panel.getByLabel('怎样取').inputValue(), await panel.getByLabel('备注').inputValue()]).toEqual([elder.card, '2', 'collect', '软一点']);
  await panel.getByLabel('份数').fill('1');
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  await page.getByRole('button', { name: '确认预订' }).click();
  const said = await page.getByText(`已为 卡尾号 ${tail()} 订 2024年12月5日午餐`).innerText();
  expect(await bookings()).toEqual([{ n: 1 }]);
  expect(await panel.getByLabel('助餐卡号').inputValue()).toBe('');
  // Told apart by the card's end at a canteen.
  const code = /YD[0-9A-Z ]+/.exec(said)?.[0].replaceAll(' ', '') ?? 'none';
  await page.getByText('取消预订').first().click();
  const words = await page.getByLabel('预订', { exact: true }).innerText();
  expect([words.startsWith(`卡尾号 ${tail()}`), words.replaceAll('-', '').includes(code)]).toEqual([true, true]);
  // A card that nobody has is refused where it would be written.
  await panel.getByLabel('助餐卡号').fill('LC99999999');
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  await page.getByRole('button', { name: '确认预订' }).click();
  await page.getByText(/没有查到这张助餐卡/).waitFor();
}, 60_000);

it('finds an elder by the whole name for who may look elders up, and shows them whose a booking is', async () => {
  const page = await enter('worker');
  await page.getByLabel('用餐日期').fill('2024-12-06');
  const panel = page.locator('details', { has: page.getByText('代老人预订', { exact: true }) });
  await panel.locator('summary').click();
  await panel.getByLabel('或老人姓名（全名）').fill('李四');
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  await page.getByText(/没有查到这位老人/).waitFor();
  // A number that was misheard is somebody else's: nobody is booked for by the card alone where the name says otherwise.
  await panel.getByLabel('助餐卡号').fill(elder.card);
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  await page.getByText('卡号和姓名不是同一位老人').waitFor();
  await panel.getByLabel('助餐卡号').fill('');
  await panel.getByLabel('或老人姓名（全名）').fill('张三丰');
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  expect((await facts(page))['老人']).toBe(`张**（卡尾号 ${tail()}）`);
  await page.getByRole('button', { name: '确认预订' }).click();
  await page.getByText(`已为 张**（卡尾号 ${tail()}） 订`).waitFor();
  expect(await city.rows(`SELECT elder_id AS "elderId", channel FROM booking WHERE meal_date = '2024-12-06'`)).toEqual([{ elderId: elder.elderId, channel: 'telephone' }]);
  await page.getByText('取消预订').first().click();
  expect(await page.getByLabel('预订', { exact: true }).innerText()).toContain(`张**（卡尾号 ${tail()}）`);
  expect(await page.getByRole('main').innerText()).not.toContain('三丰');
}, 60_000);

it('takes every workday’s lunch down, shows what became of the days, and ends it', async () => {
  const worker = await enter('worker');
  const panel = worker.locator('details', { has: worker.getByText('代老人长期预订', { exact: true }) });
  await panel.locator('summary').click();
  await panel.getByLabel('助餐卡号').fill(elder.card);
  await panel.getByLabel('餐品').selectOption('lunch set');
  await panel.getByLabel('星期三').check();
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  expect(await facts(worker)).toMatchObject({ 老人: `张**（卡尾号 ${tail()}）`, 哪些天: '星期三', 从哪天起: '2024年12月4日' });
  await holds(worker);
  await worker.getByRole('button', { name: '不对，改一改' }).click();
  expect(await panel.getByLabel('星期三').isChecked()).toBe(true);
  await panel.getByLabel('星期三').uncheck();
  await panel.getByLabel('到哪天为止').fill('2024-12-20');
  await panel.getByRole('button', { name: '下一步：核对' }).click();
  expect(await facts(worker)).toMatchObject({ 哪些天: '每个工作日', 到哪天为止: '2024年12月20日' });
  await worker.getByRole('button', { name: '确认长期预订' }).click();
  await worker.getByText(/已为 张\*\*（卡尾号 \d+） 长期预订：每个工作日午餐/).waitFor();
  const token = await city.staffed.tokenOf('manager');
  expect((await city.staffed.call('PUT', `/v1/bookings/sites/${city.sites[0]}/quotas`, { token, body: { id: randomUUID(), mealDate: addDays(DAY, 1), mealPeriod: 'lunch', portions: 0 } })).status).toBe(200);
  await workOff(city, 'booking.standing');
  // Who has the elder in their care calls; the canteen says it when the elder calls.
  const calling = await enter('worker', 820);
  await calling.getByRole('button', { name: '查看姓名和电话' }).click();
  await calling.getByText('张三丰：没有登记电话，请上门').waitFor();
  await holds(calling);
  const page = await enter('manager', 820);
  const failed = page.getByRole('table', { name: '长期预订没有订上的，老人来电、来店时请告诉他们' });
  await failed.waitFor();
  expect(await page.getByRole('button', { name: '查看姓名和电话' }).count()).toBe(0);
  expect(await failed.getByRole('row').nth(1).innerText()).toMatch(new RegExp(`^12月4日 星期三\\s+午餐\\s+卡尾号 ${tail()}\\s+这一餐不够订了`));
  await page.getByText('现有的长期预订（1）').click();
  expect(await page.getByRole('table', { name: '现有的长期预订' }).getByRole('row').nth(1).innerText()).toMatch(new RegExp(`^卡尾号 ${tail()}\\s+每个工作日午餐\\s+套餐×1.*工作人员代订.*12月4日 星期三 没有订上`));
  await page.getByText('结束长期预订').first().click();
  await holds(page);
  expect(await page.getByRole('main').innerText()).not.toMatch(/张|LC0000/);
  await page.getByRole('button', { name: '结束长期预订' }).click();
  await page.getByText('现有的长期预订（0）').waitFor();
  expect(await city.rows(`SELECT count(*)::int AS n FROM audit WHERE action IN ('booking.standing', 'booking.standing-end')`)).toEqual([{ n: 2 }]);
}, 60_000);
