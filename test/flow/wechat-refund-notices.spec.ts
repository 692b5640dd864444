import { randomUUID } from 'node:crypto';
import { fen } from '../../src/kernel/index.js';
import { tradeNumber } from '../../src/payment/domain/index.js';
import { startWechatSim, type SimUser, type WechatSim } from '../../src/wechat-sim/index.js';
import { CITY, cityClock, TappingCity } from '../support/tapping-city.js';
import { FORGERIES, NoticeMaker, type Notice, type Resource } from '../support/wechat-notices.js';
import { giveMerchant, Seller, SUB_MCHID, workOff } from '../support/wechat-orders.js';

const clock = cityClock();
const maker = new NoticeMaker(clock);
let sim: WechatSim;
let city: TappingCity;
let seller: Seller;
let payer: SimUser;
let [orderId, otherOrderId, refundId] = ['', '', ''];
/** The last that WeChat sent; none reaches the service by itself. */
let caught: Notice | null = null;
let notice: Notice;
let resource: Resource;

beforeAll(async () => {
  sim = await startWechatSim({
    clock, keys: maker.keys, seed: 'refund notices',
    notifyFetch: async (_url, { headers, body }) => {
      caught = { headers, body };
      return { status: 200 };
    },
  });
  city = await TappingCity.start(undefined, undefined, { settings: { wechat: sim.settings }, clock });
  for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
  await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
  seller = new Seller(city);
  payer = sim.user();
  payer.balanceFen = 10_000;
  [orderId, otherOrderId] = [await paid(), await paid()];
  refundId = randomUUID();
  expect(await city.service.parts.transactor.run((tx) => seller.orders.refund(tx, { cityCode: CITY, refundId, orderId, fen: fen(300), reason: '退餐', by: 'staff:test' }))).toMatchObject({ ok: true });
  await work();
  await sim.deliver();
  if (caught === null) throw new Error('no notice came');
  notice = caught;
  resource = {
    sp_mchid: maker.keys.spMchid, sub_mchid: SUB_MCHID, out_trade_no: tradeNumber(CITY, orderId), transaction_id: '4200000000000001', out_refund_no: tradeNumber(CITY, refundId), refund_id: '5030000000000001', refund_status: 'SUCCESS',
    success_time: new Date(clock.now()).toISOString(), user_received_account: '支付用户零钱', amount: { total: 700, refund: 300, payer_total: 700, payer_refund: 300 },
  };
}, 120_000);

afterAll(async () => {
  await city?.close();
  await sim?.close();
});

const work = () => workOff(city, 'payment.');
const post = async ({ headers, body }: Notice, kind = 'refund') => (await city.service.app.inject({ method: 'POST', url: `/v1/wechat/notify/${kind}`, headers, payload: body })).statusCode;
const made = (change: Resource, options?: Parameters<NoticeMaker['make']>[2]): Notice => maker.make('refund', { ...resource, ...change }, options);

async function paid(): Promise<string> {
  const { orderId: id, prepayId } = await seller.sheet(payer);
  await sim.payOrder(prepayId, payer);
  clock.set(clock.now() + 30_000);
  await work();
  expect(await seller.read(id)).toMatchObject({ state: 'paid' });
  return id;
}

describe('F40: a notice of a refund', () => {
  it.each<[string, () => Notice]>([
    ...FORGERIES.map(([what, forge]): [string, () => Notice] => [what, () => forge({ notice, maker, now: clock.now(), again: (options) => made({}, options) })]),
    ['another amount', () => made({ amount: { total: 700, refund: 301 } })],
    ['no amount', () => made({ amount: {} })],
    ['another service provider', () => made({ sp_mchid: '1900000999' })],
    ['no service provider', () => made({ sp_mchid: undefined })],
    ['another receiver', () => made({ sub_mchid: '1900000999' })],
    ['no receiver', () => made({ sub_mchid: undefined })],
    ['another order of ours', () => made({ out_trade_no: tradeNumber(CITY, otherOrderId) })],
    ['an order of another city', () => made({ out_trade_no: tradeNumber('110100', orderId) })],
    ['a number of somebody else', () => made({ out_refund_no: '1217752501201407033233368018' })],
    ['a refund that is not here', () => made({ out_refund_no: tradeNumber(CITY, randomUUID()) })],
    ['a refund of a city that is not here', () => made({ out_refund_no: tradeNumber('110100', refundId) })],
    ['an order for a refund', () => made({ out_refund_no: tradeNumber(CITY, orderId) })],
    ['a state that is none', () => made({ refund_status: 'DONE' })],
    ['no number of WeChat\'s', () => made({ refund_id: undefined })],
    ['what a payment\'s tells', () => maker.make('refund', { ...resource, trade_state: 'SUCCESS', out_refund_no: undefined, refund_status: undefined })],
  ])('T08: with %s is refused, and nothing is done', async (_, mutated) => {
    const status = await post(mutated());
    expect([status >= 400 && status < 500, status]).toEqual([true, status]);
    expect(await work()).toBe(0);
    expect(await city.rows('SELECT FROM wechat_notice')).toEqual([]);
    expect([await seller.refundsOf(orderId), seller.refunded]).toEqual([['processing 300'], []]);
  });

  it('T08: at the address of payments is refused, and a payment\'s at its own', async () => {
    const payment = maker.make('payment', {
      sp_mchid: maker.keys.spMchid, sub_mchid: SUB_MCHID, sp_appid: maker.keys.appid, out_trade_no: tradeNumber(CITY, orderId), transaction_id: '4200000000000001', trade_type: 'JSAPI', trade_state: 'SUCCESS',
      success_time: new Date(clock.now()).toISOString(), payer: { sp_openid: payer.openid }, amount: { total: 700, currency: 'CNY' },
    });
    expect([await post(notice, 'payment'), await post(payment, 'refund')]).toEqual([400, 400]);
    expect(await city.rows('SELECT FROM wechat_notice')).toEqual([]);
    expect(await post(payment, 'payment')).toBe(200);
  });

  it('F40: that is WeChat\'s own is kept, and has one effect however often it comes', async () => {
    expect(await Promise.all([post(notice), post(notice), post(made({}))])).toEqual([200, 200, 200]);
    await work();
    expect([await post(notice), await work()]).toEqual([200, 0]);
    expect([await seller.refundsOf(orderId), seller.refunded, payer.balanceFen]).toEqual([['done 300'], [300], 8_900]);
  });

  it('F40: is believed only after WeChat was asked: one that tells of an end is none', async () => {
    sim.faults.set('refund', { refundEnds: 'ABNORMAL' });
    const id = randomUUID();
    await city.service.parts.transactor.run((tx) => seller.orders.refund(tx, { cityCode: CITY, refundId: id, orderId: otherOrderId, fen: fen(300), reason: '退餐', by: 'staff:test' }));
    await work();
    await sim.deliver();
    expect(await post(made({ out_trade_no: tradeNumber(CITY, otherOrderId), out_refund_no: tradeNumber(CITY, id) }))).toBe(200);
    await work();
    expect(await seller.refundsOf(otherOrderId)).toEqual(['stuck 300']);
  });
});
