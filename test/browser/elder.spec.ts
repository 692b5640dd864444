import type { Browser } from 'playwright-core';
import { builtPages, openBrowser } from '../support/browser.js';
import { ElderCity } from '../support/elder-city.js';
import { ElderPage } from '../support/elder-page.js';
import { readQr } from '../support/read-qr.js';
import type { TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

/** The elder is the first of the simulated people, the child the second. */
const [ELDER, CHILD] = [1, 2];
const NAME = '张三丰';

let ground: ElderCity;
let city: TappingCity;
let browser: Browser;
let elder: { elderId: string; card: string };
let phone: ElderPage;
const phones: ElderPage[] = [];

async function openPhone(): Promise<ElderPage> {
  const opened = await ElderPage.open(city, browser);
  phones.push(opened);
  await opened.on('欢迎来到幸福食堂');
  return opened;
}

/** Waits until the page says so, while the jobs behind it are done. */
async function saysInTime(words: string | RegExp): Promise<void> {
  const shown = phone.page.locator('main').getByText(words).first();
  for (let tries = 0; tries < 40 && !(await shown.isVisible()); tries += 1) {
    await ground.work();
    await phone.page.waitForTimeout(250);
  }
  await phone.says(words);
}

beforeAll(async () => {
  ground = await ElderCity.start(await builtPages());
  ({ city } = ground);
  elder = await city.elder();
  browser = await openBrowser();
  phone = await openPhone();
}, 240_000);

afterAll(async () => {
  for (const { complaints } of phones) expect(complaints).toEqual([]);
  await browser?.close();
  await ground?.close();
});

it('logs in with WeChat, and leaves neither the code nor the elder in the browser', async () => {
  expect(await phone.findings()).toEqual([]);
  await phone.logIn(ELDER);
  await phone.on('这是谁的手机？');
  expect(phone.page.url()).toBe(`${city.service.url}/elder`);
  expect(await phone.findings()).toEqual([]);
  await phone.fill('助餐卡号', elder.card.toLowerCase());
  await phone.fill('姓名', '李四');
  await phone.press('就是我，绑定');
  await phone.page.getByRole('alert').getByText('没有办成').waitFor();
  expect(await phone.findings()).toEqual([]);
  await phone.fill('姓名', NAME);
  await phone.press('就是我，绑定');
  await phone.says(`${NAME}，您好。`);
  expect(await phone.page.evaluate('JSON.stringify([Object.keys(localStorage).sort(), Object.keys(sessionStorage)])')).toBe('[["xingfu-elder-refresh-token"],[]]');
  await phone.page.reload();
  await phone.says(`${NAME}，您好。`);
}, 60_000);

it('lets a child in by the elder\'s code, for what the elder agrees to and as long', async () => {
  await phone.press('家人和授权');
  await phone.on('家人和授权');
  await phone.press('给家人一个号码');
  const code = await phone.page.locator('.card .figure').innerText();
  const child = await openPhone();
  await child.logIn(CHILD);
  await child.on('这是谁的手机？');
  await child.press('我是家人，帮老人办');
  await child.press('用微信里的手机号');
  await child.page.locator('a.do').nth(CHILD - 1).click();
  await child.says(/^您的手机号 .*\*{4}.* 已经登记了。$/);
  expect(child.page.url()).not.toContain('code');
  await child.fill('八位号码', code);
  await child.fill('您的姓名', '张小明');
  expect(await child.findings()).toEqual([]);
  await child.press('绑定老人');
  await child.says('正在帮 张** 办。');
  await child.press('吃过的饭和账单');
  await child.page.getByRole('alert').getByText('老人还没有同意').waitFor();

  await phone.home();
  await phone.press('家人和授权');
  await phone.press(/^同意.*看我吃的饭和账单$/);
  await phone.says('看我吃的饭和账单：同意了');
  expect(await phone.findings()).toEqual([]);
  await child.home();
  await child.press('吃过的饭和账单');
  await child.says(/没有用餐记录/);

  await phone.press(/^全部收回/);
  await phone.says('现在没有家人绑定。');
  await child.page.reload();
  await child.on('这是谁的手机？');
  expect(await child.page.locator('main').innerText()).not.toContain('张');
}, 90_000);

it('books and pays in two steps from the menu, shows the code, eats at the till, and says how it was', async () => {
  await phone.home();
  await phone.press('订今天的饭');
  await phone.on('订饭');
  // Both canteens have one name here; the till stands in the first.
  await phone.page.evaluate(`void (location.hash = 'menu?site=${city.sites[0]}')`);
  await phone.page.locator('.card').first().waitFor();
  expect(await phone.page.locator('main').innerText()).toMatch(/您付 12元[\s\S]*原价15元，市补1.5元，县补1.5元，您付12元/);
  await phone.press(/^订这份/);
  await phone.on('看一看，对不对');
  await phone.press('订好，现在付 12元');
  await phone.page.getByRole('button', { name: '支付' }).click();
  await phone.on('我订的这一份');
  await saysInTime('已经付了 12元');
  expect(phone.page.url()).toMatch(/\/elder#booked\?booking=[0-9a-f-]+$/);
  const pickUp = (await phone.page.locator('.code .digits').innerText()).replaceAll(/[\s-]/g, '');
  expect(readQr(await phone.page.locator('.code svg').screenshot())?.replaceAll(/[\s-]/g, '')).toBe(pickUp);
  await phone.press('返回');
  await phone.on('幸福食堂');

  await phone.press('我的用餐码');
  await phone.on('我的用餐码');
  const shown = readQr(await phone.page.locator('.code svg').screenshot());
  expect(shown).toMatch(/^YM1[0-9A-F]{32}$/);
  const counter = await TillPage.open(city, browser);
  await counter.begin();
  await counter.hasRoster();
  await counter.page.getByRole('button', { name: /^今日预订 1/ }).waitFor({ timeout: 20_000 });
  await counter.sell(shown ?? '');
  await counter.says('请用餐');
  expect(await city.rows("SELECT elder_id AS \"elderId\", self_pay_fen::int AS own, b.state FROM meal m JOIN booking b USING (city_code, elder_id)")).toEqual([{ elderId: elder.elderId, own: 1200, state: 'collected' }]);
  await counter.close();

  await phone.home();
  await phone.press('吃过的饭和账单');
  await phone.says('您付了 12元');
  await phone.press('评一评');
  await phone.press('很满意');
  await phone.press('好吃');
  await phone.press('就这样评');
  await phone.says('记下了，谢谢您。');
  expect(await city.rows('SELECT stars::int AS stars FROM meal_rating')).toEqual([{ stars: 5 }]);
}, 120_000);

it('shows a pass for a till without a network so finely that a scanner reads all of it', async () => {
  await phone.home();
  await phone.press('我的用餐码');
  await phone.press('食堂断网时用的码');
  await phone.on('食堂断网时用的码');
  expect(await phone.findings()).toEqual([]);
  await phone.page.locator('main .touch').first().click();
  await phone.says(/只能吃一餐，只能在.*以前有效/);
  expect(await phone.findings()).toEqual([]);
  // A telephone has several dots of its screen for each of ours.
  await phone.page.setViewportSize({ width: 680, height: 1_400 });
  expect(readQr(await phone.page.locator('.code svg').screenshot())).toMatch(/^xf1\.[\w-]+\.[\w-]+$/);
  await phone.page.setViewportSize({ width: 390, height: 844 });
}, 60_000);

it('says in a sentence why a payment did not come about, and keeps the booking for another try', async () => {
  await phone.page.goto(`${city.service.url}/elder#menu?site=${city.sites[1]}&date=2024-12-04`);
  await phone.page.reload();
  await phone.on('订饭');
  await phone.press('返回');
  await phone.on('幸福食堂');
  await phone.page.evaluate(`void (location.hash = 'menu?site=${city.sites[1]}&date=2024-12-04')`);
  await phone.press(/^订这份/);
  await phone.press(/^订好，现在付/);
  await phone.page.getByRole('button', { name: '取消' }).click();
  await phone.says('还没有收到付款');
  await phone.press(/^付 \d+元$/);
  await phone.page.getByRole('button', { name: '支付' }).click();
  await saysInTime(/已经付了 \d+元/);
  await phone.press('我订的饭');
  await phone.press('取消这一餐');
  await phone.press('是的，取消这一餐');
  await phone.says(/退回微信/);
}, 60_000);

it('holds every page to the rules for elders, in three sizes of type and on a narrow telephone', async () => {
  await phone.home();
  const [booking] = await city.rows<{ id: string }>('SELECT booking_id AS id FROM booking ORDER BY made_at LIMIT 1');
  const [meal] = await city.rows<{ id: string }>('SELECT tap_id AS id FROM meal LIMIT 1');
  const wrong: string[] = [];
  for (const [page, title] of [
    ['', '幸福食堂'], ['call', '打电话'], ['sites', '选一家食堂'], ['menu?date=2024-12-04', '订饭'], [`order?site=${city.sites[1]}&date=2024-12-04&period=lunch&item=set`, '看一看，对不对'],
    [`booked?booking=${booking?.id}`, '我订的这一份'], ['code', '我的用餐码'], ['pass', '食堂断网时用的码'], ['bookings', '我订的饭'], [`standing?booking=${booking?.id}`, '天天都订'], ['family', '家人和授权'], ['history', '吃过的饭和账单'],
    [`rate?tap=${meal?.id}`, '这餐怎么样'], [`complaint?site=${city.sites[0]}&name=食堂`, '提意见、投诉'], ['inbox', '通知'], ['bind', '这是谁的手机？'],
  ] as const) {
    await phone.page.evaluate(`void (location.hash = '${page}')`);
    await phone.on(title);
    for (const size of ['20px', '25px', '30px', '30px on 320 px']) {
      if (size === '30px on 320 px') await phone.page.setViewportSize({ width: 320, height: 844 });
      expect(`${await phone.page.evaluate('getComputedStyle(document.body).fontSize')}`).toBe(size.slice(0, 4));
      wrong.push(...(await phone.findings()).map((finding) => `${title} at ${size}: ${finding}`));
      if (!size.startsWith('30px')) await phone.press(/^大字/);
    }
    await phone.page.setViewportSize({ width: 390, height: 844 });
    await phone.press(/^大字/);
  }
  expect(wrong).toEqual([]);
}, 240_000);

it('is used by keyboard alone, and comes back to the same place', async () => {
  await phone.home();
  const focused = (): Promise<string> => phone.page.evaluate("(document.activeElement?.textContent ?? '').trim()") as Promise<string>;
  const tabTo = async (words: string): Promise<void> => {
    for (let steps = 0; steps < 40 && (await focused()) !== words; steps += 1) await phone.page.keyboard.press('Tab');
    expect(await focused()).toBe(words);
  };
  await tabTo('打电话');
  await phone.page.keyboard.press('Enter');
  await phone.on('打电话');
  await phone.page.evaluate('document.activeElement.blur()');
  await tabTo('大字');
  await phone.page.keyboard.press('Enter');
  expect(await phone.page.evaluate("getComputedStyle(document.documentElement).fontSize")).toBe('25px');
  await phone.page.keyboard.press('Shift+Tab');
  await phone.page.keyboard.press('Shift+Tab');
  await phone.page.keyboard.press('Enter');
  await phone.on('幸福食堂');
});
