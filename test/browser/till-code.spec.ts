import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { axeFindings, builtPages, openBrowser, openPage, settled, sizeFindings } from '../support/browser.js';
import { childPhone, elderPhone, type TestPhone } from '../support/mini.js';
import { CITY, cityClock, TappingCity } from '../support/tapping-city.js';
import { readQr } from '../support/read-qr.js';
import { PASSWORD } from '../support/staffed-city.js';
import { TillPage } from '../support/till-page.js';
import { giveMerchant, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const SECOND = 1_000;
const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let counter: TillPage;
let terminalId: string;
/** How far a test has put the service's clock ahead: WeChat is asked every ten seconds. */
let skipped = 0;
const people: { elderId: string; card: string; phone: TestPhone }[] = [];

const amount = (): Promise<string> => counter.page.locator('div.amount').innerText();
const tender = (): Promise<string> => counter.page.locator('.key.tender').innerText();
const alert = (): Promise<string> => counter.page.getByRole('alert').first().innerText();
const paying = () => counter.page.getByRole('status', { name: '微信收款' });
const last = async () => (await counter.served(terminalId)).slice(-1)[0];

function somebody(): (typeof people)[number] {
  const next = people.shift();
  if (next === undefined) throw new Error('no more elders');
  return next;
}

async function shown({ phone, elderId }: (typeof people)[number]): Promise<{ text: string; digits: string }> {
  const { status, body } = await phone.post(`/v1/mini/elders/${elderId}/code`, {});
  expect(status).toBe(200);
  return body;
}

/** A payer who has so much, and the code that their phone shows. */
function payer(balanceFen: number) {
  const user = wechat.sim.user();
  user.balanceFen = balanceFen;
  return user;
}

/** Begins a sale that is paid by WeChat, up to its payment code. */
async function askPayment(card: string): Promise<void> {
  while (!(await tender()).includes('微信')) await counter.press('0');
  await counter.scan(card);
  await paying().getByText('请扫微信付款码').waitFor();
}

beforeAll(async () => {
  const pages = await builtPages();
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, pages, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  await city.staffed.add('first', ['cityOfficer']);
  await city.staffed.add('second', ['cityOfficer']);
  for (let index = 0; index < 12; index += 1) {
    const elder = await city.elder();
    people.push({ ...elder, phone: await elderPhone(city, elder.elderId) });
  }
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun + skipped), 100);
  browser = await openBrowser();
  counter = await TillPage.open(city, browser);
  terminalId = await counter.begin();
  await counter.hasRoster();
}, 120_000);

afterAll(async () => {
  expect(counter?.complaints).toEqual([]);
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
  await wechat?.close();
});

it('sells by a code as by the card: the same sign, the same figures, the same place', async () => {
  const [one, other] = [somebody(), somebody()];
  const look = async () => [await counter.page.locator('.person').innerHTML(), (await amount()).replace(/第 \d+ 笔/, ''), (await counter.page.locator('.called').innerText()).slice(0, 1)];
  await counter.sell(one.card);
  await counter.says('请用餐');
  const byCard = await look();
  const before = await counter.count();
  await counter.scan((await shown(other)).text);
  await counter.page.waitForSelector(`.amount[data-sale="${before + 1}"]`);
  expect(await look()).toEqual(byCard);
  await counter.uploaded();
  expect(await last()).toMatchObject({ kind: 'tap', outcome: 'accepted', selfPayFen: 1200 });
  const disk = await counter.disk();
  for (const word of [other.elderId, other.card, 'YM1']) expect(disk).not.toContain(word);
});

it('takes the digits that somebody reads out', async () => {
  const elder = somebody();
  const { digits } = await shown(elder);
  await counter.page.getByRole('button', { name: '输用餐码' }).click();
  await counter.press(...digits.slice(0, 4), '9', '-', ...digits.slice(4));
  expect(await counter.page.getByRole('status', { name: '用餐码' }).innerText()).toContain(digits.replace(/(\d{4})(?=\d)/g, '$1 '));
  const before = await counter.count();
  await counter.press('Enter');
  await counter.page.waitForSelector(`.amount[data-sale="${before + 1}"]`);
  expect(await amount()).toMatch(/收现金\s*12元/);
});

it('books nothing by a code that was used, and keeps the bill for whoever lays down the card', async () => {
  const elder = somebody();
  const { text } = await shown(elder);
  const before = await counter.count();
  await counter.scan(text);
  await counter.page.waitForSelector(`.amount[data-sale="${before + 1}"]`);
  await counter.press('*', '2', 'Enter');
  await counter.scan(text);
  await counter.page.getByRole('alert').getByText('已经用过了').waitFor();
  expect(await alert()).toMatch(/没有记账.*刷卡/s);
  await counter.press('Enter');
  expect([await counter.count(), await counter.page.getByLabel('账单').innerText()]).toEqual([before + 1, expect.stringContaining('×2')]);
  await counter.press('Escape');
});

it('takes a pass without a network, once, at the price of the roster', async () => {
  const elder = somebody();
  const { text } = await shown(elder);
  const pass = await elder.phone.post(`/v1/mini/elders/${elder.elderId}/pass`, { id: randomUUID(), siteId: city.sites[0] });
  await counter.context.setOffline(true);
  await counter.page.locator('.badge.red, .badge.grey').waitFor();
  const before = await counter.count();
  await counter.scan(text);
  await counter.page.getByRole('alert').getByText('断网时不能用这个码').waitFor();
  await counter.dismiss();
  await counter.scan(pass.body.text);
  await counter.page.waitForSelector(`.amount[data-sale="${before + 1}"]`);
  expect(await amount()).toMatch(/收现金\s*12元/);
  await counter.scan(pass.body.text);
  await counter.page.getByRole('alert').getByText('这个通行码已经用过了').waitFor();
  await counter.dismiss();
  expect(await counter.count()).toBe(before + 1);
  await counter.context.setOffline(false);
  await counter.uploaded();
  expect(await last()).toMatchObject({ kind: 'tap', outcome: 'accepted', selfPayFen: 1200 });
}, 60_000);

it('offers WeChat once the operator takes it', async () => {
  await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
  await counter.page.reload();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  for (let tries = 0; tries < 60 && !(await tender()).includes('微信'); tries += 1) await counter.press('0');
  expect(await tender()).toBe('0 微信');
  // A payment code before anything is sold is no card.
  await counter.scan(payer(5_000).payCode());
  await counter.page.getByRole('alert').getByText('还没有要收的款').waitFor();
  await counter.press('Enter');
});

it('records the sale, charges the code, and only then says that all is well', async () => {
  const { card } = somebody();
  const user = payer(5_000);
  await askPayment(card);
  expect(await counter.page.locator('.person .says').innerText()).toBe('请稍等');
  expect(await amount()).toMatch(/微信收\s*12元/);
  await counter.scan('LC00000001');
  expect(user.balanceFen).toBe(5_000);
  const code = user.payCode();
  await counter.scan(code);
  await counter.says('请用餐');
  expect([await amount(), user.balanceFen]).toEqual([expect.stringMatching(/微信已付\s*12元/), 3_800]);
  expect(await counter.disk()).not.toContain(code);
  await counter.press('-', '1');
  await counter.says('已撤销');
  await workOff(city, 'payment.');
  expect(user.balanceFen).toBe(5_000);
});

it('waits for the password, and takes the sale back where the cashier gives it up', async () => {
  const { card } = somebody();
  const user = payer(5_000);
  wechat.sim.faults.set('codepay', { userPaying: null });
  await askPayment(card);
  await counter.scan(user.payCode());
  await paying().getByText('等待老人输入密码').waitFor();
  await counter.press('Escape');
  await counter.page.getByRole('alert').getByText('微信没有付成，这一笔已作废').waitFor({ timeout: 15_000 });
  await counter.press('Enter');
  await counter.uploaded();
  expect((await counter.served(terminalId)).slice(-2)).toMatchObject([{ kind: 'tap', voided: true }, { kind: 'void' }]);
  for (let times = 0; times < 12; times += 1) {
    skipped += 10 * SECOND;
    await counter.page.waitForTimeout(120);
    await workOff(city, 'payment.');
  }
  expect(user.balanceFen).toBe(5_000);
  expect(await city.rows(`SELECT FROM wechat_order WHERE state NOT IN ('paid', 'closed')`)).toEqual([]);
  // Cash is a sale of its own.
  while (!(await tender()).includes('现金')) await counter.press('0');
  await counter.sell(card);
  expect(await amount()).toMatch(/收现金\s*12元/);
}, 60_000);

it('says why a payment failed, and takes another code', async () => {
  const { card } = somebody();
  await askPayment(card);
  await counter.scan(payer(100).payCode());
  await paying().getByText('钱不够，没有扣款').waitFor();
  const user = payer(5_000);
  await counter.scan(user.payCode());
  await counter.says('请用餐');
  expect(user.balanceFen).toBe(3_800);
});

it('takes back what a dead page left without its money', async () => {
  const { card } = somebody();
  await askPayment(card);
  await counter.uploaded();
  await counter.crash();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  for (let tries = 0; tries < 50 && (await last())?.kind !== 'void'; tries += 1) await counter.page.waitForTimeout(100);
  expect((await counter.served(terminalId)).slice(-2)).toMatchObject([{ kind: 'tap', voided: true }, { kind: 'void' }]);
}, 60_000);

it('lets an elder take back at the till what a child may do, by laying down the card', async () => {
  const { elderId, card } = await city.elder();
  const child = await childPhone(city, elderId, ['meals', 'ordering']);
  expect((await child.post(`/v1/mini/elders/${elderId}/code`, {})).status).toBe(200);
  const before = await counter.count();
  await counter.page.getByRole('button', { name: '设置' }).click();
  await counter.page.getByRole('button', { name: '老人刷卡：同意、查看、收回' }).click();
  const panel = counter.page.getByRole('region', { name: '家人授权' });
  await counter.scan(card);
  await panel.getByText('子女：看吃的饭和账单、帮着订饭').waitFor();
  expect(await panel.innerText()).not.toMatch(/张|138/);
  await counter.press('1', 'Enter');
  await panel.getByText('已收回，马上生效。').waitFor();
  expect((await child.post(`/v1/mini/elders/${elderId}/code`, {})).status).toBeGreaterThanOrEqual(400);
  await counter.press('Escape');
  await counter.page.getByRole('button', { name: '设置' }).click();
  expect(await counter.count()).toBe(before);
  expect(await counter.disk()).not.toContain(card);
});

it('takes a code that the community printed, until it is reported lost', async () => {
  const { card } = await city.elder();
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  const page = await openPage(browser, 1280);
  page.setDefaultTimeout(10_000);
  await page.goto(`${city.service.url}/console`);
  await page.getByLabel('账号').fill('worker');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('link', { name: '大字打印' }).click();
  const panel = page.locator('section.panel', { hasText: '纸质用餐码' });
  const does = async (what: string) => {
    await panel.getByLabel('办什么').selectOption(what);
    await panel.getByLabel('助餐卡号').fill(card);
    await panel.getByRole('button', { name: '办理' }).click();
  };
  await does('issue');
  const paper = page.getByRole('figure', { name: '纸质用餐码' });
  await paper.waitFor();
  const code = readQr(await paper.screenshot()) ?? '';
  expect(code).toMatch(/^YM3\d{14}$/);
  expect((await paper.innerText()).replaceAll(' ', '')).toContain(code.slice(2));
  await settled(page);
  expect([await axeFindings(page), await sizeFindings(page)]).toEqual([[], []]);
  while (!(await tender()).includes('现金')) await counter.press('0');
  const before = await counter.count();
  await counter.scan(code);
  await counter.page.waitForSelector(`.amount[data-sale="${before + 1}"]`);
  await does('revoke');
  await panel.getByText('已作废，马上生效').waitFor();
  await counter.scan(code);
  await counter.page.getByRole('alert').getByText('这张纸质用餐码已作废').waitFor();
  await counter.press('Enter');
  await page.context().close();
}, 60_000);

it('leaves books that hold', async () => {
  expect((await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)))).violations).toEqual([]);
});
