import { randomUUID } from 'node:crypto';
import { addDays, chinaInstant, civilDate, fen, type CivilDate } from '../../src/kernel/index.js';
import { tradeNumber } from '../../src/payment/domain/index.js';
import { WECHAT, type Wechat } from '../../src/platform/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { PayWeek, type Report } from '../support/pay-week.js';
import { CITY, cityClock, TappingCity } from '../support/tapping-city.js';
import { giveMerchant, Seller, SUB_MCHID, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const FIRST_DAY = civilDate('2024-12-04');
const DAYS = 7;
const MEALS_A_DAY = 9;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let seller: Seller;
let payers: SimUser[];
const accountId = randomUUID();
let week: PayWeek;

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  await city.staffed.add('first', ['cityOfficer']);
  await city.staffed.add('second', ['cityOfficer']);
  await city.staffed.add('auditor', ['auditor']);
  await city.staffed.add('worker', ['communityWorker'], '371502001001');
  await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
  seller = new Seller(city);
  week = new PayWeek(city, wechat, ['payment.']);
  payers = Array.from({ length: 5 }, () => wechat.sim.user());
}, 120_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

const run = <T>(work: Parameters<typeof city.service.parts.transactor.run<T>>[0]): Promise<T> => city.service.parts.transactor.run(work);
const payerOf = (meal: number): SimUser => payers[meal % payers.length] as SimUser;

/** An order for the sheet: paid, or left alone until it ends. */
async function sheet(meal: number, isPaid: boolean): Promise<string> {
  const form = seller.form({ fen: fen(500 + meal) });
  await run((tx) => seller.orders.open(tx, { ...form, purpose: 'booking', accountId, until: clock.now() + 15 * MINUTE }));
  for (let tries = 0; tries < 4; tries += 1) {
    const asked = await seller.orders.prepay(CITY, form.orderId, { accountId, openid: payerOf(meal).openid });
    if (!asked.ok && asked.code === 'wechat-away') continue;
    if (asked.ok && isPaid) await wechat.sim.payOrder(asked.value.package.replace('prepay_id=', ''), payerOf(meal)).catch((error: Error) => expect(error.message).toContain('已经付过'));
    break;
  }
  return form.orderId;
}

/** A charge by payment code, asked about as a till does until it is at its end. */
async function charge(meal: number): Promise<string> {
  const form = seller.form({ fen: fen(900 + meal) });
  await seller.orders.charge({ ...form, purpose: 'tap', authCode: payerOf(meal).payCode(), deviceId: 'till-1' });
  for (let tries = 0; tries < 8; tries += 1) {
    const view = await seller.orders.follow(CITY, form.orderId);
    if (view.ok && (view.value.state === 'paid' || view.value.state === 'closed')) break;
    await week.later(5 * SECOND);
  }
  return form.orderId;
}

/** A charge that was paid, of which nothing is heard until it is taken back. */
async function takeBack(meal: number): Promise<void> {
  week.put('codepay', { dropsAnswer: true });
  week.put('query', { times: 5, failsBefore: true });
  await charge(meal);
}

const giveBack = (orderId: string, amount: number) => run((tx) => seller.orders.refund(tx, { cityCode: CITY, refundId: randomUUID(), orderId, fen: fen(amount), reason: '取消预订', by: 'system' }));

async function playDay(date: CivilDate, day: number): Promise<void> {
  clock.setTo(date, 11 * 60);
  for (let meal = 0; meal < MEALS_A_DAY; meal += 1) {
    week.stir();
    const order = meal % 3 === 0 ? await charge(day + meal) : await sheet(day + meal, meal % 9 !== 4);
    await week.later(20 * SECOND);
    week.stir();
    if (meal % 4 === 1) await giveBack(order, 100);
    if (meal % 9 === 7) await run((tx) => seller.orders.withdraw(tx, CITY, order, '食堂取消'));
    await week.later(40 * SECOND);
  }
  if (day === 1) await takeBack(day);
  // On one day no callback comes at all.
  if (day === 3) week.put('notify', { times: null, lost: true });
  await sheet(day, true);
  for (let step = 0; step < 6; step += 1) await week.later(10 * MINUTE);
  clock.setTo(date, 22 * 60);
  await week.later(0);
  await week.later(30 * MINUTE);
}

async function reportOf(date: CivilDate): Promise<Report> {
  const reports = await week.reportsOf(date);
  expect(reports).toHaveLength(1);
  return reports[0] as Report;
}

async function reconcile(date: CivilDate): Promise<Report> {
  await week.reconcile(date);
  return reportOf(date);
}

describe('a week of payments with every fault on', () => {
  const reports: Report[] = [];

  it('F40, F41, I22: agrees with the bill of each day, to the fen and line by line', async () => {
    for (let day = 0; day < DAYS; day += 1) {
      const date = addDays(FIRST_DAY, day);
      await playDay(date, day);
      const report = await reconcile(date);
      expect(report).toMatchObject({ fetchedAt: expect.any(String), differences: [] });
      expect([report.theirPaidFen - report.theirReversedFen, report.theirRefundFen]).toEqual([report.ownPaidFen, report.ownRefundFen]);
      expect(await week.violations()).toEqual([]);
      reports.push(report);
    }
    expect(reports.reduce((sum, { lines }) => sum + lines, 0)).toBeGreaterThan(DAYS * 6);
    expect(reports.some(({ theirReversedFen }) => theirReversedFen > 0)).toBe(true);
  }, 240_000);

  it('met every fault', () => expect(week.neverMet()).toEqual([]));

  it('left no order open, and each one as WeChat has it', async () => {
    const own = await city.rows<{ orderId: string; state: string; closedBy: string | null; fen: number }>('SELECT order_id AS "orderId", state, closed_by AS "closedBy", fen FROM wechat_order ORDER BY order_id');
    expect(own.length).toBeGreaterThanOrEqual(DAYS * (MEALS_A_DAY + 1));
    for (const { orderId, state } of own) {
      const theirs = wechat.sim.order(SUB_MCHID, tradeNumber(CITY, orderId));
      const paid = theirs?.paidAt !== null && theirs !== undefined && theirs.state !== 'REVOKED';
      expect([orderId, state]).toEqual([orderId, paid ? 'paid' : 'closed']);
    }
  });

  it('moved the payers’ money as the books say, once', async () => {
    const [{ paid } = { paid: 0 }] = await city.rows<{ paid: number }>(`SELECT coalesce(sum(fen), 0)::bigint AS paid FROM wechat_order WHERE state = 'paid'`);
    const [{ back } = { back: 0 }] = await city.rows<{ back: number }>(`SELECT coalesce(sum(fen), 0)::bigint AS back FROM wechat_refund WHERE state = 'done'`);
    expect(payers.reduce((sum, payer) => sum + (1_000_000 - payer.balanceFen), 0)).toBe(Number(paid) - Number(back));
    expect(seller.paid.map(({ orderId }) => orderId).sort()).toEqual([...new Set(seller.paid.map(({ orderId }) => orderId))].sort());
  });
});

describe('a bill that differs', () => {
  const [mended, lateDay, missing] = [addDays(FIRST_DAY, DAYS), addDays(FIRST_DAY, DAYS + 1), addDays(FIRST_DAY, DAYS + 3)];

  it('is told by what WeChat knows and we do not, and WeChat is asked, which mends it', async () => {
    wechat.sim.faults.clear();
    clock.setTo(mended, 11 * 60);
    wechat.sim.faults.set('notify', { times: null, lost: true });
    const orderId = await sheet(1, true);
    // Nobody asked for a day: jobs and callbacks were both away.
    clock.set(chinaInstant(addDays(mended, 1), 10 * 60 + 20));
    await workOff(city, 'reconciliation.');
    expect((await reportOf(mended)).differences).toEqual([expect.objectContaining({ kind: 'notPaidHere', orderId, wasThere: true, isOpen: true })]);
    expect((await week.violations()).map(({ id }) => id)).toEqual(['I22']);
    await workOff(city, 'payment.');
    expect((await reportOf(mended)).differences).toEqual([expect.objectContaining({ kind: 'notPaidHere', orderId, wasThere: true, isOpen: false })]);
    expect(await week.violations()).toEqual([]);
  });

  it('is told by what we took back and WeChat took all the same, and that goes back', async () => {
    const form = seller.form();
    wechat.sim.faults.clear();
    clock.setTo(lateDay, 11 * 60);
    wechat.sim.faults.set('codepay', { failsBefore: true });
    await seller.orders.charge({ ...form, purpose: 'tap', authCode: payerOf(3).payCode(), deviceId: 'till-1' });
    for (const pause of [15 * SECOND, 0]) {
      clock.set(clock.now() + pause);
      await seller.orders.follow(CITY, form.orderId);
    }
    wechat.sim.faults.set('notify', { times: null, lost: true });
    const before = payerOf(3).balanceFen;
    const { pay } = city.service.app.get<Wechat>(WECHAT);
    expect(await pay.charge({ subMchId: SUB_MCHID, outTradeNo: tradeNumber(CITY, form.orderId), description: form.description, fen: form.fen, authCode: payerOf(3).payCode(), storeId: '1', deviceId: 'till-1' })).toMatchObject({ ok: true });
    clock.set(chinaInstant(addDays(lateDay, 1), 10 * 60 + 20));
    await workOff(city, 'reconciliation.');
    expect((await reportOf(lateDay)).differences).toEqual([expect.objectContaining({ kind: 'notReversedThere', orderId: form.orderId, isOpen: true })]);
    await workOff(city, 'payment.');
    await week.later(MINUTE);
    expect((await reportOf(lateDay)).differences).toEqual([expect.objectContaining({ kind: 'notReversedThere', orderId: form.orderId, isOpen: false })]);
    expect((await reconcile(addDays(lateDay, 1))).differences).toEqual([]);
    expect([payerOf(3).balanceFen, await week.violations()]).toEqual([before, []]);
  });

  it('is told by what we count on and WeChat has not', async () => {
    clock.setTo(missing, 11 * 60);
    wechat.sim.faults.clear();
    const orderId = await sheet(2, true);
    await week.later(MINUTE);
    wechat.sim.faults.set('bill', { missingLine: true });
    const report = await reconcile(missing);
    expect(report).toMatchObject({ lines: 0, theirPaidFen: 0, ownPaidFen: 502, differences: [{ kind: 'missingThere', orderId, isOpen: true }] });
    expect((await week.violations()).map(({ id }) => id)).toEqual(['I22']);
  });

  it('is shown to who answers for the money, and to nobody else', async () => {
    expect((await week.ask('worker', missing)).status).toBe(403);
    expect((await week.ask('auditor', '2024-13-01')).status).toBe(400);
    expect((await reportOf(addDays(missing, 1))).fetchedAt).toBeNull();
  });
});
