import { addDays, chinaInstant, type CivilDate } from '../../src/kernel/index.js';
import { at } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import type { Fault, Route } from '../../src/wechat-sim/index.js';
import { doJob } from './jobs.js';
import { CITY, MINUTE, type TappingCity } from './tapping-city.js';
import { workOff } from './wechat-orders.js';
import type { TestWechat } from './wechat.js';

/** Every way in which WeChat fails in such a week, route by route, one after the other. */
const FAULTS: Partial<Record<Route, readonly Fault[]>> = {
  jsapi: [{ failsBefore: true }, { failsAfter: true }, { dropsAnswer: true }, { callbackFirst: true }, { lost: true }, { wrongSignature: true }, { oldTimestamp: true }, { delayMs: 20 }],
  codepay: [{ failsAfter: true }, { userPaying: 2 }, { dropsAnswer: true }, { userPaying: null }, { failsBefore: true }, { code: 'FREQUENCY_LIMITED', status: 429 }, { lost: true }, { wrongSerial: true }],
  query: [{ failsBefore: true }, { dropsAnswer: true }, { wrongSignature: true }, { delayMs: 20 }, { oldTimestamp: true }, { failsAfter: true }],
  close: [{ failsBefore: true }, { failsAfter: true }, { dropsAnswer: true }, { code: 'INVALID_REQUEST', status: 400 }],
  reverse: [{ failsBefore: true }, { code: 'NO_AUTH', status: 403 }, { failsAfter: true }, { dropsAnswer: true }],
  refund: [{ failsBefore: true }, { callbackFirst: true }, { failsAfter: true }, { dropsAnswer: true }, { refundEnds: 'CLOSED' }, { lost: true }, { refundEnds: 'ABNORMAL' }],
  refundQuery: [{ failsBefore: true }, { dropsAnswer: true }],
  notify: [{ duplicate: true }, { wrongSignature: true }, { delayMs: 600_000 }, { lost: true }, { oldTimestamp: true }, { wrongSerial: true }, { signTest: true }, { truncatedCiphertext: true }],
  refundNotify: [{ duplicate: true }, { wrongSignature: true }, { lost: true }],
  bill: [{ failsBefore: true }, { wrongAmount: true }, { dropsAnswer: true }],
  billFile: [{ halfFile: true }, { failsBefore: true }, { lost: true }],
};
const ROUTES = Object.keys(FAULTS) as Route[];

/** A sub-merchant's day as the desk sees it. */
export interface Report {
  readonly subMchId: string;
  readonly fetchedAt: string | null;
  readonly lines: number;
  readonly theirPaidFen: number;
  readonly theirReversedFen: number;
  readonly theirRefundFen: number;
  readonly ownPaidFen: number;
  readonly ownRefundFen: number;
  readonly differences: readonly { kind: string; orderId: string | null; wasThere: boolean; isOpen: boolean }[];
}

/** A week of payments in which WeChat fails in every way; the account `auditor` reads its bills. */
export class PayWeek {
  /** The place of each route's last fault in its list, and how many were met before it. */
  private readonly last = new Map<Route, { readonly index: number; readonly met: number }>();

  /** @param kinds beginnings of the jobs that such a week has, but for those of bills */
  constructor(private readonly city: TappingCity, private readonly wechat: TestWechat, private readonly kinds: readonly string[]) {}

  /** Switches the next fault of each route on, where the last one was met. */
  stir(): void {
    for (const route of ROUTES) {
      const [last, list, met] = [this.last.get(route), FAULTS[route] ?? [], this.met(route)];
      if (last !== undefined && met <= last.met) continue;
      const index = last === undefined ? 0 : last.index + 1;
      this.wechat.sim.faults.set(route, list[(index + list.length) % list.length] as Fault);
      this.last.set(route, { index, met });
    }
  }

  /** Switches this fault on first; the one that was to be met next comes after it. */
  put(route: Route, fault: Fault): void {
    this.wechat.sim.faults.set(route, fault);
    this.last.set(route, { index: (this.last.get(route)?.index ?? 0) - 1, met: this.met(route) });
  }

  private met(route: Route): number {
    return Object.entries(this.wechat.sim.faults.tally()).reduce((sum, [name, times]) => sum + (name.startsWith(`${route}.`) ? times : 0), 0);
  }

  /** Faults that were never met. */
  neverMet(): string[] {
    const seen = this.wechat.sim.faults.tally();
    return ROUTES.flatMap((route) => (FAULTS[route] ?? []).flatMap((fault) => Object.keys(fault).map((way) => `${route}.${way}`))).filter((name) => (seen[name] ?? 0) === 0);
  }

  /** Lets time pass, the callbacks and looks that are due then with it. */
  async later(ms: number): Promise<void> {
    this.city.clock.set(this.city.clock.now() + ms);
    await this.wechat.sim.deliver();
    await this.lookAtAll();
  }

  /** The looks and jobs that are due, without asking every room for work as the sweeper does: a week has a thousand of these moments. */
  private async lookAtAll(): Promise<void> {
    for (let round = 0; round < 50; round += 1) {
      const due = await this.city.rows<{ job: string; payload: Record<string, string | number>; outboxId: number | null }>(
        `SELECT 'payment.look-at-order' AS job, jsonb_build_object('id', order_id) AS payload, NULL::bigint AS "outboxId" FROM wechat_order WHERE look_at <= $1
         UNION ALL SELECT 'payment.look-at-refund', jsonb_build_object('id', refund_id), NULL FROM wechat_refund WHERE look_at <= $1
         UNION ALL SELECT job, payload, outbox_id FROM outbox WHERE job ~ $2 AND handled_at IS NULL`, [at(this.city.clock.now()), `^(${this.kinds.join('|')})`]);
      if (due.length === 0) return;
      for (const { job, payload, outboxId } of due) {
        await doJob(this.city, { cityCode: CITY, job, key: String(outboxId), payload }, async (tx) => {
          if (outboxId !== null) await tx.query('UPDATE outbox SET handled_at = now() WHERE city_code = $1 AND outbox_id = $2', [CITY, outboxId]);
        });
      }
    }
    throw new Error('there is always more to do');
  }

  /** Whoever logs in for it does so now: sessions of the day before are over. */
  async ask(account: string, date: string) {
    const { staffed } = this.city;
    return staffed.call('GET', `/v1/payments/reconciliations?date=${date}`, { token: await staffed.tokenOf(account) });
  }

  async reportsOf(date: CivilDate): Promise<Report[]> {
    const { status, body } = await this.ask('auditor', date);
    expect(status).toBe(200);
    return body.items;
  }

  /** From twenty past ten of the day after, when the bills are there, until all of them can be had. */
  async reconcile(date: CivilDate): Promise<Report[]> {
    const { clock } = this.city;
    clock.set(chinaInstant(addDays(date, 1), 10 * 60 + 20));
    for (let tries = 0; tries < 6; tries += 1) {
      await workOff(this.city, ...this.kinds, 'reconciliation.');
      const reports = await this.reportsOf(date);
      if (reports.every(({ fetchedAt }) => fetchedAt !== null)) return reports;
      clock.set(clock.now() + 10 * MINUTE);
    }
    throw new Error('a bill never came');
  }

  async violations() {
    const { service } = this.city;
    return (await service.parts.transactor.run((tx) => runInvariants(tx, CITY, service.app.get(PolicyLibrary)))).violations;
  }
}
