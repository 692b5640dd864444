import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { runInvariants } from '../../src/proof/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { builtPages, openBrowser } from '../support/browser.js';
import { elderPhone, type TestPhone } from '../support/mini.js';
import { CITY, cityClock, MINUTE, TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';
import { giveMerchant, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

interface Person {
  readonly elderId: string;
  readonly card: string;
  readonly phone: TestPhone;
  readonly user: SimUser;
}

const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let browser: Browser;
let counter: TillPage;
let ticking: NodeJS.Timeout;
/** How far the service's clock was put ahead: WeChat is asked a while after a refund. */
let skipped = 0;
const people: Person[] = [];

const sets = (quantity: number) => [{ itemCode: 'set', quantity }];
const person = (place: number): Person => people[place] as Person;
const work = () => workOff(city, 'payment.', 'booking.');

/** Books today's lunch for an elder and pays it by WeChat. */
async function payAhead(place: number, quantity: number): Promise<string> {
  const { elderId, phone, user } = person(place);
  const { status, body } = await phone.post('/v1/mini/bookings', { id: randomUUID(), elderId, siteId: city.sites[0], mealDate: '2024-12-03', mealPeriod: 'lunch', items: sets(quantity), way: 'dineIn', pay: 'now' });
  expect(status).toBe(200);
  await wechat.sim.payOrder(body.payment.package.replace('prepay_id=', ''), user);
  await work();
  return body.bookingId as string;
}

const change = async (place: number, bookingId: string, quantity: number): Promise<void> =>
  expect(await person(place).phone.post(`/v1/mini/bookings/${bookingId}/change`, { id: randomUUID(), items: sets(quantity), way: 'dineIn' })).toMatchObject({ status: 200 });

beforeAll(async () => {
  const pages = await builtPages();
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, pages, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
  await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
  await city.staffed.add('manager', ['canteenManager'], '371502', city.sites[0] as string);
  const hours = { id: randomUUID(), beginsMinute: 1_000, endsMinute: 1_440, cutOff: 'beforeMeal', cutOffMinutes: 0, dayPortions: null };
  expect((await city.staffed.call('PUT', `/v1/bookings/sites/${city.sites[0]}/hours/lunch`, { token: await city.staffed.tokenOf('manager'), body: hours })).status).toBe(200);
  for (let index = 0; index < 3; index += 1) {
    const user = wechat.sim.user();
    user.balanceFen = 10_000;
    const { elderId, card } = await city.elder();
    people.push({ elderId, card, user, phone: await elderPhone(city, elderId, user.openid) });
  }
  await payAhead(0, 1);
  await change(1, await payAhead(1, 1), 2);
  await change(2, await payAhead(2, 2), 1);
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun + skipped), 100);
  browser = await openBrowser();
  counter = await TillPage.open(city, browser);
  await counter.begin();
  await counter.hasRoster();
  await counter.page.getByRole('button', { name: /^今日预订 3/ }).waitFor({ timeout: 20_000 });
}, 180_000);

afterAll(async () => {
  expect(counter?.complaints).toEqual([]);
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
  await wechat?.close();
});

it('takes nothing where all was paid ahead, and says so', async () => {
  await counter.sell(person(0).card);
  await counter.shows('.amount', /已付\s*12\s*元/);
});

it('asks for what is missing alone, beside what was paid', async () => {
  await counter.sell(person(1).card);
  await counter.shows('.amount', /补收现金\s*15\s*元.*已付 12 元/s);
});

it('takes nothing where too much was paid: that goes back to the payer by itself', async () => {
  await counter.sell(person(2).card);
  await counter.shows('.amount', /已付\s*12\s*元/);
  await counter.uploaded();
  await work();
  skipped += MINUTE;
  city.clock.set(city.clock.now() + MINUTE);
  await work();
  expect([10_000 - person(2).user.balanceFen, 10_000 - person(1).user.balanceFen]).toEqual([1_200, 1_200]);
});

it('leaves the money in the booking when the sale is taken back, and uses it once at the next', async () => {
  await counter.press('-', '1');
  await counter.says('已撤销');
  await counter.shows('.amount', /预付的钱仍在预订里/);
  await counter.sell(person(2).card);
  await counter.shows('.amount', /已付\s*12\s*元/);
  await counter.uploaded();
  expect(await city.rows('SELECT state, held_fen AS held FROM booking ORDER BY number')).toEqual([1, 2, 3].map(() => ({ state: 'collected', held: 0 })));
}, 60_000);

it('counts as the drawer\'s what was taken in cash alone', async () => {
  await counter.page.getByRole('button', { name: '结班', exact: true }).click();
  for (const note of ['10 元', '5 元']) await counter.page.getByLabel(note, { exact: true }).fill('1');
  await counter.page.getByRole('button', { name: '点好了' }).click();
  await counter.shows('main', /现金相符/);
  await counter.shows('main', /预订时已付的 36\.00 元 不在钱箱里/);
  expect(await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY))).toMatchObject({ violations: [] });
}, 60_000);
