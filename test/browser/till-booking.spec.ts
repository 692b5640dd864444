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
let manager: string;
const elders: { card: string; code: string; bookingId: string }[] = [];

async function book(card: string, items = [{ itemCode: 'set', quantity: 2 }]): Promise<{ card: string; code: string; bookingId: string }> {
  const { status, body } = await city.staffed.call('POST', '/v1/bookings', { token: manager, body: { id: randomUUID(), card, siteId: city.sites[0], mealDate: '2024-12-03', mealPeriod: 'lunch', items, way: 'collect' } });
  expect(status).toBe(200);
  return { card, ...body };
}

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  await city.staffed.add('manager', ['canteenManager'], '371502', city.sites[0] as string);
  manager = await city.staffed.tokenOf('manager');
  const hours = await city.staffed.call('PUT', `/v1/bookings/sites/${city.sites[0]}/hours/lunch`, { token: manager, body: { id: randomUUID(), beginsMinute: 1_000, endsMinute: 1_440, cutOff: 'beforeMeal', cutOffMinutes: 0, dayPortions: null } });
  expect(hours.status).toBe(200);
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  for (let index = 0; index < 5; index += 1) elders.push(await book((await city.elder()).card));
  browser = await openBrowser();
  counter = await TillPage.open(city, browser);
  terminalId = await counter.begin();
  await counter.hasRoster();
  await counter.page.getByRole('button', { name: /^今日预订 5/ }).waitFor({ timeout: 20_000 });
}, 180_000);

afterAll(async () => {
  expect(counter?.complaints).toEqual([]);
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

const amount = (): Promise<string> => counter.page.locator('.amount').innerText();
const of = (place: number) => elders[place] as { card: string; code: string; bookingId: string };

/** What the service says of bookings, by their order. */
const states = async (): Promise<string[]> => (await city.rows<{ state: string }>('SELECT state FROM booking ORDER BY number')).map(({ state }) => state);

it('hands a booked meal out by its code alone, and not a second time', async () => {
  await counter.sell(of(0).code);
  await counter.says('请用餐');
  expect(await amount()).toMatch(/收现金\s*27元/);
  expect((await states())[0]).toBe('collected');
  await counter.scan(of(0).code);
  await counter.page.getByRole('alert').getByText('这份预订已经取过了').waitFor();
  await counter.press('Enter');
  expect(await counter.count()).toBe(1);
});

it('puts what was booked onto the bill of a card that is read', async () => {
  await counter.sell(of(1).card);
  expect(await amount()).toMatch(/收现金\s*27元/);
  expect((await states())[1]).toBe('collected');
});

it('says in one sentence that a code is misread or of nobody', async () => {
  for (const [code, words] of [[`${of(2).code.slice(0, -1)}${of(2).code.endsWith('A') ? 'B' : 'A'}`, '取餐码没有读对'], ['YD12030001AAAAA', /取餐码没有读对|没有找到这份预订/]] as const) {
    await counter.scan(code);
    await counter.page.getByRole('alert').getByText(words).waitFor();
    await counter.press('Enter');
  }
  expect(await counter.count()).toBe(2);
});

it('finds a meal that was booked a moment ago', async () => {
  const late = await book((await city.elder()).card, [{ itemCode: 'set', quantity: 1 }]);
  await counter.sell(late.code);
  expect(await amount()).toMatch(/收现金\s*12元/);
});

it('does the same without a network, and is believed afterwards', async () => {
  await counter.context.setOffline(true);
  await counter.sell(of(2).code);
  await counter.says('请用餐');
  expect(await amount()).toMatch(/收现金\s*27元/);
  await counter.scan(of(2).code);
  await counter.page.getByRole('alert').getByText('这份预订已经取过了').waitFor();
  await counter.dismiss();
  await counter.sell(of(3).card);
  expect(await amount()).toMatch(/收现金\s*27元/);
  await counter.press('-', '1');
  await counter.says('已撤销');
  await counter.sell(of(3).code);
  expect(await amount()).toMatch(/收现金\s*27元/);
  await counter.context.setOffline(false);
  await counter.uploaded();
  expect(await states()).toEqual(['collected', 'collected', 'collected', 'collected', 'open', 'collected']);
  expect(await city.rows(`SELECT DISTINCT flags FROM meal WHERE terminal_id = $1`, [terminalId])).toEqual([{ flags: [] }]);
  expect((await counter.entries()).every(({ fate }) => fate.is === 'accepted' || fate.is === 'taken-back')).toBe(true);
}, 60_000);

it('lists what waits with one touch, without a name, in sizes for a counter', async () => {
  await counter.page.getByRole('button', { name: /^今日预订 1/ }).click();
  const list = counter.page.getByRole('region', { name: '今日预订' });
  expect(await list.innerText()).toMatch(/1 份待取，5 份已取/);
  expect(await list.innerText()).not.toMatch(/张|LC0/);
  await settled(counter.page);
  expect(await axeFindings(counter.page)).toEqual([]);
  expect(await sizeFindings(counter.page, FAR)).toEqual([]);
  expect(await counter.disk()).not.toMatch(new RegExp(elders.flatMap(({ card, code }) => [card, code]).join('|')));
});
