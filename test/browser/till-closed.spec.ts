import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { builtPages, openBrowser } from '../support/browser.js';
import { MINUTE, TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let counter: TillPage;
let terminalId = '';
let card = '';
let aheadMs = 0;

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  ({ card } = await city.elder());
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun + aheadMs), 100);
  browser = await openBrowser();
  counter = await TillPage.open(city, browser);
  terminalId = await counter.begin();
}, 120_000);

afterAll(async () => {
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

/** Counts sounds from now on: a tone and its spoken words are two. */
const listen = () => counter.page.evaluate('void (globalThis.sounds = 0, globalThis.begin = AudioBufferSourceNode.prototype.start, AudioBufferSourceNode.prototype.start = function (...given) { globalThis.sounds += 1; return globalThis.begin.apply(this, given); })');
/** How many sounds there were since this was asked last. */
const heard = () => counter.page.evaluate('{ const since = globalThis.sounds; globalThis.sounds = 0; since }') as Promise<number>;

it('says that the site may sell no more in one sentence and one sound, and what was sold before is neither lost nor sold again', async () => {
  await counter.page.locator('.status').getByText('补贴保证到').waitFor({ timeout: 20_000 });
  await listen();
  await counter.context.setOffline(true);
  // A card of another city is nobody here: the full price, until the service has said so.
  await counter.sell('3701000099887766');
  await counter.says('谢谢，请用餐');
  await counter.shows('.amount', /15\s*元/);
  const ok = await heard();
  expect(ok).toBe(2);
  expect(await city.staffed.call('POST', `/v1/sites/${city.sites[0] as string}/events`, { token: city.county, body: { id: randomUUID(), kind: 'suspended', onDate: '2024-12-03', reason: '停业整改' } })).toMatchObject({ status: 201 });
  aheadMs = 12 * MINUTE;
  await counter.later(aheadMs);
  await counter.page.waitForTimeout(250);
  await counter.context.setOffline(false);
  await counter.uploaded();
  // It reached the service, which says what became of it; the till keeps both.
  expect((await counter.served(terminalId)).map(({ number, outcome }) => [number, outcome])).toEqual([[1, 'refused']]);
  expect((await counter.entries()).map(({ fate }) => fate.is)).toEqual(['refused']);
  await counter.rosterYoungerThan(city.clock.now() - 2 * MINUTE);
  for (const away of [false, true]) {
    if (away) {
      await counter.context.setOffline(true);
      await counter.page.locator('.status', { hasText: '本机没有网络' }).waitFor();
    }
    await heard();
    await counter.scan(card);
    await counter.says('请稍候');
    await counter.shows('.alert-panel .sentence', /营业状态/);
    expect(await heard()).toBeLessThanOrEqual(2);
    await counter.press('Enter');
  }
  // The service wrote the second one down as refused; without it nothing is written down at all.
  expect(await counter.count()).toBe(2);
  await counter.context.setOffline(false);
  await counter.uploaded();
  expect(await counter.count()).toBe(2);
}, 90_000);
