import type { Browser } from 'playwright-core';
import { builtPages, openBrowser } from '../support/browser.js';
import { ElderCity } from '../support/elder-city.js';
import { ElderPage, type TypeSize } from '../support/elder-page.js';
import { readQr } from '../support/read-qr.js';
import type { TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

/** Whoever comes here, each with an elder of their own: the type as most have it, larger by one touch, and the largest on top of a larger type of the telephone's own. */
const SIZES = [
  { size: 'usual type', px: '20px', own: 16, touches: 0, people: { elder: 1, child: 2 } },
  { size: 'larger type', px: '25px', own: 16, touches: 1, people: { elder: 3, child: 4 } },
  { size: 'the largest type', px: '37.5px', own: 20, touches: 2, people: { elder: 5, child: 6 } },
] as const;
const NAME = '张三丰';

let ground: ElderCity;
let city: TappingCity;
let browser: Browser;
/** The first of them, with the usual type. */
let phone: ElderPage;
const phones: ElderPage[] = [];

async function openPhone(type?: TypeSize): Promise<ElderPage> {
  const opened = await ElderPage.open(city, browser, type);
  phones.push(opened);
  await opened.on('欢迎来到幸福食堂');
  return opened;
}

/** Waits until the page says so, while the jobs behind it are done. */
async function saysInTime(on: ElderPage, words: string | RegExp): Promise<void> {
  const shown = on.page.locator('main').getByText(words).first();
  for (let tries = 0; tries < 40 && !(await shown.isVisible()); tries += 1) {
    await ground.work();
    await on.page.waitForTimeout(250);
  }
  await on.says(words);
}

beforeAll(async () => {
  ground = await ElderCity.start(await builtPages());
  ({ city } = ground);
  browser = await openBrowser();
}, 240_000);

afterAll(async () => {
  for (const { complaints } of phones) expect(complaints).toEqual([]);
  await browser?.close();
  await ground?.close();
});

describe.each(SIZES)('the whole path in $size', ({ px, people, ...type }) => {
  let elder: { elderId: string; card: string };
  let own: ElderPage;
  /** What is wrong with the pages that were passed. */
  const wrong: string[] = [];

  async function passes(on: ElderPage): Promise<void> {
    expect(await on.page.evaluate('getComputedStyle(document.body).fontSize')).toBe(px);
    const title = await on.page.locator('h1').innerText();
    wrong.push(...(await on.findings()).map((finding) => `${title}: ${finding}`));
  }

  beforeAll(async () => {
    elder = await city.elder();
    own = await openPhone(type);
    phone ??= own;
  }, 60_000);

  afterAll(() => expect(wrong).toEqual([]));

  it('logs in with WeChat, and leaves neither the code nor the elder in the browser', async () => {
    await passes(own);
    await own.logIn(people.elder);
    await own.on('这是谁的手机？');
    expect(own.page.url()).toBe(`${city.service.url}/elder`);
    await passes(own);
    await own.fill('助餐卡号', elder.card.toLowerCase());
    await own.fill('姓名', '李四');
    await own.press('就是我，绑定');
    await own.page.getByRole('alert').getByText('没有办成').waitFor();
    await passes(own);
    await own.fill('姓名', NAME);
    await own.press('就是我，绑定');
    await own.says(`${NAME}，您好。`);
    const kept = await own.page.evaluate('JSON.stringify([Object.keys(localStorage).sort(), Object.keys(sessionStorage)])');
    expect(kept).toBe(JSON.stringify([['xingfu-elder-refresh-token', ...(type.touches === 0 ? [] : ['xingfu-elder-scale'])], []]));
    await own.page.reload();
    await own.says(`${NAME}，您好。`);
    await passes(own);
  }, 60_000);

  it('lets a child in by the elder\'s code, for what the elder agrees to and as long', async () => {
    await own.press('家人和授权');
    await own.on('家人和授权');
    await own.press('给家人一个绑定码');
    const code = await own.page.locator('.card .figure').innerText();
    await passes(own);
    const child = await openPhone(type);
    await child.logIn(people.child);
    await child.on('这是谁的手机？');
    await child.press('我是家人，帮老人办');
    await passes(child);
    await child.press('用微信里的手机号');
    await child.page.locator('a.do').nth(people.child - 1).click();
    await child.says(/^您的手机号 .*\*{4}.* 已经登记了。$/);
    expect(child.page.url()).not.toContain('code');
    await child.fill('八位绑定码', code);
    await child.fill('您的姓名', '张小明');
    await passes(child);
    await child.press('绑定老人');
    await child.says('正在帮 张** 办。');
    await passes(child);
    await child.press('吃过的饭和账单');
    await child.page.getByRole('alert').getByText('老人还没有同意').waitFor();
    await passes(child);

    await own.home();
    await own.press('家人和授权');
    await own.press(/^同意.*看我吃的饭和账单$/);
    await own.says('看我吃的饭和账单：同意了');
    await passes(own);
    await child.home();
    await child.press('吃过的饭和账单');
    await child.says(/没有用餐记录/);

    await own.press(/^全部收回/);
    await own.says('现在没有家人绑定。');
    await child.page.reload();
    await child.on('这是谁的手机？');
    expect(await child.page.locator('main').innerText()).not.toContain('张');
    await child.close();
  }, 90_000);

  it('books and pays in two steps from the menu, shows the code, eats at the till, and says how it was', async () => {
    await own.home();
    await own.press('订今天的饭');
    await own.on('订饭');
    // Both canteens have one name here; the till stands in the first.
    await own.page.evaluate(`void (location.hash = 'menu?site=${city.sites[0]}')`);
    await own.page.locator('.card').first().waitFor();
    expect(await own.page.locator('main').innerText()).toMatch(/您付 12元[\s\S]*原价15元，市补1.5元，县补1.5元，您付12元/);
    await passes(own);
    await own.press(/^订这份/);
    await own.on('看一看，对不对');
    await passes(own);
    await own.press('订好，现在付 12元');
    await own.page.getByRole('button', { name: '支付' }).click();
    await own.on('我订的这一份');
    await saysInTime(own, '已经付了 12元');
    expect(own.page.url()).toMatch(/\/elder#booked\?booking=[0-9a-f-]+$/);
    const pickUp = (await own.page.locator('.code .digits').innerText()).replaceAll(/[\s-]/g, '');
    expect(readQr(await own.page.locator('.code svg').screenshot())?.replaceAll(/[\s-]/g, '')).toBe(pickUp);
    await passes(own);
    await own.press('返回');
    await own.on('幸福食堂');

    await own.press('我的用餐码');
    await own.on('我的用餐码');
    await own.page.locator('.code svg').waitFor();
    await passes(own);
    const counter = await TillPage.open(city, browser);
    await counter.begin();
    await counter.hasRoster();
    await counter.page.getByRole('button', { name: /^今日预订 1/ }).waitFor({ timeout: 20_000 });
    const shown = readQr(await own.page.locator('.code svg').screenshot());
    expect(shown).toMatch(/^YM1[0-9A-F]{32}$/);
    await counter.sell(shown ?? '');
    await counter.says('请用餐');
    expect(await city.rows('SELECT self_pay_fen::int AS own, b.state FROM meal m JOIN booking b USING (city_code, elder_id) WHERE elder_id = $1', [elder.elderId])).toEqual([{ own: 1200, state: 'collected' }]);
    await counter.close();

    await own.home();
    await own.press('吃过的饭和账单');
    await own.says('您付了 12元');
    await passes(own);
    await own.press('评一评');
    await own.press('很满意');
    await own.press('好吃');
    await passes(own);
    await own.press('就这样评');
    await own.says('记下了，谢谢您。');
    await passes(own);
    expect(await city.rows('SELECT stars::int AS stars FROM meal_rating r JOIN meal m USING (city_code, tap_id) WHERE m.elder_id = $1', [elder.elderId])).toEqual([{ stars: 5 }]);
  }, 120_000);
});

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
  await saysInTime(phone, /已经付了 \d+元/);
  await phone.press('我订的饭');
  await phone.press('取消这一餐');
  await phone.press('是的，取消这一餐');
  await phone.says(/退回微信/);
}, 60_000);

it('holds the other pages to the rules for elders too, and every page in large type on a narrow telephone', async () => {
  const [booking] = await city.rows<{ id: string }>('SELECT booking_id AS id FROM booking ORDER BY made_at LIMIT 1');
  const [meal] = await city.rows<{ id: string }>('SELECT tap_id AS id FROM meal ORDER BY device_time LIMIT 1');
  const passed = [
    ['', '幸福食堂'], ['menu?date=2024-12-04', '订饭'], [`order?site=${city.sites[1]}&date=2024-12-04&period=lunch&item=set`, '看一看，对不对'], [`booked?booking=${booking?.id}`, '我订的这一份'],
    ['code', '我的用餐码'], ['family', '家人和授权'], ['history', '吃过的饭和账单'], [`rate?tap=${meal?.id}`, '这餐怎么样'], ['bind', '这是谁的手机？'],
  ] as const;
  const others = [
    ['call', '打电话'], ['sites', '选一家食堂'], ['pass', '食堂断网时用的码'], ['bookings', '我订的饭'], [`standing?booking=${booking?.id}`, '工作日都订'], [`complaint?site=${city.sites[0]}&name=食堂`, '提意见、投诉'], ['inbox', '通知'],
  ] as const;
  await phone.home();
  const wrong: string[] = [];
  for (const [px, width, pages] of [['20px', 390, others], ['25px', 390, others], ['30px', 390, others], ['30px', 320, [...passed, ...others]]] as const) {
    await phone.page.setViewportSize({ width, height: 844 });
    while ((await phone.page.evaluate('getComputedStyle(document.body).fontSize')) !== px) await phone.press(/^大字/);
    for (const [page, title] of pages) {
      await phone.page.evaluate(`void (location.hash = '${page}')`);
      await phone.on(title);
      wrong.push(...(await phone.findings()).map((finding) => `${title} at ${px} on ${width} px: ${finding}`));
    }
  }
  await phone.page.setViewportSize({ width: 390, height: 844 });
  await phone.press(/^大字/);
  expect(wrong).toEqual([]);
}, 240_000);

it('opens the page that a message of WeChat\'s names, also where nobody is logged in yet', async () => {
  await phone.page.goto(`${city.service.url}/elder?page=inbox`);
  await phone.on('通知');
  expect(phone.page.url()).toBe(`${city.service.url}/elder#inbox`);
  await phone.press('返回');
  await phone.on('幸福食堂');
  const other = await openPhone();
  await other.page.goto(`${city.service.url}/elder?page=inbox`);
  await other.on('欢迎来到幸福食堂');
  await other.press('微信登录');
  await other.page.locator('a.do').nth(SIZES[0].people.elder - 1).click();
  await other.on('通知');
  expect(await other.page.evaluate('Object.keys(sessionStorage).length')).toBe(0);
}, 60_000);

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
