import { randomUUID } from 'node:crypto';
import { NoShowNews, type NoShow } from '../../src/booking/index.js';
import { addDays, chinaInstant, civilDate } from '../../src/kernel/index.js';
import { PayOrders } from '../../src/payment/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { childPhone, elderPhone, type TestPhone } from '../support/mini.js';
import { CITY, cityClock, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';
import { giveMerchant, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const LATER = civilDate('2024-12-06');
const day = { mealDate: LATER };

interface Person {
  readonly elderId: string;
  readonly card: string;
  readonly phone: TestPhone;
  readonly user: SimUser;
}

interface Booked {
  readonly bookingId: string;
  readonly payment: { readonly package: string } | null;
}

const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let siteId: string;
let till: TestTill;
const people: Person[] = [];
const gone: NoShow[] = [];

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  siteId = city.sites[0] as string;
  for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
  const [first, second] = [await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second')];
  await giveMerchant(city, first, second);
  const rule = { id: randomUUID(), keptPercent: 50, mostFen: 500, documentNumber: '聊民〔2024〕9号', documentTitle: '助餐预订办法', firstDay: '2024-12-05' };
  expect((await city.staffed.call('POST', '/v1/no-show-rules', { token: first, body: rule })).status).toBe(200);
  expect((await city.staffed.call('POST', `/v1/no-show-rules/${rule.id}/decision`, { token: second, body: { id: randomUUID(), outcome: 'confirmed' } })).status).toBe(200);
  for (let index = 0; index < 4; index += 1) {
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

/** Another moment: whoever was logged in is so again. */
async function at(moment: number): Promise<void> {
  clock.set(moment);
  city.county = await city.staffed.tokenOf('county');
  for (const { phone } of people) await phone.logInAgain();
}

const person = (place: number): Person => people[place] as Person;
const book = (place: number, more: object = {}) => person(place).phone.post('/v1/mini/bookings',
  { id: randomUUID(), elderId: person(place).elderId, siteId, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'atMeal', ...more });
const payFor = (place: number, { payment }: Booked): Promise<void> => wechat.sim.payOrder(payment?.package.replace('prepay_id=', '') as string, person(place).user);
const work = () => workOff(city, 'payment.', 'booking.');
const moneyOf = (bookingId: string) => city.rows<{ kind: string; fen: number }>('SELECT kind, fen FROM booking_money WHERE booking_id = $1 ORDER BY seq', [bookingId]);
const refunds = async (bookingId: string): Promise<number> => (await city.rows<{ fen: number }>(
  `SELECT coalesce(sum(r.fen), 0)::bigint AS fen FROM wechat_refund r JOIN wechat_order o ON o.order_id = r.order_id WHERE o.reference_id = $1 AND r.state = 'done'`, [bookingId]))[0]?.fen ?? -1;

/** A booking that was paid at once. */
async function paid(place: number, more: object): Promise<Booked> {
  const { status, body } = await book(place, { pay: 'now', ...more });
  expect(status).toBe(200);
  await payFor(place, body);
  await work();
  return body;
}

describe('two pay, and sales are taken back', () => {
  const child = async (place: number) => {
    const user = wechat.sim.user();
    user.balanceFen = 5_000;
    return { user, phone: await childPhone(city, person(place).elderId, ['ordering', 'paying', 'meals'], undefined, user.openid) };
  };
  const stateOf = async (bookingId: string) => (await city.rows<{ state: string; held: number }>('SELECT state, held_fen AS held FROM booking WHERE booking_id = $1', [bookingId]))[0];

  it('the parent pays in the moment in which the child takes over: it is paid, and nothing goes back', async () => {
    const { phone } = await child(0);
    const { body } = await book(0, { pay: 'now', ...day });
    // Between the child's look at the orders and the end of the parent's.
    const orders = city.service.app.get(PayOrders);
    let raced = 0;
    const real = orders.withdrawUnpaid.bind(orders);
    orders.withdrawUnpaid = async (...asked) => {
      raced += 1;
      await payFor(0, body);
      await work();
      return real(...asked);
    };
    const answer = await phone.post(`/v1/mini/bookings/${body.bookingId}/pay`, {});
    orders.withdrawUnpaid = real;
    expect([raced, answer.body]).toMatchObject([1, { code: 'booking-paid' }]);
    await work();
    expect([await stateOf(body.bookingId), await moneyOf(body.bookingId), await refunds(body.bookingId)]).toEqual([{ state: 'open', held: 1200 }, [{ kind: 'paid', fen: 1200 }], 0]);
  });

  it('whose order ended when another took over can take over again', async () => {
    const { phone } = await child(1);
    const { body } = await book(1, { pay: 'now', ...day });
    expect((await phone.post(`/v1/mini/bookings/${body.bookingId}/pay`, {})).status).toBe(200);
    const again = await person(1).phone.post(`/v1/mini/bookings/${body.bookingId}/pay`, {});
    expect(again).toMatchObject({ status: 200 });
    // Asked once more it is the same order.
    expect((await person(1).phone.post(`/v1/mini/bookings/${body.bookingId}/pay`, {})).status).toBe(200);
    expect(await city.rows('SELECT withdrawn FROM wechat_order WHERE reference_id = $1 ORDER BY opened_at, withdrawn DESC', [body.bookingId])).toEqual([{ withdrawn: true }, { withdrawn: true }, { withdrawn: false }]);
    await wechat.sim.payOrder(again.body.payment.package.replace('prepay_id=', ''), person(1).user);
    await work();
    expect(await stateOf(body.bookingId)).toEqual({ state: 'open', held: 1200 });
  });

  it('what a sale used goes back beside what it left over, where the meal is booked anew', async () => {
    const { bookingId } = await paid(2, { ...day, items: [{ itemCode: 'set', quantity: 2 }] });
    expect((await person(2).phone.post(`/v1/mini/bookings/${bookingId}/change`, { id: randomUUID(), items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn' })).status).toBe(200);
    await at(chinaInstant(LATER, 8 * 60));
    till = await city.till();
    const sold = till.body({ card: person(2).card, bookingId, tender: 'booked' });
    expect((await till.send('/v1/taps', sold)).body).toMatchObject({ outcome: 'accepted', dueFen: 0 });
    const anew = await book(2, day);
    expect(anew.status).toBe(200);
    expect((await till.send(`/v1/taps/${sold.id}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    await work();
    clock.set(clock.now() + MINUTE);
    await work();
    expect([await stateOf(bookingId), await stateOf(anew.body.bookingId)]).toMatchObject([{ state: 'cancelled', held: 0 }, { state: 'open' }]);
    expect((await moneyOf(bookingId)).map(({ kind, fen }) => `${kind} ${fen}`)).toEqual(['paid 2700', 'used 1200', 'refund 1500', 'returned 1200', 'refund 1200']);
    expect(await refunds(bookingId)).toBe(2700);
  });

  it('who came, and whose sale was taken back, missed nothing: it costs nothing and nobody is sent', async () => {
    const { bookingId } = await paid(3, day);
    await at(chinaInstant(LATER, 12 * 60));
    till = await city.till();
    const sold = till.body({ card: person(3).card, bookingId, tender: 'booked' });
    expect((await till.send('/v1/taps', sold)).body).toMatchObject({ outcome: 'accepted', dueFen: 0 });
    expect((await till.send(`/v1/taps/${sold.id}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    await at(chinaInstant(civilDate('2024-12-07'), 6 * 60));
    await work();
    clock.set(clock.now() + MINUTE);
    await work();
    expect(await stateOf(bookingId)).toEqual({ state: 'noShow', held: 0 });
    expect((await moneyOf(bookingId)).map(({ kind, fen }) => `${kind} ${fen}`)).toEqual(['paid 1200', 'used 1200', 'returned 1200', 'refund 1200']);
    expect(gone.map((noShow) => noShow.bookingId)).not.toContain(bookingId);
    expect(gone.map((noShow) => noShow.elderId)).toContain(person(1).elderId);
  });

  it.each([
    ['a part', 500, 700],
    ['all', 1200, 0],
  ])('what staff have given back by hand of a collected booking (%s) is not given back again when the sale is taken back', async (_, byHand, held) => {
    const later = addDays(LATER, byHand === 500 ? 2 : 5);
    const eaten = addDays(later, 1);
    await at(chinaInstant(later, 8 * 60));
    const { elderId, card } = await city.elder();
    const user = wechat.sim.user();
    user.balanceFen = 100_000;
    people.push({ elderId, card, user, phone: await elderPhone(city, elderId, user.openid) });
    const place = people.length - 1;
    const { bookingId } = await paid(place, { mealDate: eaten });
    await at(chinaInstant(eaten, 9 * 60));
    till = await city.till();
    const sold = till.body({ card, bookingId, tender: 'booked' });
    expect((await till.send('/v1/taps', sold)).body).toMatchObject({ outcome: 'accepted', dueFen: 0 });
    const [order] = await city.rows<{ id: string }>('SELECT order_id AS id FROM wechat_order WHERE reference_id = $1', [bookingId]);
    expect((await city.staffed.call('POST', `/v1/wechat/orders/${order?.id}/refunds`, { token: city.county, body: { id: randomUUID(), fen: byHand, reason: '饭菜有问题' } })).status).toBe(200);
    expect((await till.send(`/v1/taps/${sold.id}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    expect(await stateOf(bookingId)).toEqual({ state: 'open', held });
    // Eaten after all: what went back is due in cash.
    const again = till.body({ card, bookingId, tender: 'booked' });
    expect((await till.send('/v1/taps', again)).body).toMatchObject({ outcome: 'accepted', dueFen: byHand });
    expect((await till.send(`/v1/taps/${again.id}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    await at(chinaInstant(addDays(eaten, 1), 6 * 60));
    await work();
    clock.set(clock.now() + MINUTE);
    await work();
    expect([await refunds(bookingId), user.balanceFen]).toEqual([1200, 100_000]);
  });
});

describe('sold as if nobody had booked', () => {
  const EATEN = civilDate('2024-12-17');
  const lines = async (bookingId: string) => (await moneyOf(bookingId)).map(({ kind, fen }) => `${kind} ${fen}`);
  const standing = async (bookingId: string) => (await city.rows<{ state: string; kinds: string[] }>(
    `SELECT b.state, array_agg(concat_ws(' ', e.kind, e.reason) ORDER BY e.event_no) AS kinds FROM booking b JOIN booking_event e ON e.booking_id = b.booking_id WHERE b.booking_id = $1 GROUP BY b.state`, [bookingId]))[0];
  const toldOf = (bookingId: string): boolean => gone.some((noShow) => noShow.bookingId === bookingId);
  /** Lets the job do what is due, and WeChat what it was asked. */
  const settle = async (moment: number): Promise<void> => {
    await at(moment);
    await work();
    clock.set(clock.now() + MINUTE);
    await work();
  };
  const [own, twice, taken, late] = [0, 1, 2, 3];
  const ids: string[] = [];

  beforeAll(async () => {
    await at(chinaInstant(EATEN, 8 * 60));
    for (const place of [own, twice, taken, late]) ids[place] = (await paid(place, { mealDate: EATEN })).bookingId;
    await at(chinaInstant(EATEN, 12 * 60));
    till = await city.till();
  });

  it('whoever ate missed nothing: all goes back and nobody is sent; one meal excuses one booking, one taken back none', async () => {
    expect((await till.tap({ card: person(own).card })).body).toMatchObject({ outcome: 'accepted', selfPayFen: 1200 });
    // Two bookings for one meal: the sale hands the first out, and the second was nobody's meal.
    expect((await till.tap({ card: person(twice).card, bookingId: ids[twice], tender: 'booked' })).body).toMatchObject({ dueFen: 0 });
    const again = randomUUID();
    await city.rows(
      `WITH b AS (INSERT INTO booking (city_code, booking_id, elder_id, site_id, meal_date, meal_period, number, state, way, items, portions, price_list_version, price_fen, events, made_at, made_by)
         SELECT city_code, $2, elder_id, site_id, meal_date, meal_period, 999, 'open', way, items, portions, price_list_version, price_fen, 1, made_at, 'test' FROM booking WHERE booking_id = $1 RETURNING *)
       INSERT INTO booking_event (city_code, booking_id, event_no, kind, way, items, recorded_at, recorded_by) SELECT city_code, booking_id, 1, 'made', way, items, made_at, 'test' FROM b`, [ids[twice] as string, again]);
    const sold = till.body({ card: person(taken).card });
    expect((await till.send('/v1/taps', sold)).status).toBe(200);
    expect((await till.send(`/v1/taps/${sold['id']}/void`, { id: randomUUID(), reason: '按错键' })).status).toBe(200);
    await settle(chinaInstant(EATEN, 15 * 60));
    expect(await standing(ids[own] as string)).toEqual({ state: 'collected', kinds: ['made', 'collected unnamed'] });
    expect(await lines(ids[own] as string)).toEqual(['paid 1200', 'refund 1200']);
    expect(await refunds(ids[own] as string)).toBe(1200);
    for (const missed of [again, ids[taken] as string]) expect([(await standing(missed))?.state, toldOf(missed)]).toEqual(['noShow', true]);
    expect([toldOf(ids[own] as string), await lines(ids[taken] as string)]).toEqual([false, ['paid 1200', 'kept 500', 'refund 700']]);
  });

  it('and where the sale comes a day late, what was kept goes back in the night', async () => {
    expect([await standing(ids[late] as string), await lines(ids[late] as string)]).toEqual([{ state: 'noShow', kinds: ['made', 'noShow'] }, ['paid 1200', 'kept 500', 'refund 700']]);
    await at(chinaInstant(addDays(EATEN, 1), 9 * 60));
    till = await city.till();
    const sale = till.body({ card: person(late).card, deviceTime: new Date(chinaInstant(EATEN, 12 * 60)).toISOString(), shown: { selfPayFen: 1200, subsidyFen: 300 } });
    expect((await till.send('/v1/taps/upload', { taps: [sale] })).body.results[0].answer).toMatchObject({ outcome: 'accepted', selfPayFen: 1200 });
    await settle(chinaInstant(addDays(EATEN, 2), 3 * 60));
    expect(await standing(ids[late] as string)).toEqual({ state: 'collected', kinds: ['made', 'noShow', 'collected unnamed'] });
    expect(await lines(ids[late] as string)).toEqual(['paid 1200', 'kept 500', 'refund 700', 'excused 500', 'refund 500']);
    expect(await refunds(ids[late] as string)).toBe(1200);
    const { body } = await person(late).phone.get(`/v1/mini/bookings?elderId=${person(late).elderId}`);
    expect((body.items as { bookingId: string }[]).find(({ bookingId }) => bookingId === ids[late])).toMatchObject({ state: 'collected', paidFen: 1200, refundFen: 1200, keptFen: 0 });
    expect((await standing(ids[taken] as string))?.state).toBe('noShow');
  });
});

it('leaves books in which all of it fits together', async () => {
  expect((await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)))).violations).toEqual([]);
});
