import { randomUUID } from 'node:crypto';
import { addDays, chinaDate, fen, SettableClock, systemClock, type Clock } from '../../src/kernel/index.js';
import { openLog, readSettings, type PayNotice, type SignedHeaders, type Wechat } from '../../src/platform/index.js';
import { openWechat } from '../../src/platform/wechat/index.js';
import type { SimUser, WechatSim } from '../../src/wechat-sim/index.js';
import { startWechatSim } from '../../src/wechat-sim/index.js';

/**
 * What our client and WeChat have to agree on. It runs against the simulator always. By hand it runs against the real
 * services as well, with real keys in the environment (docs/wechat.md) and an openid and a sub-merchant to order for:
 *
 *     WECHAT_CONTRACT=real WECHAT_CONTRACT_OPENID=… WECHAT_CONTRACT_SUB_MCHID=… npx jest test/flow/wechat-contract
 *
 * What needs somebody who pays, or a fault, is left out there: nothing is ever charged.
 */
const real = process.env['WECHAT_CONTRACT'] === 'real';
const itHere = real ? it.skip : it;

const NOON = Date.parse('2026-11-23T12:00:00+08:00');

let sim: WechatSim;
let wechat: Wechat;
let clock: Clock & { set?(at: number): void };
let user: SimUser;
let openid: string;
let subMchId: string;
const notices: { headers: SignedHeaders; body: Buffer }[] = [];

const newNo = (): string => randomUUID().replaceAll('-', '');
const inMinutes = (minutes: number): number => clock.now() + minutes * 60_000;
const pass = (ms: number): void => clock.set?.(clock.now() + ms);

beforeAll(async () => {
  if (real) {
    clock = systemClock;
    wechat = openWechat(readSettings(process.env).wechat, clock, openLog('warn'))!;
    [openid, subMchId] = [process.env['WECHAT_CONTRACT_OPENID']!, process.env['WECHAT_CONTRACT_SUB_MCHID']!];
    return;
  }
  clock = new SettableClock(NOON);
  sim = await startWechatSim({
    clock, seed: 'contract',
    notifyFetch: async (_url, { headers, body }) => {
      notices.push({ headers, body });
      return { status: 200 };
    },
  });
  wechat = openWechat(sim.settings, clock, openLog('silent'))!;
  user = sim.user();
  [openid, subMchId] = [user.openid, '1900000109'];
});

afterAll(() => sim?.close());
afterEach(() => {
  sim?.faults.clear();
  notices.length = 0;
});

async function placed(total = 700): Promise<{ outTradeNo: string; prepayId: string; expiresAt: number }> {
  const order = { outTradeNo: newNo(), expiresAt: inMinutes(15) };
  const answer = await wechat.pay.prepay({ ...order, subMchId, openid, description: '午餐一份', fen: fen(total) });
  if (!answer.ok) throw new Error(answer.code);
  return { ...order, prepayId: answer.value.prepayId };
}

describe('the mini-program’s services', () => {
  it('refuse a code that is none', async () => {
    expect(await wechat.mini.codeToSession('0a1b2c3d4e5f')).toMatchObject({ ok: false, code: 'wechat-code-wrong' });
  });

  itHere('know who logged in, once', async () => {
    const code = user.loginCode();
    expect(await wechat.mini.codeToSession(code)).toEqual({ ok: true, value: { openid: user.openid, unionid: null } });
    expect(await wechat.mini.codeToSession(code)).toMatchObject({ ok: false, code: 'wechat-code-wrong' });
  });

  itHere('let no code live longer than five minutes', async () => {
    const code = user.loginCode();
    pass(300_000);
    expect(await wechat.mini.codeToSession(code)).toMatchObject({ ok: false, code: 'wechat-code-wrong' });
  });

  itHere('tell a phone number to the account it belongs to', async () => {
    const other = sim.user();
    const code = user.phoneCode('10000000001');
    expect(await wechat.mini.phoneNumber(code, other.openid)).toMatchObject({ ok: false, code: 'wechat-code-wrong' });
    expect(await wechat.mini.phoneNumber(code, user.openid)).toEqual({ ok: true, value: { phone: '10000000001' } });
    expect(await wechat.mini.phoneNumber(code, user.openid)).toMatchObject({ ok: false, code: 'wechat-code-wrong' });
  });

  itHere('F42: ask for one new token when another system killed it, however many need it', async () => {
    await wechat.mini.programCode('s=1', 'web/miniprogram/pages/screen/screen');
    const before = sim.tokensAsked;
    sim.killToken();
    user.allow('template-of-a-meal');
    const message = { openid: user.openid, templateId: 'template-of-a-meal', data: { thing1: '午餐' } };
    const fates = await Promise.all([wechat.mini.send(message), ...Array.from({ length: 20 }, () => wechat.mini.programCode('s=1', 'web/miniprogram/pages/screen/screen'))]);
    expect(fates[0]).toEqual({ fate: 'sent', code: 0 });
    expect(fates.slice(1).every((one) => 'ok' in one && one.ok)).toBe(true);
    expect(sim.tokensAsked - before).toBe(1);
  });

  itHere('send one message for one consent', async () => {
    const message = { openid: user.openid, templateId: 'template-of-a-day', data: { thing1: '红烧肉', time2: '11:42', amount3: '7.00元' } };
    expect(await wechat.mini.send(message)).toEqual({ fate: 'spent', code: 43101 });
    user.allow(message.templateId);
    expect(await wechat.mini.send(message)).toEqual({ fate: 'sent', code: 0 });
    expect(await wechat.mini.send(message)).toEqual({ fate: 'spent', code: 43101 });
    expect(user.messages.at(-1)?.data).toEqual({ thing1: { value: '红烧肉' }, time2: { value: '11:42' }, amount3: { value: '7.00元' } });
  });
});

describe('an order of the mini-program', () => {
  it('is placed, asked for and closed', async () => {
    const { outTradeNo, prepayId } = await placed();
    expect(prepayId).toMatch(/^wx\w{20,62}$/);
    expect(await wechat.pay.queryOrder(subMchId, outTradeNo)).toMatchObject({ ok: true, value: { outTradeNo, subMchId, state: 'NOTPAY', transactionId: null } });
    expect(await wechat.pay.close(subMchId, outTradeNo)).toEqual({ ok: true, value: null });
    expect(await wechat.pay.queryOrder(subMchId, outTradeNo)).toMatchObject({ ok: true, value: { state: 'CLOSED' } });
  });

  it('is the same one when it is asked again with the same facts, and none with others', async () => {
    const { outTradeNo, expiresAt } = await placed(700);
    const again = { outTradeNo, subMchId, openid, description: '午餐一份', expiresAt };
    expect(await wechat.pay.prepay({ ...again, fen: fen(700) })).toMatchObject({ ok: true });
    expect(await wechat.pay.prepay({ ...again, fen: fen(800) })).toMatchObject({ ok: false, unsure: false });
    await wechat.pay.close(subMchId, outTradeNo);
  });

  it('that nobody placed is not there', async () => {
    expect(await wechat.pay.queryOrder(subMchId, newNo())).toMatchObject({ ok: false, code: 'ORDER_NOT_EXIST', unsure: false });
  });

  itHere('is paid, told, asked for and given back in parts, to the fen', async () => {
    const { outTradeNo, prepayId } = await placed(700);
    const before = user.balanceFen;
    await sim.payOrder(prepayId, user);
    expect(user.balanceFen).toBe(before - 700);
    const paid = await readNotice(notices[0]);
    expect(paid).toMatchObject({ kind: 'paid', trade: { outTradeNo, subMchId, state: 'SUCCESS', fen: 700, payerOpenid: openid, paidAt: clock.now() } });
    expect(await wechat.pay.queryOrder(subMchId, outTradeNo)).toEqual({ ok: true, value: (paid as PayNotice & { kind: 'paid' }).trade });
    const refund = { subMchId, outTradeNo, outRefundNo: newNo(), fen: fen(300), paidFen: fen(700), reason: '取消预订' };
    expect(await wechat.pay.refund(refund)).toMatchObject({ ok: true, value: { state: 'PROCESSING', fen: 300 } });
    await sim.deliver();
    expect(await readNotice(notices[1])).toMatchObject({ kind: 'refund', refund: { outRefundNo: refund.outRefundNo, state: 'SUCCESS', fen: 300 } });
    expect(await wechat.pay.refund(refund)).toMatchObject({ ok: true, value: { state: 'SUCCESS', fen: 300 } });
    expect(await wechat.pay.queryRefund(subMchId, refund.outRefundNo)).toMatchObject({ ok: true, value: { state: 'SUCCESS', outTradeNo } });
    expect(await wechat.pay.refund({ ...refund, outRefundNo: newNo(), fen: fen(401) })).toMatchObject({ ok: false, unsure: false });
    expect(user.balanceFen).toBe(before - 400);
  });

  itHere('of which no answer came may be done, and a query tells', async () => {
    for (const fault of [{ failsAfter: true }, { dropsAnswer: true }, { wrongSignature: true }, { oldTimestamp: true }, { wrongSerial: true }]) {
      const outTradeNo = newNo();
      sim.faults.set('jsapi', fault);
      expect(await wechat.pay.prepay({ outTradeNo, subMchId, openid, description: '午餐一份', fen: fen(700), expiresAt: inMinutes(15) })).toMatchObject({ ok: false, unsure: true });
      expect(await wechat.pay.queryOrder(subMchId, outTradeNo)).toMatchObject({ ok: true, value: { state: 'NOTPAY' } });
    }
  });
});

/** A notice as the client reads it. */
async function readNotice(raw: { headers: SignedHeaders; body: Buffer } | undefined): Promise<PayNotice | string> {
  const outcome = await wechat.pay.readNotice(raw!.headers, raw!.body);
  return outcome.ok ? outcome.value : outcome.code;
}

describe('a callback', () => {
  itHere('is refused where anything of it is not WeChat Pay’s own', async () => {
    for (const fault of [{ wrongSignature: true }, { oldTimestamp: true }, { wrongSerial: true }, { signTest: true }, { truncatedCiphertext: true }]) {
      const { prepayId } = await placed();
      sim.faults.set('notify', fault);
      await sim.payOrder(prepayId, user);
      expect(await readNotice(notices.at(-1))).toBe('notice-wrong');
    }
  });
});

describe('the platform certificate', () => {
  itHere('of merchants from before the public key is fetched by its serial, and verifies answers and callbacks', async () => {
    sim.signBy('platform certificate');
    try {
      const { outTradeNo, prepayId } = await placed();
      await sim.payOrder(prepayId, user);
      expect(notices[0]?.headers['wechatpay-serial']).toMatch(/^5[0-9A-F]{39}$/);
      expect(await readNotice(notices[0])).toMatchObject({ kind: 'paid', trade: { outTradeNo } });
    } finally {
      sim.signBy('public key');
    }
  });
});

describe('a payment code', () => {
  const charge = (authCode: string, total: number) => ({ subMchId, outTradeNo: newNo(), description: '午餐一份', fen: fen(total), authCode, storeId: 'site-1', deviceId: 'till-1' });

  itHere('pays at once, and the charge is taken back after fifteen seconds', async () => {
    const before = user.balanceFen;
    const asked = charge(user.payCode(), 900);
    expect(await wechat.pay.charge(asked)).toMatchObject({ ok: true, value: { state: 'SUCCESS', fen: 900 } });
    expect(await wechat.pay.reverse(subMchId, asked.outTradeNo)).toMatchObject({ ok: false });
    pass(15_000);
    expect(await wechat.pay.reverse(subMchId, asked.outTradeNo)).toEqual({ ok: true, value: null });
    expect(await wechat.pay.reverse(subMchId, asked.outTradeNo)).toEqual({ ok: true, value: null });
    expect(await wechat.pay.queryOrder(subMchId, asked.outTradeNo)).toMatchObject({ ok: true, value: { state: 'REVOKED' } });
    expect(user.balanceFen).toBe(before);
  });

  itHere('is of one use, as is the number it is charged under', async () => {
    const code = user.payCode();
    const asked = charge(code, 900);
    await wechat.pay.charge(asked);
    expect(await wechat.pay.charge(charge(code, 900))).toMatchObject({ ok: false, code: 'AUTH_CODE_EXPIRE' });
    expect(await wechat.pay.charge({ ...asked, authCode: user.payCode() })).toMatchObject({ ok: false, code: 'ORDERPAID' });
  });

  itHere('waits for the password above 1,000 yuan', async () => {
    const asked = charge(user.payCode(), 100_001);
    expect(await wechat.pay.charge(asked)).toMatchObject({ ok: true, value: { state: 'USERPAYING' } });
    expect(await wechat.pay.queryOrder(subMchId, asked.outTradeNo)).toMatchObject({ ok: true, value: { state: 'USERPAYING' } });
    expect(await wechat.pay.queryOrder(subMchId, asked.outTradeNo)).toMatchObject({ ok: true, value: { state: 'SUCCESS' } });
  });

  itHere('may have paid though the answer was an error', async () => {
    sim.faults.set('codepay', { failsAfter: true });
    const asked = charge(user.payCode(), 900);
    expect(await wechat.pay.charge(asked)).toEqual({ ok: false, code: 'SYSTEM_ERROR', unsure: true });
    expect(await wechat.pay.queryOrder(subMchId, asked.outTradeNo)).toMatchObject({ ok: true, value: { state: 'SUCCESS' } });
  });
});

describe('the bill of a day', () => {
  it('is text with its columns, or there was no trade', async () => {
    if (!real) pass(86_400_000);
    const answer = await wechat.pay.tradeBill(addDays(chinaDate(clock.now()), -1), subMchId);
    expect(answer).toMatchObject({ ok: true });
    if (answer.ok && (answer.value !== null || !real)) expect(answer.value).toMatch(/^\uFEFF?交易时间,公众账号ID,商户号,/);
  });

  itHere('is not taken where a part is missing', async () => {
    sim.faults.set('billFile', { halfFile: true });
    expect(await wechat.pay.tradeBill(addDays(chinaDate(clock.now()), -1), subMchId)).toMatchObject({ ok: false, unsure: true });
  });
});

