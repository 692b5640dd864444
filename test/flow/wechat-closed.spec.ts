import { tradeNumber } from '../../src/payment/domain/index.js';
import { stageJobs, WECHAT, type Tx, type Wechat } from '../../src/platform/index.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { CITY, cityClock, MINUTE, type TappingCity } from '../support/tapping-city.js';
import { startSelling, SUB_MCHID, workOff, type Seller } from '../support/wechat-orders.js';
import type { TestWechat } from '../support/wechat.js';

const clock = cityClock();
let wechat: TestWechat;
let city: TappingCity;
let seller: Seller;
let payer: SimUser;

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => city.service.parts.transactor.run(work);
const later = (ms: number): void => clock.set(clock.now() + ms);
const work = () => workOff(city, 'payment.');

beforeAll(async () => {
  ({ wechat, city, seller } = await startSelling(clock));
}, 120_000);

afterAll(async () => {
  await city?.close();
  await wechat?.close();
});

beforeEach(() => {
  wechat.sim.faults.clear();
  wechat.tells(city.service.url);
  payer = wechat.sim.user();
  payer.balanceFen = 10_000;
});

describe('an order', () => {
  it.each([
    ['is paid after all', true],
    ['is not paid, and then cannot be any more', false],
  ])('that was closed is asked about until WeChat has answered, where it %s', async (_, isPaid) => {
    const form = seller.sheetForm();
    await run((tx) => seller.orders.open(tx, form));
    await run((tx) => seller.orders.withdraw(tx, CITY, form.orderId, '取消预订'));
    await work();
    const { pay } = city.service.app.get<Wechat>(WECHAT);
    const late = await pay.prepay({ subMchId: SUB_MCHID, outTradeNo: tradeNumber(CITY, form.orderId), description: form.description, fen: form.fen, openid: payer.openid, expiresAt: form.until });
    if (!late.ok) throw new Error(late.code);
    wechat.sim.faults.set('query', { failsBefore: true, times: 2 });
    if (isPaid) await wechat.sim.payOrder(late.value.prepayId, payer);
    else await run((tx) => stageJobs(tx, clock, [{ cityCode: CITY, job: 'payment.look-at-order', key: `test ${form.orderId}`, payload: { id: form.orderId } }]));
    wechat.tells(null);
    for (let step = 0; step < 3; step += 1) {
      await work();
      expect(await seller.read(form.orderId)).toMatchObject(step < 2 ? { state: 'closed', closedBy: 'withdrawn' } : { state: isPaid ? 'paid' : 'closed' });
      later(2 * MINUTE);
    }
    await work();
    expect(seller.paid).toEqual([]);
    expect([await seller.refundsOf(form.orderId), payer.balanceFen, wechat.sim.order(SUB_MCHID, tradeNumber(CITY, form.orderId))?.state]).toEqual([isPaid ? ['done 700'] : [], 10_000, isPaid ? 'REFUND' : 'CLOSED']);
    expect(await city.rows('SELECT look_at AS "lookAt" FROM wechat_order WHERE order_id = $1', [form.orderId])).toEqual([{ lookAt: null }]);
  });
});
