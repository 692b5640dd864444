import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Instant } from '../kernel/index.js';
import { CLOCK, LOG, Transactor, WECHAT, type Log, type PayAnswer, type TradeRefund, type Tx, type Wechat } from '../platform/index.js';
import { tradeNumber } from './domain/index.js';
import { PayHandlers } from './pay-handlers.js';
import { tellHanging } from './tell-hanging.js';
import { WechatAbsence } from './wechat-absence.js';
import { lockOrder, readOrder } from './wechat-order.store.js';
import { changeRefund, postponeRefund, readRefund, type RefundProgress } from './wechat-refund.store.js';

const SECOND = 1_000;
const PAUSES_MS = [5, 30, 60, 600, 3_600].map((s) => s * SECOND);
/** Refusals that pass by themselves: the receiver's account is filled again, the rush is over. */
const PASSING = new Set(['FREQUENCY_LIMITED', 'NOT_ENOUGH', 'SYSTEM_ERROR', 'BIZ_ERR_NEED_RETRY']);

const PROGRESS: Readonly<Record<TradeRefund['state'], RefundProgress>> = { SUCCESS: 'done', PROCESSING: 'processing', ABNORMAL: 'stuck', CLOSED: 'failed' };

/** Brings refunds to their end: asks for each by its own number, which WeChat pays out once however often it is asked. */
@Injectable()
export class LookAtRefund {
  constructor(
    @Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log, private readonly transactor: Transactor,
    private readonly handlers: PayHandlers, private readonly absence: WechatAbsence,
  ) {}

  /** Asks WeChat for a refund, or how it stands. @returns null where nothing is to be asked, a moment where that has to wait until then */
  async ask(cityCode: string, refundId: string): Promise<PayAnswer<TradeRefund> | Instant | null> {
    const [asked, order] = await this.transactor.read(async (tx) => {
      const refund = await readRefund(tx, cityCode, refundId);
      return [refund, refund === null ? null : await readOrder(tx, cityCode, refund.orderId)] as const;
    });
    if (asked === null || order === null || isOver(asked.state) || this.wechat === null) return null;
    const { awayUntil } = this.absence;
    if (awayUntil !== null) return awayUntil;
    const { pay } = this.wechat;
    const [outTradeNo, outRefundNo] = [tradeNumber(cityCode, order.orderId), tradeNumber(cityCode, refundId)];
    const { subMchId } = order;
    // One that was refused before WeChat had it is asked for again: the same number is the same refund.
    const isNew = asked.state === 'asked' || (asked.state === 'stuck' && asked.wechatId === null);
    const answer = isNew ? await pay.refund({ subMchId, outTradeNo, outRefundNo, fen: asked.fen, paidFen: order.fen, reason: asked.reason }) : await pay.queryRefund(subMchId, outRefundNo);
    if (!answer.ok) this.absence.hear(answer.code);
    return answer;
  }

  /** Writes down what follows from an answer. Nothing for a refund that is at its end. */
  async write(tx: Tx, cityCode: string, refundId: string, answer: PayAnswer<TradeRefund> | Instant | null): Promise<void> {
    if (answer === null) return;
    const known = await readRefund(tx, cityCode, refundId);
    if (known === null) return;
    if (typeof answer === 'number') return postponeRefund(tx, known, answer);
    // The order first, as everywhere: its sum of refunds moves with them.
    const order = await lockOrder(tx, cityCode, known.orderId);
    const refund = await readRefund(tx, cityCode, refundId);
    if (order === null || refund === null || isOver(refund.state)) return;
    const now = this.clock.now();
    const state = this.progress(refund.state, answer);
    const lookAt = isOver(state) ? null : now + (PAUSES_MS[Math.min(refund.looks, PAUSES_MS.length - 1)] as number);
    await changeRefund(tx, refund, state, answer.ok ? answer.value.refundId : null, lookAt, now);
    if (isOver(state) || state === 'stuck') await tellHanging(tx, this.log, cityCode, now);
    if (state === 'done') await this.handlers.of(order.purpose)?.refunded?.(tx, order, { refundId, fen: refund.fen });
  }

  private progress(before: RefundProgress, answer: PayAnswer<TradeRefund>): RefundProgress {
    if (answer.ok) return PROGRESS[answer.value.state];
    return answer.unsure || PASSING.has(answer.code) ? before : 'stuck';
  }
}

function isOver(state: RefundProgress): boolean {
  return state === 'done' || state === 'failed';
}
