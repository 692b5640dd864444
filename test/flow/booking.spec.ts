import { randomUUID } from 'node:crypto';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';
import { JobBoard } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

const DAY = civilDate('2024-12-04');
const SECOND = 1_000;

interface Row {
  readonly id: string;
  readonly h: string;
  readonly c: string;
  readonly no: number;
  readonly s: string;
  readonly n: string;
}

let city: TappingCity;
let siteId: string;
let manager: string;
let worker: string;
let till: TestTill;
const elders: { elderId: string; card: string }[] = [];
const booked: { bookingId: string; number: number; code: string }[] = [];

beforeAll(async () => {
  city = await TappingCity.start();
  siteId = city.sites[0] as string;
  for (let index = 0; index < 8; index += 1) elders.push(await city.elder());
  await city.staffed.add('manager', ['canteenManager'], '371502', siteId);
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  await city.staffed.add('elsewhere', ['communityWorker'], '371502002');
  await logIn();
}, 240_000);

afterAll(() => city.close());

async function logIn(): Promise<void> {
  [manager, worker, city.county] = [await city.staffed.tokenOf('manager'), await city.staffed.tokenOf('worker'), await city.staffed.tokenOf('county')];
}

const call = (method: 'GET' | 'POST' | 'PUT', path: string, token: string, body?: object) => city.staffed.call(method, `/v1/bookings${path}`, { token, ...(body === undefined ? {} : { body }) });
const asked = (place: number, more: object = {}) => ({ id: randomUUID(), card: elders[place]?.card, siteId, mealDate: DAY, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', ...more });
const book = (place: number, more: object = {}, token = manager) => call('POST', '', token, asked(place, more));
const stateOf = async (bookingId: string) => (await city.rows<{ state: string; kinds: string[] }>(
  `SELECT state, (SELECT array_agg(e.kind ORDER BY e.event_no) FROM booking_event e WHERE e.booking_id = b.booking_id) AS kinds FROM booking b WHERE booking_id = $1`, [bookingId]))[0];
const idOf = (place: number): string => booked[place]?.bookingId as string;

async function rows(): Promise<Row[]> {
  const { status, body, headers } = await till.send('/v1/till/bookings');
  expect(status).toBe(200);
  expect(headers['x-till-signature']).toMatch(/^[\w-]{86}$/);
  return body.rows as Row[];
}

/** What the sweeper finds of this room, done. */
async function sweep(): Promise<number> {
  const board = city.service.app.get(JobBoard);
  return city.service.parts.transactor.run(async (tx) => {
    const jobs = (await Promise.all(board.finders.map((find) => find(tx)))).flat().filter(({ job }) => job === 'booking.no-show');
    for (const job of jobs) await board.handlerOf(job.job)?.(tx, job);
    return jobs.length;
  });
}

describe('a meal is booked by staff', () => {
  it('by the canteen for a card, by the community for somebody in its care, once', async () => {
    const body = asked(0);
    const first = await call('POST', '', manager, body);
    expect(first).toMatchObject({ status: 200, body: { number: 1, portions: 1, priceFen: 1500 } });
    expect(first.body.code).toMatch(/^YD12040001[A-Z]{5}$/);
    expect((await call('POST', '', manager, body)).body).toEqual(first.body);
    expect(await call('POST', '', manager, { ...body, way: 'collect' })).toMatchObject({ body: { code: 'id-taken' } });
    const second = await call('POST', '', worker, { ...asked(1, { way: 'deliver', note: '少盐' }), card: undefined, elderId: elders[1]?.elderId });
    expect(second).toMatchObject({ status: 200, body: { number: 2 } });
    booked.push(first.body, second.body);
  });

  it.each<[string, object, string]>([
    ['twice for one meal', {}, 'booking-exists'],
    ['a meal without prices', { mealPeriod: 'breakfast' }, 'booking-item-unknown'],
    ['an unknown dish', { mealPeriod: 'dinner', items: [{ itemCode: 'gold', quantity: 1 }] }, 'booking-item-unknown'],
    ['a day too far', { mealDate: '2024-12-18' }, 'booking-too-far'],
    ['a meal of yesterday', { mealDate: '2024-12-02' }, 'booking-closed'],
    ['a note with a number', { mealPeriod: 'dinner', note: '打 13800000000' }, 'booking-note-personal'],
    ['an unknown card', { card: 'LC99999999' }, 'booking-elder-unknown'],
    ['nobody', { card: undefined }, 'booking-who-wrong'],
    ['by id at the counter', { card: undefined, elderId: '00000000-0000-4000-8000-000000000000' }, 'booking-who-wrong'],
    ['elsewhere', { siteId: '00000000-0000-4000-8000-000000000000' }, 'not-found'],
  ])('refuses %s in a sentence', async (_, more, code) => {
    expect((await book(0, more)).body).toMatchObject({ code });
  });

  it('refuses who has nothing to do with the elder or the site', async () => {
    expect((await book(2, {}, await city.staffed.tokenOf('elsewhere'))).body).toMatchObject({ code: 'outside-scope' });
    expect((await book(2, { siteId: city.sites[1] })).body).toMatchObject({ code: 'outside-scope' });
    expect((await book(2, {}, city.county)).status).toBe(403);
  });

  it('gives the last portions once, however many ask at a time', async () => {
    expect((await call('PUT', `/sites/${siteId}/quotas`, manager, { id: randomUUID(), mealDate: '2024-12-05', mealPeriod: 'lunch', portions: 3 })).status).toBe(200);
    const answers = await Promise.all(elders.slice(0, 6).map((_, place) => book(place, { mealDate: '2024-12-05' })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.filter(({ body }) => body.code === 'booking-sold-out')).toHaveLength(3);
    const [kept] = answers.filter(({ status }) => status === 200);
    expect((await call('POST', `/${kept?.body.bookingId}/cancel`, manager, { id: randomUUID(), reason: '老人来电取消' })).status).toBe(200);
    expect((await book(7, { mealDate: '2024-12-05', items: [{ itemCode: 'set', quantity: 2 }] })).body).toMatchObject({ code: 'booking-sold-out', title: expect.stringContaining('1 份') });
    expect((await book(7, { mealDate: '2024-12-05' })).status).toBe(200);
  });

  it('lists what the kitchen cooks, and nobody’s name', async () => {
    for (const place of [2, 3, 4, 5]) booked.push((await book(place)).body);
    const { status, body } = await call('GET', `/sites/${siteId}/days/${DAY}`, manager);
    expect(status).toBe(200);
    expect(body.kitchen).toEqual([{ mealPeriod: 'lunch', itemCode: 'set', name: '套餐', portions: 6, dineIn: 5, collect: 0, deliver: 1 }]);
    expect(body.bookings[1]).toMatchObject({ number: 2, way: 'deliver', state: 'open', note: '少盐', code: expect.stringMatching(/^YD-1204-0002-/) });
    for (const { elderId, card } of elders) expect(JSON.stringify(body)).not.toMatch(new RegExp(`${elderId}|${card}|张三丰`));
  });

  it('is changed and cancelled until the cut-off, and not a second later', async () => {
    const wish = (quantity: number) => ({ id: randomUUID(), items: [{ itemCode: 'set', quantity }], way: 'collect' });
    city.clock.set(chinaInstant(DAY, 9 * 60) - SECOND);
    await logIn();
    expect(await call('POST', `/${idOf(2)}/change`, manager, wish(2))).toMatchObject({ status: 200, body: { number: 3, portions: 2, code: booked[2]?.code } });
    expect((await call('POST', `/${idOf(5)}/cancel`, worker, { id: randomUUID(), reason: '住院' })).status).toBe(200);
    city.clock.set(chinaInstant(DAY, 9 * 60));
    expect((await call('POST', `/${idOf(2)}/change`, manager, wish(1))).body).toMatchObject({ code: 'booking-closed', title: expect.stringContaining('12-04 09:00') });
    expect((await call('POST', `/${idOf(2)}/cancel`, manager, { id: randomUUID(), reason: '晚了' })).body).toMatchObject({ code: 'booking-closed' });
    expect((await book(6)).body).toMatchObject({ code: 'booking-closed' });
    expect(await stateOf(idOf(5))).toEqual({ state: 'cancelled', kinds: ['made', 'cancelled'] });
  });
});

describe('a booked meal is handed out by its sale', () => {
  it('is known to the till under handles alone', async () => {
    city.clock.set(chinaInstant(DAY, 720));
    await logIn();
    till = await city.till();
    const list = await rows();
    expect(list.filter(({ s }) => s === 'open').map(({ no }) => no)).toContain(1);
    expect(list.map(({ id }) => id)).not.toContain(idOf(5));
    expect(JSON.stringify(list)).not.toMatch(new RegExp(`LC0000|张三丰|${booked[0]?.code}`));
    expect(new Set(list.map(({ c }) => c)).size).toBe(list.length);
  });

  it('is told again to a till that asks twice a minute only where something is new', async () => {
    const again = (tag: string) => till.raw('/v1/till/bookings', { 'if-none-match': tag });
    const { etag } = (await again('""')).headers;
    expect(await again(String(etag))).toMatchObject({ statusCode: 304, body: '' });
    expect((await book(7, { mealDate: '2024-12-05', mealPeriod: 'dinner' })).status).toBe(200);
    expect((await again(String(etag))).statusCode).toBe(200);
  });

  it('by the card, once; a second sale stands and is flagged', async () => {
    const body = till.signedBody({ card: elders[0]?.card as string, bookingId: idOf(0) });
    const first = await till.send('/v1/taps', body);
    expect(first.body).toMatchObject({ outcome: 'accepted', code: null, subsidyFen: 300, flags: [] });
    expect((await till.send('/v1/taps', body)).text).toBe(first.text);
    expect(await stateOf(idOf(0))).toEqual({ state: 'collected', kinds: ['made', 'collected'] });
    expect((await till.tap({ card: elders[0]?.card as string, bookingId: idOf(0) })).body).toMatchObject({ outcome: 'accepted', flags: ['booking-taken'] });
    expect((await till.tap({ card: elders[6]?.card as string, bookingId: idOf(1) })).body).toMatchObject({ outcome: 'accepted', flags: ['booking-taken'] });
    expect((await till.tap({ card: elders[5]?.card as string, bookingId: idOf(5) })).body).toMatchObject({ outcome: 'accepted', flags: ['booking-cancelled'] });
  });

  it('by the code alone, at this till, for this booking, on this day', async () => {
    const list = await rows();
    const note = list.find(({ id }) => id === idOf(1))?.n as string;
    const other = await city.till();
    const by = (bookingId: string) => ({ credential: { kind: 'booking', note }, bookingId });
    expect((await other.tap(by(idOf(1)))).body).toMatchObject({ code: 'fields-wrong' });
    expect((await till.tap(by(idOf(2)))).body).toMatchObject({ code: 'fields-wrong' });
    till.journal -= 1;
    expect((await till.tap({ credential: { kind: 'booking', note } })).body).toMatchObject({ code: 'fields-wrong' });
    till.journal -= 1;
    const { body } = await till.tap(by(idOf(1)));
    expect(body).toMatchObject({ outcome: 'accepted', code: null, subsidyFen: 300 });
    expect(await city.rows('SELECT elder_id AS "elderId" FROM meal WHERE tap_id = $1', [body.tapId])).toEqual([{ elderId: elders[1]?.elderId }]);
    expect((await rows()).find(({ id }) => id === idOf(1))?.s).toBe('collected');
  });

  it('waits again once the sale is taken back', async () => {
    const { body } = await till.tap({ card: elders[2]?.card as string, bookingId: idOf(2) });
    expect(await stateOf(idOf(2))).toMatchObject({ state: 'collected' });
    expect((await till.send(`/v1/taps/${body.tapId}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    expect(await stateOf(idOf(2))).toEqual({ state: 'open', kinds: ['made', 'changed', 'collected', 'reopened'] });
    expect((await till.tap({ card: elders[2]?.card as string, bookingId: idOf(2) })).body.flags).not.toContain('booking-taken');
  });

  it('is given up when nobody came, and still handed out by a sale that comes late', async () => {
    const soldAt = city.clock.now();
    city.clock.set(chinaInstant(DAY, 14 * 60 + 30) - SECOND);
    expect(await sweep()).toBe(0);
    city.clock.set(chinaInstant(DAY, 14 * 60 + 30));
    expect(await sweep()).toBe(1);
    expect(await sweep()).toBe(0);
    for (const place of [3, 4]) expect(await stateOf(idOf(place))).toEqual({ state: 'noShow', kinds: ['made', 'noShow'] });
    const late = till.body({ card: elders[3]?.card as string, bookingId: idOf(3), deviceTime: new Date(soldAt).toISOString(), shown: { selfPayFen: 1200, subsidyFen: 300 } });
    const sent = await till.send('/v1/taps/upload', { taps: [late, till.body({ card: elders[3]?.card as string, bookingId: idOf(3) })] });
    expect(sent.body.results.map(({ answer }: { answer: { flags: string[] } }) => answer.flags.includes('booking-taken'))).toEqual([false, true]);
    expect(await stateOf(idOf(3))).toEqual({ state: 'collected', kinds: ['made', 'noShow', 'collected'] });
    expect(await stateOf(idOf(4))).toMatchObject({ state: 'noShow' });
  });

  it('leaves books in which all of it fits together', async () => {
    expect(await city.rows(`SELECT count(*)::int AS n FROM meal m JOIN booking b ON b.tap_id = m.tap_id`)).toEqual([{ n: 4 }]);
    expect((await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)))).violations).toEqual([]);
    await expect(city.rows(`UPDATE booking_event SET kind = 'made'`)).rejects.toThrow();
    expect(await city.rows(`SELECT DISTINCT action FROM audit WHERE action LIKE 'booking.%' ORDER BY 1`)).toEqual([{ action: 'booking.cancel' }, { action: 'booking.change' }, { action: 'booking.make' }, { action: 'booking.quota' }]);
  });
});
