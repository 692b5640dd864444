import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { addDays, chinaInstant, civilDate, SettableClock } from '../../src/kernel/index.js';
import { workCare } from '../support/care.js';
import { childPhone, elderPhone, type TestPhone } from '../support/mini.js';
import { TappingCity } from '../support/tapping-city.js';
import { workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const DAY = civilDate('2024-12-03');
const TEMPLATE = 'standing-template-1';

let city: TappingCity;
let wechat: TestWechat;
let siteId: string;
let mother: { elderId: string; card: string };
let own: TestPhone;
/** May order, and may not see what is eaten. */
let child: TestPhone;
/** May see what is eaten, and set up nothing. */
let looker: TestPhone;
let firstOrder: string;

const staff = async (account: string, method: 'POST' | 'PUT', path: string, body: object) => city.staffed.call(method, path, { token: await city.staffed.tokenOf(account), body: { id: randomUUID(), ...body } });
const inbox = async (phone: TestPhone): Promise<{ kind: string; text: string; elderId: string }[]> => (await phone.get('/v1/mini/notices')).body.items;
const texts = async (phone: TestPhone): Promise<string[]> => (await inbox(phone)).map(({ text }) => text);
/** What an account is told of the mother, whoever she is to it. */
const said = async (phone: TestPhone): Promise<string[]> => (await texts(phone)).map((text) => text.replace(/^(妈妈|爸爸|您)/, '谁'));
const forgetAll = () => city.rows('DELETE FROM notice');

async function goTo(ahead: number): Promise<void> {
  city.clock.set(chinaInstant(addDays(DAY, ahead), 9 * 60));
  for (const phone of [own, child, looker]) await phone.logInAgain();
}

/** Each day of the orders is looked at, and who is to know of it is told, as the runner does it. */
async function work(): Promise<void> {
  await workOff(city, 'booking.standing');
  await workCare(city);
}

/** Somebody orders one lunch, as a standing order of one day. @returns its id */
async function stand(phone: TestPhone, ahead: number, more: object = {}): Promise<string> {
  const date = addDays(DAY, ahead);
  const order = { id: randomUUID(), elderId: mother.elderId, siteId, mealPeriod: 'lunch', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', from: date, until: date, ...more };
  expect((await phone.post('/v1/mini/standing-orders', order)).status).toBe(200);
  return order.id;
}

const portions = async (ahead: number, count: number) =>
  expect((await staff('manager', 'PUT', `/v1/bookings/sites/${siteId}/quotas`, { mealDate: addDays(DAY, ahead), mealPeriod: 'lunch', portions: count })).status).toBe(200);

beforeAll(async () => {
  const clock = SettableClock.at(DAY, 9 * 60);
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  siteId = city.sites[0] as string;
  await city.staffed.add('manager', ['canteenManager'], '371502001', siteId);
  await city.staffed.add('bureau', ['cityOfficer'], '371500');
  mother = await city.elder();
  own = await elderPhone(city, mother.elderId);
  child = await childPhone(city, mother.elderId, ['ordering'], undefined, wechat.sim.user('女儿').openid);
  looker = await childPhone(city, mother.elderId, ['meals']);
  expect((await staff('county', 'PUT', `/v1/sites/${siteId}/phone`, { phone: '0635-0000001' })).status).toBe(200);
}, 240_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

describe('a day of a standing order that could not be booked', () => {
  it('is told to the elder and to who set it up, once, with what to do and whom to call', async () => {
    await portions(1, 0);
    firstOrder = await stand(child, 1);
    await work();
    await work();
    const words = '谁12月4日的午餐没有订上（测试幸福食堂）：已经订满了。可以另订一家，或打食堂电话 0635-0000001';
    expect(await said(own)).toEqual([words]);
    expect(await said(child)).toEqual([words]);
    expect((await texts(own))[0]).toMatch(/^您/);
    expect((await texts(child))[0]).toMatch(/^(妈妈|爸爸)/);
    expect(await inbox(looker)).toEqual([]);
    expect(await inbox(child)).toMatchObject([{ kind: 'notBooked', elderId: mother.elderId }]);
  });

  it('lies in no job but by ids', async () => {
    const jobs = await city.rows<{ payload: object }>(`SELECT payload FROM outbox WHERE job = 'booking.standing-failed'`);
    expect(jobs.map(({ payload }) => payload)).toEqual([{ standingId: firstOrder, date: '2024-12-04', code: 'booking-sold-out' }]);
  });

  it('is told to nobody whom the elder no longer lets order, and is out of their sight', async () => {
    expect(await said(child)).toHaveLength(1);
    await goTo(1);
    await stand(child, 2);
    await city.rows('UPDATE mini_kin SET ended_at = bound_at, ended_by = $2, end_reason = $3 WHERE account_id = $1', [child.accountId, 'test', 'leave']);
    await work();
    expect((await said(own))[0]).toBe('谁12月5日的午餐没有订上（测试幸福食堂）：帮忙订的家人现在没有同意了。要接着吃，请自己订，或打食堂电话 0635-0000001');
    expect(await inbox(child)).toEqual([]);
    await city.rows('UPDATE mini_kin SET ended_at = NULL, ended_by = NULL, end_reason = NULL WHERE account_id = $1', [child.accountId]);
    await forgetAll();
  });

  it('names an item that is gone, and where nothing is open whom to call without a telephone', async () => {
    await goTo(1);
    await stand(own, 3, { siteId: city.sites[1], items: [{ itemCode: 'gone', quantity: 1 }] });
    await work();
    expect(await said(own)).toEqual([expect.stringMatching(/^谁12月6日的午餐没有订上（.+）：食堂这一餐没有原来那份了。请到“工作日都订”停掉，另选一份再订，或打 12345$/)]);
    // It was the elder's own order: nobody else set it up.
    expect(await inbox(child)).toEqual([]);
    await forgetAll();
  });

  it('is no news where the elder has that meal already', async () => {
    await goTo(2);
    const booked = await stand(own, 4);
    await work();
    expect(await city.rows('SELECT outcome FROM standing_day WHERE standing_id = $1', [booked])).toEqual([{ outcome: 'booked' }]);
    const second = await stand(own, 4);
    await work();
    expect(await city.rows('SELECT code FROM standing_day WHERE standing_id = $1', [second])).toEqual([{ code: 'booking-exists' }]);
    expect(await texts(own)).toEqual([]);
  });

  it('is told by WeChat too, and opens the inbox', async () => {
    const user = wechat.sim.user('女儿', 1);
    for (const page of ['/pages/x', 'x', 'pages/x?page=/', 'pages/x?a=b?c']) expect(await staff('bureau', 'PUT', '/v1/care/templates/notBooked', { templateId: TEMPLATE, page, fields: [{ field: 'thing1', part: 'site' }] })).toMatchObject({ status: 400 });
    expect((await staff('bureau', 'PUT', '/v1/care/templates/notBooked', { templateId: TEMPLATE, fields: [{ field: 'thing1', part: 'site' }, { field: 'thing2', part: 'time' }, { field: 'phrase3', part: 'what' }] })).status).toBe(200);
    expect((await child.post('/v1/mini/notices/permits', { id: randomUUID(), kinds: ['notBooked'] })).status).toBe(200);
    user.allow(TEMPLATE);
    await portions(5, 0);
    await stand(child, 5);
    await work();
    const { pages } = JSON.parse(readFileSync('web/miniprogram/app.json', 'utf8')) as { pages: string[] };
    expect(user.messages).toMatchObject([{ templateId: TEMPLATE, page: `${pages[0]}?page=inbox`, data: { thing1: { value: '测试幸福食堂' }, thing2: { value: '12月8日午餐' }, phrase3: { value: '没有订上' } } }]);
    await forgetAll();
  });

  it('is told once, without a day, of an elder who died', async () => {
    await goTo(4);
    await stand(child, 6, { until: addDays(DAY, 7) });
    await stand(child, 7);
    await city.rows('UPDATE elder SET died_on = $2, died_recorded_at = now() WHERE elder_id = $1', [mother.elderId, addDays(DAY, 4)]);
    await work();
    const words = '登记里老人已经离世，“工作日都订”的午餐（测试幸福食堂）不再订了。登记有误，请告诉社区，或打食堂电话 0635-0000001';
    expect(await texts(child)).toEqual([words, words]);
    expect(await texts(own)).toEqual([]);
  });
});
