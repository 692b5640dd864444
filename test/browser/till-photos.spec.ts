import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { cardDigest } from '../../src/elder/index.js';
import { civilDate } from '../../src/kernel/index.js';
import { handleOf, rosterKey } from '../../src/till/handles.js';
import { builtPages, openBrowser } from '../support/browser.js';
import { publishFreeMeals } from '../support/free-meals.js';
import { greyPng } from '../support/pictures.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

/** Who eats here: each photo is of one grey, so that it is seen whose is drawn. */
const SHADES = { first: 60, second: 120, third: 200 } as const;
type Known = keyof typeof SHADES;
/** Pictures lie behind the rows of the roster. */
const PICTURES = `() => new Promise((done) => {
  const request = indexedDB.open('xingfu-till');
  request.onsuccess = () => {
    const keys = request.result.transaction('roster').objectStore('roster').getAllKeys(IDBKeyRange.bound(4096, 9999));
    keys.onsuccess = () => { request.result.close(); done(keys.result.length); };
  };
})`;

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let aheadMs = 0;
let worker = '';
let plain = '';
const elders = new Map<Known, { elderId: string; card: string }>();
const open: TillPage[] = [];

const card = (who: Known): string => elders.get(who)?.card ?? '';
const consent = async (elderId: string, scopes: string[]): Promise<void> => {
  const body = { id: randomUUID(), grantee: 'canteen', scopes, until: '2025-12-31', givenOn: '2024-12-01', givenHow: 'paper', notice: '照片使用告知书 1' };
  expect(await city.staffed.call('POST', `/v1/elders/${elderId}/consents`, { token: city.county, body })).toMatchObject({ status: 200 });
};

/** Somebody who ate here the day before, with a photo. */
async function regular(who: Known, born: string): Promise<void> {
  const elder = await city.elder(born);
  elders.set(who, elder);
  await consent(elder.elderId, ['meals', 'photo']);
  const body = { id: randomUUID(), image: greyPng(200, 240, {}, SHADES[who]).toString('base64') };
  expect(await city.staffed.call('PUT', `/v1/elders/${elder.elderId}/photo`, { token: worker, body })).toMatchObject({ status: 200 });
}

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  await publishFreeMeals(city.staffed);
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  worker = await city.staffed.tokenOf('worker');
  await regular('first', '19500601');
  await regular('second', '19400601');
  await regular('third', '19400601');
  plain = (await city.elder('19500601')).card;
  const till = await city.till();
  for (const eater of [...elders.values()].map((one) => one.card).concat(plain)) expect((await till.tap({ card: eater })).body.outcome).toBe('accepted');
  city.clock.setTo(civilDate('2024-12-04'), 720);
  city.county = await city.staffed.tokenOf('county');
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun + aheadMs), 100);
  browser = await openBrowser();
}, 120_000);

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

/** Waits until so many pictures lie on the browser's disk. */
async function hangs(counter: TillPage, count: number): Promise<void> {
  const there = (): Promise<unknown> => counter.page.evaluate(`(${PICTURES})()`);
  for (let tries = 0; tries < 150 && (await there()) !== count; tries += 1) await counter.page.waitForTimeout(100);
  expect(await there()).toBe(count);
}

/** A till in its shift, with the photos of its regulars. */
async function selling(): Promise<{ counter: TillPage; terminalId: string }> {
  const counter = await TillPage.open(city, browser);
  open.push(counter);
  const terminalId = await counter.begin();
  await counter.hasRoster();
  await hangs(counter, elders.size);
  return { counter, terminalId };
}

/** The grey in the middle of a drawn photo; null where none is drawn. */
async function shade(counter: TillPage, place: string): Promise<number | null> {
  const see = `{ const canvas = document.querySelector('${place} canvas'); canvas === null ? null : canvas.getContext('2d').getImageData(80, 80, 1, 1).data[0] }`;
  for (let tries = 0; tries < 30; tries += 1) {
    const seen = (await counter.page.evaluate(see)) as number | null;
    if (seen !== 0) return seen;
    await counter.page.waitForTimeout(50);
  }
  return 0;
}

it('shows the cashier a regular without a network, also when the page is opened anew, and nobody else anything', async () => {
  const { counter, terminalId } = await selling();
  const panel = counter.page.locator('.people-panel.proof');
  const sign = async (): Promise<string> => (await counter.page.locator('[data-zone="bystander"]').screenshot()).toString('base64');
  await counter.context.route('**/v1/**', (route) => route.abort('connectionrefused'));
  await counter.page.reload();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  await counter.sell(card('first'));
  await counter.says('谢谢，请用餐');
  expect(await shade(counter, '.eater')).toBe(SHADES.first);
  const shown = await sign();
  await counter.sell(plain);
  await counter.says('谢谢，请用餐');
  expect(await shade(counter, '.eater')).toBeNull();
  expect(await sign()).toBe(shown);
  // The second proof has the photo too, and of whoever stands there.
  for (const who of ['second', 'third'] as const) {
    await counter.scan(card(who));
    await panel.waitFor();
    expect(await shade(counter, '.people-panel')).toBe(SHADES[who]);
    await counter.press('1');
    await counter.says('谢谢，请用餐');
    expect(await shade(counter, '.eater')).toBe(SHADES[who]);
    expect(await sign()).toBe(shown);
  }
  // On the disk nothing is a picture, and nothing tells whose.
  const text = await counter.disk();
  const { cipher } = city.service.parts;
  const handle = handleOf(rosterKey(cipher, terminalId, 1), cardDigest(cipher, CITY, card('first')));
  for (const word of ['PNG', 'IHDR', handle, card('first'), '"photo"', '"place"']) expect([word, text.includes(word)]).toEqual([word, false]);
  await counter.context.unroute('**/v1/**');
  await counter.uploaded();
  expect((await counter.served(terminalId)).map(({ selfPayFen }) => selfPayFen)).toEqual([1400, 1400, 0, 0]);
}, 90_000);

it('lets a photo go with the next reading once the elder took the consent back, and all of them with the terminal', async () => {
  const { counter, terminalId } = await selling();
  await counter.context.setOffline(true);
  await counter.page.locator('.status', { hasText: '本机没有网络' }).waitFor();
  await consent(elders.get('first')?.elderId ?? '', ['meals']);
  aheadMs += 12 * MINUTE;
  await counter.later(aheadMs);
  await counter.page.waitForTimeout(250);
  await counter.context.setOffline(false);
  await hangs(counter, 2);
  await counter.sell(card('first'));
  expect(await shade(counter, '.eater')).toBeNull();
  expect((await city.staffed.call('POST', `/v1/terminals/${terminalId}/revoke`, { token: city.county, body: { id: randomUUID(), reason: '遗失' } })).status).toBe(201);
  await counter.press('Enter');
  await counter.page.locator('.status').getByText('该终端已停用').waitFor();
  await counter.hasNoRoster();
  await hangs(counter, 0);
}, 90_000);
