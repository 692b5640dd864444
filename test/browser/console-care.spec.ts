import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, builtPages, openBrowser, settled, sizeFindings } from '../support/browser.js';
import { enterConsole } from '../support/console-page.js';
import { TappingCity } from '../support/tapping-city.js';

let city: TappingCity;
let browser: Browser;
const open: Page[] = [];

beforeAll(async () => {
  city = await TappingCity.start(undefined, await builtPages());
  await city.staffed.add('manager', ['canteenManager'], '371502001', city.sites[0]);
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  browser = await openBrowser();
}, 120_000);

afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close();
});

afterAll(async () => {
  await browser?.close();
  await city?.close();
});

/** Opens a room of the console as somebody. */
async function enter(account: string, room: string, width = 1280): Promise<Page> {
  const page = await enterConsole(browser, city, account, room, width);
  open.push(page);
  return page;
}

async function holds(page: Page): Promise<void> {
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
  expect(await sizeFindings(page)).toEqual([]);
}

it('takes a complaint down from a telephone, answers it, and notes that it was told and what was said to it', async () => {
  const { card } = await city.elder();
  const page = await enter('manager', '投诉');
  await page.getByText('登记来电或到场的投诉').click();
  await page.getByLabel('哪方面的事').selectOption('portion');
  await page.getByLabel('怎么回事').fill('打 13800000000');
  await page.getByLabel('助餐卡号').fill(card);
  await page.getByLabel('回电的电话').fill('0635-8234567');
  await page.getByRole('button', { name: '登记投诉' }).click();
  expect(await page.getByRole('alert').innerText()).toMatch(/不要写电话/);
  await page.getByLabel('怎么回事').fill('米饭太少');
  await page.getByRole('button', { name: '登记投诉' }).click();
  await page.getByText(/已登记：1 号/).waitFor();
  await page.getByRole('button', { name: '打开 1 号' }).click();
  await page.getByText('投诉：米饭太少').waitFor();
  await holds(page);
  expect(await page.getByRole('main').innerText()).not.toMatch(new RegExp(`${card}|8234567|张`));
  await page.getByLabel('答复', { exact: true }).fill('可以免费加饭');
  await page.getByRole('button', { name: '答复', exact: true }).click();
  await page.getByText('答复：可以免费加饭').waitFor();
  // The canteen answers. Who is called back, and what they say to it, is not its business.
  for (const name of ['查看回电的电话', '登记已告知', '登记对方的话']) expect(await page.getByRole('button', { name }).count()).toBe(0);
  const calling = await enter('worker', '投诉');
  await calling.getByLabel('看哪些').selectOption('answered');
  await calling.getByRole('button', { name: '打开 1 号' }).click();
  await calling.getByRole('button', { name: '查看回电的电话' }).click();
  await calling.getByText('06358234567').waitFor();
  await calling.getByRole('button', { name: '登记已告知' }).click();
  await calling.getByText('已告知：电话告知').waitFor();
  await calling.getByLabel('满意吗').selectOption('no');
  await calling.getByRole('button', { name: '登记对方的话' }).click();
  await calling.getByText('由镇街答复。').waitFor();
  expect(await calling.getByRole('listitem').allInnerTexts()).toEqual([/投诉：/, /答复：/, /已告知：/, /不满意/].map((words) => expect.stringMatching(words)));
}, 60_000);

it('shows the list that was asked for last, whichever answer comes first', async () => {
  const page = await enter('worker', '投诉');
  const mine = page.getByRole('button', { name: '打开 1 号' });
  await mine.waitFor();
  let release = (): void => undefined;
  const held = new Promise<void>((go) => (release = go));
  await page.route(/state=settled/, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel('看哪些').selectOption('settled');
  await page.getByLabel('看哪些').selectOption('open');
  const late = page.waitForResponse(/state=settled/);
  release();
  await late;
  await settled(page);
  expect([await page.getByLabel('看哪些').inputValue(), await mine.count()]).toEqual(['open', 1]);
}, 60_000);

it('shows the worker whom to ask after, on a telephone too', async () => {
  const { elderId, card } = await city.elder();
  const token = await city.staffed.tokenOf('manager');
  const { body } = await city.staffed.call('POST', '/v1/bookings', { token, body: { id: randomUUID(), card, siteId: city.sites[0], mealDate: '2024-12-04', mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn' } });
  const [id, now] = [randomUUID(), new Date(city.clock.now()).toISOString()];
  await city.rows(
    `INSERT INTO follow_up (city_code, follow_up_id, elder_id, booking_id, site_id, meal_date, meal_period, state, steps, made_at)
     SELECT city_code, $1, elder_id, booking_id, site_id, meal_date, meal_period, 'open', 1, $2 FROM booking WHERE booking_id = $3`, [id, now, body.bookingId]);
  await city.rows(`INSERT INTO follow_up_step (city_code, follow_up_id, step_no, kind, recorded_at, recorded_by) SELECT city_code, follow_up_id, 1, 'made', made_at, 'system' FROM follow_up`);
  const page = await enter('worker', '问候', 390);
  await page.getByRole('button', { name: /问候张(女士|先生)/ }).click();
  await page.getByRole('button', { name: '查看姓名和电话' }).waitFor();
  await holds(page);
  expect(await page.getByRole('main').innerText()).not.toContain('三丰');
  await page.getByRole('button', { name: '查看姓名和电话' }).click();
  await page.getByText(/张三丰：没有登记电话/).waitFor();
  await page.getByLabel('结果').selectOption('reached');
  await page.getByLabel('情况').fill('在女儿家');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await page.getByText('没有要问候的老人。').waitFor();
  expect(await city.rows('SELECT state, elder_id AS "elderId" FROM follow_up')).toEqual([{ state: 'closed', elderId }]);
}, 60_000);
