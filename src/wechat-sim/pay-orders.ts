import { chinaTime } from '../kernel/index.js';
import type { Callbacks } from './callbacks.js';
import { isReply, merchantOf, orderOf, refusal, tradeOf, wrong, type Fields, type PayReply } from './pay-answer.js';
import { DAY_MS, MINUTE_MS } from './sim-times.js';
import { keyOf, type Order, type SimWorld } from './sim-world.js';

const NUMBER = /^[0-9A-Za-z_\-|*]{6,32}$/;
const SHEET_MS = 2 * 60 * MINUTE_MS;
const USUAL_LIFE_MS = 7 * DAY_MS;
const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Fields that every order has, checked as the service checks them; a refusal, or null. */
export function checkOrder(body: Fields): PayReply | null {
  const { description, out_trade_no: number, attach, amount } = body;
  const { total, currency = 'CNY' } = (typeof amount === 'object' && amount !== null ? amount : {}) as Fields;
  if (typeof description !== 'string' || description === '' || [...description].length > 127) return wrong('description为1到127个字符');
  if (typeof number !== 'string' || !NUMBER.test(number)) return wrong('out_trade_no为6到32位的数字、字母或_-|*');
  if (attach !== undefined && (typeof attach !== 'string' || attach.length > 128)) return wrong('attach不超过128个字符');
  if (!Number.isSafeInteger(total) || (total as number) < 1) return wrong('amount.total为正整数，单位为分');
  return currency === 'CNY' ? null : wrong('amount.currency只支持CNY');
}

/** An address that WeChat would send callbacks to; clear text to this machine and to its own service is the simulator's leave. */
function isNotifyUrl(value: unknown, home: string): value is string {
  if (typeof value !== 'string' || value.length > 255 || !URL.canParse(value)) return false;
  const { protocol, hostname, search } = new URL(value);
  return search === '' && (protocol === 'https:' || (protocol === 'http:' && (LOCAL.has(hostname) || hostname === home)));
}

/** Until when it can be paid; a refusal for a time that is none or nearer than a minute. */
function expiryOf(value: unknown, now: number): number | PayReply {
  if (value === undefined) return now + USUAL_LIFE_MS;
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) return wrong('time_expire格式错误，应为rfc3339');
  // The service cuts off parts of a second, so a minute ahead is seen as up to a second less.
  return at > now + MINUTE_MS - 1_000 && at <= now + USUAL_LIFE_MS ? at : wrong('time_expire须在1分钟之后、7天之内');
}

/** `…/transactions/jsapi`: places an order, or gives the same one again a fresh sheet. */
export function placeOrder(world: SimWorld, partner: boolean, body: Fields): PayReply {
  const now = world.clock.now();
  const merchant = merchantOf(world, partner, body);
  if (isReply(merchant)) return merchant;
  const appid = body[partner ? 'sp_appid' : 'appid'];
  if (appid !== world.keys.appid) return refusal(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配');
  const refused = checkOrder(body);
  if (refused) return refused;
  const notifyUrl = body['notify_url'];
  if (!isNotifyUrl(notifyUrl, world.home)) return wrong('notify_url须为https地址，不超过255个字符，不能带参数');
  const { openid, sp_openid: spOpenid } = (body['payer'] ?? {}) as Fields;
  const payer = partner ? spOpenid : openid;
  if (typeof payer !== 'string' || !world.people.has(payer)) return wrong('无效的openid');
  const key = keyOf(merchant.name, body['out_trade_no'] as string);
  const asked = JSON.stringify(body);
  const known = world.orders.get(key);
  if (known !== undefined) {
    const again = mayAskAgain(known, asked, now);
    return again ?? { status: 200, body: { prepay_id: newSheet(world, key, known) } };
  }
  const expiresAt = expiryOf(body['time_expire'], now);
  if (isReply(expiresAt)) return expiresAt;
  const order: Order = {
    mchid: merchant.mchid, subMchid: merchant.subMchid, appid: world.keys.appid, outTradeNo: body['out_trade_no'] as string, kind: 'JSAPI', description: body['description'] as string,
    attach: (body['attach'] as string | undefined) ?? null, notifyUrl, fen: (body['amount'] as { total: number }).total, asked, openid: payer,
    madeAt: now, expiresAt, state: 'NOTPAY', transactionId: null, paidAt: null, pollsLeft: 0, revokedAt: null,
  };
  world.orders.set(key, order);
  return { status: 200, body: { prepay_id: newSheet(world, key, order) } };
}

/** Why a number cannot be asked for again; null while it is unpaid, unexpired and asked for with the same facts. */
function mayAskAgain(order: Order, asked: string, now: number): PayReply | null {
  if (order.kind !== 'JSAPI') return refusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
  if (order.paidAt !== null) return refusal(400, 'ORDERPAID', '该订单已支付');
  if (order.state === 'CLOSED' || now >= order.expiresAt) return refusal(400, 'ORDER_CLOSED', '该订单已关闭');
  return order.asked === asked ? null : refusal(400, 'INVALID_REQUEST', '请求重入时，参数与首次请求时不一致');
}

function newSheet(world: SimWorld, key: string, order: Order): string {
  const prepayId = `wx${chinaTime(world.clock.now()).replace(/\D/g, '').slice(0, 14)}${world.random.digits(20)}`;
  world.prepays.set(prepayId, { order: key, endsAt: Math.min(order.expiresAt, world.clock.now() + SHEET_MS) });
  return prepayId;
}

/** The order of a payment sheet that can be paid now; else in words why not. */
export function payableOrder(world: SimWorld, prepayId: string): Order | string {
  const sheet = world.prepays.get(prepayId);
  const order = sheet && world.orders.get(sheet.order);
  if (!sheet || !order) return '没有这笔订单';
  if (order.paidAt !== null) return '这笔订单已经付过了';
  if (order.state !== 'NOTPAY') return '这笔订单已经关闭';
  return world.clock.now() < sheet.endsAt ? order : '这笔订单已经过期';
}

/** Takes the money and tells the merchant; else in words why not. */
export function settleOrder(world: SimWorld, callbacks: Callbacks, order: Order): string | null {
  const person = world.people.get(order.openid ?? '');
  if (!person || person.balanceFen < order.fen) return '余额不足';
  person.balanceFen -= order.fen;
  markPaid(world, order);
  if (order.notifyUrl !== null) callbacks.add('notify', order.notifyUrl, 'TRANSACTION.SUCCESS', 'transaction', tradeOf(order));
  return null;
}

/** Writes a payment down. */
export function markPaid(world: SimWorld, order: Order): void {
  order.state = 'SUCCESS';
  order.paidAt = world.clock.now();
  order.transactionId = world.number('4200');
  order.pollsLeft = 0;
  world.byTransaction.set(order.transactionId, keyOf(order.subMchid ?? order.mchid, order.outTradeNo));
}

/** A query by the merchant's number or WeChat's. */
export function queryOrder(world: SimWorld, partner: boolean, by: 'out-trade-no' | 'id', number: string, query: Fields): PayReply {
  const merchant = merchantOf(world, partner, query);
  if (isReply(merchant)) return merchant;
  const order = by === 'id' ? world.orders.get(world.byTransaction.get(number) ?? '') : world.orders.get(keyOf(merchant.name, number));
  if (!order || (order.subMchid ?? order.mchid) !== merchant.name) return refusal(404, 'ORDER_NOT_EXIST', '订单不存在');
  const reply = { status: 200, body: tradeOf(order) };
  if (order.state === 'USERPAYING' && order.pollsLeft !== null) enterPassword(world, order);
  return reply;
}

/** One query nearer to the password; when it is entered, the money is taken, or is not there. */
function enterPassword(world: SimWorld, order: Order): void {
  order.pollsLeft = (order.pollsLeft ?? 0) - 1;
  if (order.pollsLeft > 0) return;
  const person = world.people.get(order.openid ?? '');
  if (!person || person.balanceFen < order.fen) {
    order.state = 'PAYERROR';
    return;
  }
  person.balanceFen -= order.fen;
  markPaid(world, order);
}

/** `…/close`: an unpaid order can no longer be paid. */
export function closeOrder(world: SimWorld, partner: boolean, number: string, body: Fields): PayReply {
  const merchant = merchantOf(world, partner, body);
  if (isReply(merchant)) return merchant;
  const order = orderOf(world, merchant, number);
  if (isReply(order)) return order;
  if (order.kind === 'MICROPAY') return refusal(400, 'INVALID_REQUEST', '付款码订单请使用撤销接口');
  if (order.paidAt !== null) return refusal(400, 'ORDERPAID', '该订单已支付');
  if (order.state === 'CLOSED') return refusal(400, 'ORDER_CLOSED', '该订单已关闭');
  order.state = 'CLOSED';
  return { status: 204, body: null };
}
