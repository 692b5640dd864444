import { randomUUID } from 'node:crypto';
import { GRACE_MS } from '../../src/access/mini-sessions.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { TappingCity } from '../support/tapping-city.js';

const MINUTE = 60_000;

let city: TappingCity;

beforeAll(async () => {
  city = await TappingCity.start();
  await city.staffed.add('worker', ['communityWorker'], '371502001');
}, 120_000);

afterAll(async () => {
  await city?.close();
});

/** Sends a try of its own moment: a success is told from what comes after it by time. @returns the refusal's code, or 200 */
async function tryOf(phone: TestPhone, route: 'bind-self' | 'kin', body: object): Promise<string | number> {
  city.clock.set(city.clock.now() + 1000);
  const answered = await phone.post(`/v1/mini/${route}`, { id: randomUUID(), ...body });
  return answered.body.code ?? answered.status;
}

const inbox = async (phone: TestPhone): Promise<object[]> => (await phone.get('/v1/mini/notices')).body.items;

describe('guessing', () => {
  afterEach(() => city.clock.set(city.clock.now() + 16 * MINUTE));

  it.each(['bind-self', 'kin'] as const)('%s: neither a taken id nor a repeat lets anybody go on', async (route) => {
    const [mine, other] = [await city.elder(), await city.elder()];
    const [own, guesser] = [await elderPhone(city, other.elderId), await strangerPhone(city)];
    const { body: { code } } = await own.post(`/v1/mini/elders/${other.elderId}/binding-code`, { id: randomUUID(), scopes: [] });
    const person = { name: '张小明', relation: 'child', phone: '13800001234' };
    const [right, wrong] = route === 'kin' ? [{ ...person, bindingCode: code }, { ...person, bindingCode: '00000000' }] : [{ cardNumber: mine.card, name: '张三丰' }, { cardNumber: other.card, name: '李四' }];
    const id = randomUUID();
    expect(await tryOf(guesser, route, { id, ...right })).toBe(200);
    const refused = route === 'kin' ? 'binding-code-wrong' : 'bind-wrong';
    const tries = [wrong, { id, ...wrong }, wrong, { id, ...right }, wrong, wrong];
    const answers = [];
    for (const one of tries) answers.push(await tryOf(guesser, route, one));
    expect(answers).toEqual([refused, 'id-taken', refused, 200, refused, 'bind-throttled']);
  });

  it('at a card is not made good by another card that somebody knows', async () => {
    const [mine, other, guesser] = [await city.elder(), await city.elder(), await strangerPhone(city)];
    const answers = [];
    for (let guesses = 0; guesses < 5; guesses += 1) {
      expect(await tryOf(guesser, 'bind-self', { cardNumber: mine.card, name: '张三丰' })).toBe(200);
      answers.push(await tryOf(guesser, 'bind-self', { cardNumber: other.card, name: '李四' }));
    }
    expect(answers).toEqual(Array.from({ length: 5 }, () => 'bind-wrong'));
    expect(await tryOf(guesser, 'bind-self', { cardNumber: mine.card, name: '张三丰' })).toBe('bind-throttled');
  });
});

it('tells the elder’s old telephone that another took its place, and the last one that it was ended at a till', async () => {
  const [elder, till] = [await city.elder(), await city.till()];
  const [old, next] = [await elderPhone(city, elder.elderId), await strangerPhone(city)];
  const token = await city.staffed.tokenOf('worker');
  const made = await city.staffed.call('POST', `/v1/elders/${elder.elderId}/binding-code`, { token, body: { id: randomUUID(), purpose: 'self' } });
  expect(await tryOf(next, 'bind-self', { bindingCode: made.body.code })).toBe(200);
  expect(await inbox(old)).toMatchObject([{ kind: 'family', text: expect.stringMatching(/另一个微信.*社区/) }]);
  expect(await inbox(next)).toEqual([]);
  expect((await till.send('/v1/till/kin/withdraw', { id: randomUUID(), number: elder.card, contactId: null })).status).toBe(200);
  expect(await inbox(next)).toMatchObject([{ kind: 'family', text: expect.stringMatching(/解除.*社区/) }]);
  expect(await inbox(old)).toHaveLength(1);
});

it('tells both sides when a relative leaves by themselves, and neither that the elder took anything back', async () => {
  const elder = await city.elder();
  const [own, child, other] = [await elderPhone(city, elder.elderId), await childPhone(city, elder.elderId, ['meals']), await childPhone(city, elder.elderId, ['meals'])];
  expect((await child.post(`/v1/mini/elders/${elder.elderId}/leave`, { id: randomUUID() })).status).toBe(200);
  expect(await inbox(own)).toMatchObject([{ kind: 'family', text: expect.stringMatching(/家人.*自己解除/) }]);
  expect(await inbox(child)).toMatchObject([{ kind: 'family', text: expect.stringMatching(/^您已解除/) }]);
  expect(await inbox(other)).toEqual([]);
});

it('keeps a number that was typed as one that nobody vouches for: it makes nobody an earlier relative', async () => {
  const elder = await city.elder();
  const [own, child, typing] = [await elderPhone(city, elder.elderId), await childPhone(city, elder.elderId, ['meals']), await strangerPhone(city)];
  expect((await child.post(`/v1/mini/elders/${elder.elderId}/leave`, { id: randomUUID() })).status).toBe(200);
  expect((await typing.post('/v1/mini/phone', { phone: '1380000' })).body.code).toBe('phone-wrong');
  for (const body of [{}, { phone: '13800001234', code: 'phone-code' }]) expect((await typing.post('/v1/mini/phone', body)).body.code).toBe('phone-one-way');
  expect((await typing.post('/v1/mini/phone', { phone: ' 138 0000 1234 ' })).body.account).toMatchObject({ phone: '138****1234', phoneProven: false });
  const { body: { code } } = await own.post(`/v1/mini/elders/${elder.elderId}/binding-code`, { id: randomUUID(), scopes: [] });
  const bound = await typing.post('/v1/mini/kin', { id: randomUUID(), bindingCode: code, name: '张小明', relation: 'child' });
  expect(bound.status).toBe(200);
  expect(bound.body.contactId).not.toBe(child.contactId);
  expect((await typing.get('/v1/mini/me')).body).toMatchObject({ account: { phoneProven: false }, kin: [{ elderId: elder.elderId, rights: [] }] });
  expect((await typing.post('/v1/mini/phone', { phone: '13800005678' })).body.account.phone).toBe('138****5678');
  const token = await city.staffed.tokenOf('worker');
  const recorded = { id: randomUUID(), contactId: bound.body.contactId, phone: '13800009999' };
  expect((await city.staffed.call('POST', `/v1/elders/${elder.elderId}/accounts/phone`, { token, body: recorded })).status).toBe(200);
  expect((await typing.post('/v1/mini/phone', { phone: '13800005678' })).body.code).toBe('phone-proven');
  expect((await typing.get('/v1/mini/me')).body.account).toMatchObject({ phone: '138****9999', phoneProven: true });
});

it('tells nobody that they left by themselves', async () => {
  const elder = await city.elder();
  const own = await elderPhone(city, elder.elderId);
  expect((await own.post(`/v1/mini/elders/${elder.elderId}/leave`, { id: randomUUID() })).status).toBe(200);
  expect(await inbox(own)).toEqual([]);
});

it('tells the account that a login of it ended since somebody held a copy', async () => {
  const phone = await strangerPhone(city);
  const { refreshToken } = phone.tokens;
  const refresh = () => phone.post('/v1/mini/refresh', { refreshToken });
  expect((await refresh()).status).toBe(200);
  city.clock.set(city.clock.now() + GRACE_MS + 1);
  expect((await refresh()).body).toMatchObject({ code: 'mini-token-reused' });
  await phone.logInAgain();
  expect(await inbox(phone)).toMatchObject([{ kind: 'family', text: expect.stringMatching(/登录.*社区/) }]);
});
