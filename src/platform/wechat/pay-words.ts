import { fen, type Fen, type Instant } from '../../kernel/index.js';
import type { RefundState, Trade, TradeRefund, TradeState } from './types.js';

/** An object out of WeChat Pay's JSON. */
export type Words = Readonly<Record<string, unknown>>;

const TRADE_STATES: readonly string[] = ['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR'] satisfies TradeState[];
const REFUND_STATES: readonly string[] = ['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL'] satisfies RefundState[];

function text(words: Words, name: string): string | null {
  const value = words[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function amount(words: Words, name: string): Fen | null {
  const value = (words['amount'] as Words | undefined)?.[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? fen(value) : null;
}

function moment(words: Words, name: string): Instant | null {
  const value = Date.parse(text(words, name) ?? '');
  return Number.isNaN(value) ? null : value;
}

/** Reads an order, as answers and notices tell it; null where something that has to be there is not. */
export function readTrade(words: Words): Trade | null {
  const [spMchId, subMchId, outTradeNo, state] = ['sp_mchid', 'sub_mchid', 'out_trade_no', 'trade_state'].map((name) => text(words, name));
  if (!spMchId || !subMchId || !outTradeNo || !state || !TRADE_STATES.includes(state)) return null;
  const trade: Trade = {
    spMchId, subMchId, outTradeNo, state: state as TradeState, appId: text(words, 'sp_appid'), transactionId: text(words, 'transaction_id'), fen: amount(words, 'total'),
    payerOpenid: text((words['payer'] as Words | undefined) ?? {}, 'sp_openid'), paidAt: moment(words, 'success_time'),
  };
  // Paid, given back or not, means so much, by such a transaction; in yuan, as everything here is.
  if ((trade.state === 'SUCCESS' || trade.state === 'REFUND') && (trade.fen === null || trade.transactionId === null || ((words['amount'] as Words)['currency'] ?? 'CNY') !== 'CNY')) return null;
  return trade;
}

/** Reads a refund: answers name its state `status`, notices `refund_status`. */
export function readRefund(words: Words): TradeRefund | null {
  const [outTradeNo, outRefundNo, refundId] = ['out_trade_no', 'out_refund_no', 'refund_id'].map((name) => text(words, name));
  const state = text(words, 'status') ?? text(words, 'refund_status');
  const fenBack = amount(words, 'refund');
  if (!outTradeNo || !outRefundNo || !refundId || state === null || !REFUND_STATES.includes(state) || fenBack === null) return null;
  return { subMchId: text(words, 'sub_mchid'), outTradeNo, outRefundNo, refundId, state: state as RefundState, fen: fenBack, doneAt: moment(words, 'success_time') };
}
