import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { builtPages, openBrowser } from '../support/browser.js';
import { CITY, TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let counter: TillPage;
let terminalId: string;
let first: string;
const elders: { elderId: string; card: string }[] = [];

const post = (token: string, path: string, body: object) => city.staffed.call('POST', path, { token, body: { id: randomUUID(), ...body } });
const balanceOf = async (elderId: string): Promise<number> => (await city.staffed.call('GET', `/v1/elders/${elderId}/prepaid`, { token: city.county })).body.balanceFen;
const amount = (): Promise<string> => counter.page.locator('div.amount').innerText();
const tender = (): Promise<string> => counter.page.locator('.key.tender').innerText();
const lines = (): Promise<string> => counter.page.locator('.lines').innerText();

/** An elder with so much on the card. */
async function rich(fen: number): Promise<{ elderId: string; card: string }> {
  const elder = elders.shift();
  if (elder === undefined) throw new Error('no more elders');
  if (fen > 0) expect((await post(first, '/v1/prepaid/statements', { lines: [{ reference: elder.card, cardNumber: elder.card, fen }] })).body).toMatchObject({ bookedFen: fen });
  return elder;
}

async function byBalance(card: string): Promise<void> {
  while (!(await tender()).includes('余额')) await counter.press('0');
  await counter.sell(card);
}

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  await city.staffed.add('first', ['cityOfficer'], CITY);
  await city.staffed.add('second', ['cityOfficer'], CITY);
  first = await city.staffed.tokenOf('first');
  for (let index = 0; index < 8; index += 1) elders.push(await city.elder());
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
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
});

it('knows cash and codes alone where the city offers no balances', async () => {
  const seen: string[] = [];
  for (let times = 0; times < 3; times += 1) {
    seen.push(await tender());
    await counter.press('0');
  }
  expect(seen).toEqual(['0 现金', '0 扫码', '0 现金']);
  await counter.press('0');
});

it('offers balances once the city does, after the next reading of the catalogue', async () => {
  const { body } = await post(first, '/v1/prepaid/settings', { bankName: '聊城银行', documentNumber: '聊民〔2024〕1号', documentTitle: '助餐预付资金存管办法', firstDay: '2024-12-03', lastDay: null });
  expect((await post(await city.staffed.tokenOf('second'), `/v1/prepaid/settings/${body.settingId}/decision`, { outcome: 'confirmed' })).status).toBe(200);
  await counter.page.reload();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  for (let tries = 0; tries < 60 && !(await tender()).includes('余额'); tries += 1) await counter.press('0');
  expect(await tender()).toBe('0 余额');
});

it('takes the own share from the card, and falls back to cash for whoever comes next', async () => {
  const { card, elderId } = await rich(2000);
  await byBalance(card);
  await counter.says('请用餐');
  expect(await amount()).toMatch(/扣余额\s*12元/);
  expect(await tender()).toBe('0 现金');
  expect(await balanceOf(elderId)).toBe(800);
});

it('tells what a card holds where its elder asks, beside the bill and nowhere that bystanders look', async () => {
  const { card } = await rich(1234);
  while (!(await tender()).includes('余额')) await counter.press('0');
  const before = await counter.count();
  await counter.press('Enter');
  expect(await lines()).toBe('查余额：请刷卡');
  await counter.scan(card);
  await counter.page.getByRole('status', { name: '卡内余额' }).getByText('卡内余额 12.34 元').waitFor();
  expect(await counter.page.locator('.zone.left').innerText()).not.toContain('12.34');
  await counter.press('Enter');
  expect(await lines()).toContain('套餐');
  expect(await counter.count()).toBe(before);
  expect(await counter.disk()).not.toContain('1234');
});

it('says so where there is too little, and books nothing', async () => {
  const { card, elderId } = await rich(1199);
  await byBalance(card);
  const alert = counter.page.getByRole('alert').first();
  expect(await alert.innerText()).toMatch(/卡内余额不足.*请收现金/);
  await counter.press('Enter');
  expect(await balanceOf(elderId)).toBe(1199);
  await counter.sell(card);
  expect(await amount()).toMatch(/收现金\s*12元/);
});

it('gives back into the balance what is taken back', async () => {
  const { card, elderId } = await rich(1200);
  await byBalance(card);
  expect(await balanceOf(elderId)).toBe(0);
  await counter.press('-', '1');
  await counter.says('已撤销');
  expect(await amount()).toMatch(/退回余额\s*12元/);
  expect(await balanceOf(elderId)).toBe(1200);
});

it('takes a sale back whose answer is lost, and charges nobody twice', async () => {
  const { card, elderId } = await rich(3000);
  await counter.page.route('**/v1/taps', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await byBalance(card);
  expect(await counter.page.getByRole('alert').first().innerText()).toMatch(/没有等到答复.*作废/);
  await counter.page.unroute('**/v1/taps');
  await counter.press('Enter');
  await counter.uploaded();
  expect(await balanceOf(elderId)).toBe(3000);
  await counter.sell(card);
  expect(await amount()).toMatch(/收现金\s*12元/);
  // After a lost answer the till decides by itself for a while, and sends afterwards.
  await counter.uploaded();
  expect((await counter.served(terminalId)).slice(-3)).toMatchObject([{ kind: 'tap', outcome: 'accepted', voided: true }, { kind: 'void' }, { kind: 'tap', outcome: 'accepted', selfPayFen: 1200, voided: false }]);
}, 60_000);

it('takes none without a network, and takes back what was cut off before its answer', async () => {
  const { card, elderId } = await rich(3000);
  while (!(await tender()).includes('余额')) await counter.press('0');
  await counter.context.setOffline(true);
  await counter.page.locator('.badge.red, .badge.grey').waitFor();
  const before = await counter.count();
  await counter.scan(card);
  await counter.page.getByRole('alert').getByText('断网时不能用余额支付').waitFor();
  await counter.press('Enter');
  expect([await counter.count(), await tender()]).toEqual([before, '0 现金']);
  await counter.press('0', '0');
  expect(await tender()).toBe('0 现金');
  await counter.context.setOffline(false);
  await counter.uploaded();
  // The page dies between the sale and its answer.
  await counter.page.route('**/v1/taps', () => undefined);
  while (!(await tender()).includes('余额')) await counter.press('0');
  await counter.scan(card);
  while ((await counter.count()) === before) await counter.page.waitForTimeout(20);
  await counter.crash();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  await counter.uploaded();
  expect((await counter.served(terminalId)).slice(-2)).toMatchObject([{ kind: 'tap', voided: true }, { kind: 'void' }]);
  expect(await balanceOf(elderId)).toBe(3000);
}, 60_000);

it('leaves books that hold', async () => {
  expect((await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)))).violations).toEqual([]);
});
