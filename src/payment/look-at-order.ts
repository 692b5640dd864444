import { Inject, Injectable } from '@nestjs/common';
import { fen, type Clock, type Instant } from '../kernel/index.js';
import { CLOCK, derivedId, LOG, stageJobs, WECHAT, type Log, type PayAnswer, type Trade, type Tx, type Wechat } from '../platform/index.js';
import { CODE_PAY, judge, judgeRefusal, leavesNoDoubt, pauseAfter, tookMoney, tookNothing, tradeNumber, type Word } from './domain/index.js';
import { PayHandlers } from './pay-handlers.js';
import { tellHanging } from './tell-hanging.js';
import { WechatAbsence } from './wechat-absence.js';
import { changeOrder, lockOrder, markWithdrawn, OVERDUE_MS, readOrder, type PayOrder } from './wechat-order.store.js';
import { insertRefund } from './wechat-refund.store.js';

/** WeChat Pay's codes for an order that it has never heard of. */
const UNKNOWN_THERE = new Set(['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'RESOURCE_NOT_EXISTS', 'TRADE_NOT_EXIST']);
const CLOSED_THERE = new Set(['ORDER_CLOSED', 'ORDERCLOSED', 'ORDER_REVERSED', 'ORDERREVERSED']);
/** The job that looks after one order. */
export const LOOK_AT_ORDER = 'payment.look-at-order';
const SYSTEM = 'system';

const OPEN = { closedBy: null, transactionId: null, paidAt: null, looked: true } as const;

/** What WeChat said when it was asked about an order, and of what we asked of it then. */
export interface Heard {
  readonly word: Word;
  /** For the order's history: a state of WeChat's, or the code of its error. */
  readonly text: string;
  readonly trade: Trade | null;
  /** `none`: there was nothing; `refused`: for certain not; `failed`: nobody knows. */
  readonly act: { readonly kind: 'close' | 'reverse'; readonly fate: 'done' | 'none' | 'refused' | 'failed'; readonly code: string } | null;
}

/** Looks after open orders: asks WeChat, outside any lock, and writes down what follows, under the order's. */
@Injectable()
export class LookAtOrder {
  constructor(@Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log, private readonly handlers: PayHandlers, private readonly absence: WechatAbsence) {}

  /** Asks WeChat how an order stands, and to close or to reverse it where its time is over. Asking twice does no harm. */
  async ask(order: PayOrder): Promise<Heard> {
    if (this.wechat === null || this.absence.awayUntil !== null) return { word: 'unsure', text: this.wechat === null ? 'WECHAT_OFF' : 'AWAY', trade: null, act: null };
    const { pay } = this.wechat;
    const number = tradeNumber(order.cityCode, order.orderId);
    const heard = wordOf(await pay.queryOrder(order.subMchId, number));
    this.absence.hear(heard.text);
    const verdict = judge(order, heard.word, this.clock.now());
    const kind = 'act' in verdict ? verdict.act : null;
    if (kind === null) return { ...heard, act: null };
    const answer = kind === 'close' ? await pay.close(order.subMchId, number) : await pay.reverse(order.subMchId, number);
    if (answer.ok) return { ...heard, act: { kind, fate: 'done', code: 'OK' } };
    const gone = UNKNOWN_THERE.has(answer.code) || (kind === 'close' && CLOSED_THERE.has(answer.code));
    return { ...heard, act: { kind, fate: answer.unsure ? 'failed' : gone ? 'none' : 'refused', code: answer.code } };
  }

  /** Writes down what follows from what was heard, once however often it is heard. @returns the order as it then stands */
  async apply(tx: Tx, cityCode: string, orderId: string, heard: Heard): Promise<PayOrder | null> {
    const order = await this.lock(tx, cityCode, orderId);
    if (order === null || order.state === 'paid') return order;
    const after = order.state === 'closed' && !tookMoney(heard.word) ? await this.doubt(tx, order, heard) : await this.follow(tx, order, heard);
    if (this.clock.now() > order.expiresAt + OVERDUE_MS) await tellHanging(tx, this.log, cityCode, this.clock.now());
    return after;
  }

  /** Locks an order behind whatever its room locks first: what an order is for never changes. */
  private async lock(tx: Tx, cityCode: string, orderId: string): Promise<PayOrder | null> {
    const seen = await readOrder(tx, cityCode, orderId);
    if (seen === null) return null;
    await this.handlers.of(seen.purpose)?.lock?.(tx, seen);
    return lockOrder(tx, cityCode, orderId);
  }

  private async follow(tx: Tx, order: PayOrder, heard: Heard): Promise<PayOrder | null> {
    const now = this.clock.now();
    const { act } = heard;
    const refused = afterRefusal(order, heard, now);
    if (tookMoney(heard.word) && heard.trade !== null) {
      if (!this.isOf(order, heard.trade)) return order.state === 'closed' ? this.doubt(tx, order, heard) : this.wait(tx, order, 'unknown', 'MISMATCH');
      if (order.state !== 'reversing') return this.paid(tx, order, heard.trade, 'query', heard.text);
      if (act !== null && refused === 'paid') return this.paid(tx, order, heard.trade, act.kind, act.code);
    }
    const verdict = judge(order, heard.word, now);
    if (verdict.state === 'closed') return this.closed(tx, order, verdict.closedBy, 'query', heard.text);
    if (verdict.state === 'paid') return order;
    if (act === null || act.kind !== verdict.act) {
      await changeOrder(tx, order, { ...OPEN, state: verdict.state, lookAt: verdict.lookAt }, { asked: 'query', heard: heard.text }, now);
    } else if (refused === 'closed' || act.fate === 'none' || (act.fate === 'done' && (act.kind === 'close' || heard.word === 'none' || heard.word === 'REFUND'))) {
      return this.closed(tx, order, act.kind === 'reverse' && refused === null ? 'reversed' : order.withdrawn ? 'withdrawn' : 'expired', act.kind, act.code);
    } else {
      // A reversal that was taken is looked at until it reads as one; a close that was refused may mean that it was paid.
      const lookAt = act.kind === 'reverse' && act.fate === 'done' ? now + CODE_PAY.firstLookMs : now + pauseAfter('code', order.looks);
      await changeOrder(tx, order, { ...OPEN, state: act.kind === 'reverse' ? 'reversing' : 'unknown', lookAt }, { asked: act.kind, heard: act.code }, now);
    }
    return lockOrder(tx, order.cityCode, order.orderId);
  }

  /** A closed order of which WeChat speaks once more: asked about until the answer leaves no doubt. */
  private async doubt(tx: Tx, order: PayOrder, heard: Heard): Promise<PayOrder> {
    const now = this.clock.now();
    const { word, text, act } = heard;
    const isCertain = leavesNoDoubt(word) || (act?.kind === 'close' && (act.fate === 'done' || act.fate === 'none')) || afterRefusal(order, heard, now) === 'closed';
    if (isCertain && order.lookAt === null) return order;
    const lookAt = isCertain ? null : now + pauseAfter('sheet', order.looks);
    await changeOrder(tx, order, { ...OPEN, state: 'closed', closedBy: order.closedBy, lookAt }, { asked: 'query', heard: text }, now);
    return { ...order, lookAt };
  }

  /** Writes down what WeChat said to a charge. Whatever is not certain is asked about, and never charged again. */
  async applyCharge(tx: Tx, cityCode: string, orderId: string, answer: PayAnswer<Trade>): Promise<PayOrder | null> {
    const order = await this.lock(tx, cityCode, orderId);
    if (order === null) return null;
    const { word, text, trade } = wordOf(answer);
    if (order.looks > 0 || order.state !== 'paying') {
      // A look was faster. If it closed the order, WeChat is asked whether the money is there in truth; it then goes back.
      if (order.state === 'closed' && word === 'SUCCESS') await stageJobs(tx, this.clock, [{ cityCode, job: LOOK_AT_ORDER, key: `charge ${orderId}`, payload: { id: orderId } }]);
      return order;
    }
    if (word === 'SUCCESS' && trade !== null) return this.isOf(order, trade) ? this.paid(tx, order, trade, 'charge', text) : this.wait(tx, order, 'unknown', 'MISMATCH');
    if (word === 'PAYERROR') return this.closed(tx, order, word, 'charge', text);
    if (!answer.ok && !answer.unsure && tookNothing(answer.code)) return this.closed(tx, order, answer.code, 'charge', text);
    const typing = word === 'USERPAYING';
    const now = this.clock.now();
    const lookAt = Math.max(now, order.openedAt + (typing ? CODE_PAY.everyMs : CODE_PAY.firstLookMs));
    await changeOrder(tx, order, { ...OPEN, state: typing ? 'paying' : 'unknown', lookAt, looked: false }, { asked: 'charge', heard: text }, now);
    return lockOrder(tx, cityCode, orderId);
  }

  private isOf(order: PayOrder, trade: Trade): boolean {
    const same = trade.fen === order.fen && trade.subMchId === order.subMchId && trade.outTradeNo === tradeNumber(order.cityCode, order.orderId);
    if (!same) this.log.error({ orderId: order.orderId, alarm: 'payment-mismatch' }, 'WeChat tells another amount or receiver of an order than was asked for');
    return same;
  }

  private async paid(tx: Tx, order: PayOrder, trade: Trade, asked: 'query' | 'charge' | 'close' | 'reverse', heard: string): Promise<PayOrder | null> {
    const now = this.clock.now();
    const { cityCode, orderId } = order;
    const isUnwanted = order.withdrawn || order.state === 'closed' || order.state === 'reversing';
    await changeOrder(tx, order, { state: 'paid', closedBy: null, transactionId: trade.transactionId, paidAt: trade.paidAt ?? now, lookAt: null, looked: asked !== 'charge' }, { asked, heard }, now);
    // Whoever sells is told so too: this money is not to be counted on, and may be asked for again.
    if (isUnwanted) await markWithdrawn(tx, order, now);
    const paid = (await lockOrder(tx, cityCode, orderId)) ?? order;
    if (isUnwanted) {
      await insertRefund(tx, { cityCode, refundId: derivedId('payment.unwanted', cityCode, orderId), orderId, fen: paid.fen, reason: '订单已取消，原路退回', askedAt: now, askedBy: SYSTEM });
    } else {
      await this.handlers.of(order.purpose)?.paid(tx, paid);
    }
    return lockOrder(tx, cityCode, orderId);
  }

  private async closed(tx: Tx, order: PayOrder, closedBy: string, asked: string, heard: string): Promise<PayOrder> {
    const now = this.clock.now();
    await changeOrder(tx, order, { ...OPEN, state: 'closed', closedBy, lookAt: null, looked: asked !== 'charge' }, { asked, heard }, now);
    const closed = { ...order, state: 'closed' as const, closedBy, lookAt: null };
    await this.handlers.of(order.purpose)?.closed?.(tx, closed);
    return closed;
  }

  private async wait(tx: Tx, order: PayOrder, state: 'unknown', heard: string): Promise<PayOrder> {
    const now = this.clock.now();
    const lookAt = now + pauseAfter('sheet', order.looks);
    await changeOrder(tx, order, { ...OPEN, state, lookAt }, { asked: 'query', heard }, now);
    return { ...order, state, lookAt };
  }
}

/** What follows where WeChat refused for certain what we asked it to do with an order. */
function afterRefusal(order: PayOrder, { word, trade, act }: Heard, now: Instant): 'paid' | 'closed' | null {
  return act?.fate === 'refused' ? judgeRefusal(order, word, trade?.paidAt ?? null, act.code, now) : null;
}

/** WeChat's answer to a question about an order, in one word. */
function wordOf(answer: PayAnswer<Trade>): Pick<Heard, 'word' | 'text' | 'trade'> {
  if (answer.ok) return { word: answer.value.state, text: answer.value.state, trade: answer.value };
  if (!answer.unsure && UNKNOWN_THERE.has(answer.code)) return { word: 'none', text: answer.code, trade: null };
  return { word: answer.code === 'USERPAYING' ? 'USERPAYING' : 'unsure', text: answer.code, trade: null };
}

/** So much of an order that can still be given back. */
export function refundable(order: PayOrder): number {
  return order.state === 'paid' ? fen(order.fen - order.refundedFen) : 0;
}
