import { randomUUID } from 'node:crypto';
import { addDays, chinaDate, chinaInstant } from '../../src/kernel/index.js';
import { tradeNumber } from '../../src/payment/domain/index.js';
import { insertMerchant, insertMerchantDecision } from '../../src/payment/merchant.store.js';
import type { Tx } from '../../src/platform/index.js';
import { CITY, cityClock, OPERATOR, TappingCity } from '../support/tapping-city.js';
import { giveMerchant, giveSecondSite, OTHER_OPERATOR, OTHER_SUB_MCHID, Seller, SUB_MCHID, workOff } from '../support/wechat-orders.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let seller: Seller;
let officers: readonly [string, string];
const officerIds: string[] = [];

beforeAll(async () => {
  wechat = await startWechat({ clock });
  city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  wechat.tells(city.service.url);
  for (const name of ['first', 'second']) officerIds.push(await city.staffed.add(name, ['cityOfficer']));
  officers = [await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second')];
  await giveSecondSite(city);
  await giveMerchant(city, ...officers);
  seller = new Seller(city);
}, 120_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const record = (subMchId: string | null, operatorId: string = OTHER_OPERATOR) => city.staffed.call('POST', '/v1/wechat/merchants', { token: officers[0], body: { id: randomUUID(), operatorId, subMchId } });
const decide = (id: string, outcome = 'confirmed') => city.staffed.call('POST', `/v1/wechat/merchants/${id}/decision`, { token: officers[1], body: { id: randomUUID(), outcome } });

/** A number that was recorded and waits for the other officer. */
async function waiting(subMchId: string, operatorId?: string): Promise<string> {
  const { status, body } = await record(subMchId, operatorId);
  expect(status).toBe(200);
  return body.merchantId;
}

describe('each operator is paid by a number of its own', () => {
  it('one that is another operator\'s is refused where it is recorded, and its own may be recorded again', async () => {
    expect(await record(SUB_MCHID)).toMatchObject({ status: 409, body: { code: 'merchant-taken' } });
    expect(await decide(await waiting(SUB_MCHID, OPERATOR))).toMatchObject({ status: 200, body: { state: 'confirmed' } });
  });

  it('one that has become another\'s meanwhile is refused where it is confirmed, and can be rejected', async () => {
    const mine = await waiting('1900000555');
    await giveMerchant(city, ...officers, '1900000555');
    expect(await decide(mine)).toMatchObject({ status: 409, body: { code: 'merchant-taken' } });
    expect(await decide(mine, 'rejected')).toMatchObject({ status: 200, body: { state: 'rejected' } });
    await giveMerchant(city, ...officers);
  });

  it('two that are confirmed in the same moment are not both', async () => {
    for (let times = 0; times < 5; times += 1) {
      const number = `190000070${times}`;
      const both = [await waiting(number), await waiting(number, OPERATOR)];
      expect((await Promise.all(both.map((id) => decide(id)))).map(({ status }) => status).sort()).toEqual([200, 409]);
    }
    for (const operatorId of [OPERATOR, OTHER_OPERATOR]) await giveMerchant(city, ...officers, null, operatorId);
    await giveMerchant(city, ...officers);
  });

  it('the service provider\'s own is refused', async () => {
    expect(await record(wechat.sim.settings.spMchId)).toMatchObject({ status: 422, body: { code: 'merchant-provider' } });
  });

  it('one that was given up is free for another', async () => {
    await giveMerchant(city, ...officers, null);
    await giveMerchant(city, ...officers, SUB_MCHID, OTHER_OPERATOR);
    expect(await record(SUB_MCHID, OPERATOR)).toMatchObject({ status: 409, body: { code: 'merchant-taken' } });
    await giveMerchant(city, ...officers, null, OTHER_OPERATOR);
    await giveMerchant(city, ...officers);
  });

  it('nothing is paid to the service provider, whatever was recorded while WeChat was off', async () => {
    const [merchantId, now] = [randomUUID(), clock.now()];
    await run(async (tx) => {
      await insertMerchant(tx, CITY, { merchantId, operatorId: OTHER_OPERATOR, subMchId: wechat.sim.settings.spMchId, recordedAt: now, recordedBy: officerIds[0] as string });
      await insertMerchantDecision(tx, CITY, merchantId, { outcome: 'confirmed', by: officerIds[1] as string, now });
    });
    expect(await run((tx) => seller.orders.open(tx, seller.sheetForm({ siteId: city.sites[1] })))).toEqual({ ok: false, code: 'pay-not-here' });
  });
});

describe('two operators at two canteens', () => {
  it('are each paid, give back and are billed at their own', async () => {
    await giveMerchant(city, ...officers, OTHER_SUB_MCHID, OTHER_OPERATOR);
    const [day, payer] = [chinaDate(clock.now()), wechat.sim.user()];
    const receivers = [SUB_MCHID, OTHER_SUB_MCHID];
    const orders: string[] = [];
    for (const [place, siteId] of city.sites.entries()) {
      const sheet = seller.sheetForm({ siteId, fen: 700 + place });
      await run((tx) => seller.orders.open(tx, sheet));
      await wechat.sim.payOrder(await seller.prepay(sheet.orderId, payer), payer);
      const code = { ...seller.form({ siteId, fen: 900 + place }), authCode: payer.payCode() };
      expect(await seller.charge(payer, code)).toMatchObject({ ok: true, value: { state: 'paid' } });
      orders.push(sheet.orderId, code.orderId);
    }
    await workOff(city, 'payment.');
    expect(orders.map((id) => receivers.map((receiver) => wechat.sim.order(receiver, tradeNumber(CITY, id))?.state))).toEqual([['SUCCESS', undefined], ['SUCCESS', undefined], [undefined, 'SUCCESS'], [undefined, 'SUCCESS']]);
    await run((tx) => seller.orders.withdraw(tx, CITY, orders[3] as string, '取消'));
    await workOff(city, 'payment.');
    await wechat.sim.deliver();
    await workOff(city, 'payment.');
    expect(wechat.sim.refunds.map(({ subMchid, fen, state }) => [subMchid, fen, state])).toEqual([[OTHER_SUB_MCHID, 901, 'SUCCESS']]);
    clock.set(chinaInstant(addDays(day, 1), 10 * 60 + 20));
    await workOff(city, 'reconciliation.');
    const { body } = await city.staffed.call('GET', `/v1/payments/reconciliations?date=${day}`, { token: await city.staffed.tokenOf('first') });
    const bill = (subMchId: string) => body.items.find((one: { subMchId: string }) => one.subMchId === subMchId);
    expect(bill(SUB_MCHID)).toMatchObject({ operatorId: OPERATOR, lines: 2, theirPaidFen: 1600, theirRefundFen: 0, ownPaidFen: 1600, ownRefundFen: 0, differences: [] });
    expect(bill(OTHER_SUB_MCHID)).toMatchObject({ operatorId: OTHER_OPERATOR, lines: 3, theirPaidFen: 1602, theirRefundFen: 901, ownPaidFen: 1602, ownRefundFen: 901, differences: [] });
  });
});
