import { addDays, chinaInstant, civilDate, fen, type CivilDate } from '../../src/kernel/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { sweepOnce } from '../support/jobs.js';
import { CITY, cityClock, TappingCity } from '../support/tapping-city.js';
import { giveMerchant, Seller, SUB_MCHID, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const clock = cityClock();
const first = civilDate('2024-12-04');
let wechat: TestWechat;
let city: TappingCity;
let seller: Seller;
let payer: SimUser;

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
  clock.set(chinaInstant(first, 9 * 60));
  await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
  seller = new Seller(city);
  payer = wechat.sim.user();
}, 120_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

const toTime = (date: CivilDate, minute: number): void => clock.set(chinaInstant(date, minute));
async function work(): Promise<void> {
  await workOff(city, 'payment.');
  await sweepOnce(city, 'reconciliation.');
}
const alerts = () => city.rows(`SELECT subject, count::int AS count, resolved_at IS NULL AS open FROM alert WHERE city_code = '${CITY}' AND kind = 'payment' ORDER BY opened_at`);
const reportOf = async (date: CivilDate) => (await city.staffed.call('GET', `/v1/payments/reconciliations?date=${date}`, { token: await city.staffed.tokenOf('first') })).body;

async function pay(amount: number): Promise<void> {
  const { prepayId } = await seller.sheet(payer, amount);
  await wechat.sim.payOrder(prepayId, payer);
  await workOff(city, 'payment.');
}

/** In the morning after a day the earliest bill that is asked for cannot be had. */
async function morningWithout(date: CivilDate): Promise<void> {
  toTime(addDays(date, 1), 10 * 60 + 20);
  wechat.sim.faults.set('bill', { code: 'NO_AUTH', status: 403 });
  await work();
}

describe('a bill that cannot be had', () => {
  it('holds no later day up', async () => {
    toTime(first, 11 * 60);
    await pay(701);
    await morningWithout(first);
    expect(await reportOf(first)).toMatchObject({ items: [{ fetchedAt: null }], late: [] });
    await pay(702);
    await morningWithout(addDays(first, 1));
    expect(await reportOf(first)).toMatchObject({ items: [{ fetchedAt: null }], late: [] });
    expect(await reportOf(addDays(first, 1))).toMatchObject({ items: [{ fetchedAt: expect.any(String), theirPaidFen: 702, ownPaidFen: 702, differences: [] }] });
    expect(await alerts()).toEqual([]);
  });

  it('is an alert and named in the report once it is two days late, and is asked for every hour', async () => {
    await morningWithout(addDays(first, 2));
    expect(await reportOf(addDays(first, 2))).toMatchObject({ items: [{ fetchedAt: expect.any(String) }], late: [{ subMchId: SUB_MCHID, operatorName: '测试餐饮', date: first }] });
    expect(await alerts()).toEqual([{ subject: 'bills-late', count: 1, open: true }]);
    const asked = (): number => Object.entries(wechat.sim.faults.tally()).reduce((sum, [name, times]) => sum + (name.startsWith('bill.') ? times : 0), 0);
    const before = asked();
    wechat.sim.faults.set('bill', { code: 'NO_AUTH', status: 403, times: null });
    for (const minute of [31, 42]) {
      toTime(addDays(first, 3), 10 * 60 + minute);
      await work();
    }
    expect(asked()).toBe(before);
    wechat.sim.faults.clear();
  });

  it('is compared when it comes at last, which ends the alert', async () => {
    toTime(addDays(first, 3), 11 * 60 + 1);
    await work();
    expect(await reportOf(first)).toMatchObject({ items: [{ fetchedAt: expect.any(String), theirPaidFen: 701, differences: [] }], late: [] });
    expect(await alerts()).toEqual([{ subject: 'bills-late', count: 1, open: false }]);
  });

  it('and holds a refund that we heard of after midnight is not told as missing in the next', async () => {
    const day = addDays(first, 3);
    toTime(day, 14 * 60);
    const { orderId, prepayId } = await seller.sheet(payer, 703);
    await wechat.sim.payOrder(prepayId, payer);
    await work();
    toTime(day, 24 * 60 - 1);
    wechat.sim.faults.set('refund', { failsAfter: true });
    wechat.sim.faults.set('refundNotify', { lost: true });
    await city.service.parts.transactor.run((tx) => seller.orders.refund(tx, { cityCode: CITY, refundId: orderId, orderId, fen: fen(100), reason: '取消预订', by: 'system' }));
    await work();
    toTime(addDays(day, 1), 2);
    await work();
    expect(await seller.refundsOf(orderId)).toEqual(['done 100']);
    toTime(addDays(day, 2), 10 * 60 + 20);
    wechat.sim.faults.clear();
    wechat.sim.faults.set('bill', { code: 'NO_AUTH', status: 403 });
    await work();
    expect(await reportOf(addDays(day, 1))).toMatchObject({ items: [{ fetchedAt: expect.any(String), differences: [] }] });
    toTime(addDays(day, 2), 10 * 60 + 31);
    await work();
    expect(await reportOf(day)).toMatchObject({ items: [{ fetchedAt: expect.any(String), theirRefundFen: 100, differences: [] }] });
  });
});
