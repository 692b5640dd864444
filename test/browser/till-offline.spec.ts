import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { cardDigest } from '../../src/elder/index.js';
import { passMessage, writePass, type Pass } from '../../src/till/domain/index.js';
import { handleOf, rosterKey } from '../../src/till/handles.js';
import { TillSigner } from '../../src/till/signing.js';
import { builtPages, openBrowser } from '../support/browser.js';
import { OfflineTill } from '../support/offline-till.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';
import { TillPage, type KeptEntry, type TillBrowser } from '../support/till-page.js';

const HOUR = 60 * MINUTE;
const PRICE = 1500;
/** What elders of the shipped classes pay of it: of 70, 75, 80 and 90 years, and somebody too young. */
const BORN = { '19540601': 1400, '19490601': 1300, '19440601': 1200, '19340601': 1100, '19640601': PRICE } as const;

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let aheadMs = 0;
/** Elders of 80 years with a card, known to every till of the street. */
const cards: string[] = [];
const classes: { card: string; ownFen: number }[] = [];
let stranger: { card: string; cardId: string };
let secondStranger: { card: string; cardId: string };
let losing: { card: string; cardId: string };
const open: TillPage[] = [];

const post = (path: string, body: object) => city.staffed.call('POST', path, { token: city.county, body: { id: randomUUID(), ...body } });

/** Somebody from another county of the city: on no roster here, and subsidised all the same. */
async function somebodyElse(): Promise<{ card: string; cardId: string }> {
  const { card, cardId, elderId } = await city.elder();
  const moved = await post(`/v1/elders/${elderId}/homes`, { kind: 'residence', divisionCode: '371521', from: '2024-12-01', source: '派出所' });
  expect(moved.status).toBe(200);
  return { card, cardId };
}

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun + aheadMs), 100);
  for (let index = 0; index < 24; index += 1) cards.push((await city.elder('19440601')).card);
  for (const [born, ownFen] of Object.entries(BORN)) classes.push({ card: (await city.elder(born)).card, ownFen });
  const fourth = await city.elder('19340601');
  await post(`/v1/elders/${fourth.elderId}/categories`, { code: 'minLivingRecipient', from: '2024-01-01', to: null, source: '低保系统', evidence: '聊民低保〔2024〕1号' });
  classes.push({ card: fourth.card, ownFen: 1100 });
  [stranger, secondStranger, losing] = [await somebodyElse(), await somebodyElse(), await city.elder('19440601')];
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

/** A till in its shift, with the roster of its street. */
async function selling(options?: TillBrowser): Promise<{ counter: TillPage; terminalId: string }> {
  const counter = await TillPage.open(city, browser, options);
  open.push(counter);
  startedAt.set(counter, aheadMs);
  const terminalId = await counter.begin();
  await counter.hasRoster();
  return { counter, terminalId };
}

const freshCard = (): string => cards.shift() ?? '';
const amount = (counter: TillPage): Promise<string> => counter.page.locator('div.amount').innerText();
const yuan = (fen: number): RegExp => new RegExp(`收现金\\s*${fen / 100}元`);

/** Time passes for everybody. */
async function passes(counter: TillPage, ms: number): Promise<void> {
  aheadMs += ms;
  await counter.later(aheadMs - (startedAt.get(counter) ?? 0));
  // The service's clock follows within a tick.
  await counter.page.waitForTimeout(250);
}

/** How far everybody's clock was when a till was opened: its page begins there. */
const startedAt = new Map<TillPage, number>();

const sales = (entries: readonly KeptEntry[]): KeptEntry[] => entries.filter(({ about }) => about.kind === 'sale');

/** What the till said at the counter and what the service has: no difference, and nobody's share changed. */
async function agrees(counter: TillPage, terminalId: string): Promise<void> {
  const said = sales(await counter.entries());
  const served = new Map((await counter.served(terminalId)).map((row) => [row.number, row]));
  expect(said.map(({ number, takenFen }) => [number, takenFen])).toEqual(said.map(({ number }) => [number, served.get(number)?.selfPayFen]));
  expect(said.flatMap(({ fate }) => fate.review ?? [])).toEqual([]);
}

it('splits without a network as the service does afterwards, for whichever class, and the second meal of a day at the full price', async () => {
  const { counter, terminalId } = await selling();
  await counter.context.setOffline(true);
  for (const { card, ownFen } of classes) {
    await counter.sell(card);
    expect(await amount(counter)).toMatch(yuan(ownFen));
  }
  await counter.sell(classes[2]?.card);
  expect(await amount(counter)).toMatch(yuan(PRICE));
  // A meal that was taken back frees its turn.
  await counter.sell(classes[0]?.card);
  expect(await amount(counter)).toMatch(yuan(PRICE));
  const again = freshCard();
  await counter.sell(again);
  await counter.press('-', '1');
  await counter.says('已撤销');
  await counter.sell(again);
  expect(await amount(counter)).toMatch(yuan(1200));
  await counter.context.setOffline(false);
  await counter.uploaded();
  await agrees(counter, terminalId);
  expect((await counter.served(terminalId)).map(({ kind }) => kind).filter((kind) => kind === 'tap')).toHaveLength(10);
}, 90_000);

it('knows from its own sales who ate, online and offline, before the service has told it', async () => {
  const { counter, terminalId } = await selling();
  const card = freshCard();
  await counter.sell(card);
  expect(await amount(counter)).toMatch(yuan(1200));
  await counter.uploaded();
  await counter.context.setOffline(true);
  await counter.sell(card);
  expect(await amount(counter)).toMatch(yuan(PRICE));
  await counter.context.setOffline(false);
  await counter.uploaded();
  await agrees(counter, terminalId);
}, 60_000);

it('keeps nothing on the disk that tells who eats here', async () => {
  const { counter, terminalId } = await selling();
  const card = freshCard();
  await counter.sell(card);
  await counter.context.setOffline(true);
  await counter.sell(freshCard());
  const text = await counter.disk();
  const { cipher } = city.service.parts;
  const handle = handleOf(rosterKey(cipher, terminalId, 1), cardDigest(cipher, CITY, card));
  expect(text).toContain('"asOf"');
  for (const word of [card, 'LC0', handle, cardDigest(cipher, CITY, card), '张', 'minLiving', 'age80', '"s":[', '"uses"', 'rosterKey', 'cardKey', 'sample-2023']) expect([word, text.includes(word)]).toEqual([word, false]);
}, 60_000);

it('starts cold without a network, with the roster that it had', async () => {
  const { counter, terminalId } = await selling({ worker: true });
  await counter.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await counter.context.setOffline(true);
  await counter.page.close();
  await counter.another();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  await counter.sell(classes[5]?.card ?? '');
  await counter.sell(freshCard());
  expect(await amount(counter)).toMatch(yuan(1200));
  await counter.context.setOffline(false);
  await counter.uploaded();
  const rows = await counter.served(terminalId);
  expect(rows.at(-1)?.selfPayFen).toBe(1200);
}, 60_000);

it('decides with a roster of yesterday, and after 72 hours knows nobody and takes the full price', async () => {
  const { counter } = await selling();
  await counter.context.setOffline(true);
  await counter.later(25 * HOUR);
  await counter.sell(freshCard());
  expect(await amount(counter)).toMatch(yuan(1200));
  await counter.later(73 * HOUR);
  await counter.sell(freshCard());
  expect(await amount(counter)).toMatch(yuan(PRICE));
  expect(await amount(counter)).toContain('联网后结算');
  await counter.hasNoRoster();
  expect((await counter.entries()).map(({ shown }) => shown?.selfPayFen ?? null)).toEqual([1200, null]);
}, 60_000);

it('stays with the roster it has where another one fails its signature', async () => {
  const { counter } = await selling();
  const before = await counter.rosterHead();
  await counter.context.route('**/v1/till/roster*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('"countedTo":', '"countedTo":9') });
  });
  await passes(counter, 12 * MINUTE);
  await counter.context.setOffline(true);
  await counter.sell();
  await counter.context.setOffline(false);
  await counter.uploaded();
  await counter.page.waitForTimeout(1_500);
  expect(await counter.rosterHead()).toEqual(before);
  await counter.shows('.status', /名册未通过校验/);
  await counter.context.setOffline(true);
  await counter.sell(freshCard());
  expect(await amount(counter)).toMatch(yuan(1200));
  // And a till that never had one sells by the service's word, or at the full price.
  const bare = await TillPage.open(city, browser, { aheadMs: 0 });
  open.push(bare);
  await bare.context.route('**/v1/till/roster*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('"countedTo":', '"countedTo":9') });
  });
  await bare.begin();
  await bare.sell(freshCard());
  expect(await amount(bare)).toMatch(yuan(1200));
  await bare.hasNoRoster();
}, 90_000);

it('takes the full price of a card that was reported lost, from the moment it can know', async () => {
  const { counter, terminalId } = await selling();
  await counter.context.setOffline(true);
  expect((await post(`/v1/cards/${losing.cardId}/events`, { kind: 'lost', reason: '测试' })).status).toBe(200);
  await counter.page.waitForTimeout(200);
  await counter.sell(losing.card);
  expect(await amount(counter)).toMatch(yuan(1200));
  await passes(counter, 12 * MINUTE);
  await counter.context.setOffline(false);
  await counter.uploaded();
  // What was said stays: whoever held the card paid 12 yuan, and a person looks at the rest.
  expect((await counter.served(terminalId)).map(({ selfPayFen }) => selfPayFen)).toEqual([1200]);
  expect((await counter.entries())[0]?.fate.review).toContain('fund-changed');
  await counter.rosterYoungerThan(city.clock.now() - 2 * MINUTE);
  await counter.context.setOffline(true);
  await counter.sell(losing.card);
  await counter.says('请稍候');
  expect(await counter.page.getByRole('alert').innerText()).toMatch(/挂失[^]*按原价收款/);
  expect(await amount(counter)).toMatch(/收\s*15元/);
}, 90_000);

it('settles a stranger’s meal when the service is back, and knows them once it has asked', async () => {
  const { counter, terminalId } = await selling();
  await counter.context.setOffline(true);
  await counter.sell(stranger.card);
  expect(await amount(counter)).toMatch(yuan(PRICE));
  expect(await amount(counter)).toContain('联网后结算');
  await counter.context.setOffline(false);
  await counter.uploaded();
  expect((await counter.served(terminalId))[0]?.selfPayFen).toBe(1200);
  await counter.page.locator('.badge').click();
  const back = counter.page.getByRole('button', { name: /应退 3.00 元/ });
  await back.click();
  await back.waitFor({ state: 'detached' });
  await counter.sell(stranger.card);
  await counter.uploaded();
  // Asked for by itself, the row is kept, with what was eaten so far.
  await counter.context.setOffline(true);
  await counter.sell(stranger.card);
  expect(await amount(counter)).toMatch(yuan(PRICE));
  expect(await amount(counter)).not.toContain('联网后结算');
}, 60_000);

it('takes a stranger’s card by a signed pass, and no pass that is torn, old, forged or of another site', async () => {
  const { counter, terminalId } = await selling();
  const { cipher } = city.service.parts;
  const till = new OfflineTill(await city.till());
  await till.open();
  const looked = await till.till.send('/v1/till/cards', { number: secondStranger.card });
  const { s, u } = looked.body as { s: []; u: [] };
  const pass = (change: Partial<Pass> = {}, forged = false): string => {
    const body: Pass = {
      cityCode: CITY, siteId: city.sites[0] as string, digest: cardDigest(cipher, CITY, secondStranger.card), surname: '赵', title: 'f', stretches: s, uses: u,
      issuedAt: city.clock.now() - MINUTE, expiresAt: city.clock.now() + 12 * HOUR, nonce: randomUUID(), ...change,
    };
    const text = Buffer.from(JSON.stringify(body)).toString('base64url');
    return writePass(text, new TillSigner(cipher).sign(passMessage(forged ? `${text}x` : text)));
  };
  await counter.context.setOffline(true);
  for (const [text, words] of [
    [pass({}, true), '未通过校验'], [pass({ expiresAt: city.clock.now() - MINUTE }), '过期'], [pass({ siteId: city.sites[1] as string }), '其他助餐点'], [`${pass().slice(0, 60)}`, '没有扫完整'],
  ] as const) {
    await counter.scan(text);
    await counter.says('请稍候');
    expect(await counter.page.getByRole('alert').innerText()).toContain(words);
    await counter.press('Enter');
    await counter.says('请刷卡');
  }
  expect(await counter.count()).toBe(0);
  await counter.scan(pass());
  await counter.page.waitForTimeout(300);
  await counter.sell(secondStranger.card);
  expect(await amount(counter)).toMatch(yuan(1200));
  await counter.sell(secondStranger.card);
  expect(await amount(counter)).toMatch(yuan(PRICE));
  await counter.context.setOffline(false);
  await counter.uploaded();
  await agrees(counter, terminalId);
}, 60_000);

it('gives no more by itself than the city’s limits, and only while it is away', async () => {
  await city.staffed.add('cityman', ['cityOfficer']);
  const token = await city.staffed.tokenOf('cityman');
  const limits = (change: object) => city.staffed.call('PUT', '/v1/till/limits', { token, body: { id: randomUUID(), tapFen: 3_000, elderDayFen: 6_000, deviceDayFen: 600_000, deviceDayTaps: 800, enteredDayDevice: 20, ...change } });
  expect((await limits({ deviceDayTaps: 2 })).status).toBe(200);
  const { counter, terminalId } = await selling();
  for (let sale = 0; sale < 3; sale += 1) await counter.sell(freshCard());
  expect(await amount(counter)).toMatch(yuan(1200));
  await counter.uploaded();
  await counter.context.setOffline(true);
  const said: string[] = [];
  for (let sale = 0; sale < 3; sale += 1) {
    await counter.sell(freshCard());
    said.push(await amount(counter));
  }
  expect(said.map((words) => yuan(1200).test(words))).toEqual([true, true, false]);
  expect(said[2]).toContain('联网后结算');
  await counter.context.setOffline(false);
  await counter.uploaded();
  expect((await counter.served(terminalId)).map(({ selfPayFen }) => selfPayFen)).toEqual([1200, 1200, 1200, 1200, 1200, 1200]);
  await limits({});
}, 60_000);

it('waits no longer than it must for a slow answer, says the roster’s word, and the service keeps it', async () => {
  const { counter, terminalId } = await selling();
  const uploads: { taps: { id: string; told?: object; shown?: object }[] }[] = [];
  await counter.context.route('**/v1/taps', async (route) => {
    await new Promise((done) => setTimeout(done, 6_000));
    await route.abort('connectionreset').catch(() => undefined);
  });
  await counter.context.route('**/v1/taps/upload', async (route) => {
    uploads.push(route.request().postDataJSON() as (typeof uploads)[number]);
    await route.fallback();
  });
  const begun = Date.now();
  await counter.sell(freshCard());
  expect(Date.now() - begun).toBeLessThan(2_500);
  expect(await amount(counter)).toMatch(yuan(1200));
  // It counts as slow now: the next one is not waited for at all, and goes up as one that was held back.
  await counter.sell(freshCard());
  expect(await amount(counter)).toMatch(yuan(1200));
  await counter.uploaded();
  expect(uploads.flatMap(({ taps }) => taps.map(({ told, shown }) => [told ?? null, shown ?? null]))).toEqual(expect.arrayContaining([
    [{ selfPayFen: 1200, subsidyFen: 300 }, null], [null, { selfPayFen: 1200, subsidyFen: 300 }],
  ]));
  await agrees(counter, terminalId);
}, 60_000);

it('uploads three days again when the service’s database is another than before, with what was told, and voids too', async () => {
  const { counter, terminalId } = await selling();
  const [first, second] = [freshCard(), freshCard()];
  await counter.sell(first);
  await counter.sell(second);
  await counter.press('-', '1');
  await counter.says('已撤销');
  await counter.uploaded();
  // Another mark alone makes the till send again; what the service has already gets its first answer.
  const before = await counter.served(terminalId);
  const again: { id: string; told?: { selfPayFen: number } }[] = [];
  const voids: string[] = [];
  await counter.context.route('**/v1/taps/upload', async (route) => {
    again.push(...(route.request().postDataJSON() as { taps: typeof again }).taps);
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), epoch: 'ffffffffffffffff' } });
  });
  await counter.context.route('**/v1/terminals/sessions', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), epoch: 'ffffffffffffffff' } });
  });
  await counter.context.route('**/v1/taps/*/void', async (route) => {
    voids.push(route.request().url());
    await route.fallback();
  });
  await counter.context.setOffline(true);
  await counter.sell();
  await counter.context.setOffline(false);
  await counter.uploaded();
  await counter.page.waitForTimeout(1_000);
  await counter.uploaded();
  expect(again.map(({ told }) => told?.selfPayFen ?? null).slice(0, 2)).toEqual([1200, 1200]);
  expect(voids).toHaveLength(1);
  expect((await counter.served(terminalId)).slice(0, 3)).toEqual(before);
  expect(await counter.served(terminalId)).toHaveLength(4);
}, 60_000);

it('forgets everybody the moment it is taken out', async () => {
  const { counter, terminalId } = await selling();
  expect((await city.staffed.call('POST', `/v1/terminals/${terminalId}/revoke`, { token: city.county, body: { id: randomUUID(), reason: '遗失' } })).status).toBe(201);
  await counter.press('Enter');
  await counter.page.locator('.status').getByText('该终端已停用').waitFor();
  await counter.hasNoRoster();
}, 60_000);
