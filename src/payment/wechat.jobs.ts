import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, Metrics, Transactor, WECHAT, type JobRequest, type Tx, type Wechat } from '../platform/index.js';
import { LOOK_AT_ORDER, LookAtOrder, type Heard } from './look-at-order.js';
import { LookAtRefund } from './look-at-refund.js';
import { dueOrders, openOrders, readOrder, type DueLook } from './wechat-order.store.js';
import { dueRefunds } from './wechat-refund.store.js';

export const LOOK_AT_REFUND = 'payment.look-at-refund';

/** Of one sweep; what is left comes with the next, seconds later. */
const MOST_LOOKS = 200;

/** Asks WeChat about everything that is still open, so that no order ends the day unknown, whatever notices come or do not. */
@Injectable()
export class WechatJobs implements OnModuleInit {
  constructor(
    private readonly board: JobBoard, private readonly orders: LookAtOrder, private readonly refunds: LookAtRefund,
    private readonly metrics: Metrics, private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock, @Inject(WECHAT) private readonly wechat: Wechat | null,
  ) {}

  onModuleInit(): void {
    this.board.handleAsking(LOOK_AT_ORDER, (job) => this.askOfOrder(job), async (tx, { cityCode, payload }, heard) => {
      if (heard !== null) await this.orders.apply(tx, cityCode, String(payload['id']), heard);
    });
    this.board.handleAsking(LOOK_AT_REFUND, ({ cityCode, payload }) => this.refunds.ask(cityCode, String(payload['id'])), (tx, { cityCode, payload }, heard) => this.refunds.write(tx, cityCode, String(payload['id']), heard));
    this.board.sweep((tx) => this.due(tx));
    this.metrics.gauge(async () => {
      const open = await this.transactor.read((tx) => openOrders(tx, this.clock.now()));
      return {
        xingfu_wechat_orders_open: open.map(({ cityCode, open: value }) => ({ labels: { city: cityCode }, value })),
        xingfu_wechat_orders_overdue: open.map(({ cityCode, overdue: value }) => ({ labels: { city: cityCode }, value })),
      };
    });
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    if (this.wechat === null) return [];
    const now = this.clock.now();
    const job = (kind: string) => ({ cityCode, id, looks, lookAt }: DueLook): JobRequest => ({ cityCode, job: kind, key: `${id} ${looks} ${lookAt}`, payload: { id } });
    return [...(await dueOrders(tx, now, MOST_LOOKS)).map(job(LOOK_AT_ORDER)), ...(await dueRefunds(tx, now, MOST_LOOKS)).map(job(LOOK_AT_REFUND))];
  }

  private async askOfOrder({ cityCode, payload }: JobRequest): Promise<Heard | null> {
    const order = await this.transactor.read((tx) => readOrder(tx, cityCode, String(payload['id'])));
    // Of a closed one WeChat may still tell that it was paid: then the money goes back.
    return order === null || order.state === 'paid' ? null : this.orders.ask(order);
  }
}
