import fc from 'fast-check';
import { CODE_PAY, firstLook, judge, judgeRefusal, pauseAfter, tookNothing, whyClosed, type Verdict, type WatchedOrder, type Word } from './pay-watch.js';

const START = 1_000_000;
const END = START + 15 * 60_000;
const order = (change: Partial<WatchedOrder> = {}): WatchedOrder => ({ way: 'sheet', state: 'created', openedAt: START, expiresAt: END, looks: 0, withdrawn: false, ...change });
const code = (change: Partial<WatchedOrder> = {}): WatchedOrder => order({ way: 'code', state: 'paying', expiresAt: START + 60_000, ...change });

describe('an order for the sheet', () => {
  it.each<[string, WatchedOrder, Word, number, Partial<Verdict>]>([
    ['is paid when WeChat says so', order(), 'SUCCESS', 1_000, { state: 'paid' }],
    ['waits while it is unpaid', order(), 'NOTPAY', 60_000, { state: 'created', act: null, lookAt: START + 90_000 }],
    ['waits where WeChat has not heard of it yet', order(), 'none', 30_000, { state: 'created', act: null }],
    ['waits when nobody answers', order({ looks: 9 }), 'unsure', 60_000, { state: 'created', act: null, lookAt: START + 660_000 }],
    ['is looked at right after its end', order({ looks: 9 }), 'NOTPAY', 14 * 60_000, { lookAt: END + 30_000, act: null }],
    ['is not closed while the sheet may be on its way', order(), 'NOTPAY', 15 * 60_000 + 29_999, { act: null }],
    ['is to be closed after that', order(), 'NOTPAY', 15 * 60_000 + 30_000, { act: 'close' }],
    ['is to be closed before that when nobody wants it', order({ withdrawn: true }), 'NOTPAY', 1_000, { act: 'close' }],
    ['is not known where its end has come and nobody answers', order(), 'unsure', 16 * 60_000, { state: 'unknown', act: null }],
    ['is closed when WeChat says so', order(), 'CLOSED', 1_000, { state: 'closed', closedBy: 'CLOSED' }],
    ['is paid also where somebody gave of it back before we knew', order(), 'REFUND', 1_000, { state: 'paid' }],
    ['is paid also after its end', order({ state: 'unknown' }), 'SUCCESS', 86_400_000, { state: 'paid' }],
  ])('%s', (_, one, word, after, expected) => {
    expect(judge(one, word, START + after)).toMatchObject(expected);
  });
});

describe('a charge by payment code', () => {
  it.each<[string, WatchedOrder, Word, number, Partial<Verdict>]>([
    ['waits ten seconds at a time while the payer types', code(), 'USERPAYING', 10_000, { state: 'paying', lookAt: START + 20_000, act: null }],
    ['waits for 45 seconds and no longer', code(), 'USERPAYING', 40_000, { lookAt: START + 45_000 }],
    ['is to be reversed then, which is written down first', code(), 'USERPAYING', 45_000, { state: 'reversing', lookAt: START + 45_000, act: null }],
    ['is asked about again five seconds after no answer', code(), 'unsure', 5_000, { state: 'unknown', lookAt: START + 10_000, act: null }],
    ['is not reversed sooner than 15 seconds after it', code(), 'unsure', 14_999, { state: 'unknown', lookAt: START + 15_000 }],
    ['is to be reversed then', code(), 'unsure', 15_000, { state: 'reversing' }],
    ['also where WeChat has never heard of it: it may still be on its way', code(), 'none', 5_000, { state: 'unknown', act: null }],
    ['is confirmed where the money was taken in truth', code({ state: 'unknown' }), 'SUCCESS', 5_000, { state: 'paid' }],
    ['is not waited for when nobody wants it', code({ withdrawn: true }), 'USERPAYING', 15_000, { state: 'reversing' }],
    ['is reversed again and again until that is answered', code({ state: 'reversing' }), 'unsure', 20_000, { state: 'reversing', act: 'reverse' }],
    ['is reversed also where it reads as paid: that may be about to change', code({ state: 'reversing' }), 'SUCCESS', 20_000, { state: 'reversing', act: 'reverse' }],
    ['is reversed also where somebody gave of it back', code({ state: 'reversing' }), 'REFUND', 20_000, { state: 'reversing', act: 'reverse' }],
    ['is over when it reads as undone', code({ state: 'reversing' }), 'REVOKED', 20_000, { state: 'closed', closedBy: 'reversed' }],
    ['is reversed also where WeChat has not heard of it: the charge may still be on its way', code({ state: 'reversing' }), 'none', 20_000, { state: 'reversing', act: 'reverse' }],
    ['is over when the payment failed', code(), 'PAYERROR', 5_000, { state: 'closed', closedBy: 'PAYERROR' }],
  ])('%s', (_, one, word, after, expected) => {
    expect(judge(one, word, START + after)).toMatchObject(expected);
  });

  it('tells what took nothing from what may have', () => {
    expect(['NOT_ENOUGH', 'AUTH_CODE_EXPIRE', 'AUTH_CODE_INVALID', 'PAYERROR'].map(tookNothing)).toEqual([true, true, true, true]);
    expect(['SYSTEM_ERROR', 'NO_ANSWER', 'FORGED_ANSWER', 'USERPAYING', 'FREQUENCY_LIMITED', 'OUT_TRADE_NO_USED', 'ORDERPAID', 'HTTP_502', 'constructor'].map(tookNothing)).not.toContain(true);
    expect(['NOT_ENOUGH', 'AUTH_CODE_EXPIRE', 'reversed'].map(whyClosed)).toEqual(['not-enough', 'code', 'other']);
  });
});

describe('what WeChat refuses for certain', () => {
  const taken = code({ state: 'reversing' });
  const LATE = 10 * 60_000;

  it.each<[string, WatchedOrder, Word, number | null, string, number, 'paid' | 'closed' | null]>([
    ['is given back in another way where it was paid', taken, 'SUCCESS', 0, 'TRADE_ERROR', 15_000, 'paid'],
    ['also where a part went back already', taken, 'REFUND', 0, 'TRADE_ERROR', 15_000, 'paid'],
    ['is asked for again where it was too soon', taken, 'SUCCESS', 2_000, 'INVALID_REQUEST', 16_999, null],
    ['and given back once it was not', taken, 'SUCCESS', 2_000, 'INVALID_REQUEST', 17_000, 'paid'],
    ['is asked for again after a rush', taken, 'SUCCESS', 0, 'FREQUENCY_LIMITED', LATE, null],
    ['is asked for again while the payer types', taken, 'USERPAYING', null, 'NO_AUTH', 60_000 + LATE, null],
    ['is asked for again while it could be paid', order(), 'NOTPAY', null, 'NO_AUTH', 15 * 60_000 + LATE - 1, null],
    ['is over when it cannot be paid any more', order(), 'NOTPAY', null, 'NO_AUTH', 15 * 60_000 + LATE, 'closed'],
    ['is over when WeChat has never heard of it', taken, 'none', null, 'NO_AUTH', 60_000 + LATE, 'closed'],
    ['is asked about again where it was paid meanwhile', order(), 'NOTPAY', null, 'ORDERPAID', 15 * 60_000 + LATE, null],
    ['is asked for again where nobody knows whether it was paid', order(), 'unsure', null, 'NO_AUTH', 15 * 60_000 + LATE, null],
  ])('%s', (_, one, word, paidAfter, refusal, after, expected) => {
    expect(judgeRefusal(one, word, paidAfter === null ? null : START + paidAfter, refusal, START + after)).toBe(expected);
  });
});

describe('every order', () => {
  const WORDS: readonly Word[] = ['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'none', 'unsure'];
  const open = fc.record({
    way: fc.constantFrom('sheet' as const, 'code' as const), state: fc.constantFrom('created' as const, 'paying' as const, 'unknown' as const, 'reversing' as const),
    openedAt: fc.constant(START), expiresAt: fc.constantFrom(END, START + 60_000), looks: fc.nat(40), withdrawn: fc.boolean(),
  }).filter(({ way, state }) => (way === 'code' ? state !== 'created' : state !== 'reversing'));

  it('is looked at again until it is at its end, and within ten minutes', () => {
    fc.assert(fc.property(open, fc.constantFrom(...WORDS), fc.nat(2 * 86_400_000), (one, word, after) => {
      const now = START + after;
      const verdict = judge(one, word, now);
      if (verdict.state === 'paid' || verdict.state === 'closed') return;
      expect(verdict.lookAt).toBeGreaterThanOrEqual(now);
      expect(verdict.lookAt - now).toBeLessThanOrEqual(10 * 60_000);
    }));
  });

  it('is never closed by a word that leaves room for a payment, and never reversed before its time', () => {
    fc.assert(fc.property(open, fc.constantFrom(...WORDS), fc.nat(120_000), (one, word, after) => {
      const verdict = judge(one, word, START + after);
      if (verdict.state === 'closed') expect(['CLOSED', 'REVOKED', 'PAYERROR']).toContain(word);
      if (verdict.state === 'reversing' && one.state !== 'reversing') expect(after).toBeGreaterThanOrEqual(CODE_PAY.reverseMs);
      if ('act' in verdict && verdict.act === 'reverse') expect(one.state).toBe('reversing');
    }));
  });

  it('is looked at first when WeChat Pay says', () => {
    expect(firstLook(code())).toBe(START + 5_000);
    expect(firstLook(order())).toBe(START + 30_000);
    expect([0, 1, 4, 400].map((looks) => pauseAfter('sheet', looks))).toEqual([30_000, 60_000, 600_000, 600_000]);
  });
});
