import { civilDate, fen } from '../../kernel/index.js';
import { ELDER, ask, makeRule } from '../../../test/support/make-version.js';
import { decideMeal, recomputeFen } from './index.js';

test('a reason names rule, version, clause, document and the facts used with their source', () => {
  const categories = [{ code: 'minLivingRecipient', from: civilDate('2020-05-01'), to: null, source: '民政系统' }];
  const rule = makeRule({ when: { ageFrom: 60, anyCategory: [{ code: 'minLivingRecipient' }] }, notes: ['未公布'] });
  expect(decideMeal(ask(rule, { elder: { ...ELDER, categories } })).reasons[0]).toMatchObject({
    ruleId: 'test/meal', version: '1', clause: '第一条', document: { number: '测〔2024〕1号' }, assumed: true, notes: ['未公布'],
    facts: [
      { fact: 'meal-date', value: '2024-12-03' },
      { fact: 'age', value: 80, source: 'birth-date' },
      { fact: 'category', value: 'minLivingRecipient', source: '民政系统', from: '2020-05-01' },
    ],
  });
});

test('a reason that was tampered with does not recompute', () => {
  const reason = decideMeal(ask(makeRule())).reasons[0];
  if (reason === undefined) throw new Error('no reason');
  expect(recomputeFen(reason)).toBe(reason.fen);
  expect(recomputeFen({ ...reason, working: { ...reason.working, billFen: fen(100) } })).toBe(100);
});
