import { startWechatSim, type WechatSim } from './index.js';
import { makeKeys } from './sim-keys.js';

let sim: WechatSim;
const back = 'http://127.0.0.1:3000/elder';

beforeAll(async () => (sim = await startWechatSim({ keys: makeKeys(), seed: 'pages', notifyFetch: () => Promise.resolve({ status: 200 }) })));
afterAll(() => sim.close());

const get = async (path: string): Promise<{ status: number; text: string; to: URL | null }> => {
  const response = await fetch(`${sim.url}${path}`, { redirect: 'manual' });
  const to = response.headers.get('location');
  return { status: response.status, text: await response.text(), to: to === null ? null : new URL(to) };
};
const control = async (method: string, path: string, body: object = {}): Promise<Record<string, unknown>> =>
  (await fetch(`${sim.url}/_sim/${path}`, { method, ...(method === 'GET' ? {} : { body: JSON.stringify(body) }) })).json() as Promise<Record<string, unknown>>;

const tokenOf = async (): Promise<string> => {
  const { appId, secret } = sim.settings;
  const answer = await fetch(`${sim.url}/cgi-bin/stable_token`, { method: 'POST', body: JSON.stringify({ grant_type: 'client_credential', appid: appId, secret }) });
  return ((await answer.json()) as { access_token: string }).access_token;
};

describe('the page of authorize', () => {
  it('lists simulated people, says what it is, and sends the chosen one back with a code', async () => {
    const page = await get(`/_sim/authorize?redirect_uri=${encodeURIComponent(back)}&state=s1`);
    expect(page.text).toContain('模拟微信：这里不是真的微信');
    expect(page.text).toContain('模拟用户一');
    const { to } = await get(`/_sim/authorize?redirect_uri=${encodeURIComponent(back)}&state=s1&user=2`);
    expect([to?.pathname, to?.searchParams.get('state')]).toEqual(['/elder', 's1']);
    const { appId, secret } = sim.settings;
    const session = await fetch(`${sim.url}/sns/jscode2session?appid=${appId}&secret=${secret}&js_code=${to?.searchParams.get('code')}&grant_type=authorization_code`);
    expect(await session.json()).toMatchObject({ openid: sim.user(undefined, 2).openid });
  });

  it('gives a phone number by a code of its own', async () => {
    const { to } = await get(`/_sim/phone?redirect_uri=${encodeURIComponent(back)}&user=2`);
    const answer = await fetch(`${sim.url}/wxa/business/getuserphonenumber?access_token=${await tokenOf()}`, { method: 'POST', body: JSON.stringify({ code: to?.searchParams.get('phone_code') }) });
    expect(await answer.json()).toMatchObject({ errcode: 0, phone_info: { purePhoneNumber: '10000000002' } });
  });

  it.each(['', '?redirect_uri=https://elsewhere.example/x', '?redirect_uri=javascript:alert(1)'])('sends nobody elsewhere: %s', async (query) => {
    expect(await get(`/_sim/authorize${query}`)).toMatchObject({ status: 400, to: null });
  });
});

describe('the payment sheet', () => {
  it('says that there is no such order, and shows what it is given as text', async () => {
    const page = await get(`/_sim/cashier?prepay_id=none&return_uri=${encodeURIComponent(`${back}?a="><script>`)}`);
    expect(page.text).toContain('没有这笔订单');
    expect(page.text).not.toContain('<script>');
  });
});

describe('the control', () => {
  it('switches faults on and off and counts them', async () => {
    await control('PUT', 'faults/code2session', { failsBefore: true });
    const refused = await fetch(`${sim.url}/sns/jscode2session`);
    expect(await refused.json()).toMatchObject({ errcode: -1 });
    expect(await control('GET', 'faults')).toEqual({ 'code2session.failsBefore': 1 });
    await control('PUT', 'faults/code2session', { failsBefore: true });
    await control('DELETE', 'faults');
    expect(await (await fetch(`${sim.url}/sns/jscode2session`)).json()).toMatchObject({ errcode: 41002 });
    expect((await fetch(`${sim.url}/_sim/faults/nothing`, { method: 'PUT', body: '{}' })).status).toBe(400);
  });

  it('makes people and their codes', async () => {
    expect(await control('POST', 'users/7', { balanceFen: 5, needsPassword: true })).toMatchObject({ number: 7, name: '模拟用户七', balanceFen: 5, needsPassword: true });
    expect(await control('POST', 'users/7/pay-code')).toMatchObject({ code: expect.stringMatching(/^1[0-5]\d{16}$/) });
    expect(await control('POST', 'users/7/phone-code', { phone: '1' })).toHaveProperty('message');
    expect(sim.user(undefined, 7).balanceFen).toBe(5);
  });
});
