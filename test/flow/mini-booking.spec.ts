import { randomUUID } from 'node:crypto';
import { NoShowNews, type NoShow } from '../../src/booking/index.js';
import { JobBoard } from '../../src/platform/index.js';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { CITY, cityClock, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';
import { giveMerchant, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const DAY = civilDate('2024-12-04');
const SECOND = 1_000;

interface Person {
  readonly elderId: string;
  readonly card: string;
  readonly phone: TestPhone;
  readonly user: SimUser;
}

interface Booked {
  readonly bookingId: string;
  readonly expectedSelfPayFen: number;
  readonly payment: { readonly package: string } | null;
  readonly code: string;
}

const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let [siteId, manager, worker, first, second] = ['', '', '', '', ''];
let till: TestTill;
const people: Person[] = [];
const gone: NoShow[] = [];

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  siteId = city.sites[0] as string;
  for (const [name, roles] of [['first', 'cityOfficer'], ['second', 'cityOfficer']] as const) await city.staffed.add(name, [roles]);
  await city.staffed.add('manager', ['canteenManager'], '371502', siteId);
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  await logIn();
  await giveMerchant(city, first, second);
  for (let index = 0; index < 14; index += 1) {
    const { elderId, card } = await city.elder();
    const user = wechat.sim.user();
    user.balanceFen = 100_000;
    people.push({ elderId, card, user, phone: await elderPhone(city, elderId, user.openid) });
  }
  city.service.app.get(NoShowNews).heardBy(async (_tx, noShow) => void gone.push(noShow));
}, 240_000);

afterAll(async () => {
  await city.close();
  await wechat.close();
});

async function logIn(): Promise<void> {
  [manager, worker, first, second, city.county] = await Promise.all(['manager', 'worker', 'first', 'second', 'county'].map((name) => city.staffed.tokenOf(name))) as [string, string, string, string, string];
}

/** Another moment: whoever was logged in is so again. */
async function at(moment: number): Promise<void> {
  clock.set(moment);
  await logIn();
  for (const { phone } of people) await phone.logInAgain();
}

const person = (place: number): Person => people[place] as Person;
const asked = (place: number, more: object = {}) => ({ id: randomUUID(), elderId: person(place).elderId, siteId, mealDate: DAY, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'atMeal', ...more });
const book = (place: number, more: object = {}, phone = person(place).phone) => phone.post('/v1/mini/bookings', asked(place, more));
const prepayOf = ({ payment }: Booked): string => payment?.package.replace('prepay_id=', '') as string;
const payFor = (place: number, booked: Booked): Promise<void> => wechat.sim.payOrder(prepayOf(booked), person(place).user);
const work = () => workOff(city, 'payment.', 'booking.');
const listed = async (place: number, bookingId: string) => {
  const { status, body } = await person(place).phone.get(`/v1/mini/bookings?elderId=${person(place).elderId}`);
  expect(status).toBe(200);
  return (body.items as { bookingId: string }[]).find((one) => one.bookingId === bookingId);
};
const moneyOf = (bookingId: string) => city.rows<{ kind: string; fen: number }>('SELECT kind, fen FROM booking_money WHERE booking_id = $1 ORDER BY seq', [bookingId]);
const refunds = async (bookingId: string): Promise<number> => (await city.rows<{ fen: number }>(
  `SELECT coalesce(sum(r.fen), 0)::bigint AS fen FROM wechat_refund r JOIN wechat_order o ON o.order_id = r.order_id WHERE o.reference_id = $1 AND r.state = 'done'`, [bookingId]))[0]?.fen ?? -1;

/** A refund of a booking's order by an officer. */
const byHand = async (bookingId: string, amount: number) => {
  const [order] = await city.rows<{ id: string }>(`SELECT order_id AS id FROM wechat_order WHERE reference_id = $1 AND state = 'paid'`, [bookingId]);
  return city.staffed.call('POST', `/v1/wechat/orders/${order?.id}/refunds`, { token: city.county, body: { id: randomUUID(), fen: amount, reason: '饭菜有问题' } });
};

/** A booking that was paid at once. */
async function paid(place: number, more: object = {}): Promise<Booked> {
  const { status, body } = await book(place, { pay: 'now', ...more });
  expect(status).toBe(200);
  await payFor(place, body);
  await work();
  return body;
}

describe('an elder books', () => {
  it('to pay at the meal, with what it is going to cost', async () => {
    const body = asked(0);
    const made = await person(0).phone.post('/v1/mini/bookings', body);
    expect(made).toMatchObject({ status: 200, body: { number: 1, portions: 1, priceFen: 1500, expectedSelfPayFen: 1200, payment: null, payBy: null, code: expect.stringMatching(/^YD1204/) } });
    expect((await person(0).phone.post('/v1/mini/bookings', body)).body).toEqual(made.body);
    expect((await book(0)).body).toMatchObject({ code: 'booking-exists' });
    expect(await listed(0, made.body.bookingId)).toMatchObject({ state: 'open', channel: 'mini', siteName: '测试幸福食堂', byKin: false, paidFen: 0, closesAt: '2024-12-04T01:00:00.000Z', code: expect.stringMatching(/^YD-1204-/) });
  });

  it('to pay at once, by the sheet', async () => {
    const { bookingId, payment, expectedSelfPayFen } = await paid(1);
    expect([payment === null, expectedSelfPayFen]).toEqual([false, 1200]);
    expect(await listed(1, bookingId)).toMatchObject({ pay: 'now', expectedFen: 1200, paidFen: 1200, usedFen: 0 });
    expect((await person(1).phone.post(`/v1/mini/bookings/${bookingId}/pay`, {})).body).toMatchObject({ code: 'booking-paid' });
    expect((await city.rows('SELECT held_fen AS held FROM booking WHERE booking_id = $1', [bookingId]))).toEqual([{ held: 1200 }]);
  });

  it('and strangers learn nothing, relatives what they were allowed', async () => {
    const { elderId } = person(2);
    const stranger = await strangerPhone(city);
    expect(await book(2, {}, stranger)).toMatchObject({ status: 404 });
    expect(await stranger.get(`/v1/mini/bookings?elderId=${elderId}`)).toMatchObject({ status: 404 });
    const [sees, orders] = [await childPhone(city, elderId, ['meals']), await childPhone(city, elderId, ['ordering', 'meals'])];
    expect((await book(2, {}, sees)).body).toMatchObject({ code: 'consent-missing' });
    expect((await book(2, { pay: 'now' }, orders)).body).toMatchObject({ code: 'consent-missing' });
    const { body } = await book(2, {}, orders);
    expect(body.number).toBeGreaterThan(0);
    expect((await sees.get(`/v1/mini/bookings?elderId=${elderId}`)).body.items).toMatchObject([{ bookingId: body.bookingId, code: null }]);
    expect((await orders.get(`/v1/mini/bookings?elderId=${elderId}`)).body.items).toMatchObject([{ code: expect.stringMatching(/^YD-/) }]);
    expect(await stranger.post(`/v1/mini/bookings/${body.bookingId}/cancel`, { id: randomUUID() })).toMatchObject({ status: 404 });
    expect((await sees.post(`/v1/mini/bookings/${body.bookingId}/cancel`, { id: randomUUID() })).body).toMatchObject({ code: 'consent-missing' });
    expect(await orders.post(`/v1/mini/bookings/${body.bookingId}/cancel`, { id: randomUUID() })).toMatchObject({ status: 200, body: { refundFen: 0 } });
  });

  it('and a parent’s meal is paid by the child who may', async () => {
    const user = wechat.sim.user();
    user.balanceFen = 5_000;
    const child = await childPhone(city, person(3).elderId, ['ordering', 'paying'], undefined, user.openid);
    const { body } = await book(3, { pay: 'now' });
    const sheet = await child.post(`/v1/mini/bookings/${body.bookingId}/pay`, {});
    expect(sheet.status).toBe(200);
    await work();
    await wechat.sim.payOrder(sheet.body.payment.package.replace('prepay_id=', ''), user);
    await work();
    expect(user.balanceFen).toBe(3_800);
    expect(await listed(3, body.bookingId)).toMatchObject({ paidFen: 1200 });
    await expect(payFor(3, body)).rejects.toThrow();
  });

  it('and a child who may only order learns that it was cancelled, and not what was paid', async () => {
    const orders = await childPhone(city, person(3).elderId, ['ordering']);
    const { bookingId } = await paid(3, { mealDate: '2024-12-12' });
    const cancelled = await orders.post(`/v1/mini/bookings/${bookingId}/cancel`, { id: randomUUID() });
    expect(cancelled).toMatchObject({ status: 200, body: { bookingId, refundFen: null } });
    expect(JSON.stringify((await orders.get(`/v1/mini/bookings?elderId=${person(3).elderId}`)).body)).not.toMatch(/"(paid|refund|kept|used|expected)Fen":\d/);
    expect(await listed(3, bookingId)).toMatchObject({ state: 'cancelled', refundFen: 1200 });
  });

  it('T38: never so often for one day that a script empties the kitchen', async () => {
    for (let time = 0; time < 10; time += 1) {
      const { body } = await book(4, { mealDate: '2024-12-06' });
      expect((await person(4).phone.post(`/v1/mini/bookings/${body.bookingId}/cancel`, { id: randomUUID() })).status).toBe(200);
    }
    expect((await book(4, { mealDate: '2024-12-06' })).body).toMatchObject({ code: 'booking-too-many' });
    expect((await book(4, { mealDate: '2024-12-09', items: [{ itemCode: 'set', quantity: 11 }] })).body).toMatchObject({ code: 'booking-too-many' });
  });

  it('and of two who ask for the last portion at once one gets it', async () => {
    expect((await city.staffed.call('PUT', `/v1/bookings/sites/${siteId}/quotas`, { token: manager, body: { id: randomUUID(), mealDate: '2024-12-05', mealPeriod: 'lunch', portions: 1 } })).status).toBe(200);
    const answers = await Promise.all([5, 6].map((place) => book(place, { mealDate: '2024-12-05', pay: 'now' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'booking-sold-out' });
  });

  it('and what nobody pays in time is given up with its portion; money that comes then goes back', async () => {
    const [row] = await city.rows<{ bookingId: string; elderId: string }>(`SELECT booking_id AS "bookingId", elder_id AS "elderId" FROM booking WHERE meal_date = '2024-12-05' AND state = 'open'`);
    const [winner, loser] = person(5).elderId === row?.elderId ? [5, 6] : [6, 5];
    const sheet = await person(winner).phone.post(`/v1/mini/bookings/${row?.bookingId}/pay`, {});
    const before = person(winner).user.balanceFen;
    // Paid in the last second, and the notice is lost.
    wechat.tells(null);
    clock.set(clock.now() + 15 * MINUTE - SECOND);
    await wechat.sim.payOrder(sheet.body.payment.package.replace('prepay_id=', ''), person(winner).user);
    expect(person(winner).user.balanceFen).toBe(before - 1200);
    expect(await workOff(city, 'booking.unpaid')).toBe(0);
    await at(clock.now() + SECOND);
    expect(await workOff(city, 'booking.unpaid')).toBe(1);
    expect(await listed(winner, row?.bookingId as string)).toMatchObject({ state: 'cancelled', reason: 'unpaid' });
    expect((await book(loser, { mealDate: '2024-12-05' })).status).toBe(200);
    expect((await person(winner).phone.post(`/v1/mini/bookings/${row?.bookingId}/pay`, {})).body).toMatchObject({ code: 'booking-not-open' });
    wechat.tells(city.service.url);
    for (let minute = 0; minute < 10; minute += 1) {
      await work();
      clock.set(clock.now() + MINUTE);
    }
    expect(person(winner).user.balanceFen).toBe(before);
    expect(await refunds(row?.bookingId as string)).toBe(1200);
  });

  it('cancels until the cut-off and gets all of it back, and not a second later', async () => {
    const [early, late] = [await paid(7, { mealDate: DAY }), await paid(8, { mealDate: DAY })];
    const before = person(7).user.balanceFen;
    await at(chinaInstant(DAY, 9 * 60) - SECOND);
    expect(await byHand(early.bookingId, 500)).toMatchObject({ status: 409, body: { code: 'pay-held', title: expect.stringContaining('取消预订') } });
    expect(await person(7).phone.post(`/v1/mini/bookings/${early.bookingId}/cancel`, { id: randomUUID() })).toMatchObject({ status: 200, body: { refundFen: 1200 } });
    await at(chinaInstant(DAY, 9 * 60));
    for (const what of ['cancel', 'change']) {
      const body = { id: randomUUID(), ...(what === 'change' ? { items: [{ itemCode: 'set', quantity: 2 }], way: 'collect' } : {}) };
      expect((await person(8).phone.post(`/v1/mini/bookings/${late.bookingId}/${what}`, body)).body).toMatchObject({ code: 'booking-closed', title: expect.stringContaining('12-04 09:00') });
    }
    await work();
    clock.set(clock.now() + MINUTE);
    await work();
    expect(person(7).user.balanceFen).toBe(before + 1200);
    expect(await listed(7, early.bookingId)).toMatchObject({ state: 'cancelled', paidFen: 1200, refundFen: 1200 });
  });
});

describe('at the meal', () => {
  const eat = (place: number, bookingId: string, more: object = {}) => till.tap({ card: person(place).card, bookingId, tender: 'booked', ...more });

  const shiftId = randomUUID();

  beforeAll(async () => {
    await at(chinaInstant(DAY, 720));
    till = await city.till();
  });

  it('what was paid covers the own share', async () => {
    const [row] = await city.rows<{ bookingId: string }>('SELECT booking_id AS "bookingId" FROM booking WHERE elder_id = $1', [person(1).elderId]);
    const { body } = await eat(1, row?.bookingId as string);
    expect(body).toMatchObject({ outcome: 'accepted', selfPayFen: 1200, subsidyFen: 300, dueFen: 0, flags: [], sentence: expect.stringContaining('已在预订时付清') });
    expect(await moneyOf(row?.bookingId as string)).toEqual([{ kind: 'paid', fen: 1200 }, { kind: 'used', fen: 1200 }]);
    expect((await eat(1, row?.bookingId as string)).body).toMatchObject({ outcome: 'accepted', dueFen: 1500, flags: ['booking-taken'] });
  });

  it('what was paid too much goes back, also to who pays in cash after all; what is missing is due at the till', async () => {
    const dinner = { mealPeriod: 'dinner' };
    const [more, less, cash] = [await paid(9, { ...dinner, items: [{ itemCode: 'set', quantity: 2 }] }), await paid(10, dinner), await paid(11, dinner)];
    expect(more.expectedSelfPayFen).toBe(2700);
    expect((await person(9).phone.post(`/v1/mini/bookings/${more.bookingId}/change`, { id: randomUUID(), items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn' })).status).toBe(200);
    expect((await person(10).phone.post(`/v1/mini/bookings/${less.bookingId}/change`, { id: randomUUID(), items: [{ itemCode: 'set', quantity: 2 }], way: 'dineIn' })).status).toBe(200);
    await at(chinaInstant(DAY, 18 * 60));
    till = await city.till();
    expect((await till.send('/v1/till/shifts', { id: shiftId, cashierId: null, openedAt: new Date(clock.now()).toISOString(), firstNumber: 1, checks: [] })).status).toBe(200);
    expect((await eat(9, more.bookingId, dinner)).body).toMatchObject({ selfPayFen: 1200, dueFen: 0 });
    expect((await eat(10, less.bookingId, { ...dinner, items: [{ itemCode: 'set', quantity: 2 }] })).body).toMatchObject({ selfPayFen: 2700, dueFen: 1500, sentence: expect.stringContaining('请补收15.00元') });
    expect((await till.tap({ card: person(11).card, bookingId: cash.bookingId, ...dinner })).body).toMatchObject({ selfPayFen: 1200, flags: [] });
    // What staff give back first is no longer there to be given back by itself.
    expect(await byHand(cash.bookingId, 500)).toMatchObject({ status: 200 });
    await work();
    clock.set(clock.now() + MINUTE);
    await work();
    expect(await Promise.all([more, less, cash].map(({ bookingId }) => refunds(bookingId)))).toEqual([1500, 0, 1200]);
  });

  it('taken back, the booking waits again with what was used of it', async () => {
    const [row] = await city.rows<{ bookingId: string; tapId: string }>('SELECT booking_id AS "bookingId", tap_id AS "tapId" FROM booking WHERE elder_id = $1 AND state = $2', [person(9).elderId, 'collected']);
    const { bookingId, tapId } = row as { bookingId: string; tapId: string };
    expect((await till.send(`/v1/taps/${tapId}/void`, { id: randomUUID(), reason: '按错键' })).body).toMatchObject({ returnedFen: 0, sentence: expect.stringContaining('仍在预订里') });
    expect(await city.rows('SELECT state, held_fen AS held FROM booking WHERE booking_id = $1', [bookingId])).toEqual([{ state: 'open', held: 1200 }]);
    // Sold without a network: the till said by itself what is due, from its own list.
    const sold = till.body({ card: person(9).card, bookingId, tender: 'booked', paidFen: 1200, mealPeriod: 'dinner', shown: { selfPayFen: 1200, subsidyFen: 300 } });
    const { body } = await till.send('/v1/taps/upload', { taps: [sold] });
    expect(body.results[0].answer).toMatchObject({ selfPayFen: 1200, dueFen: 0 });
    expect((await till.send('/v1/taps/upload', { taps: [sold] })).body.results[0].answer).toEqual(body.results[0].answer);
    expect((await moneyOf(bookingId)).map(({ kind, fen }) => `${kind} ${fen}`)).toEqual(['paid 2700', 'used 1200', 'refund 1500', 'returned 1200', 'used 1200']);
    const other = till.body({ card: person(9).card, bookingId, tender: 'booked', paidFen: 1200, mealPeriod: 'dinner', shown: { selfPayFen: 1500, subsidyFen: 0 } });
    expect((await till.send('/v1/taps/upload', { taps: [other] })).body.results[0].answer).toMatchObject({ dueFen: 300, flags: ['booking-taken', 'booking-short'] });
  });

  it('the drawer holds what was taken in cash, and the shift says what was paid ahead', async () => {
    const close = { id: randomUUID(), closedAt: new Date(clock.now()).toISOString(), lastNumber: till.journal, counted: { cashFen: 3_000, byDenomination: [{ fen: 1_000, count: 3 }] } };
    const { body } = await till.send(`/v1/till/shifts/${shiftId}/close`, close);
    expect(body).toMatchObject({ expectedFen: 3_000, differenceFen: 0, figures: { meals: 4, selfPayFen: 6_600, tenders: { cash: 3_000, booked: 3_600, code: 0, balance: 0, none: 0 } } });
  });
});

describe('nobody came', () => {
  it('and it costs what two officers of the city say, the rest goes back, and others hear of it', async () => {
    const rule = { id: randomUUID(), keptPercent: 50, mostFen: 500, documentNumber: '聊民〔2024〕9号', documentTitle: '助餐预订办法', firstDay: '2024-12-05' };
    expect((await city.staffed.call('POST', '/v1/no-show-rules', { token: first, body: { ...rule, firstDay: '2024-12-04' } })).body).toMatchObject({ code: 'no-show-day-past' });
    expect((await city.staffed.call('POST', '/v1/no-show-rules', { token: first, body: rule })).status).toBe(200);
    expect((await city.staffed.call('POST', `/v1/no-show-rules/${rule.id}/decision`, { token: first, body: { id: randomUUID(), outcome: 'confirmed' } })).body).toMatchObject({ code: 'maker-is-checker' });
    expect((await city.staffed.call('POST', `/v1/no-show-rules/${rule.id}/decision`, { token: second, body: { id: randomUUID(), outcome: 'confirmed' } })).body).toMatchObject({ state: 'confirmed' });
    const { bookingId } = await paid(7, { mealDate: '2024-12-05', mealPeriod: 'dinner' });
    // Until then the till knew what was paid.
    expect((await till.send('/v1/till/bookings')).body.rows.find(({ id }: { id: string }) => id === bookingId)).toMatchObject({ s: 'open', f: 1200 });
    await at(chinaInstant(civilDate('2024-12-06'), 600));
    await work();
    clock.set(clock.now() + MINUTE);
    await work();
    const missed = await city.rows<{ mealDate: string; kept: number; back: number }>(
      `SELECT b.meal_date AS "mealDate", coalesce(sum(m.fen) FILTER (WHERE m.kind = 'kept'), 0)::bigint AS kept, coalesce(sum(m.fen) FILTER (WHERE m.kind = 'refund'), 0)::bigint AS back
       FROM booking b JOIN booking_money m ON m.booking_id = b.booking_id WHERE b.state = 'noShow' GROUP BY b.booking_id, b.meal_date ORDER BY 1, 2`);
    expect(missed).toEqual([{ mealDate: DAY, kept: 0, back: 1200 }, { mealDate: DAY, kept: 0, back: 1200 }, { mealDate: '2024-12-05', kept: 500, back: 700 }]);
    expect(gone.map(({ elderId }) => elderId)).toEqual(expect.arrayContaining([person(7).elderId, person(8).elderId]));
    expect(await city.rows(`SELECT count(*)::int AS n FROM meal WHERE elder_id = $1`, [person(8).elderId])).toEqual([{ n: 0 }]);
  });
});

describe('many meals at once', () => {
  it('an estate’s are booked in one deed, each answered on its own', async () => {
    const rows = [{ card: person(0).card }, { card: 'LC99999999' }, { card: person(1).card }, { card: person(0).card }, { elderId: person(2).elderId }].map((who) => ({ ...who, items: [{ itemCode: 'set', quantity: 1 }], way: 'deliver' }));
    const body = { id: randomUUID(), siteId, mealDate: '2024-12-10', mealPeriod: 'lunch', rows };
    const made = await city.staffed.call('POST', '/v1/bookings/group', { token: worker, body });
    expect(made).toMatchObject({ status: 200, body: { bookedRows: 3 } });
    expect(made.body.rows.map((row: { booked: object | null; problem: { code: string } | null }) => row.problem?.code ?? 'booked')).toEqual(['booked', 'booking-elder-unknown', 'booked', 'booking-exists', 'booked']);
    expect((await city.staffed.call('POST', '/v1/bookings/group', { token: worker, body })).body).toEqual(made.body);
    expect((await city.staffed.call('GET', `/v1/bookings/sites/${siteId}/days/2024-12-10`, { token: manager })).body.bookings.map(({ channel }: { channel: string }) => channel)).toEqual(['group', 'group', 'group']);
    expect((await city.staffed.call('POST', '/v1/bookings/group', { token: manager, body: { ...body, id: randomUUID(), siteId: city.sites[1] } })).body).toMatchObject({ code: 'outside-scope' });
  });

  it('a telephone call’s booking says so', async () => {
    const body = { id: randomUUID(), card: person(3).card, siteId, mealDate: '2024-12-10', mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'collect' };
    expect((await city.staffed.call('POST', '/v1/bookings', { token: manager, body })).status).toBe(200);
    expect(await listed(3, body.id)).toMatchObject({ channel: 'telephone' });
  });

  it('an elder’s own standing order goes on when they have another telephone', async () => {
    await at(chinaInstant(civilDate('2024-12-10'), 6 * 60));
    const order = { id: randomUUID(), elderId: person(12).elderId, siteId, mealPeriod: 'lunch', weekdays: ['wed'], items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', from: '2024-12-11', until: '2024-12-12' };
    expect((await person(12).phone.post('/v1/mini/standing-orders', order)).status).toBe(200);
    const user = await childPhone(city, person(13).elderId, ['ordering']);
    const lost = { ...order, id: randomUUID(), elderId: person(13).elderId };
    expect((await user.post('/v1/mini/standing-orders', lost)).status).toBe(200);
    for (const table of ['mini_self', 'mini_kin']) {
      const ended = await city.rows(`UPDATE ${table} SET ended_at = bound_at, ended_by = 'test', end_reason = 'leave' WHERE account_id IN ($1, $2) AND (account_id, elder_id) IN (($1, $3::uuid), ($2, $4::uuid)) RETURNING 1 AS n`, [person(12).phone.accountId, user.accountId, person(12).elderId, person(13).elderId]);
      expect(ended).toHaveLength(1);
    }
    // Two days, and the news of the one that could not be booked.
    expect(await workOff(city, 'booking.standing')).toBe(3);
    expect(await city.rows('SELECT outcome, code FROM standing_day WHERE standing_id IN ($1, $2) ORDER BY outcome', [order.id, lost.id])).toEqual([{ outcome: 'booked', code: null }, { outcome: 'failed', code: 'not-found' }]);
  });

  it('standing orders for days that are worked do not hide others at the weekend', async () => {
    await at(chinaInstant(civilDate('2024-12-14'), 600));
    const insert = (count: number, weekdays: string, made: string) => city.rows<{ standingId: string }>(
      `INSERT INTO standing_order (city_code, standing_id, elder_id, site_id, meal_period, weekdays, items, way, from_date, until_date, is_self, made_at, made_by)
       SELECT $1, gen_random_uuid(), $2, $3, 'lunch', '${weekdays}', '[]', 'dineIn', '2024-12-14', '2024-12-15', true, '${made}', 'test' FROM generate_series(1, ${count}) RETURNING standing_id AS "standingId"`, [CITY, person(12).elderId, siteId]);
    await insert(5_000, '{}', '2024-12-01');
    const [sunday] = await insert(1, '{7}', '2024-12-02');
    const finders = city.service.app.get(JobBoard).finders;
    const found = (await Promise.all(finders.map((find) => city.service.parts.transactor.run((tx) => find(tx))))).flat().filter(({ job }) => job === 'booking.standing');
    expect(found.map(({ key }) => key)).toEqual([`${sunday?.standingId} 2024-12-15`]);
    await city.rows(`UPDATE standing_order SET ended_at = now(), ended_by = 'test' WHERE made_by = 'test'`);
  });

  it('a standing order books each workday ahead, leaves holidays out, and names what it could not book', async () => {
    await at(chinaInstant(civilDate('2024-12-29'), 600));
    const order = { id: randomUUID(), elderId: person(0).elderId, siteId, mealPeriod: 'lunch', weekdays: ['workdays'], items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', from: '2024-12-30', until: '2025-01-03' };
    const stand = (more: object) => person(0).phone.post('/v1/mini/standing-orders', { ...order, ...more });
    expect((await stand({ from: '2024-12-29' })).body).toMatchObject({ code: 'standing-days-wrong' });
    expect((await stand({ weekdays: ['workdays', 'mon'] })).body).toMatchObject({ code: 'standing-days-wrong' });
    // The licence has run out meanwhile: nothing can be ordered until there is a new one.
    expect((await stand({})).body).toMatchObject({ code: 'booking-site-closed' });
    expect((await city.staffed.call('POST', `/v1/sites/${siteId}/papers`, { token: city.county, body: { id: randomUUID(), kind: 'foodLicence', number: '测许009', validFrom: '2024-12-21', validTo: '2025-01-01' } })).status).toBe(201);
    expect(await stand({})).toMatchObject({ status: 200, body: { standingId: order.id } });
    const own = await book(0, { mealDate: '2024-12-31' });
    expect(own.status).toBe(200);
    await workOff(city, 'booking.standing');
    await at(chinaInstant(civilDate('2024-12-31'), 600));
    await workOff(city, 'booking.standing');
    const { body } = await person(0).phone.get(`/v1/mini/standing-orders?elderId=${person(0).elderId}`);
    expect(body.items).toMatchObject([{ standingId: order.id, weekdays: ['workdays'], state: 'standing' }]);
    expect(body.items[0].days.map(({ date, outcome, sentence }: { date: string; outcome: string; sentence: string | null }) => [date, outcome, sentence?.slice(0, 8)])).toEqual([
      ['2025-01-03', 'failed', '助餐点该日不营业'], ['2025-01-02', 'failed', '助餐点该日不营业'], ['2025-01-01', 'dayOff', undefined], ['2024-12-31', 'failed', '老人在这里的这一'], ['2024-12-30', 'booked', undefined]]);
    expect(await listed(0, body.items[0].days[4].bookingId)).toMatchObject({ mealDate: '2024-12-30', channel: 'standing' });
    expect((await person(0).phone.post(`/v1/mini/standing-orders/${order.id}/end`, { id: randomUUID() })).status).toBe(200);
    expect((await person(0).phone.post(`/v1/mini/standing-orders/${order.id}/end`, { id: randomUUID() })).body).toMatchObject({ code: 'standing-ended' });
    expect(await workOff(city, 'booking.standing')).toBe(0);
  });
});

it('leaves books in which all of it fits together', async () => {
  expect((await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)))).violations).toEqual([]);
  await expect(city.rows('UPDATE booking_money SET fen = fen + 1')).rejects.toThrow();
});
