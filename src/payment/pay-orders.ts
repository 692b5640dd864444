import { Inject, Injectable } from '@nestjs/common';
import { chinaDate, done, fen, minusFen, NO_FEN, refuse, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import { CLOCK, derivedId, Transactor, WECHAT, type RequestPayment, type Tx, type Wechat } from '../platform/index.js';
import { firstLook, tradeNumber, whyClosed, type OrderState } from './domain/index.js';
import { LookAtOrder, refundable } from './look-at-order.js';
import { merchantOfSite } from './merchant.store.js';
import { insertOrder, insertOrderEvent, lockOrder, markWithdrawn, ordersOf, readOrder, type PayOrder, type PayPurpose } from './wechat-order.store.js';
import { insertRefund, readRefund, refundsBeside } from './wechat-refund.store.js';

/** Eighteen digits that begin with 10 to 15: the code of WeChat's own page for paying. */
const PAY_CODE = /^1[0-5]\d{16}$/;
const CHARGE_LIFE_MS = 60_000;
const SYSTEM = 'system';

/** An order to be paid, before anybody asks for the money. */
export interface OrderForm {
  readonly cityCode: string;
  /** Made by the caller; the same again is the same order. */
  readonly orderId: string;
  readonly purpose: PayPurpose;
  /** The booking or the tap. */
  readonly referenceId: string;
  readonly elderId: string | null;
  readonly siteId: string;
  readonly fen: Fen;
  /** What the payer reads on WeChat's sheet, at most 40 signs; no names of people. */
  readonly description: string;
}

/** How a payment stands. */
export interface PayView {
  readonly orderId: string;
  readonly referenceId: string;
  /** `paid` and `closed` are final; of any other the money is not to be counted on, nor asked for a second time. */
  readonly state: OrderState;
  /** The mini-program account that pays; null at a till. */
  readonly accountId: string | null;
  /** Nobody wants it any more: what was or is going to be paid goes back. */
  readonly withdrawn: boolean;
  readonly fen: Fen;
  readonly refundedFen: Fen;
  readonly paidAt: Instant | null;
  /** Of a closed one: the payer has too little, the code was used or old, or anything else. */
  readonly why: 'not-enough' | 'code' | 'other' | null;
}

/** Payments by WeChat, for the rooms that sell: to the operator that cooks, and to nobody else. */
@Injectable()
export class PayOrders {
  constructor(@Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock, private readonly transactor: Transactor, private readonly looks: LookAtOrder) {}

  /**
   * Writes an order for the mini-program's sheet down, in the transaction of what it pays for. `prepay` then asks for the money.
   * @param until when it ends unpaid; at least a minute from now
   * @returns `wechat-off`, `pay-not-here` (the site's operator takes nothing by WeChat), `id-taken`
   */
  async open(tx: Tx, form: OrderForm & { readonly accountId: string; readonly until: Instant }): Promise<Outcome<PayView>> {
    const booked = await this.book(tx, form, 'sheet', form.accountId, form.until);
    return booked.ok ? done(viewOf(booked.value.order)) : booked;
  }

  /**
   * What the phone needs to show the sheet of an order. May be asked again as long as it is not paid.
   * @param payer the account that pays and its openid, by the service's own log-in and never by the phone's word
   * @returns `not-found`, `pay-other-payer`, `pay-done`, `pay-over`, `wechat-off`, `wechat-away`
   */
  async prepay(cityCode: string, orderId: string, payer: { readonly accountId: string; readonly openid: string }): Promise<Outcome<RequestPayment>> {
    if (this.wechat === null) return refuse('wechat-off');
    const order = await this.transactor.read((tx) => readOrder(tx, cityCode, orderId));
    if (order === null || order.way !== 'sheet') return refuse('not-found');
    if (order.accountId !== payer.accountId) return refuse('pay-other-payer');
    if (order.state === 'paid') return refuse('pay-done');
    if (order.state === 'closed' || order.withdrawn || this.clock.now() >= order.expiresAt) return refuse('pay-over');
    const { subMchId, description, fen: amount, expiresAt } = order;
    const answer = await this.wechat.pay.prepay({ subMchId, outTradeNo: tradeNumber(cityCode, orderId), description, fen: amount, openid: payer.openid, expiresAt });
    await this.transactor.run((tx) => insertOrderEvent(tx, order, { asked: 'prepay', heard: answer.ok ? 'OK' : answer.code }, order.state, this.clock.now()));
    if (answer.ok) return done(this.wechat.pay.requestPayment(answer.value.prepayId));
    if (answer.code === 'ORDERPAID' || answer.code === 'ORDER_PAID') {
      await this.look(order);
      return refuse('pay-done');
    }
    return refuse(answer.code === 'ORDER_CLOSED' ? 'pay-over' : 'wechat-away');
  }

  /**
   * Charges by a payment code that a till has scanned, and tells how it stands after WeChat's first answer; `follow`
   * tells how it goes on. The same order again is never charged again.
   * @param form `authCode` is used once and kept nowhere
   * @returns `pay-code-form`, `wechat-off`, `pay-not-here`, `id-taken`
   */
  async charge(form: OrderForm & { readonly authCode: string; readonly deviceId: string }): Promise<Outcome<PayView>> {
    if (this.wechat === null) return refuse('wechat-off');
    if (!PAY_CODE.test(form.authCode)) return refuse('pay-code-form');
    const { cityCode, orderId, siteId, authCode, deviceId } = form;
    const booked = await this.transactor.run((tx) => this.book(tx, form, 'code', null, this.clock.now() + CHARGE_LIFE_MS));
    if (!booked.ok) return booked;
    if (!booked.value.isNew) return this.follow(cityCode, orderId);
    const { subMchId, description } = booked.value.order;
    const answer = await this.wechat.pay.charge({ subMchId, outTradeNo: tradeNumber(cityCode, orderId), description, fen: form.fen, authCode, storeId: siteId.replaceAll('-', ''), deviceId: deviceId.slice(0, 32) });
    const order = await this.transactor.run((tx) => this.looks.applyCharge(tx, cityCode, orderId, answer));
    return order === null ? refuse('not-found') : done(viewOf(order));
  }

  /** How an order stands; asks WeChat where it is time to. @returns `not-found` */
  async follow(cityCode: string, orderId: string): Promise<Outcome<PayView>> {
    const order = await this.transactor.read((tx) => readOrder(tx, cityCode, orderId));
    if (order === null) return refuse('not-found');
    if (order.lookAt === null || this.clock.now() < order.lookAt) return done(viewOf(order));
    return done(viewOf((await this.look(order)) ?? order));
  }

  /** The orders of bookings or of taps, the latest first. */
  async of(tx: Tx, cityCode: string, purpose: PayPurpose, referenceIds: readonly string[]): Promise<PayView[]> {
    return (await ordersOf(tx, cityCode, purpose, referenceIds)).map(viewOf);
  }

  /**
   * Says that nobody wants an order any more: an unpaid one is closed or reversed, of a paid one all that is left goes
   * back, also where WeChat tells of the payment only later. Again is the same.
   */
  async withdraw(tx: Tx, cityCode: string, orderId: string, reason: string): Promise<void> {
    const order = await lockOrder(tx, cityCode, orderId);
    if (order === null || order.withdrawn) return;
    const now = this.clock.now();
    await markWithdrawn(tx, order, now);
    await insertOrderEvent(tx, order, { asked: 'withdraw', heard: order.state }, order.state, now);
    const left = refundable(order);
    if (left > 0) await insertRefund(tx, { cityCode, refundId: derivedId('payment.withdraw', cityCode, orderId), orderId, fen: fen(left), reason, askedAt: now, askedBy: SYSTEM });
  }

  /**
   * Says that nobody wants an order any more as long as it is not paid: whoever paid it in this moment keeps what it is
   * for. Asked under the order's lock.
   * @returns false where it is paid, and nothing was done
   */
  async withdrawUnpaid(tx: Tx, cityCode: string, orderId: string, reason: string): Promise<boolean> {
    if ((await lockOrder(tx, cityCode, orderId))?.state === 'paid') return false;
    await this.withdraw(tx, cityCode, orderId, reason);
    return true;
  }

  /**
   * Gives money back to who paid; it is on its way when the transaction ends, and arrives by a job.
   * @param refund made by the caller; the same again is the same refund. `reason` is what the payer reads; with `atMost` less
   *   is given where less is left
   * @returns `not-found`, `pay-not-paid`, `pay-refund-above-paid`, `id-taken`
   */
  async refund(tx: Tx, refund: { readonly cityCode: string; readonly refundId: string; readonly orderId: string; readonly fen: Fen; readonly reason: string; readonly by: string; readonly atMost?: boolean }): Promise<Outcome<{ readonly refundId: string }>> {
    const { cityCode, refundId, orderId, atMost = false } = refund;
    const order = await lockOrder(tx, cityCode, orderId);
    if (order === null) return refuse('not-found');
    const known = await readRefund(tx, cityCode, refundId);
    if (known !== null) return known.orderId === orderId && (known.fen === refund.fen || (atMost && known.fen < refund.fen)) ? done({ refundId }) : refuse('id-taken');
    if (order.state !== 'paid') return refuse('pay-not-paid');
    const leftFen = refundable(order);
    const amount = atMost ? Math.min(refund.fen, leftFen) : refund.fen;
    if (amount === 0 || amount > leftFen) return refuse('pay-refund-above-paid', { leftFen });
    await insertRefund(tx, { cityCode, refundId, orderId, fen: fen(amount), reason: refund.reason, askedAt: this.clock.now(), askedBy: refund.by });
    return done({ refundId });
  }

  /** Locks an order and tells how much of it no refund has taken, save those of the caller's own. */
  async lockLeft(tx: Tx, cityCode: string, orderId: string, own: readonly string[]): Promise<Fen> {
    const order = await lockOrder(tx, cityCode, orderId);
    return order?.state === 'paid' ? minusFen(order.fen, await refundsBeside(tx, cityCode, orderId, own)) : NO_FEN;
  }

  private async look(order: PayOrder): Promise<PayOrder | null> {
    const heard = await this.looks.ask(order);
    return this.transactor.run((tx) => this.looks.apply(tx, order.cityCode, order.orderId, heard));
  }

  private async book(tx: Tx, form: OrderForm, way: 'sheet' | 'code', accountId: string | null, expiresAt: Instant): Promise<Outcome<{ order: PayOrder; isNew: boolean }>> {
    if (this.wechat === null) return refuse('wechat-off');
    const { cityCode, orderId, purpose, referenceId, elderId, siteId, fen: amount, description } = form;
    const now = this.clock.now();
    const merchant = await merchantOfSite(tx, cityCode, siteId, chinaDate(now));
    // Two operators' money in the service provider's account would be pooled, however that number came to be recorded.
    if (merchant === null || merchant.subMchId === this.wechat.pay.spMchId) return refuse('pay-not-here');
    const isNew = await insertOrder(tx, {
      cityCode, orderId, purpose, referenceId, way, elderId, accountId, siteId, ...merchant, description, fen: amount,
      openedAt: now, expiresAt, state: way === 'code' ? 'paying' : 'created', lookAt: firstLook({ way, openedAt: now }),
    });
    const order = await readOrder(tx, cityCode, orderId);
    const same = order !== null && order.purpose === purpose && order.referenceId === referenceId && order.way === way && order.fen === amount && order.siteId === siteId && order.accountId === accountId;
    return same ? done({ order, isNew }) : refuse('id-taken');
  }
}

function viewOf({ orderId, referenceId, state, accountId, withdrawn, fen: amount, refundedFen, paidAt, closedBy }: PayOrder): PayView {
  return { orderId, referenceId, state, accountId, withdrawn, fen: amount, refundedFen, paidAt, why: closedBy === null ? null : whyClosed(closedBy) };
}
