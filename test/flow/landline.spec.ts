import { randomUUID } from 'node:crypto';
import { checkDigit } from '../../src/elder/domain/index.js';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';
import { workCare } from '../support/care.js';
import { policyTexts } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { TappingCity, type TestTill } from '../support/tapping-city.js';

/** Somebody with a telephone on the wall and a card, and nothing else. */
const LANDLINE = '0635-8234567';
const CARD = 'LC00000077';
const PEOPLE = { worker: 'communityWorker', town: 'townshipOfficer', manager: 'canteenManager', drafter: 'cityOfficer', signer: 'financeApprover' } as const;
type Who = keyof typeof PEOPLE | 'county';

let city: TappingCity;
let till: TestTill;
let siteId: string;
let elderId: string;
const tokens = new Map<string, string>();
const tapped: string[] = [];

async function call(who: Who, method: 'GET' | 'POST', url: string, body?: object) {
  const token = tokens.get(who) ?? (await city.staffed.tokenOf(who));
  tokens.set(who, token);
  return city.staffed.call(method, url, { token, ...(body === undefined ? {} : { body: { id: randomUUID(), ...body } }) });
}

/** Goes to a moment; whoever works logs in again. */
async function goTo(day: string, minute: number): Promise<void> {
  city.clock.set(chinaInstant(civilDate(day), minute));
  tokens.clear();
  city.county = await city.staffed.tokenOf('county');
  till = await city.till();
}

beforeAll(async () => {
  city = await TappingCity.start();
  siteId = city.sites[0] as string;
  for (const [account, role] of Object.entries(PEOPLE)) await city.staffed.add(account, [role], role === 'cityOfficer' || role === 'financeApprover' ? undefined : '371502001', role === 'canteenManager' ? siteId : null);
  const lines = ['application: {streetDays: 5, countyDays: 10, appealDays: 60, document: liaocheng-2024, clause: 第四条}'];
  const drafted = await call('drafter', 'POST', '/v1/policies/drafts', { texts: policyTexts({ version: '2025', from: '2024-12-04', lines, expects: 0 }), documentNumber: '聊民〔2024〕9号', documentTitle: '申请办法', scan: SCAN });
  const { draftId, contentSha256 } = drafted.body;
  expect(await call('drafter', 'POST', `/v1/policies/drafts/${draftId}/submit`, { contentSha256 })).toMatchObject({ status: 200 });
  expect(await call('signer', 'POST', `/v1/policies/drafts/${draftId}/countersign`, { contentSha256 })).toMatchObject({ status: 200 });
  await goTo('2024-12-04', 540);
}, 120_000);

afterAll(() => city?.close());

describe('somebody with a landline and a card', () => {
  it('applies: the community’s worker writes it down, two others decide', async () => {
    const first17 = '37150219400601700';
    const registered = await call('worker', 'POST', '/v1/elders', { name: '赵秀英', identityNumber: first17 + checkDigit(first17), residenceCode: '371502001', hukouCode: '371502001', phone: LANDLINE, cardNumber: CARD });
    expect(registered).toMatchObject({ status: 200 });
    elderId = registered.body.elderId;
    expect((await call('worker', 'GET', `/v1/elders/${elderId}/application-need`)).body).toMatchObject({ needed: true });
    const { body } = await call('worker', 'POST', '/v1/applications', { elderId, appliedBy: 'elder', appliedOn: '2024-12-04', materials: ['申请表'] });
    expect(await call('town', 'POST', `/v1/applications/${body.applicationId}/review`, { opinion: 'approve', reason: '入户核实属实' })).toMatchObject({ status: 200 });
    expect(await call('county', 'POST', `/v1/applications/${body.applicationId}/decision`, { outcome: 'approve', reason: '符合条件' })).toMatchObject({ status: 200, body: { state: 'approved' } });
  });

  it('books by telephone, at the canteen and at the community', async () => {
    const meal = { siteId, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn' };
    const byCanteen = await call('manager', 'POST', '/v1/bookings', { ...meal, card: CARD, mealDate: '2024-12-05' });
    const byWorker = await call('worker', 'POST', '/v1/bookings', { ...meal, elderId, mealDate: '2024-12-06' });
    expect([byCanteen.status, byWorker.status]).toEqual([200, 200]);
    // What the worker reads out and the elder writes down, or takes home printed.
    expect(byWorker.body.code).toMatch(/^YD12060001[A-Z]{5}$/);
  });

  it('eats by the card', async () => {
    await goTo('2024-12-05', 700);
    const { body: day } = await call('manager', 'GET', `/v1/bookings/sites/${siteId}/days/2024-12-05`);
    const { body } = await till.tap({ card: CARD, bookingId: day.bookings[0].bookingId });
    expect(body).toMatchObject({ outcome: 'accepted', code: null, subsidyFen: 300, selfPayFen: 1200, flags: [] });
    tapped.push(body.tapId);
  });

  it('eats by the pick-up code on paper alone', async () => {
    await goTo('2024-12-06', 700);
    const { body: day } = await call('manager', 'GET', `/v1/bookings/sites/${siteId}/days/2024-12-06`);
    expect(day.bookings).toMatchObject([{ number: 1, state: 'open', code: expect.stringMatching(/^YD-1206-0001-[A-Z]{5}$/) }]);
    const list = (await till.send('/v1/till/bookings')).body.rows as { id: string; no: number; n: string }[];
    const row = list.find(({ id }) => id === day.bookings[0].bookingId);
    const { body } = await till.tap({ credential: { kind: 'booking', note: row?.n }, bookingId: row?.id });
    expect(body).toMatchObject({ outcome: 'accepted', code: null, subsidyFen: 300 });
    expect(await city.rows('SELECT elder_id AS "elderId" FROM meal WHERE tap_id = $1', [body.tapId])).toEqual([{ elderId }]);
    tapped.push(body.tapId);
  });

  it('takes home what was eaten, in large print', async () => {
    const token = await city.staffed.tokenOf('worker');
    const { statusCode, rawPayload, headers } = await city.service.app.inject({ method: 'GET', url: `/v1/elders/${elderId}/statement.pdf?month=2024-12`, headers: { authorization: `Bearer ${token}` } });
    expect([statusCode, headers['content-type'], rawPayload.subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-']);
  });

  it('complains by telephone, is called back with the answer, objects, and is answered by the county', async () => {
    const made = await call('manager', 'POST', '/v1/complaints', { siteId, card: CARD, category: 'portion', text: '12月6日的米饭太少，没吃饱', channel: 'telephone', tapId: tapped[1], phone: LANDLINE });
    expect(made).toMatchObject({ status: 200, body: { number: 1 } });
    const path = `/v1/complaints/${made.body.complaintId}`;
    expect((await call('worker', 'POST', `${path}/told`, { text: '电话告知' })).body).toMatchObject({ code: 'complaint-not-answered' });
    expect((await call('manager', 'POST', `${path}/answer`, { text: '已要求每份不少于二两，可以免费加饭' })).body).toMatchObject({ state: 'answered' });
    // The canteen answers; it neither learns who called nor says for them that all is well.
    for (const [route, body] of [['phone', {}], ['told', { text: '电话告知' }], ['reply', { satisfied: true }]] as const) expect((await call('manager', 'POST', `${path}/${route}`, body)).status).toBe(403);
    expect((await call('worker', 'POST', `${path}/phone`, {})).body).toEqual({ phone: '06358234567' });
    expect(await city.rows(`SELECT actor FROM audit WHERE action = 'complaint.phone'`)).toHaveLength(1);
    expect((await call('worker', 'POST', `${path}/told`, { text: '已打固定电话念给老人听' })).body).toMatchObject({ state: 'answered' });
    expect((await call('worker', 'POST', `${path}/reply`, { satisfied: false, text: '第二天还是少' })).body).toMatchObject({ state: 'open', level: 'township' });
    // The town lets its days pass.
    await goTo('2024-12-14', 700);
    await workCare(city);
    expect((await call('county', 'GET', path)).body).toMatchObject({ complaint: { level: 'county', late: true, told: false, channel: 'telephone' }, mayAnswer: true });
    expect((await call('county', 'POST', `${path}/answer`, { text: '已约谈食堂，老人这两餐的自付款退还' })).body).toMatchObject({ state: 'answered' });
    expect((await call('worker', 'POST', `${path}/told`, { text: '上门告知' })).body).toMatchObject({ state: 'answered' });
    expect((await call('worker', 'POST', `${path}/reply`, { satisfied: true })).body).toMatchObject({ state: 'settled' });
    expect((await call('town', 'GET', path)).body.steps.map(({ kind }: { kind: string }) => kind)).toEqual(['made', 'answered', 'told', 'objected', 'late', 'answered', 'told', 'settled']);
  });

  it('may be unknown to the register, and leaves a number to be called back', async () => {
    const body = { siteId, category: 'attitude', text: '说话很凶', channel: 'telephone' };
    expect((await call('worker', 'POST', '/v1/complaints', body)).body).toMatchObject({ code: 'complaint-who-wrong' });
    expect((await call('worker', 'POST', '/v1/complaints', { ...body, phone: '12' })).body).toMatchObject({ code: 'complaint-phone-wrong' });
    expect((await call('worker', 'POST', '/v1/complaints', { ...body, card: 'LC99999999' })).body).toMatchObject({ code: 'complaint-elder-unknown' });
    expect((await call('worker', 'POST', '/v1/complaints', { ...body, siteId: randomUUID(), phone: LANDLINE })).body).toMatchObject({ code: 'complaint-site-closed-off' });
    expect(await call('worker', 'POST', '/v1/complaints', { ...body, phone: LANDLINE })).toMatchObject({ status: 200, body: { number: 2 } });
  });
});

it('nothing of it stands anywhere in clear', async () => {
  const kept = await city.rows<{ row: string }>(`SELECT c::text AS row FROM complaint c UNION ALL SELECT s::text FROM complaint_step s UNION ALL SELECT o::text FROM outbox o UNION ALL SELECT d::text FROM deed d`);
  expect(kept.map(({ row }) => row).join('\n')).not.toMatch(/8234567|赵秀英|没吃饱|LC00000077/);
});
