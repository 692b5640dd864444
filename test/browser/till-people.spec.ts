import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { checkDigit } from '../../src/elder/domain/index.js';
import { axeFindings, builtPages, giveChinese, openBrowser, settled, sizeFindings } from '../support/browser.js';
import { publishFreeMeals } from '../support/free-meals.js';
import { TappingCity } from '../support/tapping-city.js';
import { TillPage, type TillBrowser } from '../support/till-page.js';

const PIN = '482913';
const OTHER_PIN = '739164';
const WRONG = ['482910', '482911', '482912', '482914', '482915'];
const MINUTE = 60_000;
/** Text and targets that are read and touched from 80 cm. */
const FAR = { font: 20, target: 60 };

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let manager = '';
let count = 0;
const paying: string[] = [];
const free: string[] = [];
const open: TillPage[] = [];

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  await publishFreeMeals(city.staffed);
  await city.staffed.add('manager', ['canteenManager'], '371502', city.sites[0] as string);
  manager = await city.staffed.tokenOf('manager');
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  // Known before the first till opens: a site's roster is made at most once a minute.
  for (const phone of ['13800000001', '13800000002', '13800000003', '13800000004', '13800000005']) free.push(await elderWith('孙一', phone, '19400601'));
  for (const phone of ['13800000006', '13800000007', '13800000008']) paying.push(await elderWith('孙四', phone));
  browser = await openBrowser();
}, 300_000);

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

/** Registers somebody with a telephone. @returns the card's number */
async function elderWith(name: string, phone: string, born = '19500601'): Promise<string> {
  count += 1;
  const first17 = `371502${born}${String(600 + count)}`;
  const card = `TEL${String(count).padStart(6, '0')}`;
  const { status } = await city.staffed.call('POST', '/v1/elders', { token: city.county, body: { id: randomUUID(), name, phone, identityNumber: first17 + checkDigit(first17), residenceCode: '371502001', cardNumber: card } });
  expect(status).toBe(200);
  return card;
}

async function addCashier(terminalId: string, name: string, pin: string): Promise<void> {
  expect(await city.staffed.call('POST', '/v1/till/cashiers', { token: manager, body: { id: randomUUID(), terminalId, name, pin } })).toMatchObject({ status: 200 });
}

/** A till with two cashiers that asks for a PIN. */
async function manned(options?: TillBrowser): Promise<{ counter: TillPage; terminalId: string }> {
  const counter = await TillPage.open(city, browser, options);
  open.push(counter);
  const { code, terminalId } = await counter.code();
  await addCashier(terminalId, '甲班', PIN);
  await addCashier(terminalId, '乙班', OTHER_PIN);
  await counter.page.getByLabel('登记码').fill(code);
  await counter.page.getByRole('button', { name: '登记', exact: true }).click();
  await counter.page.getByRole('heading', { name: /收银员登录/ }).waitFor();
  return { counter, terminalId };
}

/** A till without cashiers, in its shift. */
async function selling(options?: TillBrowser): Promise<{ counter: TillPage; terminalId: string }> {
  const counter = await TillPage.open(city, browser, options);
  open.push(counter);
  const terminalId = await counter.begin();
  return { counter, terminalId };
}

/** Counts sounds from now on: a tone and its spoken words are two. */
const listen = (counter: TillPage) => counter.page.evaluate('void (globalThis.sounds = 0, globalThis.begin = AudioBufferSourceNode.prototype.start, AudioBufferSourceNode.prototype.start = function (...given) { globalThis.sounds += 1; return globalThis.begin.apply(this, given); })');
/** How many sounds there were since this was asked last. */
const heard = (counter: TillPage) => counter.page.evaluate('{ const since = globalThis.sounds; globalThis.sounds = 0; since }') as Promise<number>;
const choose = (counter: TillPage, name: string) => counter.page.getByRole('button', { name }).click();
const type = (counter: TillPage, pin: string) => counter.press(...pin);
const opening = (counter: TillPage) => counter.page.getByRole('heading', { name: /开班检查/ });
const trouble = (counter: TillPage) => counter.page.locator('.log-in [role=alert]');
const meals = (terminalId: string) => city.rows<{ entered: boolean; presence: string | null; flags: string[]; selfPayFen: number }>(
  `SELECT m.flags @> ARRAY['entered-for'] AS entered, m.flags, m.self_pay_fen::int AS "selfPayFen" FROM meal m JOIN tap_claim c ON c.city_code = m.city_code AND c.tap_id = m.tap_id WHERE c.terminal_id = $1 ORDER BY c.journal_number`, [terminalId]);

describe('a cashier', () => {
  it('logs in by PIN on the number pad, hands over, and is let in without a network', async () => {
    const { counter } = await manned();
    expect([await axeFindings(counter.page), await sizeFindings(counter.page, FAR)]).toEqual([[], []]);
    // A card read by mistake is nobody's PIN.
    await counter.scan('4829130000');
    await counter.press('2');
    await type(counter, PIN);
    await opening(counter).waitFor();
    await counter.page.getByText('收银员：甲班').waitFor();
    await counter.page.getByRole('button', { name: '换人' }).click();
    await choose(counter, '乙班');
    await type(counter, WRONG[0] as string);
    expect(await trouble(counter).innerText()).toContain('PIN 不正确');
    await type(counter, OTHER_PIN);
    await counter.page.getByText('收银员：乙班').waitFor();
    await counter.context.setOffline(true);
    await counter.page.getByRole('button', { name: '换人' }).click();
    await choose(counter, '甲班');
    await type(counter, WRONG[1] as string);
    await trouble(counter).waitFor();
    await type(counter, PIN);
    await counter.page.getByText('收银员：甲班').waitFor();
    // Nothing that a PIN is checked with lies open in the browser.
    const kept = (await counter.page.evaluate(`(${META})()`)) as string;
    expect(kept).toContain('"pins"');
    expect(kept).not.toMatch(/verifier|salt|482913/);
    // After three days the till lets nobody in by itself.
    await counter.page.getByRole('button', { name: '换人' }).click();
    await counter.later(73 * 60 * MINUTE);
    await choose(counter, '甲班');
    await type(counter, PIN);
    expect(await trouble(counter).innerText()).toContain('联网登录一次');
  }, 90_000);

  it('waits longer and longer after five wrong tries, also when the page is loaded anew', async () => {
    const { counter } = await manned();
    await choose(counter, '甲班');
    await type(counter, PIN);
    await opening(counter).waitFor();
    await counter.page.route('**/v1/till/log-ins', (route) => route.abort('connectionrefused'));
    await counter.page.getByRole('button', { name: '换人' }).click();
    await choose(counter, '甲班');
    for (const pin of WRONG) {
      await type(counter, pin);
      await trouble(counter).waitFor();
      await counter.page.locator('[aria-label="已输入 0 位"]').waitFor();
      await counter.page.getByText('请输入 6 位 PIN').waitFor();
    }
    expect(await trouble(counter).innerText()).toContain('输错次数太多');
    await counter.page.reload();
    await counter.page.route('**/v1/till/log-ins', (route) => route.abort('connectionrefused'));
    await counter.page.getByText('请输入 6 位 PIN').waitFor();
    await type(counter, PIN);
    expect(await trouble(counter).innerText()).toMatch(/请在 (1 分钟|\d+ 秒)后再试/);
    await counter.later(61_000);
    await type(counter, WRONG[0] as string);
    await counter.page.getByText('2 分钟后再试').waitFor();
    await counter.later(4 * MINUTE);
    await type(counter, PIN);
    await opening(counter).waitFor();
  }, 90_000);

  it('finds the page locked after half an hour, but never in the middle of a sale, and may not log out with sales unsent', async () => {
    const { counter } = await manned();
    await choose(counter, '甲班');
    await type(counter, PIN);
    await counter.page.getByRole('button', { name: '开始收款' }).click();
    await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
    expect([await axeFindings(counter.page), await sizeFindings(counter.page, FAR)]).toEqual([[], []]);
    await counter.press('1');
    await counter.later(31 * MINUTE);
    await counter.page.waitForTimeout(6_000);
    expect(await counter.page.locator('.log-in').count()).toBe(0);
    await counter.press('Escape');
    await counter.later(62 * MINUTE);
    await counter.page.getByText('班次还在继续').waitFor({ timeout: 12_000 });
    await counter.later(0);
    // A card at a locked till sells nothing.
    await counter.scan('NOBODY-1');
    await counter.page.waitForTimeout(300);
    expect(await counter.count()).toBe(0);
    await type(counter, PIN);
    await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
    await counter.context.setOffline(true);
    await counter.sell();
    await counter.page.getByRole('button', { name: /锁屏或换人/ }).click();
    await counter.page.getByText('班次还在继续').waitFor();
    await choose(counter, '甲班');
    await type(counter, PIN);
    await counter.page.getByRole('button', { name: /^散客/ }).waitFor({ timeout: 15_000 });
    expect(await counter.count()).toBe(1);
    expect(await counter.badge()).toMatch(/^1\s*笔未上传/);
  }, 90_000);
});

describe('a forgotten card', () => {
  it('is looked for by touch or by keys, and the meal is entered for the elder', async () => {
    const card = await elderWith('欧阳秀英', '13806351234');
    const { counter, terminalId } = await selling();
    await counter.page.getByRole('button', { name: '忘带卡' }).click();
    await counter.page.getByLabel('姓', { exact: true }).waitFor();
    expect([await axeFindings(counter.page), await sizeFindings(counter.page, FAR)]).toEqual([[], []]);
    // An input method composes the surname, and what it composes is no surname until it is chosen.
    const typing = await counter.context.newCDPSession(counter.page);
    await typing.send('Input.imeSetComposition', { text: 'ou yang', selectionStart: 7, selectionEnd: 7 });
    await typing.send('Input.insertText', { text: '欧阳' });
    expect(await counter.page.getByLabel('姓', { exact: true }).inputValue()).toBe('欧阳');
    await counter.page.keyboard.type('1234', { delay: 80 });
    await counter.page.keyboard.press('Enter');
    const found = counter.page.locator('.found button');
    await found.waitFor();
    expect(await found.innerText()).toMatch(new RegExp(`欧阳女士|欧阳先生`));
    expect(await found.innerText()).toContain(card.slice(-4));
    expect([await axeFindings(counter.page), await sizeFindings(counter.page, FAR)]).toEqual([[], []]);
    await counter.press('1');
    await counter.says('谢谢，请用餐');
    await counter.shows('.amount', /14\s*元/);
    await counter.uploaded();
    expect(await meals(terminalId)).toMatchObject([{ entered: true, selfPayFen: 1400 }]);
    await counter.page.locator('.badge').click();
    expect(await counter.page.locator('.records li').first().innerText()).toContain('代记');
    // By touch alone: a common surname and the pad of the screen.
    await elderWith('王建国', '13800004321');
    await counter.page.getByRole('button', { name: '忘带卡' }).click();
    await counter.page.getByRole('button', { name: '王', exact: true }).click();
    for (const digit of '4321') await counter.page.locator('.pad').getByRole('button', { name: digit, exact: true }).click();
    await counter.page.getByRole('button', { name: '查找（确认键）' }).click();
    await found.click();
    await counter.page.waitForSelector('.amount[data-sale="2"]');
    await counter.uploaded();
    expect(await meals(terminalId)).toHaveLength(2);
  }, 90_000);

  it('that turns up after all is read as a card, and a search that finds nobody, or may not be made, says what to do', async () => {
    const card = await elderWith('赵大有', '13800005678');
    const { counter, terminalId } = await selling();
    const dialog = counter.page.locator('.people-panel');
    await counter.page.getByRole('button', { name: '忘带卡' }).click();
    await counter.page.getByLabel('姓', { exact: true }).fill('赵');
    await counter.page.keyboard.type('0000', { delay: 80 });
    await counter.page.keyboard.press('Enter');
    await dialog.getByText('没有找到').waitFor();
    await counter.scan(card);
    await counter.says('谢谢，请用餐');
    expect(await dialog.count()).toBe(0);
    await counter.page.route('**/v1/till/searches', (route) => route.fulfill({ status: 429, contentType: 'application/problem+json', body: JSON.stringify({ code: 'search-day-limit', title: '本终端今天代查已达 20 次上限，请老人出示助餐卡，或按散客原价用餐。' }) }));
    await counter.page.getByRole('button', { name: '忘带卡' }).click();
    await counter.page.getByLabel('姓', { exact: true }).fill('赵');
    await counter.page.keyboard.type('5678', { delay: 80 });
    await counter.page.keyboard.press('Enter');
    await dialog.getByText('已达 20 次上限').waitFor();
    await dialog.getByRole('button', { name: '返回' }).click();
    // Without a network: one sentence, and the way to sell all the same.
    await counter.context.setOffline(true);
    await counter.page.locator('.status', { hasText: '本机没有网络' }).waitFor();
    await counter.page.getByRole('button', { name: '忘带卡' }).click();
    await dialog.getByText('不能查找老人').waitFor();
    await dialog.getByRole('button', { name: '按原价收' }).click();
    await counter.says('谢谢，请用餐');
    await counter.context.setOffline(false);
    await counter.uploaded();
    expect((await meals(terminalId)).map(({ entered, selfPayFen }) => [entered, selfPayFen])).toEqual([[false, 1400], [false, 1500]]);
  }, 90_000);
});

describe('a second proof of presence', () => {
  it('is asked for once where the meal costs the elder nothing, online and offline, by one key, and may be left out', async () => {
    const { counter, terminalId } = await selling();
    await counter.page.locator('.status').getByText('补贴保证到').waitFor({ timeout: 20_000 });
    const panel = counter.page.locator('.people-panel.proof');
    await counter.scan(paying[0] as string);
    await counter.says('谢谢，请用餐');
    expect(await panel.count()).toBe(0);
    await counter.scan(free[0] as string);
    await panel.waitFor();
    // Nothing says why, and nothing is written before the answer.
    expect(await panel.innerText()).not.toMatch(/免费|补贴|全额|0\s*元/);
    expect(await panel.innerText()).toContain((free[0] as string).slice(-4));
    expect(await counter.count()).toBe(1);
    expect([await axeFindings(counter.page), await sizeFindings(counter.page, FAR)]).toEqual([[], []]);
    await counter.press('2');
    await counter.says('谢谢，请用餐');
    await counter.context.setOffline(true);
    await counter.scan(free[1] as string);
    await panel.waitFor();
    await counter.press('3');
    await counter.says('谢谢，请用餐');
    await counter.scan(free[2] as string);
    await panel.waitFor();
    await counter.press('0');
    await counter.says('谢谢，请用餐');
    await counter.context.setOffline(false);
    await counter.uploaded();
    const rows = await meals(terminalId);
    expect(rows.map(({ selfPayFen, flags }) => [selfPayFen, flags.includes('proof-missing')])).toEqual([[1400, false], [0, false], [0, false], [0, true]]);
  }, 90_000);

  it('is noticed by nobody round the counter: signs, the second screen and sounds are those of a paid meal', async () => {
    const { counter } = await selling();
    const { page } = counter;
    await page.locator('.status').getByText('补贴保证到').waitFor({ timeout: 20_000 });
    await page.evaluate(`{
      globalThis.heard = [];
      const { start } = AudioBufferSourceNode.prototype;
      AudioBufferSourceNode.prototype.start = function (...when) { globalThis.heard.push(this.buffer.length); return start.apply(this, when); };
      const { sign } = SubtleCrypto.prototype;
      SubtleCrypto.prototype.sign = async function (...given) { await globalThis.held; return sign.apply(this, given); };
    }`);
    const display = await counter.context.newPage();
    await giveChinese(display);
    await display.goto(`${city.service.url}/till?display`);
    await display.locator('.display .says').waitFor();
    await settled(page);
    const shot = async (of: Page, selector: string): Promise<string> => {
      await of.evaluate(`{ const part = document.querySelector('${selector}'); part.style.display = 'none'; void part.offsetHeight; part.style.display = ''; }`);
      return (await of.locator(selector).screenshot()).toString('base64');
    };
    /** All that can be seen and heard round the counter now; what is to pay is between the eater and their screen. */
    const around = async (says: string) => {
      await counter.says(says);
      await display.locator('.says', { hasText: says }).waitFor();
      await display.evaluate("{ const figure = document.querySelector('.due .figure').firstChild; if (figure?.data) figure.data = '0'; }");
      return { sign: await shot(page, '[data-zone="bystander"]'), screen: await shot(display, '.display'), sounds: await page.evaluate('heard.splice(0).join(" ")') };
    };
    const served = async () => {
      const seen = await around('谢谢，请用餐');
      // The digits of the second screen are written anew with the next outcome.
      await display.reload();
      await display.locator('.display .says').waitFor();
      return seen;
    };
    type Around = Awaited<ReturnType<typeof around>>;
    const waiting: Around[] = [];
    const done: Around[] = [];
    for (const away of [false, true]) {
      if (away) await counter.context.route('**/v1/**', (route) => route.abort('connectionrefused'));
      // A paid meal that is held while it is looked up.
      await page.evaluate('void (globalThis.held = new Promise((done) => (globalThis.letGo = done)))');
      await counter.scan(paying[away ? 2 : 1] as string);
      waiting.push(await around('请稍等'));
      await page.evaluate('letGo()');
      done.push(await served());
      await counter.scan(free[away ? 4 : 3] as string);
      await page.locator('.people-panel.proof').waitFor();
      waiting.push(await around('请稍等'));
      await counter.press('1');
      done.push(await served());
      // Once: nothing asks again.
      expect(await page.locator('.people-panel').count()).toBe(0);
    }
    expect(waiting).toEqual(waiting.map(() => waiting[0]));
    expect(done).toEqual(done.map(() => done[0]));
    expect(waiting[0]?.sounds).toBe('');
    expect(done[0]?.sounds).toMatch(/^\d+ \d+$/);
    await counter.context.unroute('**/v1/**');
  }, 90_000);
});

describe('bad input', () => {
  it('is one sentence and one sound, and loses no sale', async () => {
    const { counter, terminalId } = await selling();
    await listen(counter);
    const sentence = () => counter.page.locator('.alert-panel .sentence').innerText();
    for (const [card, says] of [['NOBODY-1', '没有找到这张卡'], ['3701000099887766', '没有找到这张卡']] as const) {
      await heard(counter);
      await counter.scan(card);
      await counter.says('请稍候');
      expect(await sentence()).toBe(says);
      expect(await heard(counter)).toBeLessThanOrEqual(2);
      await counter.press('Enter');
    }
    const before = await counter.count();
    await counter.page.evaluate("for (const key of '37150') document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))");
    await counter.says('请稍候');
    expect(await sentence()).toContain('没有读完整');
    await counter.press('Enter');
    expect(await counter.count()).toBe(before);
    await counter.uploaded();
    expect((await meals(terminalId)).map(({ selfPayFen }) => selfPayFen)).toEqual([1500, 1500]);
  }, 60_000);
});

const META = `() => new Promise((done) => {
  const request = indexedDB.open('xingfu-till');
  request.onsuccess = () => {
    const store = request.result.transaction('meta').objectStore('meta');
    const [keys, values] = [store.getAllKeys(), store.getAll()];
    values.onsuccess = () => { request.result.close(); done(JSON.stringify(keys.result.map((key, index) => [key, values.result[index]]))); };
  };
})`;
