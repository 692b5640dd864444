import { randomUUID } from 'node:crypto';
import { civilDate, fen } from '../../src/kernel/index.js';
import { PayHandlers, PayOrders, type PayHandler, type PayOrder } from '../../src/payment/index.js';
import { JobBoard, type JobRequest } from '../../src/platform/index.js';
import { importSites } from '../../src/site/index.js';
import { insertOperation } from '../../src/site/party.store.js';
import type { SimUser } from '../../src/wechat-sim/index.js';
import { doJob } from './jobs.js';
import { CITY, MINUTE, OPERATOR, TappingCity, type cityClock } from './tapping-city.js';
import { startWechat, type TestWechat } from './wechat.js';

export const SUB_MCHID = '1900000123';

export const OTHER_OPERATOR = randomUUID();
export const OTHER_SUB_MCHID = '1900000124';

/** Gives the operator of a test's canteens a sub-merchant, by two officers. */
export async function giveMerchant(city: TappingCity, first: string, second: string, subMchId: string | null = SUB_MCHID, operatorId: string = OPERATOR): Promise<string> {
  const merchantId = randomUUID();
  expect(await city.staffed.call('POST', '/v1/wechat/merchants', { token: first, body: { id: merchantId, operatorId, subMchId } })).toMatchObject({ status: 200 });
  expect(await city.staffed.call('POST', `/v1/wechat/merchants/${merchantId}/decision`, { token: second, body: { id: randomUUID(), outcome: 'confirmed' } })).toMatchObject({ status: 200, body: { state: 'confirmed' } });
  return merchantId;
}

/** A city whose canteens take WeChat payments, beside a simulated WeChat, and a seller of meals there. */
export async function startSelling(clock: ReturnType<typeof cityClock>): Promise<{ wechat: TestWechat; city: TappingCity; seller: Seller }> {
  const wechat = await startWechat({ clock });
  const city = await TappingCity.start(undefined, undefined, { settings: wechat.settings, clock });
  for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
  await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
  return { wechat, city, seller: new Seller(city) };
}

/** Has another operator cook at the second of a test's canteens. */
export async function giveSecondSite({ service, clock, sites }: TappingCity): Promise<void> {
  await service.parts.transactor.run(async (tx) => {
    await importSites(tx, clock, service.parts.cipher, CITY, { operators: [{ operatorId: OTHER_OPERATOR, name: '另一家餐饮', creditCode: null }], payees: [], sites: [], by: 'register', confirmedBy: 'second' });
    await insertOperation(tx, clock, CITY, sites[1] as string, { fromDate: civilDate('2024-01-01'), operatorId: OTHER_OPERATOR, reason: null }, 'register');
  });
}

/**
 * Does what the sweeper would: asks every room for work that is due and does the jobs of some kinds, until none is left
 * that was not done. @param kinds beginnings of the jobs' names
 */
export async function workOff(city: TappingCity, ...kinds: readonly string[]): Promise<number> {
  const { app, parts } = city.service;
  const board = app.get(JobBoard);
  const nameOf = ({ cityCode, job, key }: JobRequest): string => `${cityCode} ${job} ${key}`;
  // Found twice is staged once, as in the outbox.
  const done = new Set<string>();
  let total = 0;
  for (let round = 0; round < 20; round += 1) {
    const found: JobRequest[] = [];
    for (const find of board.finders) found.push(...(await parts.transactor.run((tx) => find(tx))));
    const staged = await city.rows<JobRequest & { outboxId: number }>(
      `SELECT city_code AS "cityCode", job, job_key AS key, payload, outbox_id AS "outboxId" FROM outbox WHERE handled_at IS NULL AND dead_at IS NULL ORDER BY outbox_id`);
    const mine = [...found.filter((job) => !done.has(nameOf(job))), ...staged].filter(({ job }) => kinds.some((kind) => job.startsWith(kind)));
    if (mine.length === 0) return total;
    for (const job of mine) {
      await doJob(city, job, async (tx) => {
        if ('outboxId' in job) await tx.query('UPDATE outbox SET handled_at = now() WHERE city_code = $1 AND outbox_id = $2', [job.cityCode, (job as { outboxId: number }).outboxId]);
      });
      done.add(nameOf(job));
      total += 1;
    }
  }
  throw new Error('there is always more to do');
}

/** A room that sells, as far as payments see it: hears of its orders. */
export class Seller {
  readonly paid: PayOrder[] = [];
  readonly closed: PayOrder[] = [];
  readonly refunded: number[] = [];
  readonly accountId = randomUUID();

  constructor(private readonly city: TappingCity) {
    // In place of whoever sells, whatever it is.
    const handler: PayHandler = {
      paid: async (_tx, order) => void this.paid.push(order),
      closed: async (_tx, order) => void this.closed.push(order),
      refunded: async (_tx, _order, refund) => void this.refunded.push(refund.fen),
    };
    Object.assign(city.service.app.get(PayHandlers), { of: () => handler });
  }

  get orders(): PayOrders {
    return this.city.service.app.get(PayOrders);
  }

  form(change: object = {}) {
    return { cityCode: CITY, orderId: randomUUID(), referenceId: randomUUID(), elderId: null, siteId: this.city.sites[0] as string, fen: fen(700), description: '测试幸福食堂 午餐', ...change };
  }

  /** The form of an order for the sheet that ends in a quarter of an hour. */
  sheetForm(form: object = this.form()) {
    return { ...this.form(), ...form, purpose: 'booking' as const, accountId: this.accountId, until: this.city.clock.now() + 15 * MINUTE };
  }

  /** Opens an order for the sheet and asks for the money. */
  async sheet(payer: SimUser, amount = 700): Promise<{ orderId: string; prepayId: string }> {
    const form = this.sheetForm(this.form({ fen: fen(amount) }));
    expect(await this.city.service.parts.transactor.run((tx) => this.orders.open(tx, form))).toMatchObject({ ok: true, value: { state: 'created', fen: amount } });
    return { orderId: form.orderId, prepayId: await this.prepay(form.orderId, payer) };
  }

  /** @returns what WeChat shows the sheet by */
  async prepay(orderId: string, payer: SimUser): Promise<string> {
    const asked = await this.orders.prepay(CITY, orderId, { accountId: this.accountId, openid: payer.openid });
    if (!asked.ok) throw new Error(asked.code);
    expect(asked.value).toMatchObject({ signType: 'RSA', appId: expect.stringMatching(/^wx/) });
    return asked.value.package.replace('prepay_id=', '');
  }

  charge(payer: SimUser, form: object = {}) {
    return this.orders.charge({ ...this.form(), purpose: 'tap', authCode: payer.payCode(), deviceId: 'till-1', ...form });
  }

  async follow(orderId: string): Promise<string> {
    const seen = await this.orders.follow(CITY, orderId);
    return seen.ok ? seen.value.state : seen.code;
  }

  async read(orderId: string): Promise<{ state: string; closedBy: string | null; refundedFen: number } | undefined> {
    return (await this.city.rows<{ state: string; closedBy: string | null; refundedFen: number }>('SELECT state, closed_by AS "closedBy", refunded_fen AS "refundedFen" FROM wechat_order WHERE order_id = $1', [orderId]))[0];
  }

  async refundsOf(orderId: string): Promise<string[]> {
    return (await this.city.rows<{ what: string }>(`SELECT state || ' ' || fen AS what FROM wechat_refund WHERE order_id = $1 ORDER BY asked_at, fen`, [orderId])).map(({ what }) => what);
  }
}
