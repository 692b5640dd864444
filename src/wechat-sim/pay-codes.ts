import { chinaDate } from '../kernel/index.js';
import type { Met } from './faults.js';
import { isReply, merchantOf, orderOf, refusal, tradeOf, wrong, type Fields, type PayReply } from './pay-answer.js';
import { checkOrder, markPaid } from './pay-orders.js';
import { refundedFen } from './pay-refunds.js';
import { DAY_MS, MINUTE_MS } from './sim-times.js';
import { keyOf, type OneUseCode, type Order, type Person, type SimWorld } from './sim-world.js';

const AUTH_CODE = /^1[0-5]\d{16}$/;
const CODE_MS = MINUTE_MS;
/** Above this a payment code always asks for the password. */
const FREE_MOST_FEN = 100_000;
/** So many trades a day go without one. */
const FREE_A_DAY = 10;
const REVERSE_AFTER_MS = 15_000;
const REVERSE_UNTIL_MS = 7 * DAY_MS;

/** Shows a payment code: 18 digits, good for a minute and one use. */
export function showPayCode(world: SimWorld, person: Person): string {
  const code = `1${world.random.digits(1).replace(/[6-9]/, '3')}${world.random.digits(16)}`;
  world.payCodes.set(code, { openid: person.openid, appid: world.keys.appid, endsAt: world.clock.now() + CODE_MS, used: false });
  return code;
}

function usePayCode(world: SimWorld, code: unknown): OneUseCode | PayReply {
  if (typeof code !== 'string' || !AUTH_CODE.test(code)) return refusal(400, 'AUTH_CODE_INVALID', '付款码不是18位以10到15开头的数字');
  const found = world.payCodes.get(code);
  if (!found) return refusal(400, 'AUTH_CODE_INVALID', '付款码无效，请让用户刷新后再试');
  if (found.used || world.clock.now() >= found.endsAt) return refusal(400, 'AUTH_CODE_EXPIRE', '付款码已过期，请让用户刷新后再试');
  found.used = true;
  return found;
}

/** `…/transactions/codepay`: charges at once, or waits for the password. Number and code are both of one use. */
export function chargeCode(world: SimWorld, partner: boolean, body: Fields, met: Met): PayReply {
  const merchant = merchantOf(world, partner, body);
  if (isReply(merchant)) return merchant;
  if (body[partner ? 'sp_appid' : 'appid'] !== world.keys.appid) return refusal(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配');
  const refused = checkOrder(body);
  if (refused) return refused;
  const { store_info: store } = (body['scene_info'] ?? {}) as Fields;
  const { id, out_id: outId } = (store ?? {}) as Fields;
  if (typeof id !== 'string' && typeof outId !== 'string') return wrong('scene_info.store_info的id与out_id至少填一项');
  const key = keyOf(merchant.name, body['out_trade_no'] as string);
  const known = world.orders.get(key);
  if (known) return known.paidAt !== null ? refusal(400, 'ORDERPAID', '该订单已支付') : refusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
  const now = world.clock.now();
  const order: Order = {
    mchid: merchant.mchid, subMchid: merchant.subMchid, appid: world.keys.appid, outTradeNo: body['out_trade_no'] as string, kind: 'MICROPAY', description: body['description'] as string,
    attach: (body['attach'] as string | undefined) ?? null, notifyUrl: null, fen: (body['amount'] as { total: number }).total, asked: '', openid: null,
    madeAt: now, expiresAt: now + REVERSE_UNTIL_MS, state: 'PAYERROR', transactionId: null, paidAt: null, pollsLeft: null, revokedAt: null,
  };
  // The number is used up from here on, also where the code is refused.
  world.orders.set(key, order);
  const code = usePayCode(world, ((body['payer'] ?? {}) as Fields)['auth_code']);
  if (isReply(code)) return code;
  order.openid = code.openid;
  return charge(world, order, met);
}

function charge(world: SimWorld, order: Order, met: Met): PayReply {
  const person = world.people.get(order.openid ?? '');
  if (!person || person.balanceFen < order.fen) return refusal(403, 'NOT_ENOUGH', '用户余额不足');
  if (met.userPaying !== undefined || asksPassword(world, person, order.fen)) {
    order.state = 'USERPAYING';
    order.pollsLeft = met.userPaying === undefined ? 1 : met.userPaying;
    return { status: 200, body: tradeOf(order) };
  }
  person.balanceFen -= order.fen;
  markPaid(world, order);
  return { status: 200, body: tradeOf(order) };
}

function asksPassword(world: SimWorld, person: Person, fen: number): boolean {
  const day = `${person.openid} ${chinaDate(world.clock.now())}`;
  const free = world.freeOfPassword.get(day) ?? 0;
  if (person.needsPassword || fen > FREE_MOST_FEN || free >= FREE_A_DAY) return true;
  world.freeOfPassword.set(day, free + 1);
  return false;
}

/** `…/reverse`: closes what is unpaid, gives back what was paid. Asked again it answers the same. */
export function reverseCharge(world: SimWorld, partner: boolean, number: string, body: Fields): PayReply {
  const merchant = merchantOf(world, partner, body);
  if (isReply(merchant)) return merchant;
  if (body[partner ? 'sp_appid' : 'appid'] !== world.keys.appid) return refusal(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配');
  const order = orderOf(world, merchant, number);
  if (isReply(order)) return order;
  const now = world.clock.now();
  const answer = { status: 200, body: { ...(order.subMchid === null ? { appid: order.appid, mchid: order.mchid } : { sp_appid: order.appid, sp_mchid: order.mchid, sub_mchid: order.subMchid }), out_trade_no: order.outTradeNo } };
  if (order.state === 'REVOKED') return answer;
  if (order.kind !== 'MICROPAY') return refusal(400, 'INVALID_REQUEST', '只有付款码订单可以撤销');
  if (now - order.madeAt < REVERSE_AFTER_MS) return refusal(400, 'INVALID_REQUEST', '支付后15秒内不可撤销，请稍后再试');
  if (now > order.expiresAt) return refusal(400, 'REVERSE_EXPIRE', '订单已超过可撤销的7天期限');
  if (refundedFen(world, keyOf(merchant.name, number)) > 0) return refusal(400, 'TRADE_ERROR', '订单已有退款，不可撤销');
  const person = world.people.get(order.openid ?? '');
  if (order.paidAt !== null && person) person.balanceFen += order.fen;
  order.state = 'REVOKED';
  order.revokedAt = now;
  return answer;
}
