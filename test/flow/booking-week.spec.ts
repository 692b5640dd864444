import { addDays, civilDate, fen, type CivilDate } from '../../src/kernel/index.js';
import { tradeNumber } from '../../src/payment/domain/index.js';
import { derivedId } from '../../src/platform/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { elderPhone, type TestPhone } from '../support/mini.js';
import { PayWeek, type Report } from '../support/pay-week.js';
import { CITY, cityClock, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';
import { giveMerchant, giveSecondSite, OTHER_OPERATOR, OTHER_SUB_MCHID, SUB_MCHID, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const FIRST_DAY = civilDate('2024-12-04');
const DAYS = 7;
const SECOND = 1_000;
const PURSE = 100_000;

interface Person {
  readonly elderId: string;
  readonly card: string;
  readonly phone: TestPhone;
  readonly user: SimUser;
}

/** What somebody does with a meal of a day; the next day somebody else does. */
const DEEDS = ['eats', 'eats', 'cancels', 'misses', 'is voided', 'does not pay', 'pays by code', 'is voided after a code'] as const;
type Deed = (typeof DEEDS)[number];

const clock = cityClock();
const kinds = ['payment.', 'booking.'] as const;
let wechat: TestWechat;
let city: TappingCity;
let week: PayWeek;
let tills: readonly [TestTill, TestTill];
const people: Person[] = [];
/** Whose one payment by code is lost on its way. */
let unlucky: Person;
let ids = 0;

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
  await city.staffed.add('auditor', ['auditor']);
  const officers = [await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second')] as const;
  await giveSecondSite(city);
  await giveMerchant(city, ...officers);
  await giveMerchant(city, ...officers, OTHER_SUB_MCHID, OTHER_OPERATOR);
  const rule = { id: newId(), keptPercent: 50, mostFen: 500, documentNumber: '聊民〔2024〕9号', documentTitle: '助餐预订办法', firstDay: FIRST_DAY };
  expect((await city.staffed.call('POST', '/v1/no-show-rules', { token: officers[0], body: rule })).status).toBe(200);
  expect((await city.staffed.call('POST', `/v1/no-show-rules/${rule.id}/decision`, { token: officers[1], body: { id: newId(), outcome: 'confirmed' } })).status).toBe(200);
  while (people.length < DEEDS.length) people.push(await newPerson());
  unlucky = await newPerson();
  week = new PayWeek(city, wechat, kinds);
}, 120_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

/** The same ids in every run. */
const newId = (): string => derivedId('a week of bookings', String((ids += 1)));
const placeOf = (index: number, day: number): 0 | 1 => ((index + day) % 2 === 0 ? 0 : 1);
const sheetOf = (payment: { package: string }): string => payment.package.replace('prepay_id=', '');

async function newPerson(): Promise<Person> {
  const [{ elderId, card }, user] = [await city.elder(), wechat.sim.user()];
  user.balanceFen = PURSE;
  return { elderId, card, user, phone: await elderPhone(city, elderId, user.openid) };
}

/** Books a meal to be paid at once and pays it, as often as it takes to be shown WeChat's sheet. */
async function book({ elderId, phone, user }: Person, mealDate: CivilDate, place: number, isPaid: boolean): Promise<string> {
  const body = { id: newId(), elderId, siteId: city.sites[place], mealDate, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'now' };
  const made = await phone.post('/v1/mini/bookings', body);
  expect(made).toMatchObject({ status: 200, body: { expectedSelfPayFen: 1200 } });
  let { payment } = made.body;
  for (let tries = 0; tries < 4 && payment === null; tries += 1) {
    const asked = await phone.post(`/v1/mini/bookings/${body.id}/pay`, {});
    if (asked.body.code === 'booking-paid' || asked.body.code === 'pay-done') return body.id;
    payment = asked.body.payment ?? null;
  }
  expect(payment).not.toBeNull();
  if (isPaid) await wechat.sim.payOrder(sheetOf(payment), user).catch((error: Error) => expect(error.message).toContain('已经付过'));
  return body.id;
}

/** A sale that is paid by a code: a second one where the first did not do, and taken back where that did not either. */
async function payByCode({ card, user }: Person, till: TestTill, isVoided: boolean): Promise<void> {
  const { body: sale } = await till.tap({ id: newId(), card, tender: 'code' });
  expect(sale).toMatchObject({ outcome: 'accepted', selfPayFen: 1200 });
  let state = 'failed';
  for (let codes = 0; codes < 2 && state === 'failed'; codes += 1) {
    const charged = await till.send(`/v1/till/taps/${sale.tapId}/payment`, { id: newId(), authCode: user.payCode() });
    expect(charged.status).toBe(200);
    ({ state } = charged.body);
    for (let tries = 0; tries < 16 && state === 'open'; tries += 1) {
      await week.later(5 * SECOND);
      ({ state } = (await till.send(`/v1/till/taps/${sale.tapId}/payment`)).body);
    }
    week.stir();
  }
  expect(state).not.toBe('open');
  if (isVoided || state === 'failed') await takeBack(till, sale.tapId);
}

async function takeBack(till: TestTill, tapId: string): Promise<void> {
  expect((await till.send(`/v1/taps/${tapId}/void`, { id: newId(), reason: '按错键' })).status).toBe(200);
}

/** What WeChat ended without money an officer gives back anew. */
async function giveBackAnew(): Promise<void> {
  const { body } = await city.staffed.call('GET', '/v1/wechat/unsettled', { token: city.county });
  for (const { orderId, state, fen: amount } of body.items as { orderId: string; state: string; fen: number }[]) {
    if (state === 'failed') expect((await city.staffed.call('POST', `/v1/wechat/orders/${orderId}/refunds`, { token: city.county, body: { id: newId(), fen: amount, reason: '退款没有到账，重退' } })).status).toBe(200);
  }
}

async function playDay(date: CivilDate, day: number): Promise<void> {
  clock.setTo(date, 7 * 60 + 30);
  for (const { phone } of people) await phone.logInAgain();
  city.county = await city.staffed.tokenOf('county');
  tills = [await city.till(0), await city.till(1)];
  const roles = people.map((person, index) => ({ person, index, deed: DEEDS[(index + day) % DEEDS.length] as Deed, till: tills[placeOf(index, day)] }));
  const booked = new Map<Person, string>();
  for (const { person, index, deed } of roles) {
    if (deed === 'pays by code' || deed === 'is voided after a code') continue;
    week.stir();
    // On one day no callback comes at all.
    if (day === 3) week.put('notify', { times: null, lost: true });
    booked.set(person, await book(person, date, placeOf(index, day), deed !== 'does not pay'));
    await week.later(20 * SECOND);
  }
  const bookingOf = (wanted: Deed) => roles.filter(({ deed }) => deed === wanted).map((role) => ({ ...role, bookingId: booked.get(role.person) as string }));
  for (const { person, bookingId } of bookingOf('cancels')) expect((await person.phone.post(`/v1/mini/bookings/${bookingId}/cancel`, { id: newId() })).status).toBe(200);
  for (let step = 0; step < 4; step += 1) await week.later(5 * MINUTE);
  await workOff(city, ...kinds);
  clock.setTo(date, 11 * 60 + 30);
  week.stir();
  for (const wanted of ['eats', 'is voided'] as const) {
    for (const { person: { card }, bookingId, till } of bookingOf(wanted)) {
      const { body } = await till.tap({ id: newId(), card, bookingId, tender: 'booked' });
      expect(body).toMatchObject({ outcome: 'accepted', selfPayFen: 1200, dueFen: 0, flags: [] });
      if (wanted === 'is voided') await takeBack(till, body.tapId);
    }
  }
  for (const { person, deed, till } of roles) {
    if (deed !== 'pays by code' && deed !== 'is voided after a code') continue;
    week.stir();
    await payByCode(person, till, deed === 'is voided after a code');
  }
  // A charge that was paid, of which nothing is heard until it is taken back.
  if (day === 1) {
    week.put('codepay', { dropsAnswer: true });
    week.put('query', { times: 5, failsBefore: true });
    await payByCode(unlucky, tills[0], false);
  }
  for (let step = 0; step < 3; step += 1) await week.later(20 * MINUTE);
  clock.setTo(date, 16 * 60);
  await workOff(city, ...kinds);
  week.stir();
  for (let step = 0; step < 3; step += 1) await week.later(20 * MINUTE);
  city.county = await city.staffed.tokenOf('county');
  await giveBackAnew();
  clock.setTo(date, 22 * 60);
  for (let step = 0; step < 2; step += 1) await week.later(30 * MINUTE);
}

describe('F40 and F41: a week of two operators, with every fault on', () => {
  const reports: Report[] = [];

  it('I22 and I39: of bookings that are paid, eaten, cancelled, missed and taken back, and codes at the till, agrees with each day\'s bills to the fen', async () => {
    for (let day = 0; day < DAYS; day += 1) {
      const date = addDays(FIRST_DAY, day);
      await playDay(date, day);
      const found = await week.reconcile(date);
      expect(found.map(({ subMchId }) => subMchId).sort()).toEqual([SUB_MCHID, OTHER_SUB_MCHID]);
      for (const report of found) {
        expect(report).toMatchObject({ differences: [] });
        expect([report.theirPaidFen - report.theirReversedFen, report.theirRefundFen]).toEqual([report.ownPaidFen, report.ownRefundFen]);
      }
      reports.push(...found);
    }
    expect(await week.violations()).toEqual([]);
    for (const receiver of [SUB_MCHID, OTHER_SUB_MCHID]) {
      const sum = (pick: (report: Report) => number) => reports.filter(({ subMchId }) => subMchId === receiver).reduce((total, report) => total + pick(report), 0);
      expect([sum(({ theirPaidFen }) => theirPaidFen) > DAYS * 2_400, sum(({ theirRefundFen }) => theirRefundFen) > DAYS * 1_200]).toEqual([true, true]);
    }
    expect(reports.some(({ theirReversedFen }) => theirReversedFen > 0)).toBe(true);
  }, 240_000);

  it('met every fault', () => expect(week.neverMet()).toEqual([]));

  it('left no order open, and each as WeChat has it, at the receiver of its canteen', async () => {
    const own = await city.rows<{ orderId: string; state: string; siteId: string; subMchId: string }>('SELECT order_id AS "orderId", state, site_id AS "siteId", sub_mchid AS "subMchId" FROM wechat_order ORDER BY order_id');
    for (const { orderId, state, siteId, subMchId } of own) {
      const theirs = wechat.sim.order(subMchId, tradeNumber(CITY, orderId));
      const isPaid = theirs !== undefined && theirs.paidAt !== null && theirs.state !== 'REVOKED';
      expect([orderId, state, subMchId]).toEqual([orderId, isPaid ? 'paid' : 'closed', siteId === city.sites[0] ? SUB_MCHID : OTHER_SUB_MCHID]);
    }
    expect(await city.rows(`SELECT booking_id FROM booking WHERE state = 'open' OR held_fen <> 0`)).toEqual([]);
    expect((await city.rows<{ state: string }>('SELECT DISTINCT state FROM booking ORDER BY state')).map(({ state }) => state)).toEqual(['cancelled', 'collected', 'noShow']);
  });

  it('left each payer what the books of bookings and of the tills say', async () => {
    const rows = await city.rows<{ elderId: string; spent: number }>(
      `SELECT y.elder_id AS "elderId", sum(y.fen)::bigint AS spent FROM (
         SELECT b.elder_id, CASE m.kind WHEN 'paid' THEN m.fen WHEN 'refund' THEN -m.fen ELSE 0 END AS fen FROM booking_money m JOIN booking b ON b.city_code = m.city_code AND b.booking_id = m.booking_id
         UNION ALL SELECT elder_id, fen - refunded_fen FROM wechat_order WHERE purpose = 'tap' AND state = 'paid'
         UNION ALL SELECT o.elder_id, r.fen FROM wechat_refund r JOIN wechat_order o ON o.city_code = r.city_code AND o.order_id = r.order_id WHERE r.state = 'stuck') y
       GROUP BY y.elder_id`);
    const spent = new Map(rows.map(({ elderId, spent: amount }) => [elderId, Number(amount)]));
    const everybody = [...people, unlucky];
    expect(everybody.map(({ elderId, user }) => [elderId, PURSE - user.balanceFen])).toEqual(everybody.map(({ elderId }) => [elderId, spent.get(elderId) ?? 0]));
    expect(fen([...spent.values()].reduce((sum, amount) => sum + amount, 0))).toBeGreaterThan(DAYS * 2_400);
  });
});
