import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, Metrics, Transactor, WECHAT, type JobRequest, type Tx, type Wechat } from '../platform/index.js';
import { LOOK_AT_ORDER, LookAtOrder } from './look-at-order.js';
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
    this.board.handle(LOOK_AT_ORDER, (tx, job) => this.lookAtOrder(tx, job));
    this.board.handle(LOOK_AT_REFUND, (tx, { cityCode, payload }) => this.refunds.run(tx, cityCode, String(payload['id'])));
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

  private async lookAtOrder(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const order = await readOrder(tx, cityCode, String(payload['id']));
    // Of a closed one WeChat may still tell that it was paid: then the money goes back.
    if (order === null || order.state === 'paid') return;
    await this.orders.apply(tx, cityCode, order.orderId, await this.orders.ask(order));
  }
}
