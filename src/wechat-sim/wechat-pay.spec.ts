import { createHash, createPublicKey, createSign, createVerify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SettableClock } from '../kernel/index.js';
import { startWechatSim, type SimOptions, type SimUser, type WechatSim } from './index.js';
import { makeKeys } from './sim-keys.js';

const NOON = Date.parse('2026-11-23T12:00:00+08:00');
const keys = makeKeys();
const SUB = '1900000109';

let sim: WechatSim;
let clock: SettableClock;
let user: SimUser;
/** Status that the service answers callbacks with, and when it was called. */
let serviceAnswers: number;
let called: { at: number; id: string }[];
let numbers = 0;

const options = (more: SimOptions = {}): SimOptions => ({
  clock, keys, seed: 'pay', ...more,
  notifyFetch: (_url, { body }) => {
    called.push({ at: clock.now(), id: (JSON.parse(body.toString()) as { id: string }).id });
    return Promise.resolve({ status: serviceAnswers });
  },
});

beforeEach(async () => {
  clock = new SettableClock(NOON);
  [serviceAnswers, called] = [200, []];
  sim = await startWechatSim(options());
  user = sim.user();
});
afterEach(() => sim.close());

const pass = (ms: number): void => clock.set(clock.now() + ms);
const newNo = (): string => `order-${String((numbers += 1)).padStart(8, '0')}`;

interface Changes {
  readonly mchid?: string;
  readonly serial?: string;
  readonly at?: number;
  readonly signedBody?: string;
  readonly authorization?: string;
}

/** A request as a merchant signs it, written apart from the client of the product. */
async function ask(method: 'GET' | 'POST', path: string, fields?: object, changes: Changes = {}): Promise<{ status: number; body: Record<string, unknown>; bytes: Buffer; headers: Headers }> {
  const body = fields === undefined ? '' : JSON.stringify(fields);
  const timestamp = String(Math.floor((changes.at ?? clock.now()) / 1000));
  const signature = createSign('RSA-SHA256').update(`${method}\n${path}\n${timestamp}\nnonce\n${changes.signedBody ?? body}\n`).sign(keys.merchantKey, 'base64');
  const authorization = changes.authorization ?? `WECHATPAY2-SHA256-RSA2048 mchid="${changes.mchid ?? keys.spMchid}",nonce_str="nonce",timestamp="${timestamp}",serial_no="${changes.serial ?? keys.merchantSerial}",signature="${signature}"`;
  const response = await fetch(`${sim.url}${path}`, { method, headers: { authorization, accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'spec' }, ...(method === 'POST' ? { body } : {}) });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, body: isJson ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : {}, bytes, headers: response.headers };
}

const orderFields = (outTradeNo: string, changes: object = {}): object => ({
  sp_appid: keys.appid, sp_mchid: keys.spMchid, sub_mchid: SUB, description: '午餐一份', out_trade_no: outTradeNo, notify_url: 'https://canteen.test/notify',
  amount: { total: 700, currency: 'CNY' }, payer: { sp_openid: user.openid }, ...changes,
});
const place = (outTradeNo: string, changes: object = {}) => ask('POST', '/v3/pay/partner/transactions/jsapi', orderFields(outTradeNo, changes));
const queryOrder = (no: string) => ask('GET', `/v3/pay/partner/transactions/out-trade-no/${no}?sp_mchid=${keys.spMchid}&sub_mchid=${SUB}`);
const close = (no: string) => ask('POST', `/v3/pay/partner/transactions/out-trade-no/${no}/close`, { sp_mchid: keys.spMchid, sub_mchid: SUB });
const charge = (no: string, code: string, changes: object = {}) => ask('POST', '/v3/pay/partner/transactions/codepay', {
  sp_appid: keys.appid, sp_mchid: keys.spMchid, sub_mchid: SUB, description: '午餐一份', out_trade_no: no, amount: { total: 700 }, payer: { auth_code: code }, scene_info: { store_info: { out_id: 's1' } }, ...changes,
});
const reverse = (no: string) => ask('POST', `/v3/pay/partner/transactions/out-trade-no/${no}/reverse`, { sp_appid: keys.appid, sp_mchid: keys.spMchid, sub_mchid: SUB });
const refund = (no: string, outRefundNo: string, fen: number, changes: object = {}) => ask('POST', '/v3/refund/domestic/refunds', {
  sub_mchid: SUB, out_trade_no: no, out_refund_no: outRefundNo, notify_url: 'https://canteen.test/refund', amount: { refund: fen, total: 700, currency: 'CNY' }, ...changes,
});

async function paid(no = newNo()): Promise<string> {
  await sim.payOrder((await place(no)).body['prepay_id'] as string, user);
  return no;
}

describe('a signature', () => {
  it('of WeChat stands on every answer, over its very bytes', async () => {
    const { headers, bytes } = await place(newNo());
    const signed = `${headers.get('wechatpay-timestamp')}\n${headers.get('wechatpay-nonce')}\n${bytes.toString()}\n`;
    expect(headers.get('wechatpay-serial')).toBe(keys.publicKeyId);
    expect(createVerify('RSA-SHA256').update(signed).verify(createPublicKey(keys.wechatKey), headers.get('wechatpay-signature') ?? '', 'base64')).toBe(true);
  });

  it.each<[string, Changes]>([
    ['another merchant', { mchid: '1900000001' }], ['another certificate', { serial: 'AB12' }], ['six minutes ago', { at: NOON - 360_000 }], ['in six minutes', { at: NOON + 360_000 }],
    ['another body', { signedBody: '{}' }], ['another scheme', { authorization: 'Bearer token' }],
  ])('of the merchant is refused: %s', async (_, changes) => {
    const no = newNo();
    expect(await ask('POST', '/v3/pay/partner/transactions/jsapi', orderFields(no), changes)).toMatchObject({ status: 401, body: { code: 'SIGN_ERROR' } });
    expect(await queryOrder(no)).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_EXIST' } });
  });
});

describe('an order', () => {
  it.each<[string, object]>([
    ['no description', { description: '' }], ['a long description', { description: '饭'.repeat(128) }], ['a short number', { out_trade_no: 'abc' }], ['a number with a sign', { out_trade_no: 'abc.def.ghi' }],
    ['no fen', { amount: { total: 0 } }], ['half a fen', { amount: { total: 1.5 } }], ['dollars', { amount: { total: 1, currency: 'USD' } }], ['a stranger', { payer: { sp_openid: 'o-nobody' } }],
    ['a query behind the address', { notify_url: 'https://canteen.test/notify?x=1' }], ['an open address', { notify_url: 'http://canteen.test/notify' }], ['too soon an end', { time_expire: '2026-11-23T12:00:30+08:00' }],
    ['an end that is no time', { time_expire: 'tomorrow' }], ['a long attachment', { attach: 'x'.repeat(129) }],
  ])('is refused for %s', async (_, changes) => {
    expect(await place(newNo(), changes)).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } });
  });

  it('may be asked again with the same facts alone, until it is paid or closed', async () => {
    const no = newNo();
    const [first, again] = [await place(no), await place(no)];
    expect(again.body['prepay_id']).not.toBe(first.body['prepay_id']);
    expect(await place(no, { amount: { total: 701, currency: 'CNY' } })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await close(no)).toMatchObject({ status: 204 });
    expect(await place(no)).toMatchObject({ body: { code: 'ORDER_CLOSED' } });
    const paidNo = await paid();
    expect(await place(paidNo)).toMatchObject({ body: { code: 'ORDERPAID' } });
    expect(await close(paidNo)).toMatchObject({ body: { code: 'ORDERPAID' } });
  });

  it('is paid by who it is for, once, in time, with money', async () => {
    const sheet = async (changes: object = {}): Promise<string> => (await place(newNo(), changes)).body['prepay_id'] as string;
    await expect(sim.payOrder(await sheet(), sim.user())).rejects.toThrow('不是下单时的微信用户');
    const once = await sheet();
    await sim.payOrder(once, user);
    await expect(sim.payOrder(once, user)).rejects.toThrow('已经付过');
    const late = await sheet({ time_expire: '2026-11-23T12:05:00+08:00' });
    pass(300_000);
    await expect(sim.payOrder(late, user)).rejects.toThrow('过期');
    user.balanceFen = 699;
    await expect(sim.payOrder(await sheet(), user)).rejects.toThrow('余额不足');
  });

  it('is of its sub-merchant alone', async () => {
    const no = await paid();
    expect(await ask('GET', `/v3/pay/partner/transactions/out-trade-no/${no}?sp_mchid=${keys.spMchid}&sub_mchid=1900000999`)).toMatchObject({ status: 404 });
    expect(await ask('GET', `/v3/pay/partner/transactions/out-trade-no/${no}?sp_mchid=${keys.spMchid}`)).toMatchObject({ status: 400 });
    const { transaction_id: id } = (await queryOrder(no)).body;
    expect(await ask('GET', `/v3/pay/partner/transactions/id/${String(id)}?sp_mchid=${keys.spMchid}&sub_mchid=${SUB}`)).toMatchObject({ body: { out_trade_no: no, trade_state: 'SUCCESS' } });
  });

  it('of a merchant of its own goes by its own addresses and fields', async () => {
    const no = newNo();
    const { body } = await ask('POST', '/v3/pay/transactions/jsapi', { appid: keys.appid, mchid: keys.spMchid, description: '午餐', out_trade_no: no, notify_url: 'https://canteen.test/n', amount: { total: 5 }, payer: { openid: user.openid } });
    await sim.payOrder(body['prepay_id'] as string, user);
    expect(await ask('GET', `/v3/pay/transactions/out-trade-no/${no}?mchid=${keys.spMchid}`)).toMatchObject({ body: { appid: keys.appid, mchid: keys.spMchid, trade_state: 'SUCCESS', payer: { openid: user.openid } } });
  });
});

describe('a payment code', () => {
  it('is of one use and a minute, under a new number each time', async () => {
    const code = user.payCode();
    expect(code).toMatch(/^1[0-5]\d{16}$/);
    const no = newNo();
    expect(await charge(no, code)).toMatchObject({ status: 200, body: { trade_state: 'SUCCESS', trade_type: 'MICROPAY' } });
    expect(await charge(newNo(), code)).toMatchObject({ body: { code: 'AUTH_CODE_EXPIRE' } });
    const late = user.payCode();
    pass(60_000);
    const refused = newNo();
    expect(await charge(refused, late)).toMatchObject({ body: { code: 'AUTH_CODE_EXPIRE' } });
    expect(await charge(refused, user.payCode())).toMatchObject({ status: 403, body: { code: 'OUT_TRADE_NO_USED' } });
    expect(await charge(newNo(), '280000000000000000')).toMatchObject({ body: { code: 'AUTH_CODE_INVALID' } });
    expect(await charge(newNo(), user.payCode(), { scene_info: {} })).toMatchObject({ body: { code: 'PARAM_ERROR' } });
  });

  it('asks for the password above 1,000 yuan, from the eleventh of a day, and where the payer has it so', async () => {
    for (let times = 0; times < 10; times += 1) expect(await charge(newNo(), user.payCode())).toMatchObject({ body: { trade_state: 'SUCCESS' } });
    expect(await charge(newNo(), user.payCode())).toMatchObject({ body: { trade_state: 'USERPAYING' } });
    const other = sim.user();
    expect(await charge(newNo(), other.payCode(), { amount: { total: 100_000 } })).toMatchObject({ body: { trade_state: 'SUCCESS' } });
    expect(await charge(newNo(), other.payCode(), { amount: { total: 100_001 } })).toMatchObject({ body: { trade_state: 'USERPAYING' } });
    other.needsPassword = true;
    expect(await charge(newNo(), other.payCode())).toMatchObject({ body: { trade_state: 'USERPAYING' } });
  });

  it('waits for as many queries as a fault says, or for ever, and is then undone', async () => {
    sim.faults.set('codepay', { userPaying: 2 });
    const [no, never] = [newNo(), newNo()];
    await charge(no, user.payCode());
    const states = [await queryOrder(no), await queryOrder(no), await queryOrder(no)].map(({ body }) => body['trade_state']);
    expect(states).toEqual(['USERPAYING', 'USERPAYING', 'SUCCESS']);
    sim.faults.set('codepay', { userPaying: null });
    await charge(never, user.payCode());
    for (let times = 0; times < 9; times += 1) expect(await queryOrder(never)).toMatchObject({ body: { trade_state: 'USERPAYING' } });
    expect(await close(never)).toMatchObject({ status: 400 });
    expect(await reverse(never)).toMatchObject({ status: 400 });
    pass(15_000);
    expect(await reverse(never)).toMatchObject({ status: 200 });
    expect(await queryOrder(never)).toMatchObject({ body: { trade_state: 'REVOKED' } });
  });

  it('has to have the money', async () => {
    user.balanceFen = 699;
    const no = newNo();
    expect(await charge(no, user.payCode())).toMatchObject({ status: 403, body: { code: 'NOT_ENOUGH' } });
    expect(await queryOrder(no)).toMatchObject({ body: { trade_state: 'PAYERROR' } });
  });
});

describe('a refund', () => {
  it('is one for one number, never above what was paid, and gives the money back', async () => {
    const [no, before] = [await paid(), user.balanceFen];
    expect(await refund(no, 'r1', 500)).toMatchObject({ body: { status: 'PROCESSING' } });
    await sim.deliver();
    expect(await refund(no, 'r1', 500)).toMatchObject({ body: { status: 'SUCCESS' } });
    expect(await refund(no, 'r1', 499)).toMatchObject({ status: 400 });
    expect(await refund(no, 'r2', 201)).toMatchObject({ status: 400 });
    expect(await refund(no, 'r2', 200)).toMatchObject({ status: 200 });
    expect(await refund(no, 'r3', 1)).toMatchObject({ status: 400 });
    expect(await refund(no, 'r4', 1, { amount: { refund: 1, total: 600, currency: 'CNY' } })).toMatchObject({ status: 400 });
    expect(await queryOrder(no)).toMatchObject({ body: { trade_state: 'REFUND' } });
    expect(user.balanceFen).toBe(before + 700);
  });

  it('of what is unpaid, unknown or a year old is none', async () => {
    const no = newNo();
    await place(no);
    expect(await refund(no, 'u1', 1)).toMatchObject({ status: 400 });
    expect(await refund(newNo(), 'u2', 1)).toMatchObject({ status: 404 });
    const old = await paid();
    pass(366 * 86_400_000);
    expect(await refund(old, 'u3', 1)).toMatchObject({ status: 400 });
  });

  it('may need a person, or end without money', async () => {
    const [no, before] = [await paid(), user.balanceFen];
    for (const refundEnds of ['ABNORMAL', 'CLOSED'] as const) {
      sim.faults.set('refund', { refundEnds });
      await refund(no, `e-${refundEnds}`, 100);
      await sim.deliver();
      expect(await ask('GET', `/v3/refund/domestic/refunds/e-${refundEnds}?sub_mchid=${SUB}`)).toMatchObject({ body: { status: refundEnds } });
    }
    expect(user.balanceFen).toBe(before);
  });
});

describe('a callback', () => {
  it('comes again for 24 hours and 4 minutes, under one id, until it is answered well', async () => {
    serviceAnswers = 500;
    await paid();
    for (let tries = 0; tries < 30 && sim.callbacks.open > 0; tries += 1) {
      clock.set(sim.callbacks.nextAt ?? clock.now());
      await sim.deliver();
    }
    expect(called.slice(1).map(({ at }, index) => (at - (called[index]?.at ?? 0)) / 1000)).toEqual([15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600]);
    expect((called.at(-1)!.at - NOON) / 60_000).toBe(24 * 60 + 4);
    expect(new Set(called.map(({ id }) => id)).size).toBe(1);
    expect(sim.callbacks.givenUp).toBe(1);
    called = [];
    await paid();
    serviceAnswers = 204;
    pass(15_000);
    await sim.deliver();
    expect([called.length, sim.callbacks.open]).toEqual([2, 0]);
  });

  it('may come twice at once, later than the refund’s, before the answer of the order, or never', async () => {
    sim.faults.set('notify', { duplicate: true });
    await paid();
    expect(called).toHaveLength(2);
    called = [];
    sim.faults.set('notify', { delayMs: 60_000 });
    const no = await paid();
    expect(called).toHaveLength(0);
    await refund(no, 'late', 100);
    await sim.deliver();
    expect(sim.callbacks.sent.at(-1)?.route).toBe('refundNotify');
    pass(60_000);
    await sim.deliver();
    expect(sim.callbacks.sent.at(-1)?.route).toBe('notify');
    called = [];
    sim.faults.set('jsapi', { callbackFirst: true, delayMs: 50 });
    await place(newNo());
    expect(called).toHaveLength(1);
    called = [];
    sim.faults.set('notify', { times: null, lost: true });
    await paid();
    expect(called).toHaveLength(0);
  });
});

describe('the bill of a day', () => {
  const bill = (date: string, more = '') => ask('GET', `/v3/bill/tradebill?bill_date=${date}&sub_mchid=${SUB}&bill_type=ALL&tar_type=GZIP${more}`);

  it('is there from ten o’clock of the next day, with back-ticks, to the fen, under its SHA1', async () => {
    const [first, second] = [await paid(), await paid()];
    await refund(first, 'bill-1', 300);
    const undone = newNo();
    await charge(undone, user.payCode());
    pass(20_000);
    await reverse(undone);
    expect(await bill('2026-11-23')).toMatchObject({ status: 400 });
    clock.set(Date.parse('2026-11-24T09:59:59+08:00'));
    expect(await bill('2026-11-23')).toMatchObject({ body: { code: 'STATEMENT_CREATING' } });
    pass(1_000);
    const { body } = await bill('2026-11-23');
    const { pathname, search } = new URL(body['download_url'] as string);
    const file = await ask('GET', `${pathname}${search}`);
    expect(file.headers.get('wechatpay-signature')).toBeNull();
    const text = gunzipSync(file.bytes).toString('utf8');
    expect(createHash('sha1').update(text).digest('hex')).toBe(body['hash_value']);
    const lines = text.replace('\uFEFF', '').trimEnd().split('\r\n').map((line) => line.split(','));
    expect(lines.slice(1, -2).every((cells) => cells.length === 27 && cells.every((cell) => cell.startsWith('`')))).toBe(true);
    expect(lines.slice(1, -2).map((cells) => [cells[6], cells[9], cells[24], cells[25]].join(' '))).toEqual([
      `\`${first} \`SUCCESS \`7.00 \`0.00`, `\`${second} \`SUCCESS \`7.00 \`0.00`, `\`${undone} \`SUCCESS \`7.00 \`0.00`, `\`${first} \`REFUND \`0.00 \`3.00`, `\`${undone} \`REVOKED \`0.00 \`7.00`,
    ]);
    expect(lines.at(-1)).toEqual(['`5', '`21.00', '`10.00', '`0.00', '`0.00000', '`21.00', '`10.00']);
  });

  it('of a day without trade, or too long ago, is none', async () => {
    clock.set(Date.parse('2026-11-25T12:00:00+08:00'));
    expect(await bill('2026-11-23')).toMatchObject({ body: { code: 'NO_STATEMENT_EXIST' } });
    expect(await bill('2026-01-23')).toMatchObject({ body: { code: 'PARAM_ERROR' } });
    expect(await ask('GET', '/v3/billdownload/file?token=guessed')).toMatchObject({ status: 404 });
  });
});

describe('a restart', () => {
  it('keeps people, orders and unanswered callbacks', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'wechat-sim-'));
    try {
      await sim.close();
      sim = await startWechatSim(options({ dataDir }));
      user = sim.user(undefined, 1);
      serviceAnswers = 500;
      const [no, balance] = [await paid(), user.balanceFen];
      await sim.close();
      sim = await startWechatSim(options({ dataDir, seed: 'another' }));
      expect(await queryOrder(no)).toMatchObject({ body: { trade_state: 'SUCCESS', payer: { sp_openid: sim.user(undefined, 1).openid } } });
      expect(sim.user(undefined, 1).balanceFen).toBe(balance);
      serviceAnswers = 200;
      pass(15_000);
      await sim.deliver();
      expect(new Set(called.map(({ id }) => id)).size).toBe(1);
      expect(sim.callbacks.open).toBe(0);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
