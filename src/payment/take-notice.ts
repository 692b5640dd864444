import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, LOG, stageJobs, Transactor, WECHAT, type Log, type PayNotice, type SignedHeaders, type Tx, type Wechat } from '../platform/index.js';
import { readTradeNumber, tradeNumber } from './domain/index.js';
import { LOOK_AT_ORDER } from './look-at-order.js';
import { LOOK_AT_REFUND } from './wechat.jobs.js';
import { readOrder, type PayOrder } from './wechat-order.store.js';
import { insertPaymentNotice, readRefund } from './wechat-refund.store.js';

/** What a notice speaks of, and the job that then looks at it. */
interface About {
  readonly cityCode: string;
  readonly id: string;
  readonly job: typeof LOOK_AT_ORDER | typeof LOOK_AT_REFUND;
}

/**
 * Takes WeChat Pay's notices: checks that each is its own and of an order of ours for this amount, keeps it as it came,
 * and leaves the work to a job. What the job goes by is WeChat's answer to our own question, never the notice itself,
 * so that twice, late and in any order are all the same.
 */
@Injectable()
export class TakeNotice {
  constructor(@Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log, private readonly transactor: Transactor) {}

  /**
   * @param address which of our two addresses it came to; each takes notices of its own kind alone
   * @returns `wechat-off`, `notice-wrong`, `notice-unknown-order`: WeChat then comes again
   */
  async run(address: 'payment' | 'refund', headers: SignedHeaders, body: Buffer): Promise<Outcome<null>> {
    if (this.wechat === null) return refuse('wechat-off');
    const read = await this.wechat.pay.readNotice(headers, body);
    if (!read.ok) {
      this.log.warn({ alarm: 'notice-refused' }, 'a notice that is not WeChat Pay\'s was refused');
      return read;
    }
    const notice = read.value;
    // Such as the echo with which WeChat checks signature and sealing.
    if (notice.kind === 'other') return done(null);
    if ((notice.kind === 'refund') !== (address === 'refund')) return refuse('notice-wrong');
    return this.transactor.run(async (tx) => {
      const about = await this.aboutOf(tx, notice);
      if (!about.ok) return about;
      const { cityCode, id, job } = about.value;
      const signed = JSON.stringify(Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('wechatpay-'))));
      await insertPaymentNotice(tx, { cityCode, noticeId: notice.id, kind: notice.kind, aboutId: id, body, signed, receivedAt: this.clock.now() });
      await stageJobs(tx, this.clock, [{ cityCode, job, key: `notice ${notice.id}`, payload: { id } }]);
      return done(null);
    });
  }

  private async aboutOf(tx: Tx, notice: Exclude<PayNotice, { kind: 'other' }>): Promise<Outcome<About>> {
    const named = readTradeNumber(notice.kind === 'paid' ? notice.trade.outTradeNo : notice.refund.outRefundNo);
    if (named === null) return refuse('notice-unknown-order');
    const { cityCode, id } = named;
    if (notice.kind === 'paid') {
      const order = await readOrder(tx, cityCode, id);
      if (order === null) return refuse('notice-unknown-order');
      return isOf(notice.trade, order) && order.fen === notice.trade.fen ? done({ cityCode, id, job: LOOK_AT_ORDER }) : this.odd(id);
    }
    const refund = await readRefund(tx, cityCode, id);
    const order = refund === null ? null : await readOrder(tx, cityCode, refund.orderId);
    if (refund === null || order === null) return refuse('notice-unknown-order');
    return isOf(notice.refund, order) && refund.fen === notice.refund.fen ? done({ cityCode, id, job: LOOK_AT_REFUND }) : this.odd(id);
  }

  private odd(id: string): Outcome<never> {
    this.log.error({ id, alarm: 'payment-mismatch' }, 'a notice tells another amount or receiver than was asked for');
    return refuse('notice-wrong');
  }
}

/** Whether what a notice tells is of this order, and of its receiver. */
function isOf(told: { readonly subMchId: string | null; readonly outTradeNo: string }, { cityCode, orderId, subMchId }: PayOrder): boolean {
  return told.subMchId === subMchId && told.outTradeNo === tradeNumber(cityCode, orderId);
}
