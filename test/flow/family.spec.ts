import { randomUUID } from 'node:crypto';
import { GRACE_MS } from '../../src/access/mini-sessions.js';
import { cardHandle } from '../../src/elder/index.js';
import { CONSENT_NOTICE } from '../../src/family/domain/index.js';
import { FamilyEvents, type FamilyEvent } from '../../src/family/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { cityClock } from '../support/staffed-city.js';
import { CITY, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

interface Elder {
  readonly elderId: string;
  readonly card: string;
}

let wechat: TestWechat;
let city: TappingCity;
let worker: string;
let till: TestTill;
const told: FamilyEvent[] = [];

beforeAll(async () => {
  const clock = cityClock();
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  city.service.app.get(FamilyEvents).listen(async (_, event) => void told.push(event));
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  await city.staffed.add('elsewhere', ['communityWorker'], '371502002');
  worker = await city.staffed.tokenOf('worker');
  till = await city.till();
}, 240_000);

afterAll(async () => {
  await city.close();
  await wechat.close();
});

/** Lets time go by; staff log in again where it was long. */
async function wait(ms: number): Promise<void> {
  city.clock.set(city.clock.now() + ms);
  [city.county, worker] = [await city.staffed.tokenOf('county'), await city.staffed.tokenOf('worker')];
}

/** A place of its own for each telephone, so that one's guesses do not slow another. */
let places = 0;

/** A telephone with WeChat on it, talking to the routes alone. */
class Phone {
  token = '';
  refreshToken = '';
  private readonly from = `10.0.${Math.floor((places += 1) / 250)}.${places % 250}`;

  constructor(readonly user: SimUser) {}

  async logIn(): Promise<this> {
    const { status, body } = await this.send('POST', 'log-in', { cityCode: CITY, code: this.user.loginCode() });
    expect(status).toBe(200);
    [this.token, this.refreshToken] = [body.accessToken, body.refreshToken];
    return this;
  }

  send(method: 'GET' | 'POST', path: string, body?: object) {
    return city.staffed.call(method, `/v1/mini/${path}`, { ...(this.token === '' ? {} : { token: this.token }), ...(body === undefined ? {} : { body }), from: this.from });
  }

  get(path: string) {
    return this.send('GET', path);
  }

  post(path: string, body: object = {}) {
    return this.send('POST', path, { id: randomUUID(), ...body });
  }
}

const newPhone = (): Promise<Phone> => new Phone(wechat.sim.user()).logIn();
const desk = (elder: Elder, path: string, body: object = {}, token = worker) => city.staffed.call('POST', `/v1/elders/${elder.elderId}/${path}`, { token, body: { id: randomUUID(), ...body } });
const atTill = (path: string, body: object) => till.send(`/v1/till/kin${path}`, body);

/** An elder whose own telephone is bound by card and name. */
async function boundElder(): Promise<{ elder: Elder; own: Phone }> {
  const [elder, own] = [await city.elder(), await newPhone()];
  expect(await own.post('bind-self', { cardNumber: elder.card, name: '张三丰' })).toMatchObject({ status: 200, body: { elderId: elder.elderId } });
  return { elder, own };
}

const codeOf = async (own: Phone, elder: Elder, more: object = { scopes: [] }): Promise<string> => {
  const { status, body } = await own.post(`elders/${elder.elderId}/binding-code`, more);
  expect(status).toBe(200);
  return body.code;
};

const bindKin = (child: Phone, bindingCode: string, more: object = {}) => child.post('kin', { bindingCode, name: '张小明', relation: 'child', phone: '13800001234', ...more });
const rightsOf = async (phone: Phone, elder: Elder): Promise<string[] | undefined> =>
  (await phone.get('me')).body.kin.find((one: { elderId: string }) => one.elderId === elder.elderId)?.rights;

describe('logging in by WeChat', () => {
  it('is who WeChat says, the same account each time, and nobody for whom', async () => {
    const phone = await newPhone();
    const me = await phone.get('me');
    expect(me).toMatchObject({ status: 200, body: { account: { phone: null }, kin: [] } });
    const again = await new Phone(phone.user).logIn();
    expect((await again.get('me')).body.account.accountId).toBe(me.body.account.accountId);
    expect((await newPhone().then((other) => other.get('me'))).body.account.accountId).not.toBe(me.body.account.accountId);
  });

  it('T07: takes no openid from the caller, wherever it is put', async () => {
    const [victim, thief] = [await newPhone(), new Phone(wechat.sim.user())];
    const mine = (await victim.get('me')).body.account.accountId;
    const forged = await thief.send('POST', 'log-in', { cityCode: CITY, code: thief.user.loginCode(), openid: victim.user.openid });
    expect(forged).toMatchObject({ status: 400, body: { code: 'fields-wrong', errors: [{ field: 'openid' }] } });
    const asHeader = await city.staffed.call('POST', '/v1/mini/log-in', { body: { cityCode: CITY, code: thief.user.loginCode() }, headers: { openid: victim.user.openid, 'x-wx-openid': victim.user.openid } });
    expect(asHeader).toMatchObject({ status: 200 });
    expect(asHeader.body.account.accountId).not.toBe(mine);
  });

  it('refuses a code that was used, is made up, or is too old, and a city that is not there', async () => {
    const phone = new Phone(wechat.sim.user());
    const code = phone.user.loginCode();
    expect(await phone.send('POST', 'log-in', { cityCode: '330100', code })).toMatchObject({ status: 422, body: { code: 'mini-city-unknown' } });
    expect((await phone.send('POST', 'log-in', { cityCode: CITY, code })).status).toBe(200);
    for (const wrong of [code, 'made-up']) {
      expect(await phone.send('POST', 'log-in', { cityCode: CITY, code: wrong })).toMatchObject({ status: 422, body: { code: 'wechat-code-wrong', title: expect.stringContaining('食堂电话') } });
    }
    const old = phone.user.loginCode();
    await wait(6 * MINUTE);
    expect((await phone.send('POST', 'log-in', { cityCode: CITY, code: old })).body).toMatchObject({ code: 'wechat-code-wrong' });
  });

  it('slows down who tries codes', async () => {
    const answers = [];
    for (let tries = 0; tries < 52; tries += 1) {
      answers.push((await city.staffed.call('POST', '/v1/mini/log-in', { body: { cityCode: CITY, code: `guess-${tries}` }, from: '10.9.9.9' })).body.code);
    }
    expect(answers.slice(0, 50).every((code) => code === 'wechat-code-wrong')).toBe(true);
    expect(answers.at(-1)).toBe('mini-log-in-throttled');
    await newPhone();
  });

  it('T49: goes on by refresh tokens, ends where one is used twice, and by logging out', async () => {
    const phone = await newPhone();
    const [first, { body: second }] = [phone.refreshToken, await phone.send('POST', 'refresh', { refreshToken: phone.refreshToken })];
    expect((await phone.send('POST', 'refresh', { refreshToken: first })).body).toMatchObject({ accessToken: second.accessToken, refreshToken: second.refreshToken });
    await wait(GRACE_MS + 1);
    expect(await phone.send('POST', 'refresh', { refreshToken: first })).toMatchObject({ status: 401, body: { code: 'mini-token-reused' } });
    phone.token = second.accessToken;
    expect(await phone.get('me')).toMatchObject({ status: 401, body: { code: 'mini-session-ended' } });
    const other = await newPhone();
    expect((await other.send('POST', 'log-out', {})).status).toBe(200);
    expect((await other.get('me')).status).toBe(401);
    expect((await other.send('POST', 'refresh', { refreshToken: other.refreshToken })).body).toMatchObject({ code: 'mini-session-ended' });
  });

  it('opens nothing of the staff, and staff open nothing of it', async () => {
    const phone = await newPhone();
    expect((await city.staffed.call('GET', '/v1/me', { token: phone.token })).status).toBe(403);
    expect((await city.staffed.call('GET', '/v1/mini/me', { token: worker })).status).toBe(403);
    expect((await city.staffed.call('GET', '/v1/mini/me', { token: phone.refreshToken })).status).toBe(401);
  });

  it('learns the telephone number from WeChat, and only by its own code', async () => {
    const [phone, other] = [await newPhone(), await newPhone()];
    expect((await phone.send('POST', 'phone', { code: other.user.phoneCode('13911112222') })).body).toMatchObject({ code: 'wechat-code-wrong' });
    expect(await phone.send('POST', 'phone', { code: phone.user.phoneCode('13911112222') })).toMatchObject({ status: 200, body: { account: { phone: '139****2222' } } });
    expect((await phone.get('me')).body.account.phone).toBe('139****2222');
  });

  it('sends the page in a browser to the simulated WeChat, and back to nowhere but itself', async () => {
    const { statusCode, headers } = await city.service.app.inject({ method: 'GET', url: '/v1/mini/wechat/authorize?state=abc', headers: { host: 'localhost:3000' } });
    expect(statusCode).toBe(302);
    const to = new URL(String(headers.location));
    expect(`${to.origin}${to.pathname}`).toBe(`${wechat.settings.wechat.apiUrl}/_sim/authorize`);
    expect(Object.fromEntries(to.searchParams)).toEqual({ redirect_uri: 'http://localhost:3000/elder', state: 'abc' });
    expect((await city.staffed.call('GET', '/v1/mini/wechat/authorize?redirect_uri=https://evil.example')).body).toMatchObject({ code: 'fields-wrong' });
  });
});

describe('an elder binds their own account', () => {
  it('by card and name, once, and sees themselves in full', async () => {
    const { elder, own } = await boundElder();
    expect((await own.get('me')).body.kin).toEqual([{ elderId: elder.elderId, name: '张三丰', called: null, self: true, relation: null, rights: ['meals', 'ordering', 'paying'], until: null }]);
    expect((await own.post('bind-self', { cardNumber: elder.card, name: '张三丰' })).status).toBe(200);
    const another = await newPhone();
    expect(await another.post('bind-self', { cardNumber: elder.card, name: '张三丰' })).toMatchObject({ status: 409, body: { code: 'self-bound', title: expect.stringContaining('社区') } });
    expect((await own.post('bind-self', { cardNumber: (await city.elder()).card, name: '张三丰' })).body).toMatchObject({ code: 'account-has-self' });
    expect(told.filter(({ elderId }) => elderId === elder.elderId).map(({ kind }) => kind)).toEqual(['self-bound']);
  });

  it('T31: tells nobody whether card or name was wrong, and stops guessing', async () => {
    const elder = await city.elder();
    const lost = await city.elder();
    await city.rows(`UPDATE elder_card SET state = 'lost', lost_at = now() WHERE elder_id = $1`, [lost.elderId]);
    const phone = await newPhone();
    const answers = [];
    for (const body of [{ cardNumber: 'LC99999999', name: '张三丰' }, { cardNumber: elder.card, name: '李四' }, { cardNumber: lost.card, name: '张三丰' }]) answers.push(await phone.post('bind-self', body));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ code: 'bind-wrong' });
    for (let more = 0; more < 2; more += 1) await phone.post('bind-self', { cardNumber: elder.card, name: '王五' });
    const stopped = await phone.post('bind-self', { cardNumber: elder.card, name: '张三丰' });
    expect(stopped).toMatchObject({ status: 429, body: { code: 'bind-throttled', title: expect.stringMatching(/过 \d+ 分钟/) } });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('one card stands only so many guesses, from however many accounts', async () => {
    const elder = await city.elder();
    const codes = [];
    for (let guesses = 0; guesses < 21; guesses += 1) codes.push((await (await newPhone()).post('bind-self', { cardNumber: elder.card, name: '王五' })).body.code);
    expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'bind-wrong'));
    expect(codes.at(-1)).toBe('bind-throttled');
    await wait(16 * MINUTE);
  });

  it('by a code of the community worker, which takes an earlier telephone’s place, once, in half an hour', async () => {
    const { elder, own } = await boundElder();
    expect((await desk(elder, 'binding-code', { purpose: 'self' }, await city.staffed.tokenOf('elsewhere'))).body).toMatchObject({ code: 'outside-scope' });
    const deed = { id: randomUUID(), purpose: 'self' };
    const made = await desk(elder, 'binding-code', deed);
    expect(made).toMatchObject({ status: 200, body: { code: expect.stringMatching(/^\d{8}$/) } });
    expect((await desk(elder, 'binding-code', deed)).body).toEqual(made.body);
    const next = await newPhone();
    expect((await next.post('kin', { bindingCode: made.body.code, name: '张三丰', relation: 'other', phone: '13800001234' })).body).toMatchObject({ code: 'binding-code-wrong' });
    expect((await next.post('bind-self', { bindingCode: made.body.code })).status).toBe(200);
    expect(await rightsOf(own, elder)).toBeUndefined();
    expect((await (await newPhone()).post('bind-self', { bindingCode: made.body.code })).body).toMatchObject({ code: 'binding-code-wrong' });
    const second = await desk(elder, 'binding-code', { purpose: 'self' });
    await wait(30 * MINUTE);
    expect((await (await newPhone()).post('bind-self', { bindingCode: second.body.code })).body).toMatchObject({ code: 'binding-code-wrong', title: expect.stringContaining('过了时间') });
  });

  it.each([[{}], [{ cardNumber: 'LC1' }], [{ cardNumber: 'LC1', name: '张三', bindingCode: '12345678' }]])('asks for one proof, not %j', async (body) => {
    expect((await (await newPhone()).post('bind-self', body)).body).toMatchObject({ code: 'bind-proof-wrong' });
  });
});

describe('a child is let in by the parent', () => {
  it('T09: binds by the parent’s code, and sees nothing until the parent consents', async () => {
    const [{ elder, own }, child] = [await boundElder(), await newPhone()];
    const code = await codeOf(own, elder);
    const body = { id: randomUUID() };
    const bound = await bindKin(child, ` ${code.slice(0, 4)} ${code.slice(4)}`, body);
    expect(bound).toMatchObject({ status: 200, body: { elderId: elder.elderId } });
    expect((await bindKin(child, ` ${code.slice(0, 4)} ${code.slice(4)}`, body)).body).toEqual(bound.body);
    const me = (await child.get('me')).body.kin;
    expect(me).toEqual([{ elderId: elder.elderId, name: '张**', called: expect.stringMatching(/^(爸|妈)/), self: false, relation: 'child', rights: [], until: null }]);
    expect((await child.get(`elders/${elder.elderId}/meals?month=2024-12`)).body).toMatchObject({ code: 'consent-missing' });
    const { contactId } = bound.body;
    const relatives = await own.get(`elders/${elder.elderId}/kin`);
    expect(relatives.body).toMatchObject({ items: [{ contactId, name: '张**', phone: '138****1234', relation: 'child', bound: true, rights: [] }], notice: { text: expect.stringMatching(/订餐.*用餐码.*随时/) } });
    const consent = (scopes: string[], until = '2024-12-31') => own.post(`elders/${elder.elderId}/kin/${contactId}/consent`, { scopes, until });
    expect((await consent(['meals', 'paying'])).status).toBe(200);
    expect(await rightsOf(child, elder)).toEqual(['meals', 'paying']);
    expect((await child.get(`elders/${elder.elderId}/meals?month=2024-12`)).status).toBe(200);
    expect((await consent(['ordering'])).status).toBe(200);
    expect(await rightsOf(child, elder)).toEqual(['ordering']);
    expect((await consent([])).status).toBe(400);
    expect((await consent(['photo'])).status).toBe(400);
    for (const until of ['2024-12-02', '2028-12-31']) expect((await consent(['meals'], until)).body).toMatchObject({ code: 'consent-dates-wrong' });
    const [kept] = await city.rows<{ how: string; notice: string; by: string }>(`SELECT given_how AS how, notice, recorded_by AS by FROM elder_consent WHERE contact_id = $1 ORDER BY version LIMIT 1`, [contactId]);
    expect(kept).toMatchObject({ how: 'miniProgram', notice: expect.stringContaining('2026-3'), by: expect.stringMatching(/^mini:/) });
  });

  it('is told from a sister of the same surname, by the elder and at the till, and has a word of its own for each elder', async () => {
    const [{ elder, own }, other, child] = [await boundElder(), await boundElder(), await newPhone()];
    for (const more of [{ name: '林小花', phone: '13800005678' }, { name: '赵小花', relation: 'grandchild' }]) await bindKin(await newPhone(), await codeOf(own, elder), more);
    for (const one of [{ elder, own }, other]) await bindKin(child, await codeOf(one.own, one.elder), { name: '林大海' });
    expect((await own.get(`elders/${elder.elderId}/kin`)).body.items.map(({ name }: { name: string }) => name).sort()).toEqual(['林*海', '林*花', '赵**']);
    expect((await atTill('', { number: elder.card })).body.relatives.map(({ mark }: { mark: string | null }) => mark).sort()).toEqual([null, '尾号 1234', '尾号 5678']);
    expect(new Set((await child.get('me')).body.kin.map(({ called }: { called: string }) => called)).size).toBe(2);
  });

  it('consents in the code itself, and takes everything back in the moment it is said', async () => {
    const [{ elder, own }, child] = [await boundElder(), await newPhone()];
    const code = await codeOf(own, elder, { relation: 'grandchild', scopes: ['meals', 'ordering'], until: '2025-01-31' });
    const { contactId } = (await bindKin(child, code, { relation: 'other' })).body;
    expect((await child.get('me')).body.kin).toMatchObject([{ relation: 'grandchild', rights: ['meals', 'ordering'], until: '2025-01-31' }]);
    const deed = { id: randomUUID() };
    expect((await own.post(`elders/${elder.elderId}/kin/${contactId}/withdraw`, deed)).status).toBe(200);
    expect((await own.post(`elders/${elder.elderId}/kin/${contactId}/withdraw`, deed)).status).toBe(200);
    expect(await rightsOf(child, elder)).toBeUndefined();
    expect((await child.get(`elders/${elder.elderId}/meals?month=2024-12`)).status).toBe(404);
    expect((await own.post(`elders/${elder.elderId}/kin/${contactId}/withdraw`)).body).toMatchObject({ code: 'kin-unknown' });
    expect((await bindKin(child, code)).body).toMatchObject({ code: 'binding-code-wrong' });
    expect(told.filter(({ elderId }) => elderId === elder.elderId).map(({ kind }) => kind)).toEqual(['self-bound', 'kin-bound', 'consented', 'withdrawn']);
  });

  it('takes no code that is used, of another purpose, expired, or overtaken by a newer one', async () => {
    const [{ elder, own }, child, other] = [await boundElder(), await newPhone(), await newPhone()];
    const [older, newer] = [await codeOf(own, elder), await codeOf(own, elder)];
    expect((await bindKin(child, older)).body).toMatchObject({ code: 'binding-code-wrong' });
    expect((await child.post('bind-self', { bindingCode: newer })).body).toMatchObject({ code: 'binding-code-wrong' });
    expect((await bindKin(own, newer)).body).toMatchObject({ code: 'account-is-self' });
    const both = await Promise.all([bindKin(child, newer), bindKin(other, newer, { phone: '13800005678' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    const late = await codeOf(own, elder);
    await wait(10 * MINUTE);
    expect((await bindKin(await newPhone(), late)).body).toMatchObject({ code: 'binding-code-wrong' });
  });

  it('gives no code to anybody but the elder, and not without end', async () => {
    const [{ elder, own }, child] = [await boundElder(), await newPhone()];
    await bindKin(child, await codeOf(own, elder));
    expect(await child.post(`elders/${elder.elderId}/binding-code`, { scopes: [] })).toMatchObject({ status: 403, body: { code: 'elder-alone' } });
    expect((await (await newPhone()).post(`elders/${elder.elderId}/binding-code`, { scopes: [] })).status).toBe(404);
    expect((await own.post(`elders/${elder.elderId}/binding-code`, { scopes: ['meals'] })).body).toMatchObject({ code: 'consent-dates-wrong' });
    for (let more = 1; more < 10; more += 1) await codeOf(own, elder);
    expect((await own.post(`elders/${elder.elderId}/binding-code`, { scopes: [] })).body).toMatchObject({ code: 'binding-code-often' });
  });

  it('is an earlier contact only by a number that WeChat vouches for', async () => {
    const { elder, own } = await boundElder();
    const contact = await desk(elder, 'contacts', { name: '张大明', phone: '13700001111', relation: 'child', emergency: true });
    await desk(elder, 'consents', { grantee: 'relative', contactId: contact.body.contactId, scopes: ['meals', 'ordering', 'paying'], until: '2025-12-31', givenOn: '2024-12-03', givenHow: 'paper', notice: '授权告知书' });
    const [typed, vouched] = [await newPhone(), await newPhone()];
    const stranger = await bindKin(typed, await codeOf(own, elder), { phone: '13700001111' });
    expect(stranger.body.contactId).not.toBe(contact.body.contactId);
    expect(await rightsOf(typed, elder)).toEqual([]);
    await vouched.send('POST', 'phone', { code: vouched.user.phoneCode('13700001111') });
    const known = await bindKin(vouched, await codeOf(own, elder), { phone: '' });
    expect(known.body.contactId).toBe(contact.body.contactId);
    expect(await rightsOf(vouched, elder)).toEqual(['meals', 'ordering', 'paying']);
    expect((await bindKin(await newPhone(), await codeOf(own, elder), { phone: '' })).body).toMatchObject({ code: 'kin-phone-needed' });
  });

  it('by a code of the community worker for the contact in the register, who may lose it there again', async () => {
    const elder = await city.elder();
    const contact = await desk(elder, 'contacts', { name: '张大明', phone: '13700001111', relation: 'child', emergency: true });
    const { contactId } = contact.body;
    expect((await desk(elder, 'binding-code', { purpose: 'kin', contactId: randomUUID() })).body).toMatchObject({ code: 'contact-unknown' });
    const made = await desk(elder, 'binding-code', { purpose: 'kin', contactId });
    const child = await newPhone();
    expect((await bindKin(child, made.body.code)).body).toEqual({ elderId: elder.elderId, contactId });
    expect(await rightsOf(child, elder)).toEqual([]);
    expect((await child.post('bind-self', { cardNumber: elder.card, name: '张三丰' })).body).toMatchObject({ code: 'account-is-kin' });
    const again = await desk(elder, 'binding-code', { purpose: 'kin', contactId });
    expect((await bindKin(await newPhone(), again.body.code)).body).toMatchObject({ code: 'contact-bound' });
    const accounts = await city.staffed.call('GET', `/v1/elders/${elder.elderId}/accounts`, { token: worker });
    expect(accounts.body).toMatchObject({ self: false, relatives: [{ contactId, bound: true, name: '张**' }] });
    expect((await desk(elder, 'accounts/phone', { contactId, phone: '13700001111' })).body).toEqual({ recorded: true });
    expect((await child.get('me')).body.account.phone).toBe('137****1111');
    expect((await desk(elder, 'accounts/phone', { contactId: null, phone: '13700001111' })).body).toMatchObject({ code: 'kin-unknown' });
    expect((await desk(elder, 'accounts/withdraw', { contactId })).body).toEqual({ withdrawn: true });
    expect(await rightsOf(child, elder)).toBeUndefined();
  });

  it('goes by itself', async () => {
    const [{ elder, own }, child] = [await boundElder(), await newPhone()];
    await bindKin(child, await codeOf(own, elder, { scopes: ['meals'], until: '2025-01-31' }));
    expect((await child.post(`elders/${elder.elderId}/leave`)).status).toBe(200);
    expect((await child.post(`elders/${elder.elderId}/leave`)).status).toBe(404);
    expect((await own.get(`elders/${elder.elderId}/kin`)).body.items).toMatchObject([{ bound: false, rights: ['meals'] }]);
  });
});

describe('an elder without a telephone lays the card on the till', () => {
  it('lets a child in, sees who may do what without a name, and takes it back', async () => {
    const [elder, child] = [await city.elder(), await newPhone()];
    const made = await atTill('/code', { id: randomUUID(), number: elder.card, relation: 'child', scopes: ['meals'], until: '2025-06-30' });
    expect(made).toMatchObject({ status: 200, body: { code: expect.stringMatching(/^\d{8}$/) } });
    const { contactId } = (await bindKin(child, made.body.code)).body;
    expect(await rightsOf(child, elder)).toEqual(['meals']);
    const list = await atTill('', { number: elder.card });
    expect(list.body).toEqual({ self: false, relatives: [{ contactId, relation: 'child', mark: null, rights: ['meals'], until: '2025-06-30' }], notice: CONSENT_NOTICE });
    const body = { id: randomUUID(), number: elder.card, contactId };
    expect(await atTill('/withdraw', body)).toMatchObject({ status: 200, body: { withdrawn: true } });
    expect((await atTill('/withdraw', body)).body).toEqual({ withdrawn: true });
    expect(await rightsOf(child, elder)).toBeUndefined();
    expect((await atTill('', { number: elder.card })).body).toEqual({ self: false, relatives: [], notice: CONSENT_NOTICE });
    expect(await city.rows('SELECT given_how AS how, withdrawn FROM elder_consent WHERE contact_id = $1 ORDER BY version', [contactId])).toEqual([{ how: 'till', withdrawn: false }, { how: 'till', withdrawn: true }]);
    const audits = await city.rows<{ action: string; actor: string }>(`SELECT action, actor FROM audit WHERE object_id = $1 ORDER BY seq`, [elder.elderId]);
    expect(audits.map(({ action }) => action)).toEqual(expect.arrayContaining(['family.code', 'family.bind-kin', 'elder.consent', 'family.withdraw', 'elder.consent-withdrawn']));
  });

  it('ends an account that somebody bound with a card that was found', async () => {
    const { elder, own } = await boundElder();
    expect((await atTill('', { number: elder.card })).body).toEqual({ self: true, relatives: [], notice: CONSENT_NOTICE });
    expect((await atTill('/withdraw', { id: randomUUID(), number: elder.card, contactId: null })).status).toBe(200);
    expect((await own.get('me')).body.kin).toEqual([]);
    expect((await atTill('/withdraw', { id: randomUUID(), number: elder.card, contactId: null })).body).toMatchObject({ code: 'kin-unknown' });
  });

  it('knows no card that is lost or not registered', async () => {
    const elder = await city.elder();
    await city.rows(`UPDATE elder_card SET state = 'lost', lost_at = now() WHERE handle = $1`, [cardHandle(city.service.parts.cipher, elder.card)]);
    for (const number of [elder.card, 'LC99999999']) expect(await atTill('', { number })).toMatchObject({ status: 404, body: { code: 'kin-card-unknown' } });
  });
});

it('keeps nothing of an account in clear', async () => {
  const phone = await newPhone();
  await phone.send('POST', 'phone', { code: phone.user.phoneCode('13922223333') });
  const { elder, own } = await boundElder();
  const code = await codeOf(own, elder);
  const kept = JSON.stringify(await city.rows(
    `SELECT (SELECT json_agg(a) FROM mini_account a) AS accounts, (SELECT json_agg(c) FROM mini_code c) AS codes, (SELECT json_agg(d) FROM deed d) AS deeds, (SELECT json_agg(t) FROM mini_token t) AS tokens,
       (SELECT json_agg(o) FROM outbox o) AS jobs, (SELECT json_agg(x) FROM audit x) AS audits`));
  for (const secret of [phone.user.openid, '13922223333', Buffer.from(phone.user.openid).toString('hex'), phone.token.slice(9), elder.card]) expect(kept).not.toContain(secret);
  // Eight digits may stand in a hash by chance: as a value of their own they must not.
  expect(kept).not.toContain(`"${code}"`);
});
