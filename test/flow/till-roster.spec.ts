import { randomUUID } from 'node:crypto';
import { makeTerminalKeys, signKeyRequest, signSessionRequest } from '../../src/access/index.js';
import { addDays, civilDate, fen } from '../../src/kernel/index.js';
import type { RosterPage } from '../../src/till/domain/index.js';
import { OfflineTill, rosterText } from '../support/offline-till.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';

const TODAY = civilDate('2024-12-03');

let city: TappingCity;
let offline: OfflineTill;

beforeAll(async () => {
  city = await TappingCity.start();
  offline = new OfflineTill(await city.till());
  await offline.open();
}, 120_000);

afterAll(() => city.close());

/** The roster is made anew at most once a minute. */
const later = async (minutes = 2) => city.clock.set(city.clock.now() + minutes * MINUTE);
const post = (path: string, body: object) => city.staffed.call('POST', path, { token: city.county, body: { id: randomUUID(), ...body } });

/** A second till that takes everything anew: what the first must hold too. */
async function fromScratch(): Promise<string> {
  const other = new OfflineTill(offline.till);
  other.keys = offline.keys;
  await other.refresh();
  return rosterText(other.held);
}

describe("a till's roster", () => {
  it('tells a surname and an address under a handle, and decides a meal as the server does', async () => {
    const { card } = await city.elder();
    const [page] = await offline.refresh();
    expect(page).toMatchObject({ since: null, version: 1, countedTo: 0, siteId: offline.till.siteId, guaranteedUntil: city.clock.now() + 24 * 60 * MINUTE, expiresAt: city.clock.now() + 72 * 60 * MINUTE });
    expect(offline.row(card)).toMatchObject({ h: offline.handle(card), n: '张' });
    const split = await offline.decide(card, { date: TODAY, period: 'lunch', priceFen: fen(1500), workday: true });
    const { body } = await offline.till.tap({ card });
    expect(split).toMatchObject({ subsidyFen: 300, selfPayFen: 1200, refusal: null });
    expect(body).toMatchObject({ outcome: 'accepted', subsidyFen: split.subsidyFen, selfPayFen: split.selfPayFen });
  });

  it('brings counters with it, and says up to which sale of its own they go', async () => {
    const { card } = await city.elder();
    await offline.till.tap({ card });
    await later();
    const pages = await offline.refresh();
    expect(pages.at(-1)).toMatchObject({ since: 1, countedTo: offline.till.journal });
    expect(offline.row(card)?.r).toBe(1);
    expect(await offline.decide(card, { date: TODAY, period: 'dinner', priceFen: fen(1500), workday: true })).toMatchObject({ subsidyFen: 0, refusal: 'second-meal-today' });
    expect(await offline.decide(card, { date: addDays(TODAY, 1), period: 'lunch', priceFen: fen(1500), workday: true })).toMatchObject({ subsidyFen: 300 });
  });

  it('knows a birthday of the coming weeks, without the year', async () => {
    const { card } = await city.elder('19541220');
    await later();
    await offline.refresh();
    const on = (day: string) => offline.decide(card, { date: civilDate(day), period: 'lunch', priceFen: fen(1500), workday: true });
    expect([(await on('2024-12-19')).subsidyFen, (await on('2024-12-20')).subsidyFen]).toEqual([0, 100]);
    expect(JSON.stringify(offline.row(card))).not.toContain('1954');
  });

  it('holds no number, no name, no category and no telephone, in clear or as the server keeps it', async () => {
    const { elderId, cardId, card } = await city.elder();
    const named = await post(`/v1/elders/${elderId}/categories`, { code: 'minLivingRecipient', from: '2024-01-01', to: null, source: '低保系统', evidence: '聊民低保〔2024〕1号' });
    expect(named.status).toBe(200);
    await later();
    const pages = await offline.refresh();
    const text = JSON.stringify(pages) + JSON.stringify(await offline.signed('/v1/till/catalogue'));
    const [row] = await city.rows<{ handle: string; digest: string }>('SELECT handle, till_digest AS digest FROM elder_card WHERE city_code = $1 AND card_id = $2', [CITY, cardId]);
    for (const word of [card, elderId, cardId, row?.handle, row?.digest, '张三丰', '三丰', '371502194', 'minLiving', '低保', 'ageFrom', 'categories":[{']) expect(text).not.toContain(word);
  });

  it('changed by what came since is the same as one taken anew', async () => {
    const people = [await city.elder(), await city.elder(), await city.elder(), await city.elder(), await city.elder()] as const;
    const deeds: (() => Promise<unknown>)[] = [
      () => offline.till.tap({ card: people[0].card }),
      () => post(`/v1/cards/${people[1].cardId}/events`, { kind: 'lost', reason: '测试' }),
      () => post(`/v1/elders/${people[2].elderId}/death`, { diedOn: '2024-12-02', source: '社区登记' }),
      () => post(`/v1/elders/${people[3].elderId}/homes`, { kind: 'residence', divisionCode: '371521', from: '2024-12-01', source: '派出所' }),
      () => post(`/v1/cards/${people[1].cardId}/events`, { kind: 'found', reason: '测试' }),
      () => post(`/v1/cards/${people[4].cardId}/events`, { kind: 'cancelled', reason: '测试' }),
      () => city.elder(),
      () => later(20 * 60),
    ];
    for (const deed of deeds) {
      await deed();
      if (deed === deeds.at(-1)) await renew();
      await later();
      const pages = await offline.refresh();
      expect(pages[0]?.since).not.toBeNull();
      expect(rosterText(offline.held)).toBe(await fromScratch());
    }
    expect(offline.row(people[4].card)).toBeNull();
    expect(offline.row(people[3].card)).toBeNull();
    expect(offline.row(people[0].card)).not.toBeNull();
  });

  /** A day later everybody's session has ended; the same people and the same terminal come back. */
  async function renew(): Promise<void> {
    city.county = await city.staffed.tokenOf('county');
    const { keys, terminalId } = offline.till.terminal;
    const { body } = await city.staffed.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, city.clock.now()) });
    Object.assign(offline.till, { terminal: { keys, terminalId, session: body } });
  }

  it('is not sent again to who has the very bytes', async () => {
    const path = '/v1/till/roster';
    const first = await offline.till.send(path);
    const again = await offline.till.send(path);
    expect(again.headers['etag']).toBe(first.headers['etag']);
    const { till } = offline;
    const same = await till.raw(path, { 'if-none-match': String(first.headers['etag']) });
    expect({ status: same.statusCode, body: same.body }).toEqual({ status: 304, body: '' });
    expect((await till.raw(path, { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  it('that was changed on the way fails its signature', async () => {
    const { text, headers } = await offline.till.send('/v1/till/roster');
    const signature = String(headers['x-till-signature']);
    expect(offline.isSigned(text, signature)).toBe(true);
    expect(offline.isSigned(text.replace('"n":"张"', '"n":"李"'), signature)).toBe(false);
  });

  it('is another at another site, and under other handles at another terminal of this one', async () => {
    const { card } = await city.elder();
    await later();
    await offline.refresh();
    const [beside, elsewhere] = [new OfflineTill(await city.till()), new OfflineTill(await city.till(1))];
    for (const till of [beside, elsewhere]) {
      await till.open();
      await till.refresh();
    }
    expect(beside.handle(card)).not.toBe(offline.handle(card));
    expect([...beside.held.keys()].filter((handle) => offline.held.has(handle))).toEqual([]);
    expect(beside.row(card)?.s).toEqual(offline.row(card)?.s);
    expect(elsewhere.page?.siteId).toBe(city.sites[1]);
    expect([...elsewhere.held.values()].filter(({ r }) => r === 1)).toEqual([]);
  });

  it('is nothing for staff, for the public, and for a terminal that was revoked', async () => {
    const stolen = new OfflineTill(await city.till());
    await stolen.open();
    await stolen.refresh();
    await post(`/v1/terminals/${stolen.till.terminal.terminalId}/revoke`, { reason: '被盗' });
    for (const path of ['/v1/till/roster', `/v1/till/roster?since=1&generation=1`, '/v1/till/lost-cards', '/v1/till/catalogue']) {
      expect(await stolen.till.send(path)).toMatchObject({ status: 401, body: { code: 'terminal-revoked' } });
      expect((await city.staffed.call('GET', path)).status).toBe(401);
      expect((await city.staffed.call('GET', path, { token: city.county })).status).toBe(403);
    }
    expect(await stolen.open()).toMatchObject({ status: 401, body: { code: 'terminal-revoked' } });
  });

  it('begins anew with the terminal’s next key', async () => {
    const { card } = await city.elder();
    await later();
    await offline.refresh();
    const before = offline.handle(card);
    const { terminalId } = offline.till.terminal;
    expect((await offline.till.send('/v1/terminals/keys', signKeyRequest(makeTerminalKeys(), terminalId, 2))).status).toBe(201);
    await offline.open();
    expect(offline.keys).toMatchObject({ generation: 2 });
    const [page] = await offline.refresh();
    expect(page).toMatchObject({ since: null, generation: 2 });
    expect(offline.handle(card)).not.toBe(before);
    expect(offline.held.has(before)).toBe(false);
    expect(offline.row(card)).not.toBeNull();
  });

  it('whose cursor is none of its own is refused', async () => {
    for (const cursor of ['x', Buffer.from('[1,2]').toString('base64url'), Buffer.from('[1,-1,1,1,"no id"]').toString('base64url')]) {
      expect(await offline.till.send(`/v1/till/roster?cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: 'cursor-wrong' } });
    }
    expect((await offline.signed<RosterPage>('/v1/till/roster?since=999999&generation=2')).since).toBeNull();
  });
});

describe('the list of lost cards', () => {
  interface Lost {
    readonly since: number | null;
    readonly version: number;
    readonly lost: string[];
    readonly cleared: string[];
  }

  it('tells what was lost and what was found since, of the whole city', async () => {
    const { card, cardId } = await city.elder();
    const before = await offline.signed<Lost>('/v1/till/lost-cards');
    expect(before.lost).not.toContain(offline.handle(card));
    await later(12);
    await post(`/v1/cards/${cardId}/events`, { kind: 'lost', reason: '测试' });
    const changed = await offline.signed<Lost>(`/v1/till/lost-cards?since=${before.version}&generation=2`);
    expect(changed.since).toBe(before.version);
    expect(changed.lost).toEqual([offline.handle(card)]);
    expect((await offline.signed<Lost>('/v1/till/lost-cards')).lost).toContain(offline.handle(card));
    await later(12);
    await post(`/v1/cards/${cardId}/events`, { kind: 'found', reason: '测试' });
    expect(await offline.signed<Lost>(`/v1/till/lost-cards?since=${changed.version}&generation=2`)).toMatchObject({ lost: [], cleared: [offline.handle(card)] });
    expect(await offline.signed<Lost>(`/v1/till/lost-cards?since=${changed.version}&generation=1`)).toMatchObject({ since: null });
  });
});

describe('a card that is not on the roster', () => {
  it('is looked up online, and from then on found by its digest', async () => {
    const { card, elderId, cardId } = await city.elder();
    await post(`/v1/elders/${elderId}/homes`, { kind: 'residence', divisionCode: '371521', from: '2024-12-01', source: '派出所' });
    await city.rows('UPDATE elder_card SET till_digest = NULL WHERE city_code = $1 AND card_id = $2', [CITY, cardId]);
    await later();
    await offline.refresh();
    expect(offline.row(card)).toBeNull();
    const found = await offline.till.send('/v1/till/cards', { number: card });
    expect(found).toMatchObject({ status: 200, body: { h: offline.handle(card), n: '张' } });
    const [row] = await city.rows<{ digest: string | null }>('SELECT till_digest AS digest FROM elder_card WHERE city_code = $1 AND card_id = $2', [CITY, cardId]);
    expect(row?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await offline.till.send('/v1/till/cards', { number: 'LC99999999' })).toMatchObject({ status: 404, body: { code: 'till-card-unknown' } });
  });

  it('is not looked up without end', async () => {
    let last = 200;
    for (let times = 0; times < 95 && last !== 429; times += 1) last = (await offline.till.send('/v1/till/cards', { number: `LC1${times}` })).status;
    expect(last).toBe(429);
  });
});
