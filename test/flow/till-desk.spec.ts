import { createHmac, pbkdf2Sync, randomUUID } from 'node:crypto';
import { checkDigit } from '../../src/elder/domain/index.js';
import { receiptCode } from '../../src/till/domain/index.js';
import { OfflineTill } from '../support/offline-till.js';
import { MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';

const PIN = '482913';

let city: TappingCity;
let till: TestTill;
let manager: string;

beforeAll(async () => {
  city = await TappingCity.start();
  till = await city.till();
  await city.staffed.add('manager', ['canteenManager'], '371502', till.siteId);
  await city.staffed.add('stranger', ['canteenManager'], '371502', city.sites[1]);
  await city.staffed.add('city', ['cityOfficer']);
  manager = await city.staffed.tokenOf('manager');
}, 120_000);

afterAll(() => city.close());

const call = (token: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => city.staffed.call(method, path, { token, ...(body === undefined ? {} : { body }) });

describe('a till that opens', () => {
  it('is told who it is and how far away, and its report is there for those who watch over terminals', async () => {
    const offline = new OfflineTill(till);
    const { status, body } = await offline.open({ version: '2.3.1', time: city.clock.now() + 4_000, unsent: 7 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ terminalId: till.terminal.terminalId, siteId: till.siteId, siteName: '测试幸福食堂', generation: 1, metresAway: null, far: false });
    expect(new Date(body.keyDueAt).getTime()).toBe(city.clock.now() + 90 * 24 * 60 * MINUTE);
    const { items } = (await call(city.county, 'GET', `/v1/till/terminals?siteId=${till.siteId}`)).body;
    expect(items.find((one: { terminalId: string }) => one.terminalId === till.terminal.terminalId)).toMatchObject({ version: '2.3.1', clockOffMs: 4_000, unsent: 7, keyDue: false, far: false, revoked: false });
  });

  it('far from its site is flagged and nothing more', async () => {
    const place = { name: '远方食堂', kind: 'canteen', supplyMode: 'hungPlate', divisionCode: '371502001', address: '路1号', seats: 10, premisesStatus: 'collective', plannedOn: '2024-06-01', longitude: 115.98, latitude: 36.45 };
    const planned = await call(city.county, 'POST', '/v1/sites', { id: randomUUID(), ...place });
    expect(planned.status).toBeLessThan(300);
    const away = new OfflineTill(await siteTill(planned.body.siteId));
    expect((await away.open({ place: { longitude: 115.98, latitude: 36.452 } })).body).toMatchObject({ metresAway: 222, far: false });
    city.clock.set(city.clock.now() + 1_000);
    expect((await away.open({ place: { longitude: 117, latitude: 36.6 } })).body).toMatchObject({ far: true });
    const { items } = (await call(city.county, 'GET', `/v1/till/terminals?siteId=${planned.body.siteId}`)).body;
    expect(items).toMatchObject([{ far: true, siteName: '远方食堂' }]);
    expect((await away.till.send('/v1/till/roster')).status).toBe(200);
  });

  /** A till at any site of the county. */
  async function siteTill(siteId: string): Promise<TestTill> {
    const other = await city.till();
    return Object.assign(other, { siteId, terminal: await city.staffed.openTerminal(city.county, siteId) });
  }

  it('is watched only by those in whose scope it stands', async () => {
    const mine = (await call(manager, 'GET', '/v1/till/terminals')).body.items;
    expect([...new Set(mine.map((one: { siteId: string }) => one.siteId))]).toEqual([till.siteId]);
    await city.staffed.add('elsewhere', ['countyOfficer'], '371521');
    expect((await call(await city.staffed.tokenOf('elsewhere'), 'GET', '/v1/till/terminals')).body.items).toEqual([]);
    expect((await call(city.staffed.security, 'GET', '/v1/till/terminals')).body.items.length).toBeGreaterThan(1);
  });
});

describe("a cashier's PIN", () => {
  const cashierId = randomUUID();
  const add = (more: object = {}, token = manager) => call(token, 'POST', '/v1/till/cashiers', { id: randomUUID(), terminalId: till.terminal.terminalId, name: '小王', pin: PIN, ...more });
  const logIn = (pin: string, at = till) => at.send('/v1/till/log-ins', { cashierId, pin });

  it('is set by the manager of the site, is not weak, and is kept nowhere', async () => {
    expect(await add({ pin: '123456' })).toMatchObject({ status: 422, body: { code: 'pin-weak' } });
    expect(await add({}, await city.staffed.tokenOf('stranger'))).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await add({ terminalId: randomUUID() })).toMatchObject({ status: 404 });
    const first = await add({ id: cashierId });
    expect(first).toMatchObject({ status: 200, body: { cashierId, name: '小王' } });
    expect((await add({ id: cashierId })).body).toEqual(first.body);
    expect((await add({ id: cashierId, pin: '739164' })).status).toBe(409);
    expect((await till.send('/v1/till/cashiers')).body.items).toEqual([first.body]);
    const [kept] = await city.rows<{ text: string }>("SELECT string_agg(c::text, ' ') || (SELECT string_agg(d::text, ' ') FROM deed d) AS text FROM till_cashier c");
    expect(kept?.text).not.toContain(PIN);
  });

  it('opens its terminal, and gives it what to know the cashier by without a network', async () => {
    const { status, body } = await logIn(PIN);
    expect(status).toBe(200);
    const key = pbkdf2Sync(PIN, Buffer.from(body.salt, 'base64'), body.iterations, 32, 'sha256');
    expect(createHmac('sha256', key).update('xingfu pin verifier').digest('base64')).toBe(body.verifier);
    expect(new Date(body.verifierUntil).getTime()).toBe(city.clock.now() + 72 * 60 * MINUTE);
  });

  it('opens no other terminal, not even at the same site', async () => {
    expect(await logIn(PIN, await city.till())).toMatchObject({ status: 403, body: { code: 'pin-wrong' } });
    expect((await (await city.till()).send('/v1/till/cashiers')).body.items).toEqual([]);
  });

  it('is not guessed: after five wrong ones, sent at once, not even the right one is looked at for a quarter of an hour', async () => {
    const guesses = await Promise.all(['482910', '482911', '482912', '482914', '482915', '482916', '482917'].map((pin) => logIn(pin)));
    expect(guesses.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(await logIn(PIN)).toMatchObject({ status: 429, body: { code: 'pin-throttled', detail: { seconds: 900 } } });
    city.clock.set(city.clock.now() + 15 * MINUTE + 1);
    expect((await logIn(PIN)).status).toBe(200);
    expect((await logIn('482910')).status).toBe(403);
  });

  it('ends with the cashier', async () => {
    const remove = (token: string) => call(token, 'POST', `/v1/till/cashiers/${cashierId}/remove`, { id: randomUUID(), reason: '离职' });
    expect((await remove(await city.staffed.tokenOf('stranger'))).status).toBe(403);
    expect((await remove(manager)).status).toBe(200);
    expect((await logIn(PIN)).status).toBe(403);
    expect((await remove(manager)).status).toBe(404);
  });
});

describe('an elder who forgot the card', () => {
  let count = 0;

  /** Registers somebody with a telephone. */
  async function elderWith(name: string, phone: string): Promise<string> {
    count += 1;
    const first17 = `37150219400601${String(600 + count)}`;
    const card = `TEL${String(count).padStart(6, '0')}`;
    const { status } = await call(city.county, 'POST', '/v1/elders', { id: randomUUID(), name, phone, identityNumber: first17 + checkDigit(first17), residenceCode: '371502001', cardNumber: card });
    expect(status).toBe(200);
    return card;
  }

  const search = (surname: string, phoneTail: string, id = randomUUID(), at = till) => at.send('/v1/till/searches', { id, surname, phoneTail });

  it('is found by surname and the end of the telephone, with just enough to be told apart', async () => {
    const card = await elderWith('欧阳秀英', '13806351234');
    await elderWith('欧建国', '13806351234');
    const offline = new OfflineTill(till);
    await offline.open();
    const { status, body, text } = await search('欧阳', '1234');
    expect(status).toBe(200);
    expect(body).toMatchObject({ more: false, candidates: [{ surname: '欧阳', cardTail: card.slice(-4), row: { h: offline.handle(card), n: '欧阳' } }] });
    for (const word of ['秀英', '1380635', card, '37150219']) expect(text).not.toContain(word);
    expect((await search('王', '1234')).body).toEqual({ candidates: [], more: false });
  });

  it('is counted without saying whom, and in the chain of audit rows', async () => {
    const id = randomUUID();
    const first = await search('欧阳', '1234', id);
    const again = await search('欧阳', '1234', id);
    expect(again.body.candidates.length).toBe(first.body.candidates.length);
    const [row] = await city.rows<{ times: number; audited: number; text: string }>(
      `SELECT (SELECT count(*) FROM till_search WHERE search_id = $1) AS times, (SELECT count(*) FROM audit WHERE action = 'till.search') AS audited,
         (SELECT string_agg(x::text, ' ') FROM (SELECT s::text AS x FROM till_search s UNION ALL SELECT d::text FROM deed d WHERE kind = 'till.search') t) AS text`, [id]);
    expect(row).toMatchObject({ times: 1, audited: 3 });
    for (const word of ['欧阳', '1234,', '"1234"']) expect(row?.text).not.toContain(word);
  });

  it('gets the subsidy by a note that holds at this till for ten minutes, and the tap is always flagged', async () => {
    await elderWith('司马光明', '13800007777');
    const found = await search('司马', '7777');
    const [{ note }] = found.body.candidates;
    const entered = (at: TestTill, more: object = {}) => at.body({ credential: { kind: 'entered', note }, ...more });
    const body = entered(till);
    const first = await till.send('/v1/taps', body);
    expect(first).toMatchObject({ status: 200, body: { outcome: 'accepted', subsidyFen: 300, flags: ['entered-for'] } });
    expect(await (await city.till()).tap({ credential: { kind: 'entered', note } })).toMatchObject({ status: 400, body: { errors: [{ field: 'credential.note' }] } });
    for (const credential of [{ kind: 'entered' }, { kind: 'card', note }, { kind: 'entered', note: note.slice(0, -4) }]) expect((await till.tap({ credential })).status).toBe(400);
    city.clock.set(city.clock.now() + 11 * MINUTE);
    expect((await till.send('/v1/taps', entered(till))).status).toBe(400);
    expect((await till.send('/v1/taps', body)).text).toBe(first.text);
  });

  it('whose card is lost eats by name as with the card, while the card itself is a guest', async () => {
    const card = await elderWith('上官婉儿', '13800006666');
    const [row] = await city.rows<{ cardId: string }>(`SELECT card_id AS "cardId" FROM elder_card WHERE city_code = '371500' AND tail = $1 AND card_id IN (SELECT card_id FROM elder_card ORDER BY state_since DESC LIMIT 1)`, [card.slice(-4)]);
    expect((await call(city.county, 'POST', `/v1/cards/${row?.cardId}/events`, { id: randomUUID(), kind: 'lost', reason: '本人来电' })).status).toBe(200);
    expect((await till.tap({ card })).body).toMatchObject({ code: 'card-lost', subsidyFen: 0 });
    const [{ note, row: shown }] = (await search('上官', '6666')).body.candidates;
    expect(shown.x).toBeUndefined();
    expect((await till.tap({ credential: { kind: 'entered', note } })).body).toMatchObject({ outcome: 'accepted', subsidyFen: 300, flags: ['entered-for'] });
  });

  it('shows five at most, and says that there are more', async () => {
    for (let times = 0; times < 6; times += 1) await elderWith('钱多多', '13800009999');
    city.clock.set(city.clock.now() + MINUTE);
    const { body } = await search('钱', '9999');
    expect([body.candidates.length, body.more]).toEqual([5, true]);
  });

  it('is not looked for without end: six times a minute, and as often a day as the city says', async () => {
    city.clock.set(city.clock.now() + MINUTE);
    const other = await city.till();
    const tries: number[] = [];
    for (let times = 0; times < 7; times += 1) tries.push((await search('王', '0000', randomUUID(), other)).status);
    expect(tries).toEqual([200, 200, 200, 200, 200, 200, 429]);
    const limits = { tapFen: 3_000, elderDayFen: 6_000, deviceDayFen: 100_000, deviceDayTaps: 300, enteredDayDevice: 7 };
    expect((await call(city.county, 'PUT', '/v1/till/limits', { id: randomUUID(), ...limits })).status).toBe(403);
    expect(await call(await city.staffed.tokenOf('city'), 'PUT', '/v1/till/limits', { id: randomUUID(), ...limits })).toMatchObject({ status: 200, body: limits });
    expect((await till.send('/v1/till/catalogue')).body.limits).toEqual(limits);
    city.clock.set(city.clock.now() + 2 * MINUTE);
    expect((await search('王', '0000', randomUUID(), other)).status).toBe(200);
    expect(await search('王', '0000', randomUUID(), other)).toMatchObject({ status: 429, body: { code: 'search-day-limit' } });
    expect((await search('王', '00', randomUUID(), other)).status).toBe(400);
  });
});

describe("a receipt's check code", () => {
  const read = (code: string, from = '10.0.0.1') => city.staffed.call('GET', `/v1/public/receipts/${encodeURIComponent(code)}`, { from });

  it('tells date, place, what was paid and whether it stands, and nothing about who ate', async () => {
    const { card, elderId } = await city.elder();
    const body = till.body({ card });
    const code = receiptCode(till.terminal.terminalId, till.journal, till.previous);
    expect(await read(code)).toMatchObject({ status: 404, body: { code: 'receipt-unknown' } });
    expect((await till.send('/v1/taps', body)).status).toBe(200);
    const found = await read(code.toLowerCase());
    expect(found).toMatchObject({ status: 200, body: { items: [{ date: '2024-12-03', siteName: '测试幸福食堂', selfPayFen: 1200, state: 'stands' }] } });
    expect(Object.keys(found.body.items[0]).sort()).toEqual(['date', 'selfPayFen', 'siteName', 'state']);
    expect(JSON.stringify(found.body)).not.toContain(elderId);
    await till.send(`/v1/taps/${body.id}/void`, { id: randomUUID(), reason: '误记' });
    expect((await read(code)).body.items[0].state).toBe('voided');
    const [head, number, hash = ''] = code.split('-');
    const forged = `${head}-${number}-${hash.startsWith('0') ? '1' : '0'}${hash.slice(1)}`;
    expect((await read(forged)).status).toBe(404);
  });

  it('that is none is answered kindly, and nobody tries them all', async () => {
    expect(await read('hello', '10.0.0.2')).toMatchObject({ status: 400, body: { code: 'receipt-code-wrong' } });
    let last = 0;
    for (let times = 0; times < 25; times += 1) last = (await read(`3F9A-1K7-9E41B0${String(times).padStart(2, '0')}`, '10.0.0.3')).status;
    expect(last).toBe(429);
    expect((await read('3F9A-1K7-9E41B07A', '10.0.0.4')).status).toBe(404);
  });
});
