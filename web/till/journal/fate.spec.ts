import { toReturnFen, verdictOnSale, verdictOnVoid } from './fate.js';

const accepted = { outcome: 'accepted', code: null, sentence: '…', priceFen: 1500, selfPayFen: 1200, subsidyFen: 300, flags: [] as string[] };
const settled = (fate: object): object => ({ next: 'settle', fate });

describe('an answer to a sale', () => {
  it('that accepts it is its fate, known already where it was sent before', () => {
    expect(verdictOnSale({ status: 200, body: accepted }, 0)).toEqual(settled({ is: 'accepted', repeated: false, code: null, review: [], priceFen: 1500, selfPayFen: 1200, subsidyFen: 300 }));
    expect(verdictOnSale({ status: 200, body: accepted }, 2)).toMatchObject({ fate: { repeated: true } });
  });

  it('names what a person at the bureau looks at', () => {
    expect(verdictOnSale({ status: 200, body: { ...accepted, flags: ['fund-changed', 'something-else'] } }, 0)).toMatchObject({ fate: { review: ['fund-changed'] } });
  });

  it('that refuses it keeps the sentence', () => {
    const body = { ...accepted, outcome: 'refused', code: 'site-not-open', sentence: '本助餐点当日未处于营业状态。' };
    expect(verdictOnSale({ status: 200, body }, 0)).toEqual(settled({ is: 'refused', code: 'site-not-open', sentence: '本助餐点当日未处于营业状态。' }));
  });

  it.each([
    ['a malformed body', 400, 'fields-wrong', 'settle'], ['an id with another body', 409, 'tap-id-taken', 'settle'], ['a number twice', 409, 'journal-number-taken', 'settle'],
    ['another split', 409, 'split-changed', 'later'], ['a busy service', 503, 'busy', 'later'], ['too many', 429, 'too-many', 'later'], ['a proxy’s page', 404, undefined, 'later'],
    ['a session at its end', 401, 'terminal-session-ended', 'session'], ['a terminal taken out', 401, 'terminal-revoked', 'stop'], ['a wrong clock', 401, 'terminal-clock-wrong', 'stop'],
  ])('%s', (_, status, code, next) => {
    const verdict = verdictOnSale({ status, body: code === undefined ? null : { code, title: '一句话。' } }, 0);
    expect(verdict.next).toBe(next);
    if (verdict.next === 'settle') expect(verdict.fate).toEqual({ is: 'blocked', code, sentence: '一句话。' });
  });
});

it('an answer to a void says what goes back to the elder', () => {
  expect(verdictOnVoid({ status: 200, body: { returnedFen: 1200 } })).toEqual(settled({ is: 'taken-back', returnedFen: 1200 }));
  expect(verdictOnVoid({ status: 409, body: { code: 'tap-refused-already', title: '这笔记录当时未记账。' } })).toEqual(settled({ is: 'taken-back', returnedFen: 0 }));
  expect(verdictOnVoid({ status: 409, body: { code: 'already-voided', title: '这笔用餐已经撤销。' } })).toMatchObject({ fate: { is: 'blocked' } });
});

it('only what was taken above the own share goes back, and never less than nothing', () => {
  const fate = { is: 'accepted', repeated: false, code: null, review: [], priceFen: 1500, selfPayFen: 1200 } as const;
  expect(toReturnFen(1500, fate)).toBe(300);
  expect(toReturnFen(1000, fate)).toBe(0);
  expect(toReturnFen(1500, { is: 'unsent', tries: 0 })).toBe(0);
});
