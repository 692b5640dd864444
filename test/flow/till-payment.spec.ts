import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fen } from '../../src/kernel/index.js';
import { PayOrders } from '../../src/payment/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { lockTapIds } from '../../src/tap/index.js';
import type { Fault, SimUser } from '../../src/wechat-sim/index.js';
import { CITY, cityClock, TappingCity, type TestTill } from '../support/tapping-city.js';
import { giveMerchant, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const SECOND = 1_000;
const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let till: TestTill;
let payer: SimUser;
let [first, second] = ['', ''];

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  await city.staffed.add('first', ['cityOfficer']);
  await city.staffed.add('second', ['cityOfficer']);
  till = await city.till();
}, 120_000);

afterAll(async () => {
  await city.close();
  await wechat.close();
});

beforeEach(async () => {
  wechat.sim.faults.clear();
  [first, second, city.county] = [await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'), await city.staffed.tokenOf('county')];
  payer = wechat.sim.user();
  payer.balanceFen = 10_000;
});

const later = (ms: number): void => clock.set(clock.now() + ms);
const work = () => workOff(city, 'payment.');
const fail = (fault: Fault) => wechat.sim.faults.set('codepay', fault);
const catalogue = async () => (await till.send('/v1/till/catalogue')).body as { payCode?: boolean };

/** A sale to an elder of 12 yuan own share, to be paid by WeChat. */
async function sale(change: object = {}): Promise<string> {
  const { card } = await city.elder();
  const { body } = await till.tap({ card, tender: 'code', ...change });
  expect(body).toMatchObject({ outcome: 'accepted', selfPayFen: 1200 });
  return body.tapId;
}

const charge = (tapId: string, authCode = payer.payCode(), id = randomUUID(), at = till) => at.send(`/v1/till/taps/${tapId}/payment`, { id, authCode });
const state = async (tapId: string) => (await till.send(`/v1/till/taps/${tapId}/payment`)).body;
const takeBack = (tapId: string) => till.send(`/v1/taps/${tapId}/void`, { id: randomUUID(), reason: '微信没有付成' });
const orders = (tapId: string) => city.rows<{ state: string; refunded: number }>('SELECT state, refunded_fen AS refunded FROM wechat_order WHERE reference_id = $1 ORDER BY opened_at, order_id', [tapId]);

/** Looks at everything that is open, as the hours go on, until WeChat has nothing left to say. */
async function settle(): Promise<void> {
  for (let times = 0; times < 30; times += 1) {
    later(10 * SECOND);
    await work();
    if ((await city.rows('SELECT FROM wechat_order WHERE look_at IS NOT NULL UNION ALL SELECT FROM wechat_refund WHERE look_at IS NOT NULL')).length === 0) return;
  }
  throw new Error('something stays open');
}

describe('a payment code at the till', () => {
  it('is offered where the operator has a sub-merchant, and not before', async () => {
    expect((await catalogue()).payCode).toBeUndefined();
    const tapId = await sale();
    expect(await charge(tapId)).toMatchObject({ status: 409, body: { code: 'pay-not-here' } });
    await takeBack(tapId);
    await giveMerchant(city, first, second);
    expect((await catalogue()).payCode).toBe(true);
  });

  it('pays the own share, and the same asked again is the same charge', async () => {
    const tapId = await sale();
    expect(await state(tapId)).toMatchObject({ state: 'failed', sentence: expect.stringContaining('还没有收到付款码') });
    const [id, code] = [randomUUID(), payer.payCode()];
    expect(await charge(tapId, code, id)).toMatchObject({ status: 200, body: { state: 'paid' } });
    expect((await charge(tapId, code, id)).body.state).toBe('paid');
    expect((await charge(tapId)).body.state).toBe('paid');
    expect([payer.balanceFen, await orders(tapId)]).toEqual([8_800, [{ state: 'paid', refunded: 0 }]]);
  });

  it('is charged once though two codes come at once', async () => {
    for (let times = 0; times < 5; times += 1) {
      payer.balanceFen = 10_000;
      const tapId = await sale();
      const answers = await Promise.all([charge(tapId), charge(tapId)]);
      expect(answers.map(({ body }) => body.state ?? body.code).sort()).toEqual(expect.arrayContaining(['paid']));
      await settle();
      expect(payer.balanceFen).toBe(8_800);
      expect((await orders(tapId)).filter((order) => order.state === 'paid')).toHaveLength(1);
    }
  });

  it('waits while the elder types the password', async () => {
    fail({ userPaying: 2 });
    const tapId = await sale();
    expect((await charge(tapId)).body).toEqual({ state: 'open', sentence: '等待老人在手机上输入密码，不要重复扫。' });
    expect((await charge(tapId)).body.code).toBe('pay-under-way');
    later(10 * SECOND);
    expect((await state(tapId)).state).toBe('open');
    later(10 * SECOND);
    await state(tapId);
    later(10 * SECOND);
    expect((await state(tapId)).state).toBe('paid');
    expect(payer.balanceFen).toBe(8_800);
  });

  it.each<[string, Fault]>([
    ['an error with success behind it', { failsAfter: true }],
    ['an answer that was lost', { dropsAnswer: true }],
  ])('is paid in spite of %s, and charged once', async (_, fault) => {
    fail(fault);
    const tapId = await sale();
    expect((await charge(tapId)).body.state).toBe('open');
    expect((await charge(tapId)).body.code).toBe('pay-under-way');
    later(5 * SECOND);
    expect((await state(tapId)).state).toBe('paid');
    expect(payer.balanceFen).toBe(8_800);
  });

  it('that was refused took nothing, is said why, and another code pays', async () => {
    const tapId = await sale();
    payer.balanceFen = 100;
    expect((await charge(tapId)).body).toEqual({ state: 'failed', sentence: expect.stringMatching(/钱不够，没有扣款/) });
    payer.balanceFen = 10_000;
    const used = payer.payCode();
    expect((await charge(await sale(), used)).body.state).toBe('paid');
    expect((await charge(tapId, used)).body).toEqual({ state: 'failed', sentence: expect.stringMatching(/过期或用过，没有扣款/) });
    expect((await charge(tapId)).body.state).toBe('paid');
    expect(payer.balanceFen).toBe(10_000 - 2 * 1_200);
  });

  it('is for a sale of this terminal that asks for it, and must be a payment code', async () => {
    const other = await city.till(1);
    const tapId = await sale();
    const { card } = await city.elder();
    const cash = (await till.tap({ card })).body.tapId;
    expect((await charge(tapId, payer.payCode(), randomUUID(), other)).status).toBe(404);
    expect((await charge(randomUUID())).status).toBe(404);
    expect((await charge(cash)).body.code).toBe('pay-not-due');
    expect((await charge(tapId, '620000000000000000')).body.code).toBe('fields-wrong');
    await takeBack(tapId);
    expect((await charge(tapId)).body.code).toBe('already-voided');
    expect(payer.balanceFen).toBe(10_000);
  });
});

describe('a sale that is taken back', () => {
  it('gives back what was paid', async () => {
    const tapId = await sale();
    await charge(tapId);
    expect((await takeBack(tapId)).body).toMatchObject({ returnedFen: 1200, sentence: expect.stringContaining('原路退回，不退现金') });
    await settle();
    expect([payer.balanceFen, await orders(tapId)]).toEqual([10_000, [{ state: 'paid', refunded: 1200 }]]);
  });

  it('gives back what is paid only afterwards', async () => {
    fail({ dropsAnswer: true });
    const tapId = await sale();
    await charge(tapId);
    expect(payer.balanceFen).toBe(8_800);
    await takeBack(tapId);
    await settle();
    expect(payer.balanceFen).toBe(10_000);
  });

  it('ends a payment that nobody types a password for', async () => {
    fail({ userPaying: null });
    const tapId = await sale();
    expect((await charge(tapId)).body.state).toBe('open');
    await takeBack(tapId);
    await settle();
    expect([payer.balanceFen, (await orders(tapId))[0]?.state]).toEqual([10_000, 'closed']);
  });

  it('at the very moment of the charge leaves nobody charged, whichever comes first', async () => {
    for (let times = 0; times < 6; times += 1) {
      payer.balanceFen = 10_000;
      if (times % 2 === 1) fail({ dropsAnswer: true });
      const tapId = await sale();
      const [, back] = await Promise.all([charge(tapId), takeBack(tapId)]);
      expect(back.status).toBe(200);
      await settle();
      expect(payer.balanceFen).toBe(10_000);
    }
  });

  it('waits for its payment and its payment for it in one order, so that no transaction is begun anew', async () => {
    const transactors = [city.service.parts.transactor, city.service.parts.tapTransactor];
    const reruns = () => transactors.map((one) => one.reruns);
    const before = reruns();
    for (let times = 0; times < 12; times += 1) {
      payer.balanceFen = 10_000;
      fail({ dropsAnswer: true });
      const tapId = await sale();
      expect((await charge(tapId)).body.state).toBe('open');
      later(5 * SECOND);
      let back: ReturnType<typeof takeBack> | undefined;
      let looked: Promise<unknown> | undefined;
      const both = async () => {
        const first = times % 2 === 0;
        if (first) back = takeBack(tapId);
        await pause(100);
        looked = state(tapId);
        if (!first) back = takeBack(tapId);
        await pause(200);
      };
      // Held up for a moment at the sale, or at nothing, they meet halfway.
      if (times < 8) await transactors[0]?.run(async (tx) => {
        await lockTapIds(tx, CITY, [tapId]);
        await both();
      });
      else [back, looked] = [takeBack(tapId), state(tapId)];
      expect(await back).toMatchObject({ status: 200 });
      await looked;
      await settle();
      expect(payer.balanceFen).toBe(10_000);
    }
    expect(reruns()).toEqual(before);
  }, 60_000);

  it('gives back what a charge brings that had begun before', async () => {
    const tapId = await sale();
    await takeBack(tapId);
    const charged = await city.service.app.get(PayOrders).charge({
      cityCode: CITY, orderId: randomUUID(), purpose: 'tap', referenceId: tapId, elderId: null, siteId: till.siteId, fen: fen(1200), description: '幸福食堂助餐', authCode: payer.payCode(), deviceId: 'till',
    });
    expect([charged, payer.balanceFen]).toMatchObject([{ ok: true }, 8_800]);
    await settle();
    expect(payer.balanceFen).toBe(10_000);
  });

  it('asks for no money where none was taken by WeChat', async () => {
    const tapId = await sale();
    expect((await takeBack(tapId)).body.sentence).toBe('已撤销，请把老人实付的金额退还。');
  });
});

it('leaves books that hold', async () => {
  expect((await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)))).violations).toEqual([]);
});
