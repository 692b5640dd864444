import { randomUUID } from 'node:crypto';
import { fen } from '../../src/kernel/index.js';
import { tradeNumber } from '../../src/payment/domain/index.js';
import { LookAtOrder } from '../../src/payment/look-at-order.js';
import { WECHAT, type Tx, type Wechat } from '../../src/platform/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { CITY, cityClock, MINUTE, type TappingCity } from '../support/tapping-city.js';
import { startSelling, SUB_MCHID, workOff, type Seller } from '../support/wechat-orders.js';
import type { TestWechat } from '../support/wechat.js';

const SECOND = 1_000;
const HOUR = 60 * MINUTE;
const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let seller: Seller;
let payer: SimUser;

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const later = (ms: number): void => clock.set(clock.now() + ms);
const work = () => workOff(city, 'payment.');
const orderOf = (orderId: string) => seller.read(orderId);
const refundsOf = (orderId: string) => seller.refundsOf(orderId);
const sheet = (amount?: number) => seller.sheet(payer, amount);
const prepay = (orderId: string) => seller.prepay(orderId, payer);
const charge = (form: object = {}) => seller.charge(payer, form);
const follow = (orderId: string) => seller.follow(orderId);
const noticesOf = (id: string) => city.rows('SELECT notice_id FROM wechat_notice WHERE about_id = $1', [id]);
const truth = (orderId: string) => wechat.sim.order(SUB_MCHID, tradeNumber(CITY, orderId));
const payerOf = () => ({ accountId: seller.accountId, openid: payer.openid });

async function paidSheet(amount?: number): Promise<string> {
  const { orderId, prepayId } = await sheet(amount);
  await wechat.sim.payOrder(prepayId, payer);
  await work();
  expect(await orderOf(orderId)).toMatchObject({ state: 'paid' });
  return orderId;
}

beforeAll(async () => {
  ({ wechat, city, seller } = await startSelling(clock));
}, 120_000);

afterAll(async () => {
  await city.close();
  await wechat.close();
});

beforeEach(() => {
  wechat.sim.faults.clear();
  wechat.tells(city.service.url);
  payer = wechat.sim.user();
  payer.balanceFen = 10_000;
  for (const list of [seller.paid, seller.closed, seller.refunded]) list.length = 0;
});

describe('an order for the sheet', () => {
  it('is paid once, and cannot be paid again', async () => {
    const orderId = await paidSheet();
    expect(seller.paid).toMatchObject([{ orderId, fen: 700, subMchId: SUB_MCHID, state: 'paid' }]);
    expect(await seller.orders.prepay(CITY, orderId, payerOf())).toEqual({ ok: false, code: 'pay-done' });
    expect(payer.balanceFen).toBe(9_300);
  });

  it('is shown again to who pays it, and to nobody else', async () => {
    const { orderId } = await sheet();
    await wechat.sim.payOrder(await prepay(orderId), payer);
    const { orderId: other } = await sheet();
    expect(await seller.orders.prepay(CITY, other, { accountId: randomUUID(), openid: payer.openid })).toEqual({ ok: false, code: 'pay-other-payer' });
    expect(await seller.orders.prepay(CITY, randomUUID(), payerOf())).toEqual({ ok: false, code: 'not-found' });
  });

  it('F40: is paid once when the notice comes twice at the same time', async () => {
    wechat.sim.faults.set('notify', { duplicate: true });
    const orderId = await paidSheet();
    expect(wechat.sim.faults.seen('notify', 'duplicate')).toBeGreaterThan(0);
    expect(await noticesOf(orderId)).toHaveLength(1);
    await work();
    expect(seller.paid.filter((one) => one.orderId === orderId)).toHaveLength(1);
  });

  it('F40: is paid when the notice comes before the order is answered', async () => {
    wechat.sim.faults.set('jsapi', { callbackFirst: true });
    const { orderId } = await sheet();
    expect(await noticesOf(orderId)).toHaveLength(1);
    await work();
    expect(seller.paid).toMatchObject([{ orderId }]);
  });

  it('F40: is found paid by asking when no notice ever comes', async () => {
    wechat.tells(null);
    const { orderId, prepayId } = await sheet();
    await wechat.sim.payOrder(prepayId, payer);
    later(30 * SECOND);
    await work();
    expect(await noticesOf(orderId)).toEqual([]);
    expect(seller.paid).toMatchObject([{ orderId }]);
  });

  it('F40: is paid once when asking was faster than the notice, and the refund\'s notice as well', async () => {
    wechat.sim.faults.set('notify', { delayMs: HOUR });
    const { orderId, prepayId } = await sheet();
    await wechat.sim.payOrder(prepayId, payer);
    later(30 * SECOND);
    await work();
    const refundId = randomUUID();
    expect(await run((tx) => seller.orders.refund(tx, { cityCode: CITY, refundId, orderId, fen: fen(200), reason: '少做一份', by: 'staff:test' }))).toMatchObject({ ok: true });
    await work();
    await wechat.sim.deliver();
    expect([await noticesOf(refundId), await noticesOf(orderId)]).toMatchObject([[{}], []]);
    await work();
    later(HOUR);
    await wechat.sim.deliver();
    expect(await noticesOf(orderId)).toHaveLength(1);
    await work();
    expect(seller.paid).toHaveLength(1);
    expect(seller.refunded).toEqual([200]);
    expect([await orderOf(orderId), await refundsOf(orderId), payer.balanceFen]).toMatchObject([{ state: 'paid', refundedFen: 200 }, ['done 200'], 9_500]);
  });

  it.each([{ wrongSignature: true }, { oldTimestamp: true }, { wrongSerial: true }, { signTest: true }, { truncatedCiphertext: true }])('F40: is paid by the next notice after one with %j', async (fault) => {
    wechat.sim.faults.set('notify', fault);
    const { orderId, prepayId } = await sheet();
    await wechat.sim.payOrder(prepayId, payer);
    expect([wechat.sim.callbacks.sent.at(-1)?.status, await noticesOf(orderId)]).toEqual([400, []]);
    await work();
    expect(seller.paid).toEqual([]);
    later(15 * SECOND);
    await wechat.sim.deliver();
    await work();
    expect(seller.paid).toMatchObject([{ orderId }]);
  });

  it('is closed half a minute after its end, and not paid after that', async () => {
    const { orderId, prepayId } = await sheet();
    later(15 * MINUTE);
    expect(await seller.orders.prepay(CITY, orderId, payerOf())).toEqual({ ok: false, code: 'pay-over' });
    await work();
    expect(seller.closed).toEqual([]);
    later(30 * SECOND);
    await work();
    expect(seller.closed).toMatchObject([{ orderId, state: 'closed', closedBy: 'expired' }]);
    await expect(wechat.sim.payOrder(prepayId, payer)).rejects.toThrow();
  });

  it('is closed at once when nobody wants it any more, also where WeChat has never heard of it', async () => {
    const { orderId, prepayId } = await sheet();
    await run((tx) => seller.orders.withdraw(tx, CITY, orderId, '取消预订'));
    await work();
    expect([await orderOf(orderId), truth(orderId)?.state]).toMatchObject([{ state: 'closed', closedBy: 'withdrawn' }, 'CLOSED']);
    await expect(wechat.sim.payOrder(prepayId, payer)).rejects.toThrow();
    const form = seller.sheetForm();
    await run((tx) => seller.orders.open(tx, form));
    await run((tx) => seller.orders.withdraw(tx, CITY, form.orderId, '取消预订'));
    await work();
    expect(await orderOf(form.orderId)).toMatchObject({ state: 'closed', closedBy: 'withdrawn' });
    expect(await seller.orders.prepay(CITY, form.orderId, payerOf())).toEqual({ ok: false, code: 'pay-over' });
  });

  it('gives everything back where it was paid while it was being withdrawn', async () => {
    const { orderId, prepayId } = await sheet();
    wechat.tells(null);
    await wechat.sim.payOrder(prepayId, payer);
    await run((tx) => seller.orders.withdraw(tx, CITY, orderId, '取消预订'));
    await work();
    await wechat.sim.deliver();
    later(MINUTE);
    await work();
    expect(seller.paid).toEqual([]);
    expect([await refundsOf(orderId), payer.balanceFen]).toEqual([['done 700'], 10_000]);
  });

  it('gives everything back where WeChat took money for what it had called closed', async () => {
    const form = seller.sheetForm();
    await run((tx) => seller.orders.open(tx, form));
    await run((tx) => seller.orders.withdraw(tx, CITY, form.orderId, '取消预订'));
    await work();
    const { pay } = city.service.app.get<Wechat>(WECHAT);
    const late = await pay.prepay({ subMchId: SUB_MCHID, outTradeNo: tradeNumber(CITY, form.orderId), description: form.description, fen: form.fen, openid: payer.openid, expiresAt: form.until });
    if (!late.ok) throw new Error(late.code);
    await wechat.sim.payOrder(late.value.prepayId, payer);
    await work();
    await wechat.sim.deliver();
    await work();
    expect(seller.paid).toEqual([]);
    expect([await orderOf(form.orderId), payer.balanceFen]).toMatchObject([{ state: 'paid', refundedFen: 700 }, 10_000]);
  });

  it('is not asked about in vain with every other one while WeChat is away', async () => {
    const orders = [await sheet(), await sheet(), await sheet(), await sheet()];
    wechat.sim.faults.set('query', { lost: true, times: null });
    const before = wechat.sim.faults.seen('query', 'lost');
    later(30 * SECOND);
    await work();
    expect(wechat.sim.faults.seen('query', 'lost') - before).toBe(1);
    wechat.sim.faults.clear();
    later(MINUTE);
    wechat.tells(null);
    for (const { prepayId } of orders) await wechat.sim.payOrder(prepayId, payer);
    await work();
    expect(seller.paid.map(({ orderId }) => orderId).sort()).toEqual(orders.map(({ orderId }) => orderId).sort());
  });

  it('may be asked for again where the answer was lost or was not WeChat\'s', async () => {
    for (const fault of [{ dropsAnswer: true }, { failsAfter: true }, { wrongSignature: true }, { failsBefore: true }]) {
      const form = seller.sheetForm();
      await run((tx) => seller.orders.open(tx, form));
      wechat.sim.faults.set('jsapi', fault);
      expect(await seller.orders.prepay(CITY, form.orderId, payerOf())).toEqual({ ok: false, code: 'wechat-away' });
      await wechat.sim.payOrder(await prepay(form.orderId), payer);
    }
    await work();
    expect(seller.paid).toHaveLength(4);
  });
});

describe('a charge by payment code', () => {
  it('is paid at once, and once however often and by how many it is asked for', async () => {
    const form = { ...seller.form(), authCode: payer.payCode() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => charge(form)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await charge({ ...form, authCode: payer.payCode() })).toMatchObject({ ok: true, value: { state: 'paid' } });
    expect(await charge({ ...form, fen: fen(800), authCode: payer.payCode() })).toEqual({ ok: false, code: 'id-taken' });
    expect([seller.paid.length, payer.balanceFen]).toEqual([1, 9_300]);
  });

  it.each([
    ['a code that is none', () => '123456', { ok: false, code: 'pay-code-form' }],
    ['a card in its place', () => '621234567890123456', { ok: false, code: 'pay-code-form' }],
    ['a code that nobody shows', () => '130000000000000000', { ok: true, value: { state: 'closed', why: 'code' } }],
    ['too little money', () => {
      payer.balanceFen = 699;
      return payer.payCode();
    }, { ok: true, value: { state: 'closed', why: 'not-enough' } }],
  ])('says what is wrong: %s', async (_, authCode, expected) => {
    const before = payer.balanceFen;
    expect(await charge({ authCode: authCode() })).toMatchObject(expected);
    expect([seller.paid, payer.balanceFen === before || payer.balanceFen === 699]).toEqual([[], true]);
  });

  it.each([{ failsAfter: true }, { dropsAnswer: true }, { wrongSignature: true }])('F41: is confirmed after %j, where the money was taken in truth', async (fault) => {
    wechat.sim.faults.set('codepay', fault);
    const form = seller.form();
    expect(await charge(form)).toMatchObject({ ok: true, value: { state: 'unknown' } });
    expect(await follow(form.orderId)).toBe('unknown');
    expect(seller.paid).toEqual([]);
    later(5 * SECOND);
    expect(await follow(form.orderId)).toBe('paid');
    expect([seller.paid.length, payer.balanceFen]).toEqual([1, 9_300]);
  });

  it('is taken back when WeChat has never heard of it, and no sooner than 15 seconds after it', async () => {
    wechat.sim.faults.set('codepay', { failsBefore: true });
    const form = seller.form();
    expect(await charge(form)).toMatchObject({ ok: true, value: { state: 'unknown' } });
    later(5 * SECOND);
    expect(await follow(form.orderId)).toBe('unknown');
    later(9 * SECOND);
    expect(await follow(form.orderId)).toBe('unknown');
    later(SECOND);
    expect(await follow(form.orderId)).toBe('reversing');
    expect(await follow(form.orderId)).toBe('closed');
    expect([seller.closed.length, payer.balanceFen]).toEqual([1, 10_000]);
  });

  it('F41: gives everything back where it reached WeChat only after it was taken back', async () => {
    wechat.sim.faults.set('codepay', { failsBefore: true });
    const form = seller.form();
    await charge(form);
    later(15 * SECOND);
    wechat.tells(null);
    expect([await follow(form.orderId), await follow(form.orderId), await city.rows('SELECT asked FROM wechat_order_event WHERE order_id = $1 ORDER BY seq DESC LIMIT 1', [form.orderId])]).toEqual(['reversing', 'closed', [{ asked: 'reverse' }]]);
    const answer = await city.service.app.get<Wechat>(WECHAT).pay.charge({ subMchId: SUB_MCHID, outTradeNo: tradeNumber(CITY, form.orderId), description: form.description, fen: form.fen, authCode: payer.payCode(), storeId: '1', deviceId: 'till-1' });
    await run((tx) => city.service.app.get(LookAtOrder).applyCharge(tx, CITY, form.orderId, answer));
    await work();
    await wechat.sim.deliver();
    expect([answer.ok, await orderOf(form.orderId), payer.balanceFen, seller.paid]).toMatchObject([true, { state: 'paid', refundedFen: 700 }, 10_000, []]);
  });

  it('F41: is taken back with its money when nobody answers, again and again until somebody does', async () => {
    wechat.sim.faults.set('codepay', { dropsAnswer: true });
    wechat.sim.faults.set('query', { failsBefore: true, times: null });
    wechat.sim.faults.set('reverse', { failsBefore: true, times: 2 });
    const form = seller.form();
    await charge(form);
    expect(payer.balanceFen).toBe(9_300);
    const states: string[] = [];
    for (let seconds = 0; seconds < 60; seconds += 5) {
      later(5 * SECOND);
      states.push(await follow(form.orderId));
    }
    wechat.sim.faults.clear();
    later(MINUTE);
    expect(await follow(form.orderId)).toBe('closed');
    expect(states).not.toContain('paid');
    const { madeAt = 0, revokedAt } = truth(form.orderId) ?? {};
    expect((revokedAt ?? 0) - madeAt).toBeGreaterThanOrEqual(15 * SECOND);
    expect([seller.paid, seller.closed.length, payer.balanceFen, wechat.sim.faults.seen('reverse', 'failsBefore')]).toEqual([[], 1, 10_000, 2]);
  });

  it('waits while the payer types, and asks every ten seconds', async () => {
    wechat.sim.faults.set('codepay', { userPaying: 2 });
    const form = seller.form();
    expect(await charge(form)).toMatchObject({ ok: true, value: { state: 'paying' } });
    later(9 * SECOND);
    expect(await follow(form.orderId)).toBe('paying');
    later(SECOND);
    expect(await follow(form.orderId)).toBe('paying');
    later(10 * SECOND);
    await follow(form.orderId);
    later(10 * SECOND);
    expect(await follow(form.orderId)).toBe('paid');
    expect([seller.paid.length, payer.balanceFen]).toEqual([1, 9_300]);
  });

  it('gives up after 45 seconds by itself, also when no till asks any more', async () => {
    wechat.sim.faults.set('codepay', { userPaying: null });
    const form = seller.form();
    await charge(form);
    for (const at of [10, 20, 30, 40, 44]) {
      later((at === 44 ? 4 : 10) * SECOND);
      await work();
      expect(await orderOf(form.orderId)).toMatchObject({ state: 'paying' });
    }
    later(SECOND);
    await work();
    later(5 * SECOND);
    await work();
    expect(await orderOf(form.orderId)).toMatchObject({ state: 'closed', closedBy: 'reversed' });
    wechat.sim.enterPassword(SUB_MCHID, tradeNumber(CITY, form.orderId));
    expect([seller.paid, seller.closed.length, payer.balanceFen]).toEqual([[], 1, 10_000]);
  });

  it('is reversed when the till does not want it any more, and given back where it was paid', async () => {
    wechat.sim.faults.set('codepay', { userPaying: null });
    const typing = seller.form();
    await charge(typing);
    await run((tx) => seller.orders.withdraw(tx, CITY, typing.orderId, '改收现金'));
    later(15 * SECOND);
    await work();
    later(5 * SECOND);
    await work();
    expect(await orderOf(typing.orderId)).toMatchObject({ state: 'closed', closedBy: 'reversed' });
    const paid = seller.form();
    await charge(paid);
    for (let times = 0; times < 2; times += 1) await run((tx) => seller.orders.withdraw(tx, CITY, paid.orderId, '撤销用餐'));
    await work();
    await wechat.sim.deliver();
    await work();
    expect([await refundsOf(paid.orderId), payer.balanceFen]).toEqual([['done 700'], 10_000]);
  });
});

describe('a day with every fault', () => {
  it('leaves no order unknown, charges nobody twice, and agrees with WeChat to the fen', async () => {
    const { faults } = wechat.sim;
    const half = { times: null, chance: 0.3 };
    faults.set('jsapi', { ...half, failsAfter: true });
    faults.set('codepay', { ...half, dropsAnswer: true });
    faults.set('query', { ...half, failsBefore: true });
    faults.set('close', { ...half, dropsAnswer: true });
    faults.set('reverse', { ...half, failsAfter: true });
    faults.set('refund', { ...half, failsAfter: true });
    faults.set('notify', { ...half, duplicate: true, delayMs: 20 * MINUTE });
    faults.set('refundNotify', { ...half, lost: true });
    const ids: string[] = [];
    payer.balanceFen = 1_000_000;
    for (let number = 0; number < 24; number += 1) {
      const form = seller.form({ fen: fen(100 + number) });
      ids.push(form.orderId);
      if (number % 2 === 0) {
        payer.needsPassword = number % 3 === 0;
        await charge({ ...form, authCode: payer.payCode() });
      } else {
        await run((tx) => seller.orders.open(tx, seller.sheetForm(form)));
        const asked = await seller.orders.prepay(CITY, form.orderId, payerOf());
        if (asked.ok && number % 3 !== 0) await wechat.sim.payOrder(asked.value.package.replace('prepay_id=', ''), payer);
      }
      if (number % 5 === 0) await run((tx) => seller.orders.withdraw(tx, CITY, form.orderId, '取消'));
    }
    for (const step of [...Array.from({ length: 30 }, () => 10 * SECOND), ...Array.from({ length: 20 }, () => 10 * MINUTE), ...Array.from({ length: 21 }, () => HOUR)]) {
      later(step);
      await work();
      await wechat.sim.deliver();
    }
    const rows = await city.rows<{ id: string; state: string; fen: number; refundedFen: number }>('SELECT order_id AS id, state, fen, refunded_fen AS "refundedFen" FROM wechat_order WHERE order_id = ANY ($1::uuid[])', [`{${ids.join(',')}}`]);
    expect(rows.filter(({ state }) => state !== 'paid' && state !== 'closed')).toEqual([]);
    for (const { id, state } of rows) expect([id, state, ['SUCCESS', 'REFUND'].includes(truth(id)?.state ?? 'none')]).toEqual([id, state, state === 'paid']);
    const kept = rows.reduce((sum, { state, fen: amount, refundedFen }) => sum + (state === 'paid' ? amount - refundedFen : 0), 0);
    expect(kept).toBeGreaterThan(0);
    expect(payer.balanceFen).toBe(1_000_000 - kept);
    expect(new Set(seller.paid.map(({ orderId }) => orderId)).size).toBe(seller.paid.length);
    for (const route of ['jsapi.failsAfter', 'codepay.dropsAnswer', 'query.failsBefore', 'notify.duplicate']) expect(faults.tally()[route]).toBeGreaterThan(0);
  }, 120_000);
});
