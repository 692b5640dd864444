import { readFileSync } from 'node:fs';
import { SettableClock } from '../kernel/index.js';
import { startWechatSim, type WechatSim } from './index.js';
import { MINI_PAGES } from './mini-messages.js';
import { makeKeys } from './sim-keys.js';

const keys = makeKeys();
const NOON = Date.parse('2026-11-23T12:00:00+08:00');
type Answer = Record<string, unknown> & { errcode?: number };

let sim: WechatSim;
let clock: SettableClock;

beforeEach(async () => {
  clock = new SettableClock(NOON);
  sim = await startWechatSim({ clock, keys, seed: 'mini', notifyFetch: () => Promise.resolve({ status: 200 }) });
});
afterEach(() => sim.close());

const pass = (ms: number): void => clock.set(clock.now() + ms);
const post = async (path: string, body: unknown): Promise<Answer> => (await fetch(`${sim.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })).json() as Promise<Answer>;

async function logIn(code: string, changes: Record<string, string> = {}): Promise<Answer & { type: string; status: number }> {
  const query = new URLSearchParams({ appid: sim.settings.appId, secret: sim.settings.secret, js_code: code, grant_type: 'authorization_code', ...changes });
  const response = await fetch(`${sim.url}/sns/jscode2session?${query.toString()}`);
  return { ...((await response.json()) as Answer), type: response.headers.get('content-type') ?? '', status: response.status };
}

const PAGE = MINI_PAGES[0] ?? '';
const askToken = (force = false): Promise<Answer> => post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid: sim.settings.appId, secret: sim.settings.secret, force_refresh: force });
const token = async (): Promise<string> => (await askToken())['access_token'] as string;
const draw = async (held: string): Promise<number | 'image'> => {
  const response = await fetch(`${sim.url}/wxa/getwxacodeunlimit?access_token=${held}`, { method: 'POST', body: JSON.stringify({ scene: 'c=1' }) });
  return response.headers.get('content-type') === 'image/png' ? 'image' : (((await response.json()) as Answer).errcode ?? 0);
};

describe('a log-in code', () => {
  it('tells the openid, without an errcode, as plain text', async () => {
    const user = sim.user();
    const answer = await logIn(user.loginCode());
    expect(answer).toMatchObject({ openid: user.openid, session_key: expect.any(String), type: 'text/plain', status: 200 });
    expect(answer).not.toHaveProperty('errcode');
  });

  it('is of one use, five minutes and one appid', async () => {
    const user = sim.user();
    const [used, foreign, old] = [user.loginCode(), user.loginCode(), user.loginCode()];
    await logIn(used);
    expect(await logIn(used)).toMatchObject({ errcode: 40163 });
    expect(await logIn(foreign, { appid: 'wx0000000000000000' })).toMatchObject({ errcode: 40029 });
    expect(await logIn(user.phoneCode('10000000001'))).toMatchObject({ errcode: 40029 });
    pass(299_999);
    expect(await logIn(old)).toMatchObject({ openid: user.openid });
    expect(await logIn(foreign)).toMatchObject({ openid: user.openid });
    const late = user.loginCode();
    pass(300_000);
    expect(await logIn(late)).toMatchObject({ errcode: 40029 });
  });

  it.each([[{ appid: '' }, 41002], [{ secret: '' }, 41004], [{ js_code: '' }, 41008], [{ appid: 'nothing' }, 40013], [{ secret: 'wrong' }, 40125]])('is refused with %j: %d', async (changes, errcode) => {
    expect(await logIn(sim.user().loginCode(), changes as Record<string, string>)).toMatchObject({ errcode, status: 200 });
  });

  it('is asked for by GET alone, and 100 times a minute by one person', async () => {
    expect(await post('/sns/jscode2session', { js_code: sim.user().loginCode() })).toMatchObject({ errcode: 41002 });
    const user = sim.user();
    for (let times = 0; times < 100; times += 1) await logIn(user.loginCode());
    expect(await logIn(user.loginCode())).toMatchObject({ errcode: 45011 });
    expect(await logIn(sim.user().loginCode())).toHaveProperty('openid');
    pass(60_000);
    expect(await logIn(user.loginCode())).toHaveProperty('openid');
  });
});

describe('the stable token', () => {
  it('is the same one until its last five minutes; then both work until the old one ends', async () => {
    const first = await askToken();
    expect(first).toMatchObject({ expires_in: 7200 });
    expect((first['access_token'] as string).length).toBe(512);
    pass(6_000_000);
    expect(await askToken()).toEqual({ access_token: first['access_token'], expires_in: 1200 });
    pass(900_000);
    const second = await askToken();
    expect(second).toMatchObject({ expires_in: 7200 });
    expect(second['access_token']).not.toBe(first['access_token']);
    expect([await draw(first['access_token'] as string), await draw(second['access_token'] as string)]).toEqual(['image', 'image']);
    pass(300_000);
    expect([await draw(first['access_token'] as string), await draw(second['access_token'] as string)]).toEqual([42001, 'image']);
  });

  it('dies when one is forced, which may be 30 seconds apart and 20 times a day', async () => {
    const held = await token();
    expect(await draw(held)).toBe('image');
    await askToken(true);
    expect(await draw(held)).toBe(40001);
    expect(await askToken(true)).toMatchObject({ errcode: 45009 });
    for (let times = 1; times < 20; times += 1) {
      pass(30_000);
      expect(await askToken(true)).toHaveProperty('access_token');
    }
    pass(30_000);
    expect(await askToken(true)).toMatchObject({ errcode: 45009 });
  });

  it('is none for another secret, and none of ours is refused', async () => {
    expect(await post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid: sim.settings.appId, secret: 'x' })).toMatchObject({ errcode: 40125 });
    expect(await post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid: 'wx1', secret: 'x' })).toMatchObject({ errcode: 40013 });
    expect(await draw('guessed')).toBe(40001);
    expect(await draw('')).toBe(41001);
  });
});

describe('a phone code', () => {
  it('belongs to one person, one use, and tells the number', async () => {
    const [user, other] = [sim.user(), sim.user()];
    const code = user.phoneCode('10000000009');
    const ask = async (openid: string): Promise<Answer> => post(`/wxa/business/getuserphonenumber?access_token=${await token()}`, { code, openid });
    expect(await ask(other.openid)).toMatchObject({ errcode: 40029 });
    expect(await ask(user.openid)).toMatchObject({ errcode: 0, phone_info: { purePhoneNumber: '10000000009', countryCode: 86, watermark: { appid: sim.settings.appId } } });
    expect(await ask(user.openid)).toMatchObject({ errcode: 40163 });
  });
});

it('knows the pages of the mini-program, and the documented ones are among them', () => {
  expect(MINI_PAGES).toEqual((JSON.parse(readFileSync('web/miniprogram/app.json', 'utf8')) as { pages: string[] }).pages);
  const named = readFileSync('docs/wechat.md', 'utf8').match(/web\/miniprogram\/pages\/[\w/-]+/g) ?? [];
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((page) => !MINI_PAGES.includes(page))).toEqual([]);
});

describe('a subscribe message', () => {
  const send = async (changes: object = {}): Promise<Answer> => post(`/cgi-bin/message/subscribe/send?access_token=${await token()}`, { touser: sim.user(undefined, 1).openid, template_id: 'meal-eaten', data: { thing1: { value: '午餐' } }, ...changes });

  it('takes one consent, and a refused one takes none', async () => {
    const user = sim.user();
    user.allow('meal-eaten');
    expect(await send({ data: { thing1: { value: '' } } })).toMatchObject({ errcode: 47003, errmsg: expect.stringContaining('data.thing1.value is empty') });
    expect(await send()).toMatchObject({ errcode: 0 });
    expect(await send()).toMatchObject({ errcode: 43101 });
    expect(user.messages).toHaveLength(1);
  });

  it.each<[object, number]>([
    [{ touser: 'nobody' }, 40003], [{ template_id: '' }, 40037], [{ page: '/pages/home' }, 41030], [{ page: 'pages/home/index' }, 41030], [{ page: `/${PAGE}` }, 41030], [{ page: `${PAGE}?page=inbox` }, 0], [{ page: PAGE }, 0], [{ data: '{"thing1":{"value":"午餐"}}' }, 47003],
    [{ data: { thing1: { value: '一二三四五六七八九十一二三四五六七八九十一' } } }, 47003], [{ data: { phrase1: { value: 'abc' } } }, 47003],
    [{ data: { number1: { value: '七' } } }, 47003], [{ data: { name1: { value: '一二三四五六七八九十一' } } }, 47003], [{ data: { unknown1: { value: 'x' } } }, 47003],
  ])('%j is answered by %d', async (changes, errcode) => {
    sim.user().allow('meal-eaten');
    expect(await send(changes)).toMatchObject({ errcode });
  });
});

describe('a mini-program code', () => {
  it('is an image, or an error as JSON', async () => {
    const held = await token();
    const ask = async (body: object) => post(`/wxa/getwxacodeunlimit?access_token=${held}`, body);
    expect(await draw(held)).toBe('image');
    expect(await ask({ scene: 'x'.repeat(33) })).toMatchObject({ errcode: 40129 });
    expect(await ask({ scene: 'a%20b' })).toMatchObject({ errcode: 40129 });
    for (const page of ['/pages/x', 'pages/x', `${PAGE}?page=inbox`]) expect(await ask({ scene: 'a', page })).toMatchObject({ errcode: 41030 });
  });
});

describe('a fault', () => {
  it('happens so often as it was switched, and is counted', async () => {
    sim.faults.set('code2session', { times: 2, failsBefore: true });
    const code = sim.user().loginCode();
    expect([await logIn(code), await logIn(code)]).toMatchObject([{ errcode: -1 }, { errcode: -1 }]);
    expect(await logIn(code)).toHaveProperty('openid');
    expect(sim.faults.seen('code2session', 'failsBefore')).toBe(2);
    sim.faults.set('code2session', { failsAfter: true });
    const done = sim.user().loginCode();
    expect(await logIn(done)).toMatchObject({ errcode: -1 });
    expect(await logIn(done)).toMatchObject({ errcode: 40163 });
    sim.faults.set('code2session', { errcode: 40226 });
    expect(await logIn(sim.user().loginCode())).toMatchObject({ errcode: 40226 });
  });

  it('can be a cut line, before or after the deed', async () => {
    const code = sim.user().loginCode();
    sim.faults.set('code2session', { lost: true });
    await expect(logIn(code)).rejects.toThrow();
    sim.faults.set('code2session', { dropsAnswer: true });
    await expect(logIn(code)).rejects.toThrow();
    expect(await logIn(code)).toMatchObject({ errcode: 40163 });
  });

  it('of a chance is the same again for the same seed', async () => {
    const draws = async (seed: string): Promise<string> => {
      const other = await startWechatSim({ clock, keys, seed, notifyFetch: () => Promise.resolve({ status: 200 }) });
      other.faults.set('query', { times: null, chance: 0.5, failsBefore: true });
      const met = Array.from({ length: 40 }, () => ('failsBefore' in other.faults.meet('query') ? '1' : '0')).join('');
      await other.close();
      return met;
    };
    const [first, again, other] = [await draws('a'), await draws('a'), await draws('b')];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(first).toMatch(/^(?=.*1)(?=.*0)/);
  });
});
