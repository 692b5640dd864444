import { randomUUID } from 'node:crypto';
import { fen } from '../../src/kernel/index.js';
import { tradeNumber } from '../../src/payment/domain/index.js';
import { PayOrders } from '../../src/payment/index.js';
import { Metrics, Transactor, type Tx } from '../../src/platform/index.js';
import { startWechatSim, type SimUser, type WechatSim } from '../../src/wechat-sim/index.js';
import { CITY, cityClock, MINUTE, OPERATOR, TappingCity } from '../support/tapping-city.js';
import { FORGERIES, NoticeMaker, type Notice, type Resource } from '../support/wechat-notices.js';
import { giveMerchant, Seller, SUB_MCHID, workOff } from '../support/wechat-orders.js';

const SECOND = 1_000;
const clock = cityClock();
const maker = new NoticeMaker(clock);
const { keys } = maker;
let sim: WechatSim;
let city: TappingCity;
let seller: Seller;
let orderId: string;
let notice: Notice;
let resource: Resource;
/** Whether what WeChat tells reaches the service by itself. */
let forwards = false;

beforeAll(async () => {
  let caught: Notice | null = null;
  sim = await startWechatSim({
    clock, keys, seed: 'notices',
    notifyFetch: async (url, { headers, body }) => {
      caught = { headers, body };
      return { status: forwards ? await post({ headers, body }, url.split('/').at(-1)) : 200 };
    },
  });
  city = await TappingCity.start(undefined, undefined, { settings: { wechat: sim.settings }, clock });
  await city.staffed.add('first', ['cityOfficer']);
  await city.staffed.add('second', ['cityOfficer']);
  await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
  seller = new Seller(city);
  const [payer, form, accountId] = [sim.user(), seller.form({ fen: fen(700) }), randomUUID()];
  orderId = form.orderId;
  await city.service.parts.transactor.run((tx) => seller.orders.open(tx, { ...form, purpose: 'booking', accountId, until: clock.now() + 60 * 24 * MINUTE }));
  const asked = await seller.orders.prepay(CITY, orderId, { accountId, openid: payer.openid });
  if (!asked.ok) throw new Error(asked.code);
  await sim.payOrder(asked.value.package.replace('prepay_id=', ''), payer);
  if (caught === null) throw new Error('no notice came');
  notice = caught;
  resource = {
    sp_mchid: keys.spMchid, sub_mchid: SUB_MCHID, sp_appid: keys.appid, out_trade_no: tradeNumber(CITY, orderId), transaction_id: '4200000000000001', trade_type: 'JSAPI', trade_state: 'SUCCESS',
    success_time: new Date(clock.now()).toISOString(), payer: { sp_openid: payer.openid }, amount: { total: 700, payer_total: 700, currency: 'CNY', payer_currency: 'CNY' },
  };
}, 120_000);

afterAll(async () => {
  await city.close();
  await sim.close();
});

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const work = () => workOff(city, 'payment.');
const post = async ({ headers, body }: Notice, kind = 'payment') => (await city.service.app.inject({ method: 'POST', url: `/v1/wechat/notify/${kind}`, headers, payload: body })).statusCode;

/** A notice as WeChat would make it, with something else in it. */
const made = (change: Resource, options?: Parameters<NoticeMaker['make']>[2]): Notice => maker.make('payment', { ...resource, ...change }, options);

describe('F40: a notice', () => {
  it.each<[string, () => Notice]>([
    ...FORGERIES.map(([what, forge]): [string, () => Notice] => [what, () => forge({ notice, maker, now: clock.now(), again: (options) => made({}, options) })]),
    ['another amount', () => made({ amount: { total: 1, currency: 'CNY' } })],
    ['another currency', () => made({ amount: { total: 700, currency: 'JPY' } })],
    ['another service provider', () => made({ sp_mchid: '1900000999' })],
    ['another mini-program', () => made({ sp_appid: 'wx0000000000000000' })],
    ['another receiver', () => made({ sub_mchid: '1900000999' })],
    ['an order that is not here', () => made({ out_trade_no: tradeNumber(CITY, randomUUID()) })],
    ['an order of a city that is not here', () => made({ out_trade_no: tradeNumber('110100', orderId) })],
    ['a number of somebody else', () => made({ out_trade_no: '1217752501201407033233368018' })],
    ['a refund that is not here', () => made({ out_refund_no: tradeNumber(CITY, randomUUID()), refund_id: '1', refund_status: 'SUCCESS', amount: { refund: 700, total: 700 } }, { event: { event_type: 'REFUND.SUCCESS' } })],
    ['a payment of a refund', () => maker.make('refund', resource)],
  ])('T08: with %s is refused, and nothing is done', async (_, mutated) => {
    const status = await post(mutated());
    expect([status >= 400 && status < 500, status]).toEqual([true, status]);
    expect(await workOff(city, 'payment.')).toBe(0);
    expect(await city.rows('SELECT FROM wechat_notice')).toEqual([]);
    expect(seller.paid).toEqual([]);
  });

  it('goes to its own address alone', async () => {
    expect([await post(notice, 'other'), await post(notice, 'refund')]).toEqual([400, 400]);
    expect(await city.rows('SELECT FROM wechat_notice')).toEqual([]);
  });

  it('that only asks whether signatures hold is answered', async () => {
    expect(await post(made({}, { event: { event_type: 'SECURITY_ECHO.SUCCESS' } }))).toBe(200);
    expect(await city.rows('SELECT FROM wechat_notice')).toEqual([]);
  });

  it('that is WeChat\'s own is kept as it came, answered, and has one effect however often it comes', async () => {
    expect(await Promise.all([post(notice), post(notice), post(notice)])).toEqual([200, 200, 200]);
    expect(await workOff(city, 'payment.')).toBe(1);
    const kept = await city.rows<{ body: Buffer; signed: string }>('SELECT body, signed FROM wechat_notice');
    expect(kept).toHaveLength(1);
    expect(kept[0]?.body.equals(notice.body)).toBe(true);
    expect(JSON.parse(kept[0]?.signed ?? '{}')).toMatchObject({ 'wechatpay-signature': notice.headers['wechatpay-signature'] });
    expect(seller.paid).toMatchObject([{ orderId, fen: 700 }]);
    clock.set(clock.now() + 299 * SECOND);
    expect([await post(notice), await workOff(city, 'payment.')]).toEqual([200, 0]);
    clock.set(clock.now() + 2 * SECOND);
    expect(await post(notice)).toBe(400);
    expect(seller.paid).toHaveLength(1);
  });

  it('is believed in what it says only after WeChat was asked: another number of the same payment changes nothing', async () => {
    expect(await post(made({ transaction_id: '4200000000000999' }))).toBe(200);
    await workOff(city, 'payment.');
    expect(seller.paid).toHaveLength(1);
    expect((await city.rows<{ id: string }>('SELECT transaction_id AS id FROM wechat_order'))[0]?.id).not.toBe('4200000000000999');
  });
});

describe('an order that stays open for more than a day', () => {
  it('is counted as overdue after 24 hours and ten minutes, and not before, and is an alert until it is at its end', async () => {
    await city.service.parts.transactor.run((tx) => seller.orders.open(tx, { ...seller.form(), purpose: 'booking', accountId: randomUUID(), until: clock.now() + 15 * MINUTE }));
    const overdue = async () => /xingfu_wechat_orders_overdue\{city="371500"\} (\d+)/.exec(await city.service.app.get(Metrics).text())?.[1];
    clock.set(clock.now() + (15 + 24 * 60 + 10) * MINUTE);
    expect(await overdue()).toBe('0');
    clock.set(clock.now() + SECOND);
    expect(await overdue()).toBe('1');
    sim.faults.set('query', { failsBefore: true, times: null });
    await workOff(city, 'payment.');
    const alerts = () => city.rows(`SELECT subject, count, resolved_at IS NULL AS open FROM alert WHERE kind = 'payment' ORDER BY opened_at`);
    expect(await alerts()).toEqual([{ subject: 'orders-overdue', count: 1, open: true }]);
    sim.faults.clear();
    clock.set(clock.now() + 10 * MINUTE);
    await workOff(city, 'payment.');
    expect(await overdue()).toBeUndefined();
    expect(await alerts()).toEqual([{ subject: 'orders-overdue', count: 1, open: false }]);
  });
});

describe('a refund', () => {
  let payer: SimUser;

  beforeAll(async () => {
    forwards = true;
    city.staffed.security = await city.staffed.tokenOf('security');
    city.county = await city.staffed.tokenOf('county');
  });

  beforeEach(() => {
    sim.faults.clear();
    payer = sim.user();
    payer.balanceFen = 10_000;
    seller.refunded.length = 0;
  });

  async function paidSheet(amount?: number): Promise<string> {
    const { orderId: paid, prepayId } = await seller.sheet(payer, amount);
    await sim.payOrder(prepayId, payer);
    await work();
    expect(await seller.read(paid)).toMatchObject({ state: 'paid' });
    return paid;
  }

  const ask = (id: string, amount: number, refundId = randomUUID()) => run((tx) => seller.orders.refund(tx, { cityCode: CITY, refundId, orderId: id, fen: fen(amount), reason: '退餐', by: 'staff:test' }));

  it('is never above what was paid, whoever asks and how often', async () => {
    const paid = await paidSheet(1_000);
    const refundId = randomUUID();
    expect(await ask(paid, 400, refundId)).toEqual({ ok: true, value: { refundId } });
    expect(await ask(paid, 400, refundId)).toEqual({ ok: true, value: { refundId } });
    expect(await ask(paid, 500, refundId)).toEqual({ ok: false, code: 'id-taken' });
    expect(await ask(paid, 601)).toEqual({ ok: false, code: 'pay-refund-above-paid', detail: { leftFen: 600 } });
    const many = await Promise.all(Array.from({ length: 4 }, () => ask(paid, 200)));
    expect(many.filter(({ ok }) => ok)).toHaveLength(3);
    await work();
    await sim.deliver();
    await work();
    expect([await seller.refundsOf(paid), payer.balanceFen, seller.refunded.length]).toEqual([['done 200', 'done 200', 'done 200', 'done 400'].sort(), 10_000, 4]);
    expect(await ask((await seller.sheet(payer)).orderId, 1)).toEqual({ ok: false, code: 'pay-not-paid' });
  });

  it('is paid out once when its answers are lost', async () => {
    const paid = await paidSheet();
    sim.faults.set('refund', { failsAfter: true, times: 2 });
    await ask(paid, 700);
    for (let times = 0; times < 4; times += 1) {
      await work();
      await sim.deliver();
      clock.set(clock.now() + MINUTE);
    }
    await work();
    expect([await seller.refundsOf(paid), payer.balanceFen, seller.refunded]).toEqual([['done 700'], 10_000, [700]]);
  });

  it('is given back without asking in vain for every other refund while WeChat is away', async () => {
    const ids = [await paidSheet(), await paidSheet(), await paidSheet()];
    sim.faults.set('refund', { lost: true, times: null });
    const before = sim.faults.seen('refund', 'lost');
    for (const orderId of ids) await run((tx) => seller.orders.withdraw(tx, CITY, orderId, '取消'));
    await work();
    expect(sim.faults.seen('refund', 'lost') - before).toBe(1);
    expect((await city.rows<{ looks: number }>('SELECT looks FROM wechat_refund WHERE order_id = ANY ($1::uuid[]) ORDER BY looks', [`{${ids.join(',')}}`])).map(({ looks }) => looks)).toEqual([0, 0, 1]);
    sim.faults.clear();
    clock.set(clock.now() + 5 * SECOND);
    await work();
    await sim.deliver();
    await work();
    expect([await Promise.all(ids.map((id) => seller.refundsOf(id))), payer.balanceFen]).toEqual([[['done 700'], ['done 700'], ['done 700']], 10_000]);
  });

  it.each(['NO_AUTH', 'SIGN_ERROR', 'HTTP_403'])('that WeChat refuses with %s before it has it is asked for again, under the same number', async (code) => {
    const paid = await paidSheet();
    sim.faults.set('refund', { status: 403, code, times: 2 });
    await ask(paid, 700);
    await work();
    expect(await seller.refundsOf(paid)).toEqual(['stuck 700']);
    const open = () => city.rows(`SELECT count FROM alert WHERE kind = 'payment' AND subject = 'refunds-stuck' AND resolved_at IS NULL`);
    expect(await open()).toEqual([{ count: 1 }]);
    for (let times = 0; times < 3; times += 1) {
      clock.set(clock.now() + MINUTE);
      await work();
      await sim.deliver();
    }
    await work();
    expect([await seller.refundsOf(paid), payer.balanceFen, seller.refunded]).toEqual([['done 700'], 10_000, [700]]);
    expect(await open()).toEqual([]);
  });

  it('that WeChat cannot pay out is shown to a person; one that it ends leaves the money to be given back anew', async () => {
    const paid = await paidSheet();
    sim.faults.set('refund', { refundEnds: 'CLOSED' });
    await ask(paid, 700);
    await work();
    await sim.deliver();
    await work();
    expect([await seller.refundsOf(paid), await seller.read(paid)]).toMatchObject([['failed 700'], { refundedFen: 0 }]);
    const unsettled = async () => (await city.staffed.call('GET', '/v1/wechat/unsettled', { token: city.county })).body.items;
    const alerts = () => city.rows(`SELECT subject, count FROM alert WHERE kind = 'payment' AND resolved_at IS NULL`);
    expect([await unsettled(), await alerts()]).toMatchObject([[{ orderId: paid, state: 'failed', fen: 700 }], [{ subject: 'refunds-stuck', count: 1 }]]);
    sim.faults.set('refund', { refundEnds: 'ABNORMAL' });
    await ask(paid, 700);
    await work();
    await sim.deliver();
    await work();
    expect([await unsettled(), await alerts()]).toMatchObject([[{ orderId: paid, state: 'stuck', fen: 700 }], [{ subject: 'refunds-stuck' }]]);
    expect([seller.refunded, payer.balanceFen]).toEqual([[], 9_300]);
  });

  it('is asked for by an officer with a reason, and refused to who has nothing to do with the canteen', async () => {
    const paid = await paidSheet();
    const post = (token: string, amount: number) => city.staffed.call('POST', `/v1/wechat/orders/${paid}/refunds`, { token, body: { id: randomUUID(), fen: amount, reason: '饭菜有问题' } });
    expect(await post(city.county, 701)).toMatchObject({ status: 409, body: { code: 'pay-refund-above-paid', detail: { leftFen: 700 } } });
    expect(await post(city.county, 300)).toMatchObject({ status: 200 });
    await city.staffed.add('elsewhere', ['countyOfficer'], '371521');
    expect(await post(await city.staffed.tokenOf('elsewhere'), 300)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    await work();
  });
});

describe('who takes the money', () => {
  it('is nobody any more once two officers have said so, and somebody else again after that', async () => {
    const officers = [await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second')] as const;
    const open = (form = seller.sheetForm()) => run((tx) => seller.orders.open(tx, form));
    const record = (operatorId: string, subMchId: string | null, id = randomUUID()) => city.staffed.call('POST', '/v1/wechat/merchants', { token: officers[0], body: { id, operatorId, subMchId } });
    const decide = (id: string, token: string) => city.staffed.call('POST', `/v1/wechat/merchants/${id}/decision`, { token, body: { id: randomUUID(), outcome: 'confirmed' } });
    expect((await record(randomUUID(), SUB_MCHID)).body).toMatchObject({ code: 'not-found' });
    const ended = randomUUID();
    expect((await record(OPERATOR, null, ended)).body).toMatchObject({ state: 'recorded' });
    expect((await decide(ended, officers[0])).body).toMatchObject({ code: 'maker-is-checker' });
    expect(await open()).toMatchObject({ ok: true });
    expect((await decide(ended, officers[1])).body).toMatchObject({ state: 'confirmed' });
    expect((await decide(ended, officers[1])).body).toMatchObject({ code: 'merchant-decided' });
    expect(await open()).toEqual({ ok: false, code: 'pay-not-here' });
    const merchantId = await giveMerchant(city, officers[1], officers[0], '1900000456');
    const form = seller.sheetForm();
    expect(await open(form)).toMatchObject({ ok: true });
    expect(await open({ ...form, fen: fen(701) })).toEqual({ ok: false, code: 'id-taken' });
    expect(await city.rows('SELECT sub_mchid AS sub FROM wechat_order WHERE order_id = $1', [form.orderId])).toEqual([{ sub: '1900000456' }]);
    expect((await city.staffed.call('GET', '/v1/wechat/merchants', { token: city.county })).body.items.map((one: { merchantId: string }) => one.merchantId).slice(0, 2)).toEqual([merchantId, ended]);
  });

  it('is nobody where WeChat is off: cards and the telephone still are', async () => {
    const off = new PayOrders(null, clock, city.service.app.get(Transactor), null as never);
    expect(await run((tx) => off.open(tx, seller.sheetForm()))).toEqual({ ok: false, code: 'wechat-off' });
    expect(await off.prepay(CITY, randomUUID(), { accountId: seller.accountId, openid: 'o' })).toEqual({ ok: false, code: 'wechat-off' });
    expect(await off.charge({ ...seller.form(), purpose: 'tap', authCode: sim.user().payCode(), deviceId: 'till-1' })).toEqual({ ok: false, code: 'wechat-off' });
  });
});
