import { chinaTime } from '../kernel/index.js';
import type { Callbacks } from './callbacks.js';
import type { Met } from './faults.js';
import { isReply, refundAnswer, refusal, subMerchantOf, wrong, type Fields, type Merchant, type PayReply } from './pay-answer.js';
import { DAY_MS } from './sim-times.js';
import { keyOf, type Order, type Refund, type SimWorld } from './sim-world.js';

const NUMBER = /^[0-9A-Za-z_\-|*@]{1,64}$/;
const YEAR_MS = 365 * DAY_MS;

/** Whose refund it is: of a sub-merchant where one is named, else of the merchant that signed. */
function refunderOf(world: SimWorld, fields: Fields): Merchant | PayReply {
  const { spMchid } = world.keys;
  return fields['sub_mchid'] === undefined ? { mchid: spMchid, subMchid: null, name: spMchid } : subMerchantOf(spMchid, fields);
}

/** What the refunds of an order come to, but for those that ended without money. */
export function refundedFen(world: SimWorld, key: string): number {
  let sum = 0;
  for (const refund of world.refunds.values()) if (refund.order === key && refund.state !== 'CLOSED') sum += refund.fen;
  return sum;
}

/** `/v3/refund/domestic/refunds`: begins a refund, or tells the same one again. */
export function askRefund(world: SimWorld, body: Fields, met: Met): PayReply {
  const merchant = refunderOf(world, body);
  if (isReply(merchant)) return merchant;
  const { out_refund_no: number, out_trade_no: tradeNo, transaction_id: transaction, reason, notify_url: notifyUrl } = body;
  const { refund: fen, total, currency } = (body['amount'] ?? {}) as Fields;
  if (typeof number !== 'string' || !NUMBER.test(number)) return wrong('out_refund_no为1到64位的数字、字母或_-|*@');
  if ((typeof tradeNo === 'string') === (typeof transaction === 'string')) return wrong('transaction_id与out_trade_no二选一');
  if (reason !== undefined && (typeof reason !== 'string' || [...reason].length > 80)) return wrong('reason不超过80个字符');
  if (currency !== 'CNY' || !Number.isSafeInteger(fen) || (fen as number) < 1 || !Number.isSafeInteger(total)) return wrong('amount.refund、amount.total为正整数，单位为分，currency为CNY');
  const key = typeof tradeNo === 'string' ? keyOf(merchant.name, tradeNo) : (world.byTransaction.get(transaction as string) ?? '');
  const order = world.orders.get(key);
  if (!order || (order.subMchid ?? order.mchid) !== merchant.name) return refusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在');
  const asked = JSON.stringify([key, fen, total]);
  const known = world.refunds.get(keyOf(merchant.name, number));
  if (known) return known.asked === asked ? { status: 200, body: refundAnswer(world, known) } : refusal(400, 'INVALID_REQUEST', '商户退款单号重复，且与首次请求的参数不一致');
  const refused = mayRefund(world, key, order, fen as number, total as number);
  if (refused) return refused;
  const refund: Refund = {
    order: key, mchid: merchant.mchid, subMchid: merchant.subMchid, outTradeNo: order.outTradeNo, outRefundNo: number, refundId: world.number('5030'), fen: fen as number, totalFen: order.fen,
    reason: (reason as string | undefined) ?? null, asked, notifyUrl: typeof notifyUrl === 'string' ? notifyUrl : null, madeAt: world.clock.now(), doneAt: null, state: 'PROCESSING', ends: met.refundEnds ?? 'SUCCESS',
  };
  world.refunds.set(keyOf(merchant.name, number), refund);
  order.state = 'REFUND';
  return { status: 200, body: refundAnswer(world, refund) };
}

/**
 * The merchant gives money back on WeChat Pay's own page, past whoever uses the interface: under a number of that page's own, and
 * nobody is called. @returns a refusal in words, or null
 */
export function refundByHand(world: SimWorld, subMchid: string, outTradeNo: string, fen: number): string | null {
  const order = world.orders.get(keyOf(subMchid, outTradeNo));
  const { status, body } = askRefund(world, { sub_mchid: subMchid, out_trade_no: outTradeNo, out_refund_no: world.number('5031'), amount: { refund: fen, total: order?.fen, currency: 'CNY' } }, {});
  return status === 200 ? null : String(body?.['message']);
}

function mayRefund(world: SimWorld, key: string, order: Order, fen: number, total: number): PayReply | null {
  if (order.state !== 'SUCCESS' && order.state !== 'REFUND') return refusal(400, 'INVALID_REQUEST', '订单状态不允许退款');
  if (world.clock.now() - (order.paidAt ?? 0) > YEAR_MS) return refusal(400, 'INVALID_REQUEST', '订单已超过可退款的一年期限');
  if (total !== order.fen) return refusal(400, 'INVALID_REQUEST', '订单金额与原订单不一致');
  return refundedFen(world, key) + fen > order.fen ? refusal(400, 'INVALID_REQUEST', '申请退款金额大于订单可退金额') : null;
}

/** Ends a refund that is in hand: gives the money back unless it fails, and tells the merchant. */
export function endRefunds(world: SimWorld, callbacks: Callbacks): void {
  for (const refund of world.refunds.values()) {
    if (refund.state !== 'PROCESSING') continue;
    refund.state = refund.ends;
    refund.doneAt = world.clock.now();
    const order = world.orders.get(refund.order);
    const person = world.people.get(order?.openid ?? '');
    if (refund.state === 'SUCCESS' && person) person.balanceFen += refund.fen;
    if (refund.notifyUrl !== null) callbacks.add('refundNotify', refund.notifyUrl, `REFUND.${refund.state}`, 'refund', refundNotice(refund, order));
  }
}

/** A refund as its callback tells it, which is not as calls do. */
function refundNotice(refund: Refund, order: Order | undefined): Fields {
  return {
    ...(refund.subMchid === null ? { mchid: refund.mchid } : { sp_mchid: refund.mchid, sub_mchid: refund.subMchid }),
    out_trade_no: refund.outTradeNo, transaction_id: order?.transactionId, out_refund_no: refund.outRefundNo, refund_id: refund.refundId, refund_status: refund.state,
    ...(refund.state === 'SUCCESS' && refund.doneAt !== null ? { success_time: chinaTime(refund.doneAt) } : {}), user_received_account: '支付用户零钱',
    amount: { total: refund.totalFen, refund: refund.fen, payer_total: refund.totalFen, payer_refund: refund.fen },
  };
}

/** A refund by the merchant's number. */
export function queryRefund(world: SimWorld, number: string, query: Fields): PayReply {
  const merchant = refunderOf(world, query);
  if (isReply(merchant)) return merchant;
  const refund = world.refunds.get(keyOf(merchant.name, number));
  return refund ? { status: 200, body: refundAnswer(world, refund) } : refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');
}
