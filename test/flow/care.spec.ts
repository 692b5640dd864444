import { randomUUID } from 'node:crypto';
import { addDays, chinaInstant, civilDate, SettableClock, type CivilDate } from '../../src/kernel/index.js';
import { JobBoard, type JobRequest } from '../../src/platform/index.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { openJobs, sweepCare, workCare } from '../support/care.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const DAY = civilDate('2024-12-04');
const TEMPLATE = 'meal-template-1';
const MINUTE = 60_000;

let city: TappingCity;
let wechat: TestWechat;
let till: TestTill;
let siteId: string;
let mother: { elderId: string; card: string };
let child: TestPhone & { contactId: string };
let barred: TestPhone;
let own: TestPhone;
/** The consent ended yesterday. */
let ended: TestPhone;
const phones: TestPhone[] = [];
const tokens = new Map<string, string>();

const staff = async (account: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => {
  const token = tokens.get(account) ?? (await city.staffed.tokenOf(account));
  tokens.set(account, token);
  return city.staffed.call(method, path, { token, ...(body === undefined ? {} : { body: { id: randomUUID(), ...body } }) });
};
const inbox = async (phone: TestPhone): Promise<{ kind: string; text: string; read: boolean; noticeId: string }[]> => (await phone.get('/v1/mini/notices')).body.items;
const texts = async (phone: TestPhone): Promise<string[]> => (await inbox(phone)).map(({ text }) => text);
const work = () => workCare(city);

/** Goes to a moment and logs everybody in again, as sessions are short. */
async function goTo(date: CivilDate, minute: number): Promise<void> {
  city.clock.set(chinaInstant(date, minute));
  tokens.clear();
  city.county = await city.staffed.tokenOf('county');
  tokens.set('county', city.county);
  for (const phone of phones) await phone.logInAgain();
  till = await city.till();
}

/** Sells a meal. @returns the tap's id */
async function eat(card: string, more: object = {}): Promise<string> {
  city.clock.set(city.clock.now() + MINUTE);
  const { status, body } = await till.tap({ card, ...more });
  expect({ status, outcome: body.outcome }).toEqual({ status: 200, outcome: 'accepted' });
  return body.tapId;
}

/** The mother eats, and who is to know is told, so many times. */
async function eatTimes(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await eat(mother.card).then(work);
}

/** The daughter lets WeChat tell her once. */
const permit = (id: string = randomUUID()) => child.post('/v1/mini/notices/permits', { id, kinds: ['ate'] });

beforeAll(async () => {
  const clock = SettableClock.at(civilDate('2024-12-03'), 9 * 60);
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  siteId = city.sites[0] as string;
  await city.staffed.add('manager', ['canteenManager'], '371502001', siteId);
  await city.staffed.add('rival', ['canteenManager'], '371502001', city.sites[1]);
  await city.staffed.add('town', ['townshipOfficer'], '371502001');
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  await city.staffed.add('elsewhere', ['communityWorker'], '371502002');
  await city.staffed.add('bureau', ['cityOfficer'], '371500');
  mother = await city.elder();
  child = await childPhone(city, mother.elderId, ['meals'], undefined, wechat.sim.user('女儿').openid);
  barred = await childPhone(city, mother.elderId, []);
  own = await elderPhone(city, mother.elderId);
  city.clock.set(chinaInstant(civilDate('2024-12-02'), 702));
  ended = await childPhone(city, mother.elderId, ['meals'], civilDate('2024-12-02'));
  phones.push(child, barred, own, ended);
  await goTo(civilDate('2024-12-03'), 702);
}, 240_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

describe('“妈妈 11:42 在幸福里食堂用餐了”', () => {
  it('is told to relatives with the consent alone, once, and costs who is bound to nobody not a row', async () => {
    const stranger = await city.elder();
    await eat(stranger.card);
    await sweepCare(city);
    expect(await openJobs(city)).toEqual([]);
    await eat(mother.card);
    await work();
    await work();
    expect(await texts(child)).toEqual([expect.stringMatching(/^(妈妈|爸爸) 11:44 在测试幸福食堂用餐了$/)]);
    for (const phone of [barred, ended, own]) expect(await texts(phone)).toEqual([]);
    expect(JSON.stringify((await child.get('/v1/mini/notices')).body)).not.toMatch(/3715\d{6}|LC0000|张三丰/);
    const kept = await city.rows<{ said: string }>(`SELECT encode(said_sealed, 'escape') AS said FROM notice`);
    expect(kept.map(({ said }) => said).join()).not.toContain('食堂');
  });

  it('is read and stays read; somebody else’s is not touched', async () => {
    const [notice] = await inbox(child);
    expect((await barred.post('/v1/mini/notices/read', { noticeIds: [notice?.noticeId] })).body).toEqual({ unread: 0 });
    expect((await child.get('/v1/mini/notices')).body.unread).toBe(1);
    expect((await child.post('/v1/mini/notices/read', { noticeIds: [notice?.noticeId] })).body).toEqual({ unread: 0 });
    expect((await inbox(child))[0]).toMatchObject({ read: true });
  });

  it('is told by WeChat as often as WeChat was asked to, and no more', async () => {
    const user = wechat.sim.user('女儿', 1);
    expect(await staff('bureau', 'PUT', '/v1/care/templates/ate', { templateId: TEMPLATE, fields: [{ field: 'secret', part: 'who' }] })).toMatchObject({ body: { code: 'template-field-wrong' } });
    expect((await staff('bureau', 'PUT', '/v1/care/templates/ate', { templateId: TEMPLATE, page: 'web/miniprogram/pages/screen/screen?page=bookings', fields: [{ field: 'thing1', part: 'site' }, { field: 'time2', part: 'time' }, { field: 'phrase3', part: 'what' }] })).status).toBe(200);
    expect((await child.get('/v1/mini/notices/templates')).body.items).toEqual([{ kind: 'ate', templateId: TEMPLATE }]);
    const id = randomUUID();
    await permit(id);
    await permit(id);
    user.allow(TEMPLATE);
    user.allow(TEMPLATE);
    await eatTimes(2);
    expect(user.messages).toHaveLength(1);
    expect(user.messages[0]).toMatchObject({ templateId: TEMPLATE, page: 'web/miniprogram/pages/screen/screen?page=bookings', data: { thing1: { value: '测试幸福食堂' }, time2: { value: expect.stringMatching(/^11:\d\d$/) }, phrase3: { value: '已用餐' } } });
    expect(await texts(child)).toHaveLength(3);
  });

  it('43101: what WeChat counts as used up is spent with us, and not tried again', async () => {
    const user = wechat.sim.user('女儿', 1);
    await permit();
    await permit();
    // WeChat has one consent left from before; we believe in two.
    await eatTimes(3);
    expect(user.messages).toHaveLength(2);
    expect(await city.rows('SELECT spent_by AS by, count(*)::int AS n FROM notice_permit GROUP BY 1 ORDER BY 1')).toEqual([{ by: '43101', n: 1 }, { by: 'sent', n: 2 }]);
    expect(await openJobs(city)).toEqual([]);
  });

  it.each([-1, 45009])('%i: is tried again until it is out', async (errcode) => {
    const user = wechat.sim.user('女儿', 1);
    const before = user.messages.length;
    user.allow(TEMPLATE);
    await permit();
    wechat.sim.faults.set('message', { errcode, times: 2 });
    await eat(mother.card);
    expect(await work()).toEqual(['WechatLater']);
    expect(await work()).toEqual(['WechatLater']);
    expect(user.messages).toHaveLength(before);
    expect(await work()).toEqual([]);
    expect(user.messages).toHaveLength(before + 1);
  });

  it('F43: meals and the inbox go on while WeChat is away, and nobody is woken for a message', async () => {
    const user = wechat.sim.user('女儿', 1);
    const before = user.messages.length;
    await permit();
    wechat.sim.faults.set('message', { lost: true, times: null });
    await eat(mother.card);
    for (let tries = 1; tries <= 5; tries += 1) expect(await work()).toEqual(['WechatLater']);
    expect(await work()).toEqual([]);
    expect(await openJobs(city)).toEqual([]);
    expect((await inbox(child))[0]).toMatchObject({ kind: 'ate', read: false });
    expect(user.messages).toHaveLength(before);
    wechat.sim.faults.set('message', { times: 0 });
  });

  it('is not told once the elder took the consent back, and what was told is out of sight', async () => {
    const messages = wechat.sim.user('女儿', 1).messages.length;
    await eat(mother.card);
    expect((await staff('town', 'POST', `/v1/elders/${mother.elderId}/consents`, {
      grantee: 'relative', contactId: child.contactId, scopes: [], until: '2099-12-31', givenOn: '2024-12-03', givenHow: 'till', notice: '家人授权说明',
    })).status).toBeLessThan(300);
    await work();
    expect((await texts(child)).filter((text) => text.includes('用餐'))).toEqual([]);
    expect(wechat.sim.user('女儿', 1).messages).toHaveLength(messages);
    expect((await staff('town', 'POST', `/v1/elders/${mother.elderId}/consents`, {
      grantee: 'relative', contactId: child.contactId, scopes: ['meals'], until: '2099-12-31', givenOn: '2024-12-03', givenHow: 'till', notice: '家人授权说明',
    })).status).toBeLessThan(300);
  });

  it('does not leave either when the consent is taken back while the message waits', async () => {
    const user = wechat.sim.user('女儿', 1);
    const before = user.messages.length;
    user.allow(TEMPLATE);
    await permit();
    wechat.sim.faults.set('message', { errcode: -1 });
    await eat(mother.card);
    expect(await work()).toEqual(['WechatLater']);
    await city.rows(
      `INSERT INTO elder_consent (city_code, consent_id, elder_id, grantee, contact_id, version, scopes, until_date, given_on, given_how, notice, withdrawn, recorded_at, recorded_by)
       SELECT city_code, gen_random_uuid(), elder_id, grantee, contact_id, 4, '{}', until_date, given_on, 'till', notice, true, recorded_at, 'test' FROM elder_consent WHERE contact_id = $1 AND version = 3`, [child.contactId]);
    expect(await work()).toEqual([]);
    expect(user.messages).toHaveLength(before);
    expect((await texts(child)).filter((text) => text.includes('用餐了'))).toEqual([]);
    await city.rows(
      `INSERT INTO elder_consent (city_code, consent_id, elder_id, grantee, contact_id, version, scopes, until_date, given_on, given_how, notice, withdrawn, recorded_at, recorded_by)
       SELECT city_code, gen_random_uuid(), elder_id, grantee, contact_id, 5, scopes, until_date, given_on, 'till', notice, false, recorded_at, 'test' FROM elder_consent WHERE contact_id = $1 AND version = 3`, [child.contactId]);
  });

  it('is put right where the meal is taken back after it was told, and not told where it was taken back before', async () => {
    const takeBack = async (tapId: string) => expect((await till.send(`/v1/taps/${tapId}/void`, { id: randomUUID(), reason: '刷错卡' })).status).toBe(200);
    const told = async () => (await texts(child)).length;
    const [before, wrong] = [await told(), await eat(mother.card)];
    await takeBack(wrong);
    await work();
    expect(await told()).toBe(before);
    const tapId = await eat(mother.card);
    await work();
    await takeBack(tapId);
    await work();
    expect(await texts(child)).toHaveLength(before + 2);
    expect((await texts(child))[0]).toMatch(/^更正：(妈妈|爸爸) 1\d:\d\d 在测试幸福食堂的用餐记录已撤销/);
    expect(await texts(own)).toEqual([]);
  });

  it('comes with news of who was bound, to both, and of what was taken back', async () => {
    const son = await strangerPhone(city);
    const shown = await own.post(`/v1/mini/elders/${mother.elderId}/binding-code`, { id: randomUUID(), scopes: ['meals'], until: '2025-01-31' });
    const bound = await son.post('/v1/mini/kin', { id: randomUUID(), bindingCode: shown.body.code, name: '张小军', relation: 'child', phone: '13800005678' });
    expect([shown.status, bound.status]).toEqual([200, 200]);
    expect(await inbox(own)).toMatchObject([{ kind: 'family', text: expect.stringContaining('有一位家人的微信刚绑定了您') }]);
    expect(await inbox(son)).toMatchObject([{ kind: 'family', text: expect.stringContaining('绑定成功') }]);
    const [contact] = await city.rows<{ contactId: string }>('SELECT contact_id AS "contactId" FROM mini_kin WHERE account_id = $1', [son.accountId]);
    expect((await own.post(`/v1/mini/elders/${mother.elderId}/kin/${contact?.contactId}/withdraw`, { id: randomUUID() })).status).toBe(200);
    expect((await texts(son))[0]).toContain('收回');
  });
});

describe('a rating', () => {
  let tapId: string;

  beforeAll(async () => {
    await goTo(civilDate('2024-12-03'), 730);
    tapId = await eat(mother.card, { mealPeriod: 'dinner' });
  });

  it('is given by the elder or by who may see the meal, once a meal, and changed for a day', async () => {
    const rate = (phone: TestPhone, more: object) => phone.post(`/v1/mini/meals/${tapId}/rating`, { id: randomUUID(), stars: 4, ...more });
    expect((await own.get(`/v1/mini/meals/${tapId}/rating`)).body).toEqual({ rating: null, mayRate: true });
    expect((await rate(own, { words: ['soft', 'tooSalty'], dishes: ['set'] })).status).toBe(200);
    expect((await rate(child, { stars: 2, words: [] })).status).toBe(200);
    expect((await own.get(`/v1/mini/meals/${tapId}/rating`)).body).toMatchObject({ rating: { stars: 2, words: [] }, mayRate: true });
    expect(await city.rows('SELECT rating_no AS no, stars FROM meal_rating ORDER BY 1')).toEqual([{ no: 1, stars: 4 }, { no: 2, stars: 2 }]);
    expect((await rate(own, { dishes: ['gold'] })).body).toMatchObject({ code: 'rating-dish-unknown' });
    expect((await rate(own, { stars: 6 })).status).toBe(400);
    expect((await rate(barred, {})).body).toMatchObject({ code: 'consent-missing' });
    expect((await rate(await strangerPhone(city), {})).body).toMatchObject({ code: 'not-found' });
    expect((await own.post(`/v1/mini/meals/${randomUUID()}/rating`, { id: randomUUID(), stars: 4 })).body).toMatchObject({ code: 'not-found' });
    await goTo(DAY, 800);
    expect((await rate(own, { stars: 5 })).body).toMatchObject({ code: 'rating-fixed' });
  });

  it('is no average of few, and none of those of today', async () => {
    const shown = async () => (await own.get(`/v1/mini/sites/${siteId}/rating`)).body;
    expect((await staff('bureau', 'PUT', '/v1/care/settings', { answerDays: 7, replyDays: 15, noticeDays: 90, ratingLeast: 3 })).status).toBe(200);
    // Nobody eats so much within a test. One more has been rated above, a day ago.
    const rated = (many: number, hoursAgo: number) => city.rows(`INSERT INTO meal_rating (city_code, tap_id, rating_no, site_id, meal_date, stars, words, dishes, rated_at, rated_by) SELECT $1, gen_random_uuid(), 1, $2, '2024-12-03', 4, '{tasty}', '{}', $4, 'mini:' || gen_random_uuid() FROM generate_series(1, $3::int)`,
      [CITY, siteId, many, new Date(city.clock.now() - hoursAgo * 3_600_000).toISOString()]);
    for (const [many, hoursAgo] of [[8, 30], [1, 1]] as const) {
      await rated(many, hoursAgo);
      expect(await shown()).toEqual({ count: 0, tenths: null, words: [] });
    }
    await rated(1, 26);
    expect(await shown()).toEqual({ count: 10, tenths: 40, words: [{ word: 'tasty', count: 9 }] });
    expect((await staff('rival', 'GET', `/v1/ratings/sites/${siteId}`)).body).toMatchObject({ code: 'outside-scope' });
    expect((await staff('manager', 'GET', `/v1/ratings/sites/${siteId}`)).body).toMatchObject({ count: 10 });
  });
});

describe('a complaint', () => {
  let complaintId: string;
  const complain = (phone: TestPhone, more: object = {}) => phone.post('/v1/mini/complaints', { id: randomUUID(), elderId: mother.elderId, siteId, category: 'taste', text: '2024-12-03 的菜太咸了', ...more });

  it('goes to the canteen, is answered, objected to once, and answered by the town', async () => {
    const made = await complain(child);
    expect(made).toMatchObject({ status: 200, body: { number: 1, dueAt: expect.stringContaining('2024-12-11') } });
    complaintId = made.body.complaintId;
    const { body } = await staff('manager', 'GET', '/v1/complaints');
    expect(body.items).toMatchObject([{ complaintId, category: 'taste', level: 'site', state: 'open', hasPhone: false }]);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${mother.elderId}|张`));
    expect((await staff('manager', 'POST', `/v1/complaints/${complaintId}/answer`, { text: '已经调整，少放盐' })).body).toMatchObject({ state: 'answered', level: 'site' });
    expect((await texts(child))[0]).toMatch(/1 号投诉.*已有答复/);
    expect((await texts(own))[0]).toMatch(/1 号投诉.*已有答复/);
    expect((await child.post(`/v1/mini/complaints/${complaintId}/object`, { id: randomUUID() })).body).toMatchObject({ state: 'open', level: 'township', objected: true });
    expect((await staff('manager', 'POST', `/v1/complaints/${complaintId}/answer`, { text: '又答复' })).body).toMatchObject({ code: 'complaint-not-yours' });
    expect((await staff('town', 'POST', `/v1/complaints/${complaintId}/answer`, { text: '已到店检查，换了厨师长' })).body).toMatchObject({ state: 'answered' });
    expect((await child.post(`/v1/mini/complaints/${complaintId}/object`, { id: randomUUID() })).body).toMatchObject({ code: 'complaint-objected' });
    expect((await child.post(`/v1/mini/complaints/${complaintId}/settle`, { id: randomUUID(), text: '好多了' })).body).toMatchObject({ state: 'settled' });
    expect((await child.get(`/v1/mini/complaints/${complaintId}`)).body.steps.map(({ kind, level }: { kind: string; level: string }) => `${kind} ${level}`))
      .toEqual(['made site', 'answered site', 'objected township', 'answered township', 'settled township']);
  });

  it('is nobody else’s', async () => {
    const path = `/v1/mini/complaints/${complaintId}`;
    const stranger = await strangerPhone(city);
    const other = await childPhone(city, mother.elderId, ['meals']);
    expect((await stranger.get(path)).body).toMatchObject({ code: 'not-found' });
    expect((await stranger.get(`/v1/mini/complaints?elderId=${mother.elderId}`)).body).toMatchObject({ code: 'not-found' });
    expect((await complain(stranger)).body).toMatchObject({ code: 'not-found' });
    expect((await complain(barred)).body).toMatchObject({ code: 'consent-missing' });
    expect((await other.get(path)).body).toMatchObject({ code: 'not-found' });
    expect((await other.get(`/v1/mini/complaints?elderId=${mother.elderId}`)).body.items).toEqual([]);
    expect((await other.post(`${path}/settle`, { id: randomUUID() })).body).toMatchObject({ code: 'not-found' });
    expect((await own.get(path)).body.complaint).toMatchObject({ number: 1 });
    expect((await staff('rival', 'GET', `/v1/complaints/${complaintId}`)).body).toMatchObject({ code: 'not-found' });
    expect((await staff('elsewhere', 'GET', `/v1/complaints/${complaintId}`)).body).toMatchObject({ code: 'outside-scope' });
    expect((await staff('elsewhere', 'GET', '/v1/complaints?state=settled')).body.items).toEqual([]);
    expect((await complain(child, { tapId: randomUUID() })).body).toMatchObject({ code: 'complaint-meal-unknown' });
    expect((await complain(child, { text: '打我电话 13800001234' })).body).toMatchObject({ code: 'complaint-personal' });
  });

  it('about money goes past the canteen, and to the county once it is late; every step is kept and audited', async () => {
    const { body } = await complain(child, { category: 'money', text: '多收了五元' });
    expect((await staff('manager', 'GET', '/v1/complaints')).body.items).toEqual([]);
    expect((await staff('manager', 'GET', `/v1/complaints/${body.complaintId}`)).status).toBe(404);
    await goTo(addDays(DAY, 7), 800);
    await work();
    expect((await staff('town', 'GET', `/v1/complaints/${body.complaintId}`)).body).toMatchObject({ complaint: { level: 'township', late: false }, mayAnswer: true });
    await goTo(addDays(DAY, 8), 800);
    await work();
    expect((await staff('town', 'GET', `/v1/complaints/${body.complaintId}`)).body).toMatchObject({ complaint: { level: 'county', late: true, state: 'open' }, mayAnswer: false });
    expect((await staff('town', 'POST', `/v1/complaints/${body.complaintId}/answer`, { text: '迟了' })).body).toMatchObject({ code: 'complaint-not-yours' });
    expect((await staff('county', 'POST', `/v1/complaints/${body.complaintId}/answer`, { text: '已退还五元' })).body).toMatchObject({ state: 'answered', level: 'county' });
    const actions = await city.rows<{ action: string }>(`SELECT action FROM audit WHERE object_kind = 'complaint' AND object_id = $1 ORDER BY seq`, [body.complaintId]);
    expect(actions.map(({ action }) => action)).toEqual(['complaint.make', 'complaint.late', 'complaint.answered']);
    const [kept] = await city.rows<{ said: string }>(`SELECT string_agg(encode(text_sealed, 'escape'), ',') AS said FROM complaint_step`);
    expect(kept?.said).not.toContain('五元');
  });
});

describe('somebody who booked and does not come', () => {
  const date = addDays(DAY, 9);
  const bookingOf = (card: string) => staff('manager', 'POST', '/v1/bookings', { card, siteId, mealDate: date, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn' });
  let eater: { elderId: string; card: string };

  it('is told as booked, and missed at one o’clock where the relatives may know', async () => {
    await goTo(date, 8 * 60);
    eater = await city.elder();
    expect((await bookingOf(mother.card)).status).toBe(200);
    expect((await bookingOf(eater.card)).status).toBe(200);
    await work();
    for (const phone of [child, own]) expect((await texts(phone))[0]).toMatch(/12月13日午餐已在测试幸福食堂订好/);
    await goTo(date, 779);
    await work();
    expect((await texts(child))[0]).not.toMatch(/还没有用餐/);
    // Sold without the booking, by a cashier who did not look: eaten all the same.
    await eat(eater.card);
    city.clock.set(chinaInstant(date, 781));
    await work();
    await work();
    expect((await texts(child)).filter((text) => /还没有用餐/.test(text))).toHaveLength(1);
    expect((await texts(own)).filter((text) => /还没有用餐/.test(text))).toEqual([]);
  });

  it('is asked after by the community’s worker, who sees what a call takes and no more', async () => {
    await goTo(date, 15 * 60);
    const board = city.service.app.get(JobBoard);
    await city.service.parts.transactor.run(async (tx) => {
      const due: JobRequest[] = (await Promise.all(board.finders.map((find) => find(tx)))).flat().filter(({ job }) => job === 'booking.no-show');
      for (const job of due) await board.handlerOf(job.job)?.(tx, job);
    });
    await work();
    expect((await texts(child))[0]).toMatch(/没有来取/);
    const { body } = await staff('worker', 'GET', '/v1/follow-ups');
    expect(body.items).toMatchObject([{ name: expect.stringMatching(/^张(女士|先生)$/), siteName: '测试幸福食堂', mealPeriod: 'lunch', state: 'open', lastStep: 'made' }]);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${mother.elderId}|3715020|三丰`));
    expect((await staff('elsewhere', 'GET', '/v1/follow-ups')).body.items).toEqual([]);
    const id = body.items[0].followUpId as string;
    expect((await staff('elsewhere', 'POST', `/v1/follow-ups/${id}/contact`, {})).body).toMatchObject({ code: 'outside-scope' });
    expect((await staff('manager', 'GET', '/v1/follow-ups')).status).toBe(403);
    expect((await staff('worker', 'POST', `/v1/follow-ups/${id}/contact`, {})).body).toEqual({ name: '张三丰', phone: null, emergency: [] });
    expect(await city.rows(`SELECT 1 FROM audit WHERE action = 'follow-up.contact'`)).toHaveLength(1);
    const note = (outcome: string, more: object = {}) => staff('worker', 'POST', `/v1/follow-ups/${id}/notes`, { outcome, ...more });
    expect((await note('noAnswer', { note: '回电 13800001234' })).body).toMatchObject({ code: 'follow-up-note-personal' });
    for (const state of ['open', 'open', 'visit']) expect((await note('noAnswer')).body).toMatchObject({ state });
    expect((await note('visited', { note: '感冒在家，已帮订送餐' })).body).toMatchObject({ state: 'closed' });
    expect((await note('reached')).body).toMatchObject({ code: 'follow-up-closed' });
    expect((await staff('worker', 'POST', `/v1/follow-ups/${id}/contact`, {})).body).toMatchObject({ code: 'follow-up-closed' });
    expect((await staff('worker', 'GET', '/v1/follow-ups?state=closed')).body.items).toMatchObject([{ lastStep: 'visited', lastNote: '感冒在家，已帮订送餐' }]);
    const [kept] = await city.rows<{ steps: string; sealed: string }>(`SELECT json_agg(s)::text AS steps, string_agg(encode(note_sealed, 'escape'), ',') AS sealed FROM follow_up_step s`);
    expect([kept?.sealed, `${kept?.steps} ${kept?.sealed}`]).toEqual([expect.any(String), expect.not.stringContaining('感冒')]);
  });

  it('is not asked after any more once they eat', async () => {
    await city.rows(
      `INSERT INTO follow_up (city_code, follow_up_id, elder_id, booking_id, site_id, meal_date, meal_period, state, steps, made_at)
       SELECT city_code, $1, elder_id, booking_id, site_id, meal_date - 1, meal_period, 'open', 1, $2 FROM booking WHERE elder_id = $3`,
      [randomUUID(), new Date(city.clock.now() - MINUTE).toISOString(), mother.elderId]);
    await eat(mother.card, { mealPeriod: 'dinner' });
    await work();
    expect(await city.rows(`SELECT kind FROM follow_up_step WHERE recorded_by = 'system' AND kind = 'ate'`)).toHaveLength(1);
    expect((await staff('worker', 'GET', '/v1/follow-ups')).body.items).toEqual([]);
  });
});

it('keeps notices for the city’s days', async () => {
  expect((await inbox(child)).length).toBeGreaterThan(3);
  await goTo(addDays(DAY, 120), 3 * 60);
  await work();
  expect(await inbox(child)).toEqual([]);
});
