import { randomUUID } from 'node:crypto';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';
import { childPhone, elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { CITY, cityClock, MINUTE, TappingCity, type TestTill } from '../support/tapping-city.js';
import { giveMerchant, Seller, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const [DAY, TOMORROW] = [civilDate('2024-12-03'), civilDate('2024-12-04')];
/** The last thing that is said: whom to call. */
const CALL = /(?:打食堂电话|打电话给社区|拨打 12345)[^，；。]*。$/;

interface Refused {
  readonly status: number;
  readonly body: { readonly code?: string; readonly title?: string; readonly sentence?: string };
}

const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let till: TestTill;
let [first, siteId] = ['', ''];
let seller: Seller;

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  siteId = city.sites[0] as string;
  for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
  await city.staffed.add('manager', ['canteenManager'], '371502', siteId);
  first = await city.staffed.tokenOf('first');
  await giveMerchant(city, first, await city.staffed.tokenOf('second'));
  seller = new Seller(city);
  till = await city.till();
}, 240_000);

afterAll(async () => {
  await city.close();
  await wechat.close();
});

const post = (token: string, path: string, body: object) => city.staffed.call('POST', path, { token, body: { id: randomUUID(), ...body } });
const redeem = (code: string): Promise<Refused> => till.send('/v1/till/codes', { code, mealPeriod: 'lunch' });
const book = ({ phone, elderId }: { phone: TestPhone; elderId: string }, more: object = {}) =>
  phone.post('/v1/mini/bookings', { id: randomUUID(), elderId, siteId, mealDate: TOMORROW, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'atMeal', ...more });
const bindKin = (phone: TestPhone, bindingCode: string): Promise<Refused> => phone.post('/v1/mini/kin', { id: randomUUID(), bindingCode, name: '张小明', relation: 'child', phone: '13800001234' });

async function person() {
  const { elderId, card } = await city.elder();
  return { elderId, card, phone: await elderPhone(city, elderId) };
}

async function shownCode(): Promise<{ text: string; note: string }> {
  const { elderId, phone } = await person();
  const { text } = (await phone.post(`/v1/mini/elders/${elderId}/code`, {})).body;
  return { text, note: (await till.send('/v1/till/codes', { code: text, mealPeriod: 'lunch' })).body.note };
}

async function bindingCode(): Promise<string> {
  const { elderId, phone } = await person();
  return (await phone.post(`/v1/mini/elders/${elderId}/binding-code`, { id: randomUUID(), scopes: [] })).body.code;
}

/** The time of a case, and back: who is logged in by then is so for a quarter of an hour. */
async function at<T>(moment: number, work: () => Promise<T>): Promise<T> {
  const before = clock.now();
  clock.set(moment);
  try {
    return await work();
  } finally {
    clock.set(before);
  }
}

const cases: [string, string, () => Promise<Refused>][] = [
  ['an eating code that was used', 'code-used-up', async () => {
    const { text, note } = await shownCode();
    await till.tap({ credential: { kind: 'code', note } });
    return redeem(text);
  }],
  ['the same, told by the sale', 'code-used', async () => {
    const { note } = await shownCode();
    await till.tap({ credential: { kind: 'code', note } });
    return till.tap({ credential: { kind: 'code', note } });
  }],
  ['an eating code of nobody here', 'code-unknown', () => redeem(`YM1${'0'.repeat(32)}`)],
  ['an eating code that is over', 'code-over', async () => {
    const { text } = await shownCode();
    return at(clock.now() + MINUTE, () => redeem(text));
  }],
  ['a binding code that was used', 'binding-code-wrong', async () => {
    const code = await bindingCode();
    await bindKin(await strangerPhone(city), code);
    return bindKin(await strangerPhone(city), code);
  }],
  ['a binding code that is over', 'binding-code-wrong', async () => {
    const [code, phone] = [await bindingCode(), await strangerPhone(city)];
    return at(clock.now() + 10 * MINUTE, () => bindKin(phone, code));
  }],
  ['a binding whose consent has ended', 'consent-missing', async () => {
    const { elderId } = await city.elder();
    const phone = await childPhone(city, elderId, ['ordering'], DAY);
    return at(chinaInstant(TOMORROW, 0), async () => {
      await phone.logInAgain();
      return book({ phone, elderId });
    });
  }],
  ['a cut-off that has passed by a second', 'booking-closed', async () => {
    const elder = await person();
    return at(chinaInstant(TOMORROW, 9 * 60) + 1_000, async () => {
      await elder.phone.logInAgain();
      return book(elder);
    });
  }],
  ['a set that is sold out', 'booking-sold-out', async () => {
    await city.staffed.call('PUT', `/v1/bookings/sites/${siteId}/quotas`, { token: await city.staffed.tokenOf('manager'), body: { id: randomUUID(), mealDate: '2024-12-05', mealPeriod: 'lunch', portions: 1 } });
    expect((await book(await person(), { mealDate: '2024-12-05' })).status).toBe(200);
    return book(await person(), { mealDate: '2024-12-05' });
  }],
  ['a refund above what was paid by WeChat', 'pay-refund-above-paid', async () => {
    const payer = wechat.sim.user();
    payer.balanceFen = 10_000;
    const { orderId, prepayId } = await seller.sheet(payer, 1_250);
    await wechat.sim.payOrder(prepayId, payer);
    await workOff(city, 'payment.');
    return post(city.county, `/v1/wechat/orders/${orderId}/refunds`, { fen: 1_251, reason: '饭菜有问题' });
  }],
  ['a refund above the balance', 'refund-above-balance', async () => {
    const { elderId } = await city.elder();
    const { body } = await post(first, '/v1/prepaid/settings', { bankName: '聊城银行', documentNumber: '聊民〔2024〕1号', documentTitle: '助餐预付资金存管办法', firstDay: DAY, lastDay: null });
    await post(await city.staffed.tokenOf('second'), `/v1/prepaid/settings/${body.settingId}/decision`, { outcome: 'confirmed' });
    return post(city.county, `/v1/elders/${elderId}/prepaid/refunds`, { fen: 1, reason: '老人要求' });
  }],
];

describe('what is wrong is said in a sentence that an elder understands, and that ends with whom to call', () => {
  it.each(cases)('%s: %s', async (_, code, refused) => {
    const { body } = await refused();
    expect(body.code).toBe(code);
    const words = body.title ?? body.sentence ?? '';
    expect(words).toMatch(CALL);
    expect(words).not.toMatch(/\d ?分(?!钟)|\{|[A-Za-z]{2}/);
  });

  it('money in yuan, as it is spoken', async () => {
    const refused = await Promise.all(cases.filter(([, code]) => code.startsWith('pay-refund')).map(([, , of]) => of()));
    expect(refused.map(({ body }) => body.title)).toEqual([expect.stringContaining('还可退 12.5 元')]);
    expect(await city.rows('SELECT count(*)::int AS n FROM wechat_refund WHERE city_code = $1', [CITY])).toEqual([{ n: 0 }]);
  });
});
