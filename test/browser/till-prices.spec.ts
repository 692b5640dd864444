import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { axeFindings, builtPages, openBrowser, settled, sizeFindings } from '../support/browser.js';
import { TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

const FAR = { font: 20, target: 60 };

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let counter: TillPage;
let terminalId: string;
const cards: string[] = [];

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  const { status } = await city.staffed.call('POST', `/v1/sites/${city.sites[0]}/price-lists`, {
    token: city.county, body: { id: randomUUID(), effectiveFrom: '2024-12-03', prices: [{ itemCode: 'set', mealPeriod: 'lunch', fen: 1500, elderSet: false, guestFen: 2000, relativeFen: 1800, halfFen: 800 }] },
  });
  expect(status).toBe(201);
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  for (let index = 0; index < 6; index += 1) cards.push((await city.elder()).card);
  browser = await openBrowser();
  counter = await TillPage.open(city, browser);
  terminalId = await counter.begin();
}, 120_000);

afterAll(async () => {
  expect(counter?.complaints).toEqual([]);
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

const freshCard = (): string => cards.shift() ?? '';
const amount = (): Promise<string> => counter.page.locator('.amount').innerText();
const bill = (): Promise<string> => counter.page.locator('.lines').innerText();
const confirm = (): Promise<string> => counter.page.innerText('.confirm');

it('asks whose a portion is, each with its price, in sizes for a counter', async () => {
  await counter.press('/');
  const asked = counter.page.getByRole('group', { name: '这一份是谁的' });
  expect(await asked.getByRole('button').allInnerTexts()).toEqual(['0 本人整份 15', '1 半份 8', '2 亲属 18', '3 散客 20']);
  await settled(counter.page);
  expect(await axeFindings(counter.page)).toEqual([]);
  expect(await sizeFindings(counter.page, FAR)).toEqual([]);
  await counter.press('/');
  expect(await bill()).not.toContain('亲属');
});

it('sells an elder and those who eat along on one bill, by the number pad alone', async () => {
  await counter.press('/', '2', '1');
  expect(await bill()).toMatch(/套餐\s*亲属\s*×1\s*18[^]*套餐\s*×1\s*15/);
  expect(await confirm()).toContain('38 元');
  await counter.sell(freshCard());
  await counter.says('请用餐');
  expect(await amount()).toMatch(/收现金\s*30元/);
});

it('sells a half to a card, and never to a guest', async () => {
  await counter.page.getByRole('button', { name: /半份\s*陪餐/ }).click();
  await counter.page.getByRole('button', { name: /半份 8/ }).click();
  await counter.press('Enter');
  expect(await counter.page.getByRole('alert').innerText()).toMatch(/半份只卖给持卡老人/);
  await counter.dismiss();
  await counter.sell(freshCard());
  expect(await amount()).toMatch(/收现金\s*5元/);
});

it('sells guests at their price, and asks for a meal of the card holder’s own', async () => {
  expect(await confirm()).toContain('20 元');
  await counter.sell();
  expect(await amount()).toMatch(/收现金\s*20元/);
  await counter.press('/', '2');
  await counter.scan(freshCard());
  await counter.page.getByRole('alert').getByText('账单里没有持卡人自己的餐').waitFor();
  await counter.dismiss();
  await counter.sell();
  expect(await amount()).toMatch(/收现金\s*18元/);
});

it('says offline what the service says later', async () => {
  await counter.hasRoster();
  await counter.context.setOffline(true);
  await counter.press('/', '2', '1');
  await counter.sell(freshCard());
  expect(await amount()).toMatch(/收现金\s*30元/);
  await counter.press('/', '1');
  await counter.sell(freshCard());
  expect(await amount()).toMatch(/收现金\s*5元/);
  await counter.context.setOffline(false);
  await counter.uploaded();
  const rows = await counter.served(terminalId);
  expect(rows.map(({ selfPayFen, outcome }) => [selfPayFen, outcome])).toEqual([3000, 500, 2000, 1800, 3000, 500].map((fen) => [fen, 'accepted']));
  expect(await city.rows('SELECT DISTINCT flags FROM meal WHERE terminal_id = $1', [terminalId])).toEqual([{ flags: [] }]);
}, 60_000);
