import { civilDate } from '../../../src/kernel/civil-date.js';
import { fen } from '../../../src/kernel/fen.js';
import type { Use } from '../../../src/subsidy/domain/index.js';
import type { Question } from '../decide.js';
import { judge, personOf, type Catalogue } from './judge.js';

const NOON = Date.UTC(2024, 11, 3, 4);
const catalogue: Catalogue = {
  site: { siteId: 's', name: '食堂', state: 'open', licenceValid: true, facts: { kind: 'canteen', supplyMode: null, division: ['371500', '371502'] } },
  days: [{ date: civilDate('2024-12-03'), workday: true }], limits: { tapFen: 1, elderDayFen: 1, deviceDayFen: 1, deviceDayTaps: 1 }, versions: {},
};
const row = { h: 'h', n: '欧阳', t: 'm', r: 1, s: [['', '', '']], u: [] } as const;
const question: Question = {
  credential: { kind: 'card', number: 'LC1' }, items: [], priceListVersion: 1, mealPeriod: 'lunch', tender: 'cash', priceFen: 2_500, othersFen: 1_000, away: true,
};
const none: Use[] = [];

it('takes the full price of whoever no version rules, and all of what others eat along', () => {
  expect(judge(row, catalogue, question, none, NOON, () => false)).toMatchObject({ split: { selfPayFen: 2_500, subsidyFen: 0 }, second: false, needsProof: false, trouble: null });
});

it('says nothing by itself above the limits, and what it would take is counted all the same', () => {
  const seen: object[] = [];
  const judged = judge(row, catalogue, question, none, NOON, (trace) => seen.push(trace) > 0);
  expect(judged).toMatchObject({ split: null, trace: { handle: 'h', mealDate: '2024-12-03', subsidyFen: 0 } });
  expect(seen).toHaveLength(1);
  // Online nobody asks for limits.
  expect(judge(row, catalogue, { ...question, away: false }, none, NOON, () => true).split).toEqual({ selfPayFen: 2_500, subsidyFen: 0 });
});

it('takes a lost card as nobody’s', () => {
  expect(judge({ ...row, x: 'lost' }, catalogue, question, [{ ruleId: 'r', periodKey: 'd:2024-12-03', count: 1, fen: fen(1) }], NOON, () => false).split).toEqual({ selfPayFen: 2_500, subsidyFen: 0 });
});

it('gives the cashier a surname and an address', () => {
  expect(personOf(row)).toEqual({ surname: '欧阳', title: 'm', regular: true, photo: null });
});
