import { addDays, chinaDate, chinaInstant, fen } from '../../src/kernel/index.js';
import { tradeNumber } from '../../src/payment/domain/index.js';
import { WECHAT, type Tx, type Wechat } from '../../src/platform/index.js';
import type { Fault, SimUser } from '../../src/wechat-sim/index.js';
import { CITY, cityClock, MINUTE, type TappingCity } from '../support/tapping-city.js';
import { startSelling, SUB_MCHID, workOff, type Seller } from '../support/wechat-orders.js';
import type { TestWechat } from '../support/wechat.js';

const SECOND = 1_000;
const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let seller: Seller;
let payer: SimUser;

beforeAll(async () => {
  ({ wechat, city, seller } = await startSelling(clock));
}, 120_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

beforeEach(() => {
  wechat.sim.faults.clear();
  wechat.tells(null);
  payer = wechat.sim.user();
  payer.balanceFen = 10_000;
  for (const list of [seller.paid, seller.closed, seller.refunded]) list.length = 0;
});

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const later = (ms: number): void => clock.set(clock.now() + ms);
const work = () => workOff(city, 'payment.');
const fail = (route: 'codepay' | 'query' | 'close' | 'reverse' | 'refund', fault: Fault) => wechat.sim.faults.set(route, { times: null, ...fault });
const truth = (orderId: string) => wechat.sim.order(SUB_MCHID, tradeNumber(CITY, orderId));
const withdraw = (orderId: string) => run((tx) => seller.orders.withdraw(tx, CITY, orderId, '取消'));
const byHand = (orderId: string, amount: number) => wechat.sim.refundByHand(SUB_MCHID, tradeNumber(CITY, orderId), amount);
const isWithdrawn = async (orderId: string) => (await city.rows<{ withdrawn: boolean }>('SELECT withdrawn FROM wechat_order WHERE order_id = $1', [orderId]))[0]?.withdrawn;

/** The looks and refunds of the next minutes. */
async function settle(): Promise<void> {
  for (let times = 0; times < 4; times += 1) {
    await work();
    await wechat.sim.deliver();
    later(MINUTE);
  }
}

/** A charge that took the money, of which nothing was heard until it is being taken back. */
async function reversing(): Promise<string> {
  const form = seller.form();
  fail('codepay', { dropsAnswer: true });
  fail('query', { failsBefore: true });
  await seller.charge(payer, form);
  later(15 * SECOND);
  expect([await seller.follow(form.orderId), payer.balanceFen, truth(form.orderId)?.state]).toEqual(['reversing', 9_300, 'SUCCESS']);
  wechat.sim.faults.clear();
  return form.orderId;
}

describe('F41: a charge that WeChat does not take back', () => {
  it.each<[string, number]>([['TRADE_ERROR', 400], ['INVALID_REQUEST', 400], ['NO_AUTH', 403], ['REVERSE_EXPIRE', 400]])('F41: for good, with %s, is given back by a refund, and counted as unpaid', async (code, status) => {
    const orderId = await reversing();
    fail('reverse', { code, status });
    expect(await seller.follow(orderId)).toBe('paid');
    expect([await isWithdrawn(orderId), await seller.refundsOf(orderId), seller.paid]).toEqual([true, ['asked 700'], []]);
    await settle();
    expect([await seller.refundsOf(orderId), payer.balanceFen, await seller.read(orderId), seller.refunded]).toMatchObject([['done 700'], 10_000, { state: 'paid', refundedFen: 700 }, [700]]);
    expect(await city.rows('SELECT asked, heard FROM wechat_order_event WHERE order_id = $1 ORDER BY seq DESC LIMIT 1', [orderId])).toEqual([{ asked: 'reverse', heard: code }]);
  });

  it.each<Fault>([{ code: 'FREQUENCY_LIMITED', status: 429 }, { code: 'NO_AUTH', status: 403, wrongSignature: true }, { failsBefore: true }])('F41: with %j, is asked to be again until it is', async (fault) => {
    const orderId = await reversing();
    fail('reverse', { ...fault, times: 2 });
    for (let times = 0; times < 2; times += 1) {
      expect(await seller.follow(orderId)).toBe('reversing');
      later(5 * SECOND);
    }
    expect([await seller.follow(orderId)]).toEqual(['reversing']);
    later(5 * SECOND);
    expect([await seller.follow(orderId), truth(orderId)?.state, payer.balanceFen, await seller.refundsOf(orderId)]).toEqual(['closed', 'REVOKED', 10_000, []]);
  });

  it('F41: and that nobody can pay any more either, ends ten minutes after its time', async () => {
    fail('codepay', { failsBefore: true });
    const form = seller.form();
    await seller.charge(payer, form);
    fail('reverse', { code: 'NO_AUTH', status: 403 });
    for (let times = 0; times < 5; times += 1) {
      later(2 * MINUTE);
      await work();
      expect(await seller.read(form.orderId)).toMatchObject({ state: 'reversing' });
    }
    later(11 * MINUTE);
    await work();
    expect([await seller.read(form.orderId), payer.balanceFen]).toMatchObject([{ state: 'closed', closedBy: 'expired' }, 10_000]);
  });
});

describe('an order that WeChat refuses to close for good', () => {
  it.each<[string, boolean, string]>([['that nobody wants', true, 'withdrawn'], ['whose time is over', false, 'expired']])('%s, ends once it cannot be paid any more, and not before', async (_, isUnwanted, closedBy) => {
    const { orderId } = await seller.sheet(payer);
    if (isUnwanted) await withdraw(orderId);
    fail('close', { code: 'INVALID_REQUEST', status: 400 });
    for (let times = 0; times < 6; times += 1) {
      await work();
      expect((await seller.read(orderId))?.state).not.toBe('closed');
      later(4 * MINUTE);
    }
    later(11 * MINUTE);
    await work();
    expect([await seller.read(orderId), seller.closed.length]).toMatchObject([{ state: 'closed', closedBy }, 1]);
  });

  it('is looked at again where the refusal says that it was paid', async () => {
    const { orderId, prepayId } = await seller.sheet(payer);
    fail('close', { code: 'ORDERPAID', status: 400, times: 1 });
    later(40 * MINUTE);
    await work();
    expect(await seller.read(orderId)).toMatchObject({ state: 'unknown' });
    clock.set(clock.now() - 30 * MINUTE);
    await wechat.sim.payOrder(prepayId, payer);
    later(45 * MINUTE);
    await work();
    expect(await seller.read(orderId)).toMatchObject({ state: 'paid' });
  });
});

describe('F40: what the merchant gives back on WeChat\'s own page', () => {
  const CHARGES = { sheet: async () => {
    const { orderId, prepayId } = await seller.sheet(payer);
    await wechat.sim.payOrder(prepayId, payer);
    return orderId;
  }, code: async () => {
    const form = seller.form();
    fail('codepay', { dropsAnswer: true });
    await seller.charge(payer, form);
    return form.orderId;
  } };

  it.each(['sheet', 'code'] as const)('F40: before we know of the payment, by %s, leaves it paid', async (way) => {
    const orderId = await CHARGES[way]();
    byHand(orderId, 300);
    await wechat.sim.deliver();
    expect([truth(orderId)?.state, payer.balanceFen]).toEqual(['REFUND', 9_600]);
    later(30 * SECOND);
    await work();
    expect([await seller.read(orderId), seller.paid, seller.closed]).toMatchObject([{ state: 'paid' }, [{ orderId }], []]);
  });

  it('F40: of what was closed here is heard, and what is left has to be seen to by a person', async () => {
    const form = seller.sheetForm();
    await run((tx) => seller.orders.open(tx, form));
    await withdraw(form.orderId);
    await work();
    expect(await seller.read(form.orderId)).toMatchObject({ state: 'closed' });
    const late = await city.service.app.get<Wechat>(WECHAT).pay.prepay({ subMchId: SUB_MCHID, outTradeNo: tradeNumber(CITY, form.orderId), description: form.description, fen: fen(700), openid: payer.openid, expiresAt: form.until });
    if (!late.ok) throw new Error(late.code);
    await wechat.sim.payOrder(late.value.prepayId, payer);
    byHand(form.orderId, 300);
    wechat.tells(city.service.url);
    later(15 * SECOND);
    await wechat.sim.deliver();
    await work();
    expect([await seller.read(form.orderId), await seller.refundsOf(form.orderId), seller.paid]).toMatchObject([{ state: 'paid' }, ['stuck 700'], []]);
    expect(await city.rows(`SELECT subject FROM alert WHERE kind = 'payment' AND resolved_at IS NULL`)).toEqual([{ subject: 'refunds-stuck' }]);
  });

  it('F40: of what is being taken back is not taken back a second time', async () => {
    const orderId = await reversing();
    byHand(orderId, 700);
    await wechat.sim.deliver();
    expect([await seller.follow(orderId), await isWithdrawn(orderId), seller.paid]).toEqual(['paid', true, []]);
    await settle();
    expect([payer.balanceFen, await seller.refundsOf(orderId)]).toEqual([10_000, ['stuck 700']]);
  });

  it('F40: stands in the bill as what nobody here knows of', async () => {
    clock.setTo(addDays(chinaDate(clock.now()), 1), 11 * 60);
    const day = chinaDate(clock.now());
    const orderId = await CHARGES.sheet();
    later(30 * SECOND);
    await work();
    byHand(orderId, 300);
    await wechat.sim.deliver();
    clock.set(chinaInstant(addDays(day, 1), 10 * 60 + 20));
    await workOff(city, 'reconciliation.');
    const { body } = await city.staffed.call('GET', `/v1/payments/reconciliations?date=${day}`, { token: await city.staffed.tokenOf('first') });
    expect(body.items).toMatchObject([{ theirPaidFen: 700, theirRefundFen: 300, ownPaidFen: 700, ownRefundFen: 0, differences: [{ kind: 'unknownHere', orderId, theirFen: 300, ownFen: null, isOpen: true }] }]);
  });
});

describe('F41: a refusal that WeChat has not signed', () => {
  const forged = (code: string, status = 400): Fault => ({ code, status, wrongSignature: true, times: 1 });

  it('F41: of a charge closes nothing: it is asked about', async () => {
    fail('codepay', forged('NOT_ENOUGH', 403));
    const form = seller.form();
    expect(await seller.charge(payer, form)).toMatchObject({ ok: true, value: { state: 'unknown' } });
    expect(seller.closed).toEqual([]);
    later(15 * SECOND);
    expect([await seller.follow(form.orderId), await seller.follow(form.orderId), seller.closed.length]).toEqual(['reversing', 'closed', 1]);
  });

  it.each<Fault>([forged('ORDER_NOT_EXIST', 404), forged('ORDER_NOT_EXIST', 500)])('F41: of a reversal does not end it: %j', async (fault) => {
    const orderId = await reversing();
    fail('reverse', fault);
    fail('query', { ...fault, times: 1 });
    expect([await seller.follow(orderId), payer.balanceFen]).toEqual(['reversing', 9_300]);
    later(5 * SECOND);
    await seller.follow(orderId);
    later(5 * SECOND);
    expect([await seller.follow(orderId), payer.balanceFen, seller.closed.length]).toEqual(['closed', 10_000, 1]);
  });

  it.each(['ORDER_CLOSED', 'ORDER_NOT_EXIST'])('of closing does not close: %s', async (code) => {
    const { orderId } = await seller.sheet(payer);
    await withdraw(orderId);
    fail('close', forged(code));
    await work();
    expect([(await seller.read(orderId))?.state, truth(orderId)?.state]).toEqual(['unknown', 'NOTPAY']);
    later(MINUTE);
    await work();
    expect([(await seller.read(orderId))?.state, truth(orderId)?.state]).toEqual(['closed', 'CLOSED']);
  });

  it('of a refund needs nobody: it is asked for again', async () => {
    const { orderId, prepayId } = await seller.sheet(payer);
    await wechat.sim.payOrder(prepayId, payer);
    later(30 * SECOND);
    await work();
    fail('refund', forged('NO_AUTH', 403));
    await withdraw(orderId);
    await work();
    expect(await seller.refundsOf(orderId)).toEqual(['asked 700']);
    later(MINUTE);
    await settle();
    expect([await seller.refundsOf(orderId), payer.balanceFen]).toEqual([['done 700'], 10_000]);
  });
});
