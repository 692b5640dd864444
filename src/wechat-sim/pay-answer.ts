import { chinaTime } from '../kernel/index.js';
import { keyOf, type Order, type Refund, type SimWorld, type TradeState } from './sim-world.js';

/** What WeChat Pay answers: a status and a body of JSON, none with 204. */
export interface PayReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | null;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A refusal in WeChat Pay's form. */
export function refusal(status: number, code: string, message: string): PayReply {
  return { status, body: { code, message } };
}

export const wrong = (message: string): PayReply => refusal(400, 'PARAM_ERROR', message);

export function isReply(value: unknown): value is PayReply {
  return typeof value === 'object' && value !== null && 'status' in value && 'body' in value;
}

/** Whose order it is: a merchant of its own, or a service provider's sub-merchant. */
export interface Merchant {
  readonly mchid: string;
  readonly subMchid: string | null;
  /** Under which its numbers are unique. */
  readonly name: string;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads who asks, from a body or a query; a service provider names both its own and the sub-merchant's number. */
export function merchantOf(world: SimWorld, partner: boolean, fields: Fields): Merchant | PayReply {
  const mchid = text(fields[partner ? 'sp_mchid' : 'mchid']);
  if (mchid === null) return wrong(`${partner ? 'sp_mchid' : 'mchid'}不能为空`);
  if (mchid !== world.keys.spMchid) return refusal(400, 'MCH_NOT_EXISTS', '商户号不存在');
  if (!partner) return { mchid, subMchid: null, name: mchid };
  return subMerchantOf(mchid, fields);
}

/** A sub-merchant under the number of the service provider that signed. */
export function subMerchantOf(mchid: string, fields: Fields): Merchant | PayReply {
  const sub = text(fields['sub_mchid']);
  if (sub === null) return wrong('sub_mchid不能为空');
  if (!/^\d{6,32}$/.test(sub)) return refusal(403, 'NO_AUTH', '特约商户号与服务商没有受理关系');
  return { mchid, subMchid: sub, name: sub };
}

/** An order of this merchant. */
export function orderOf(world: SimWorld, merchant: Merchant, outTradeNo: string): Order | PayReply {
  return world.orders.get(keyOf(merchant.name, outTradeNo)) ?? refusal(404, 'ORDER_NOT_EXIST', '订单不存在');
}

const STATE_WORDS: Readonly<Record<TradeState, string>> = {
  SUCCESS: '支付成功', REFUND: '转入退款', NOTPAY: '订单未支付', CLOSED: '订单已关闭', REVOKED: '订单已撤销', USERPAYING: '用户支付中，需要输入密码', PAYERROR: '支付失败',
};

/** An order as queries and callbacks tell it. What was paid stands in it only once it was. */
export function tradeOf(order: Order): Fields {
  const paid = order.paidAt !== null;
  const payer = order.openid === null ? {} : { payer: order.subMchid === null ? { openid: order.openid } : { sp_openid: order.openid } };
  return {
    ...(order.subMchid === null ? { appid: order.appid, mchid: order.mchid } : { sp_appid: order.appid, sp_mchid: order.mchid, sub_mchid: order.subMchid }),
    out_trade_no: order.outTradeNo, trade_state: order.state, trade_state_desc: STATE_WORDS[order.state],
    ...(order.transactionId === null ? {} : { transaction_id: order.transactionId }),
    ...(paid ? { trade_type: order.kind, bank_type: 'OTHERS', success_time: chinaTime(order.paidAt ?? 0), ...payer } : {}),
    ...(paid && order.attach !== null ? { attach: order.attach } : {}),
    amount: { total: order.fen, currency: 'CNY', ...(paid ? { payer_total: order.fen, payer_currency: 'CNY' } : {}) },
  };
}

/** A refund as calls answer it. */
export function refundAnswer(world: SimWorld, refund: Refund): Fields {
  return {
    refund_id: refund.refundId, out_refund_no: refund.outRefundNo, transaction_id: world.orders.get(refund.order)?.transactionId, out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL', user_received_account: '支付用户零钱', create_time: chinaTime(refund.madeAt), status: refund.state, funds_account: 'AVAILABLE',
    ...(refund.state === 'SUCCESS' && refund.doneAt !== null ? { success_time: chinaTime(refund.doneAt) } : {}),
    amount: { total: refund.totalFen, refund: refund.fen, payer_total: refund.totalFen, payer_refund: refund.fen, settlement_refund: refund.fen, settlement_total: refund.totalFen, discount_refund: 0, currency: 'CNY' },
  };
}
