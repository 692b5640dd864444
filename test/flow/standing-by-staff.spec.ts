import { randomUUID } from 'node:crypto';
import { addDays, chinaInstant, civilDate } from '../../src/kernel/index.js';
import { workCare } from '../support/care.js';
import { childPhone, elderPhone } from '../support/mini.js';
import { TappingCity } from '../support/tapping-city.js';
import { workOff } from '../support/wechat-orders.js';

/** A Tuesday. */
const DAY = civilDate('2024-12-03');
const PEOPLE = { manager: 'canteenManager', rival: 'canteenManager', worker: 'communityWorker', town: 'townshipOfficer', elsewhere: 'communityWorker', till: 'cashier' } as const;
type Who = keyof typeof PEOPLE | 'county';

let city: TappingCity;
let siteId: string;
/** Nobody of them has an account, unless a test gives them one. */
const elders: { elderId: string; card: string }[] = [];

const call = async (who: Who, method: 'GET' | 'POST' | 'PUT', url: string, body?: object) =>
  city.staffed.call(method, url, { token: await city.staffed.tokenOf(who), ...(body === undefined ? {} : { body: { id: randomUUID(), ...body } }) });
const orderOf = (more: object) => ({ siteId, mealPeriod: 'lunch', weekdays: ['workdays'], items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', from: addDays(DAY, 1), until: addDays(DAY, 7), ...more });
const stand = (who: Who, more: object) => call(who, 'POST', '/v1/bookings/standing', orderOf(more));
const listed = async (who: Who, site = siteId) => (await call(who, 'GET', `/v1/bookings/standing?siteId=${site}`)).body.items;
const end = (who: Who, standingId: string) => call(who, 'POST', `/v1/bookings/standing/${standingId}/end`, {});
const elder = (index: number) => elders[index] as (typeof elders)[number];

beforeAll(async () => {
  city = await TappingCity.start();
  siteId = city.sites[0] as string;
  for (const [account, role] of Object.entries(PEOPLE)) {
    const site = account === 'rival' ? city.sites[1] : account === 'manager' || account === 'till' ? siteId : null;
    await city.staffed.add(account, [role], account === 'elsewhere' ? '371502002' : '371502001', site ?? null);
  }
  for (let index = 0; index < 4; index += 1) elders.push(await city.elder());
}, 120_000);

afterAll(() => city?.close());

describe('a standing order of somebody who calls', () => {
  let first: string;

  it('is taken down by the canteen for a card, and by the community for an elder in its care', async () => {
    const id = randomUUID();
    const byCard = await stand('manager', { id, card: elder(0).card });
    expect(byCard).toMatchObject({ status: 200, body: { standingId: id } });
    // A repeat after a lost answer is the same order; another one under its id is none.
    expect((await stand('manager', { id, card: elder(0).card })).body).toEqual(byCard.body);
    expect((await stand('manager', { id, card: elder(1).card })).status).toBe(409);
    expect((await stand('worker', { elderId: elder(1).elderId, weekdays: ['wed', 'fri'], note: '软一点' })).status).toBe(200);
    expect(await city.rows('SELECT elder_id AS "elderId", account_id AS "accountId", is_self AS "isSelf" FROM standing_order ORDER BY made_at, cardinality(weekdays)')).toEqual([
      { elderId: elder(0).elderId, accountId: null, isSelf: false }, { elderId: elder(1).elderId, accountId: null, isSelf: false }]);
    expect(await city.rows(`SELECT count(*)::int AS n FROM audit WHERE action = 'booking.standing'`)).toEqual([{ n: 2 }]);
    first = id;
  });

  it('keeps to the rules of bookings by telephone and of orders in the mini-program', async () => {
    const card = elder(0).card;
    const code = async (who: Who, more: object) => (await stand(who, more)).body.code;
    expect([
      await code('rival', { card }), await code('manager', { elderId: elder(0).elderId }), await code('manager', {}), await code('manager', { card, elderId: elder(0).elderId }), await code('manager', { card: 'LC99999999' }),
      await code('elsewhere', { elderId: elder(0).elderId }), await code('worker', { card, siteId: randomUUID() }),
    ]).toEqual(['outside-scope', 'booking-who-wrong', 'booking-who-wrong', 'booking-who-wrong', 'booking-elder-unknown', 'outside-scope', 'not-found']);
    expect([
      await code('manager', { card, from: DAY }), await code('manager', { card, weekdays: ['workdays', 'mon'] }), await code('manager', { card, until: addDays(DAY, 300) }),
      await code('manager', { card, note: '打 13800000000' }), await code('manager', { card, from: '2024-12-30', until: '2024-12-31' }),
    ]).toEqual(['standing-days-wrong', 'standing-days-wrong', 'standing-days-wrong', 'booking-note-personal', 'booking-site-closed']);
    const until = addDays(DAY, 1);
    for (let count = 0; count < 6; count += 1) expect((await stand('worker', { elderId: elder(3).elderId, until })).status).toBe(200);
    expect(await code('manager', { card: elder(3).card, until })).toBe('standing-too-many');
    for (const { standingId, cardTail } of await listed('manager')) if (cardTail === elder(3).card.slice(-4)) expect((await end('manager', standingId)).status).toBe(200);
    for (const who of ['till', 'county'] as const) expect((await stand(who, { card })).status).toBe(403);
  });

  it('is booked day by day, and what could not be booked is on the list of staff', async () => {
    expect((await call('manager', 'PUT', `/v1/bookings/sites/${siteId}/quotas`, { mealDate: addDays(DAY, 2), mealPeriod: 'lunch', portions: 0 })).status).toBe(200);
    await workOff(city, 'booking.standing');
    const rows = await listed('manager');
    expect(rows).toHaveLength(2);
    const own = rows.find(({ standingId }: { standingId: string }) => standingId === first);
    expect(own).toMatchObject({ siteId, weekdays: ['workdays'], state: 'standing', byStaff: true, name: null, cardTail: elder(0).card.slice(-4) });
    expect(own.days.map(({ date, outcome, sentence }: { date: string; outcome: string; sentence: string | null }) => [date, outcome, sentence?.slice(0, 7)])).toEqual([
      ['2024-12-06', 'booked', undefined], ['2024-12-05', 'failed', '这一餐不够订了'], ['2024-12-04', 'booked', undefined]]);
    expect(await city.rows(`SELECT channel, account_id AS "accountId" FROM booking WHERE elder_id = $1 AND meal_date = '2024-12-04'`, [elder(0).elderId])).toEqual([{ channel: 'standing', accountId: null }]);
    // Nobody is told where there is no account, and nothing fails over it.
    expect(await workCare(city)).toEqual([]);
    expect(await city.rows('SELECT 1 FROM notice')).toEqual([]);
  });

  it('is told of in the elder’s own inbox, where there is one, and named there as taken down by staff', async () => {
    const phone = await elderPhone(city, elder(2).elderId);
    expect((await stand('worker', { elderId: elder(2).elderId, from: addDays(DAY, 2), until: addDays(DAY, 2) })).status).toBe(200);
    await workOff(city, 'booking.standing');
    expect(await workCare(city)).toEqual([]);
    expect((await phone.get('/v1/mini/notices')).body.items.map(({ text }: { text: string }) => text)).toEqual([expect.stringMatching(/^您12月5日的午餐没有订上（测试幸福食堂）：已经订满了/)]);
    const { body } = await phone.get(`/v1/mini/standing-orders?elderId=${elder(2).elderId}`);
    expect(body.items).toMatchObject([{ byStaff: true }]);
    // It is the elder's, and ended as such.
    expect((await phone.post(`/v1/mini/standing-orders/${body.items[0].standingId}/end`, { id: randomUUID() })).status).toBe(200);
  });

  it('is shown with a surname to those who may look elders up, and to nobody outside the place', async () => {
    expect((await listed('worker')).map(({ name }: { name: string | null }) => name)).toEqual(['张**', '张**']);
    expect((await listed('town')).map(({ cardTail }: { cardTail: string }) => cardTail).sort()).toEqual([elder(0), elder(1)].map(({ card }) => card.slice(-4)));
    expect(JSON.stringify(await listed('worker'))).not.toMatch(/三丰|LC0000/);
    for (const who of ['rival', 'elsewhere'] as const) expect((await call(who, 'GET', `/v1/bookings/standing?siteId=${siteId}`)).body).toMatchObject({ code: 'outside-scope' });
    for (const who of ['till', 'county'] as const) expect((await call(who, 'GET', `/v1/bookings/standing?siteId=${siteId}`)).status).toBe(403);
  });

  it('names whom to call about a day that is not booked to who has the elder in their care, and writes each look down', async () => {
    const contact = (who: Who, standingId: string) => call(who, 'POST', `/v1/bookings/standing/${standingId}/contact`, {});
    expect(await contact('worker', first)).toMatchObject({ status: 200, body: { name: '张三丰', phone: null } });
    expect(await city.rows(`SELECT object_id AS "objectId" FROM audit WHERE action = 'booking.standing-contact'`)).toEqual([{ objectId: first }]);
    const [missed] = (await listed('worker')).find(({ standingId }: { standingId: string }) => standingId === first).days.filter(({ missed: is }: { missed: boolean }) => is);
    expect(missed).toMatchObject({ date: '2024-12-05', outcome: 'failed' });
    const second = (await listed('worker')).find(({ standingId }: { standingId: string }) => standingId !== first);
    // Its days were booked, or the elder has that meal already: nobody needs to be called.
    const third = await stand('worker', { elderId: elder(1).elderId, from: addDays(DAY, 3), until: addDays(DAY, 3) });
    await workOff(city, 'booking.standing');
    const shown = (await listed('worker')).find(({ standingId }: { standingId: string }) => standingId === third.body.standingId);
    expect(shown.days).toMatchObject([{ outcome: 'failed', missed: false }]);
    expect((await contact('worker', third.body.standingId)).body).toMatchObject({ code: 'standing-none-failed' });
    expect((await end('worker', third.body.standingId)).status).toBe(200);
    expect((await contact('worker', second.standingId)).body).toMatchObject({ code: 'standing-none-failed' });
    expect([(await contact('elsewhere', first)).body.code, (await contact('town', randomUUID())).body.code]).toEqual(['outside-scope', 'not-found']);
    for (const who of ['manager', 'till', 'county'] as const) expect((await contact(who, first)).status).toBe(403);
  });

  it('says to staff of a relative’s order that a day was not booked, and not how they stand with the elder', async () => {
    const child = await childPhone(city, elder(3).elderId, ['ordering']);
    const { id: _, ...order } = { id: '', ...orderOf({ elderId: elder(3).elderId, from: addDays(DAY, 3), until: addDays(DAY, 3) }) };
    expect((await child.post('/v1/mini/standing-orders', { id: randomUUID(), ...order })).status).toBe(200);
    await city.rows(`UPDATE mini_kin SET ended_at = bound_at, ended_by = 'test', end_reason = 'leave' WHERE account_id = $1`, [child.accountId]);
    await workOff(city, 'booking.standing');
    expect((await listed('manager')).find(({ byStaff }: { byStaff: boolean }) => !byStaff)).toMatchObject({ days: [{ outcome: 'failed', sentence: null }] });
  });

  it('is ended by the canteen or whoever has the elder in their care, once; what is booked stays', async () => {
    const second = (await listed('worker')).find(({ standingId, byStaff }: { standingId: string; byStaff: boolean }) => byStaff && standingId !== first);
    expect([(await end('rival', first)).body.code, (await end('elsewhere', first)).body.code, (await end('town', randomUUID())).body.code]).toEqual(['outside-scope', 'outside-scope', 'not-found']);
    expect([await end('manager', first), await end('town', second.standingId)]).toMatchObject([{ status: 200, body: { standingId: first } }, { status: 200 }]);
    expect((await end('worker', first)).body).toMatchObject({ code: 'standing-ended' });
    expect((await listed('manager')).filter(({ byStaff }: { byStaff: boolean }) => byStaff)).toEqual([]);
    city.clock.set(chinaInstant(addDays(DAY, 2), 540));
    expect(await workOff(city, 'booking.standing')).toBe(0);
    const { body } = await call('manager', 'GET', `/v1/bookings/sites/${siteId}/days/2024-12-06`);
    expect(body.bookings).toMatchObject([{ state: 'open', channel: 'standing' }, { state: 'open', channel: 'standing' }]);
  });
});

describe('the list of a day', () => {
  it('tells those who take calls whose a booking is, while it can be cancelled, and nobody else', async () => {
    const day = async (who: Who) => (await call(who, 'GET', `/v1/bookings/sites/${siteId}/days/2024-12-06`)).body.bookings.map(({ name, cardTail }: { name: string | null; cardTail: string | null }) => [name, cardTail]);
    const tails = [elder(0), elder(1)].map(({ card }) => card.slice(-4));
    expect(await day('worker')).toEqual(tails.map((tail) => ['张**', tail]));
    expect(await day('town')).toEqual(tails.map((tail) => ['张**', tail]));
    expect(await day('manager')).toEqual(tails.map((tail) => [null, tail]));
    for (const who of ['till', 'county'] as const) expect(await day(who)).toEqual([[null, null], [null, null]]);
    await city.rows(`UPDATE elder SET residence_code = '371502002', hukou_code = '371502002' WHERE elder_id = $1`, [elder(0).elderId]);
    expect((await day('worker')).filter(([name]: [string | null]) => name === null)).toHaveLength(1);
    const { body } = await call('manager', 'GET', `/v1/bookings/sites/${siteId}/days/2024-12-06`);
    expect((await call('manager', 'POST', `/v1/bookings/${body.bookings[0].bookingId}/cancel`, { reason: '来电取消' })).status).toBe(200);
    expect((await day('manager')).filter(([, tail]: [null, string | null]) => tail === null)).toHaveLength(1);
  });
});
