import { cityClock } from '../support/staffed-city.js';
import { strangerPhone } from '../support/mini.js';
import { CITY, TappingCity } from '../support/tapping-city.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

let wechat: TestWechat;
let city: TappingCity;

beforeAll(async () => {
  const clock = cityClock();
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
}, 240_000);

afterAll(async () => {
  await city.close();
  await wechat.close();
});

it('a log-out without a body that calls itself JSON, as a mini-program sends it, ends the session', async () => {
  const phone = await strangerPhone(city);
  const { statusCode } = await city.service.app.inject({ method: 'POST', url: '/v1/mini/log-out', headers: { authorization: `Bearer ${phone.tokens.accessToken}`, 'content-type': 'application/json' } });
  expect(statusCode).toBeLessThan(300);
  expect((await phone.get('/v1/mini/me')).status).toBe(401);
});

it.each([
  ['a success that says errcode 0', { withErrcode0: true }, 200, undefined, undefined],
  ['-1', { errcode: -1 }, 503, 'wechat-away', /过一会儿再试.*食堂电话/],
  ['40226', { errcode: 40226 }, 403, 'wechat-user-blocked', /打助餐热线/],
  ['45011', { errcode: 45011 }, 429, 'wechat-minute-full', /过一分钟再试.*食堂电话/],
] as const)('a log-in says what WeChat means by %s, and goes on afterwards', async (_, fault, status, code, words) => {
  const user = wechat.sim.user();
  const ask = () => city.staffed.call('POST', '/v1/mini/log-in', { body: { cityCode: CITY, code: user.loginCode() } });
  wechat.sim.faults.set('code2session', fault);
  const { status: answered, body } = await ask();
  expect([answered, body.code]).toEqual([status, code]);
  if (words !== undefined) expect(body.title).toMatch(words);
  expect((await ask()).status).toBe(200);
});

it.each([
  ['a country as a number', {}, 200, undefined],
  ['a country as a text', { countryAsText: true }, 200, undefined],
  ['a watermark of another mini-program', { foreignWatermark: true }, 422, 'wechat-code-wrong'],
  ['45011', { errcode: 45011 }, 429, 'wechat-minute-full'],
] as const)('a telephone number with %s is taken as it should', async (_, fault, status, code) => {
  const user = wechat.sim.user();
  const phone = await strangerPhone(city, user.openid);
  wechat.sim.faults.set('phone', fault);
  const { status: answered, body } = await phone.post('/v1/mini/phone', { code: user.phoneCode('13812345678') });
  expect([answered, body.code]).toEqual([status, code]);
  expect((await phone.get('/v1/mini/me')).body.account.phone).toBe(status === 200 ? '138****5678' : null);
});
