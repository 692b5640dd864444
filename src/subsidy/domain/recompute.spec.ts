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

test('every fact that a rule looked at stands in the reason with its source and date', () => {
  const sources = { hukou: { source: '公安户籍', from: civilDate('2001-05-01') }, born: { source: '身份证' } };
  const rule = makeRule({
    when: { ageFrom: 60, hukou: ['371500'], noCategory: [{ code: 'lowIncome' }], siteKinds: ['canteen'], periods: ['lunch'] },
    limits: [{ per: 'day', count: 1, fen: null, partly: true }, { per: 'month', count: null, fen: fen(900), partly: true }], excludeCareHome: true, needsApproval: true,
  });
  const approval = { code: 'mealApproval', grade: 'test', from: civilDate('2024-06-01'), to: null, source: '申请审批' };
  const uses = [{ ruleId: 'test/meal', periodKey: 'm:2024-12', count: 3, fen: fen(750) }];
  const reason = decideMeal(ask(rule, { elder: { ...ELDER, sources, categories: [approval] }, uses })).reasons[0];
  expect(reason?.facts).toEqual([
    { fact: 'meal-date', value: '2024-12-03' },
    { fact: 'age', value: 80, source: '身份证' },
    { fact: 'hukou', value: '371502001', source: '公安户籍', from: '2001-05-01' },
    { fact: 'no-category', value: 'lowIncome' },
    { fact: 'site-kind', value: 'canteen' },
    { fact: 'meal-period', value: 'lunch' },
    { fact: 'approval', value: 'test', source: '申请审批', from: '2024-06-01' },
    { fact: 'in-care-home', value: false },
    { fact: 'used-day', value: 0 },
    { fact: 'used-fen-month', value: 750 },
  ]);
  expect(reason).toMatchObject({ fen: 150, versionSha256: '0'.repeat(64), caps: [{ cap: 'allowance', limitFen: 150 }] });
});
