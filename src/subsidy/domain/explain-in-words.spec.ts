import { civilDate } from '../../kernel/index.js';
import { always, ask, fixed, makeClass, makeRule, yuan, type QuestionParts } from '../../../test/support/make-version.js';
import { REFUSAL_CODES, decideMeal, explainInWords, type FundingPlan, type MealDecision } from './index.js';

const halves: FundingPlan = { by: 'weights', cut: 'proportional', parts: ['city', 'county'].map((funder) => ({ funder, fen: null, weight: 1, lostWhenSiteOutside: null })) };
const hardship = makeClass({ id: 'hardship', name: '低保', when: { anyCategory: [{ code: 'minLivingRecipient' }] }, amounts: always(fixed(4)) });
const rule = makeRule({ funding: halves, classes: [makeClass({ id: 'age80', amounts: always(fixed(2)) }), hardship], limits: [{ per: 'day', count: 1, fen: null, partly: true }] });
const decide = (parts: QuestionParts = {}): MealDecision => decideMeal(ask(rule, parts));

test('the elder hears who pays what', () => {
  expect(explainInWords(decide(), 'elder')).toBe('原价12元，市补1元，县补1元，您付10元');
  expect(explainInWords(decide({ meal: { priceFen: yuan(12.5) } }), 'elder')).toBe('原价12.5元，市补1元，县补1元，您付10.5元');
});

test('the elder hears why a meal is at the full price', () => {
  expect(explainInWords(decide({ uses: decide().uses }), 'elder')).toBe('原价12元，今天的补贴已经用过，您付12元');
  expect(explainInWords(decideMeal({ ...ask(rule), elder: null }), 'elder')).toBe('原价12元，这一餐没有补贴，您付12元');
});

test('the cashier hears amounts alone, whatever the class and whatever the refusal', () => {
  const categories = [{ code: 'minLivingRecipient', from: civilDate('2020-01-01'), to: null, source: '民政' }];
  const poor = decide({ elder: { categories } });
  expect(explainInWords(poor, 'cashier')).toBe('应收8元（原价12元，补贴4元）');
  expect(explainInWords(decide({ elder: { died: civilDate('2024-12-01') } }), 'cashier')).toBe('应收12元（原价12元，补贴0元）');
});

test('the auditor reads rule, version, document, facts and caps', () => {
  const text = explainInWords(decide({ meal: { priceFen: yuan(1) } }), 'auditor');
  for (const part of ['测〔2024〕1号', 'test/meal/age80', '版本1', '不超过餐费：2.00→1.00元', '用餐日期=2024-12-03', '当天已用次数=0', 'SHA-256']) expect(text).toContain(part);
});

test('three readers of one meal: only the auditor reads the category, its source and date, and both SHA-256', () => {
  const categories = [{ code: 'minLivingRecipient', from: civilDate('2020-01-01'), to: null, source: '民政救助系统' }];
  const poor = decide({ elder: { categories } });
  for (const part of ['类别=低保对象（来源民政救助系统，自2020-01-01）', `SHA-256 ${'0'.repeat(64)}`]) expect(explainInWords(poor, 'auditor', { minLivingRecipient: '低保对象' })).toContain(part);
  for (const reader of ['elder', 'cashier'] as const) expect(explainInWords(poor, reader)).not.toMatch(/minLiving|低保|hardship|类别/u);
});

test.each([
  ['year', '今年的补贴已经用完'], ['quarter', '本季度的补贴已经用完'],
] as const)('the elder hears that the %s is used up', (per, words) => {
  const capped = { ...rule, limits: [{ per, count: 1, fen: null, partly: true }], countsPer: [per] };
  const first = decideMeal(ask(capped));
  expect(explainInWords(decideMeal(ask(capped, { uses: first.uses })), 'elder')).toBe(`原价12元，${words}，您付12元`);
});

test('the auditor reads Chinese for periods, kinds of day and site, and every refusal', () => {
  const when = { periods: ['lunch'], days: ['workday'], siteKinds: ['canteen'], supplyModes: ['hungPlate'], noCategory: [{ code: 'livingAlone' }] } as const;
  const text = explainInWords(decideMeal(ask(makeRule({ when }))), 'auditor', { livingAlone: '独居' });
  for (const part of ['餐次=午餐', '日子=工作日', '场所类型=食堂', '供餐方式=企业挂牌', '没有类别=独居']) expect(text).toContain(part);
  expect(explainInWords(decideMeal({ ...ask(rule), elder: null }), 'auditor')).toContain('未补贴：没有刷卡，不知道是谁（guest）');
  for (const code of REFUSAL_CODES) expect(explainInWords({ ...decide(), reasons: [], refusal: code }, 'auditor')).toMatch(/未补贴：\p{Script=Han}.*（/u);
});
