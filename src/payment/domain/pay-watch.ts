import type { Instant } from '../../kernel/index.js';

/** How an order is paid: on the phone's own sheet, or by a payment code that a till scans. */
export type PayWay = 'sheet' | 'code';

/** What we know of an order. `paid` and `closed` are the end of it; none of the others outlives the day. */
export type OrderState = 'created' | 'paying' | 'unknown' | 'reversing' | 'paid' | 'closed';

/** What looking after an order needs to know of it. */
export interface WatchedOrder {
  readonly way: PayWay;
  readonly state: OrderState;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  /** How often WeChat was asked about it. */
  readonly looks: number;
  /** Whether nobody wants it any more. */
  readonly withdrawn: boolean;
}

/**
 * WeChat's word on an order. `none`: it knows no such order. `unsure`: no word, or one that says nothing.
 * The others are its own states.
 */
export type Word = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR' | 'none' | 'unsure';

/** Whether a word says that money was taken: also of what somebody gave back since, such as the merchant on WeChat's own page. */
export function tookMoney(word: Word): boolean {
  return word === 'SUCCESS' || word === 'REFUND';
}

/** What follows from a word. `act` is to be asked of WeChat before the order is looked at again. */
export type Verdict =
  | { readonly state: 'paid' }
  | { readonly state: 'closed'; readonly closedBy: string }
  | { readonly state: 'created' | 'paying' | 'unknown' | 'reversing'; readonly lookAt: Instant; readonly act: 'close' | 'reverse' | null };

const SECOND = 1_000;
/** WeChat Pay's own numbers for a payment code (its page on charging by code, 2025-08-14). */
export const CODE_PAY = {
  /** After a charge without a word. */
  firstLookMs: 5 * SECOND,
  /** While the payer types a password. */
  everyMs: 10 * SECOND,
  /** A payer who has typed nothing until then does not any more. */
  patienceMs: 45 * SECOND,
  /** No charge is taken back sooner. */
  reverseMs: 15 * SECOND,
} as const;

/** After its end the sheet may still be on its way. */
const GRACE_MS = 30 * SECOND;
/** How long until the next look, the longer the more there were; the last holds from then on. */
const PAUSES_MS = { sheet: [30, 60, 120, 300, 600].map((s) => s * SECOND), code: [5, 5, 5, 5, 5, 10, 30, 60, 300, 600].map((s) => s * SECOND) };

/** Words on a closed order after which nothing is left to be asked: no money was taken and none can be. */
const NO_DOUBT: ReadonlySet<Word> = new Set(['CLOSED', 'REVOKED', 'PAYERROR', 'none']);

/** Whether WeChat's word on a closed order leaves no doubt that it is. */
export function leavesNoDoubt(word: Word): boolean {
  return NO_DOUBT.has(word);
}

/** So long after its end an order that reads as unpaid is not paid any more, also where WeChat refuses to close it: its own time for it is over. */
const LATE_MS = 10 * 60 * SECOND;
/** Refusals that pass by themselves, or mean that the order is another than it read as. */
const PASSING = new Set(['FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'ORDERPAID', 'ORDER_PAID', 'USERPAYING']);

/** When to look again, by how often one has looked. */
export function pauseAfter(way: PayWay, looks: number): number {
  const pauses = PAUSES_MS[way];
  return pauses[Math.min(looks, pauses.length - 1)] as number;
}

/** When a new order is looked at first. */
export function firstLook(order: Pick<WatchedOrder, 'way' | 'openedAt'>): Instant {
  return order.openedAt + (order.way === 'code' ? CODE_PAY.firstLookMs : pauseAfter('sheet', 0));
}

/**
 * What follows from WeChat's word on an open order. An order is closed only when it cannot be paid any more: WeChat
 * has said so, or has never heard of it when we asked it to take it back.
 */
export function judge(order: WatchedOrder, word: Word, now: Instant): Verdict {
  switch (word) {
    case 'SUCCESS': case 'REFUND':
      // What is being taken back may still read as paid for a moment; taking back is repeated until it does not.
      return order.state === 'reversing' ? again(order, now, 'reversing', 'reverse') : { state: 'paid' };
    case 'CLOSED': case 'REVOKED':
      return { state: 'closed', closedBy: order.state === 'reversing' ? 'reversed' : word };
    case 'PAYERROR':
      return { state: 'closed', closedBy: word };
    default:
      return order.way === 'sheet' ? judgeSheet(order, word, now) : judgeCode(order, word, now);
  }
}

/**
 * What follows where WeChat refuses for certain to close an order or to take it back, which asking again does not change:
 * what it took is to be given back as any other payment is (`paid`), what can no longer be paid is `closed`.
 * @param paidAt when WeChat took the money, by its own word
 * @returns null where it is asked again
 */
export function judgeRefusal(order: WatchedOrder, word: Word, paidAt: Instant | null, code: string, now: Instant): 'paid' | 'closed' | null {
  if (PASSING.has(code)) return null;
  // Sooner than that it takes no charge back, whatever is right with it.
  if (tookMoney(word)) return now >= Math.max(order.openedAt, paidAt ?? 0) + CODE_PAY.reverseMs ? 'paid' : null;
  return (word === 'NOTPAY' || word === 'none') && now >= order.expiresAt + LATE_MS ? 'closed' : null;
}

function judgeSheet(order: WatchedOrder, word: 'NOTPAY' | 'USERPAYING' | 'none' | 'unsure', now: Instant): Verdict {
  const over = order.withdrawn || now >= order.expiresAt + GRACE_MS;
  const state = word === 'unsure' && over ? 'unknown' : order.state === 'created' ? 'created' : 'paying';
  return again(order, now, state, over && word !== 'unsure' ? 'close' : null);
}

function judgeCode(order: WatchedOrder, word: 'NOTPAY' | 'USERPAYING' | 'none' | 'unsure', now: Instant): Verdict {
  // It reached WeChat after we had called it closed, and somebody may yet pay it.
  if (order.state === 'closed') return again(order, now, 'reversing', word === 'NOTPAY' || word === 'USERPAYING' ? 'reverse' : null);
  // Also what WeChat has not heard of is taken back: the charge may still be on its way there.
  if (order.state === 'reversing') return again(order, now, 'reversing', 'reverse');
  const typing = word === 'USERPAYING';
  const giveUpAt = order.openedAt + (typing && !order.withdrawn ? CODE_PAY.patienceMs : CODE_PAY.reverseMs);
  // Written down before it is asked for: what reads as paid afterwards may be on its way back already.
  if (now >= giveUpAt) return { state: 'reversing', lookAt: now, act: null };
  const pause = typing ? CODE_PAY.everyMs : CODE_PAY.firstLookMs;
  return { state: typing ? 'paying' : 'unknown', lookAt: Math.min(now + pause, giveUpAt), act: null };
}

function again(order: WatchedOrder, now: Instant, state: 'created' | 'paying' | 'unknown' | 'reversing', act: 'close' | 'reverse' | null): Verdict {
  const next = now + pauseAfter(order.way, order.looks);
  const end = order.expiresAt + GRACE_MS;
  return { state, act, lookAt: order.way === 'sheet' && now < end ? Math.min(next, end) : next };
}

/** Codes with which WeChat says for certain that a charge by code took nothing, and why. */
const CHARGE_REFUSED: Readonly<Record<string, 'not-enough' | 'code' | 'other'>> = {
  NOT_ENOUGH: 'not-enough', NOTENOUGH: 'not-enough',
  AUTH_CODE_EXPIRE: 'code', AUTHCODEEXPIRE: 'code', AUTH_CODE_INVALID: 'code', AUTH_CODE_ERROR: 'code', INVALID_AUTH_CODE: 'code',
  PAYERROR: 'other', RULE_LIMIT: 'other', RULELIMIT: 'other', NO_AUTH: 'other', NOAUTH: 'other', PARAM_ERROR: 'other', SIGN_ERROR: 'other', INVALID_REQUEST: 'other', ACCOUNT_ERROR: 'other', NOTSUPORTCARD: 'other',
};

/** Whether WeChat's code means that a charge took nothing; whatever else it says has to be asked about. */
export function tookNothing(code: string): boolean {
  return Object.hasOwn(CHARGE_REFUSED, code);
}

/** Why an order was closed without money, in three words. */
export function whyClosed(closedBy: string): 'not-enough' | 'code' | 'other' {
  return (tookNothing(closedBy) ? CHARGE_REFUSED[closedBy] : undefined) ?? 'other';
}
