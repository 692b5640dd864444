import { civilDate } from '../../kernel/index.js';
import { always, ELDER, fixed, makeClass, makeRule, makeVersion } from '../../../test/support/make-version.js';
import { entitlementOf } from './entitlement.js';
import type { Condition, Rule, RuleClass } from './pack.js';

const ON = civilDate('2025-01-20');
const HELD = { code: 'minLivingRecipient', grade: null, from: civilDate('2024-01-01'), to: null, source: '低保系统' };
const classOf = (over: Partial<RuleClass>): RuleClass => makeClass({ amounts: always(fixed(2)), ...over });
const decide = (rule: Partial<Rule>, elder: Partial<typeof ELDER> = {}, on = ON) => entitlementOf(makeVersion([makeRule(rule)]), { ...ELDER, ...elder }, on);
const who = (when: Condition, elder: Partial<typeof ELDER> = {}) => decide({ when }, elder).refusal;

describe('whether a person is entitled', () => {
  it('is decided by the person, with the rule, its clause and the facts that it looked at', () => {
    const { rules, refusal, facts } = decide({ when: { ageFrom: 80 }, classes: [classOf({ id: 'poor', name: '低保', when: { anyCategory: [{ code: HELD.code }] }, clause: '第二款' })] }, { categories: [HELD] });
    expect(refusal).toBeNull();
    expect(rules).toMatchObject([{ ruleId: 'test/meal', classId: 'poor', className: '低保', clause: '第二款' }]);
    expect(facts).toEqual([
      expect.objectContaining({ fact: 'age', value: 80 }), { fact: 'category', value: HELD.code, source: '低保系统', from: '2024-01-01' },
    ]);
  });

  it.each<[string, Condition, string]>([
    ['too young', { ageFrom: 81 }, 'too-young'], ['too old', { ageTo: 79 }, 'too-old'], ['another hukou', { hukou: ['120000'] }, 'not-hukou'], ['another residence', { residence: ['120000'] }, 'not-resident'],
    ['no category', { anyCategory: [{ code: HELD.code }] }, 'not-in-category'], ['none of two ways', { any: [{ ageFrom: 90 }, { anyCategory: [{ code: HELD.code }] }] }, 'not-in-category'],
  ])('%s: refused', (_, when, refusal) => expect(who(when)).toBe(refusal));

  it('looks past place, meal and bill', () => {
    const site: Condition = { siteIn: ['120000'], siteKinds: ['mealPoint'], periods: ['breakfast'], workdaysOnly: true, delivered: true, bill: { atLeastFen: null, basis: 'paid' } };
    expect(who({ ...site, ageFrom: 80 })).toBeNull();
    expect(who({ any: [{ ...site, ageFrom: 90 }, { ...site, ageFrom: 70 }] })).toBeNull();
    expect(who({ any: [{ ...site, ageFrom: 90 }] })).toBe('too-young');
  });

  it('excludes a person by what is of the person alone', () => {
    expect(who({ none: [{ anyCategory: [{ code: HELD.code }] }] }, { categories: [HELD] })).toBe('in-excluded-category');
    expect(who({ none: [{ anyCategory: [{ code: HELD.code }], periods: ['lunch'] }] }, { categories: [HELD] })).toBeNull();
    expect(who({ none: [{ delivered: false }] })).toBeNull();
  });

  it('ends with death and with a stay in a care home, where the rule says so', () => {
    expect(decide({}, { died: civilDate('2025-01-19') })).toMatchObject({ refusal: 'deceased', rules: [] });
    expect(decide({}, { died: ON }).refusal).toBeNull();
    const stays = [{ from: civilDate('2025-01-01'), to: null }];
    expect(decide({ excludeCareHome: true }, { careHomeStays: stays }).refusal).toBe('in-care-home');
    expect(decide({}, { careHomeStays: stays }).refusal).toBeNull();
  });

  it('rests, when refused, on everything of the person that a rule looks at, and on rules for elders alone', () => {
    const version = makeVersion([makeRule({ when: { ageFrom: 90 } }), makeRule({ id: 'test/site', pays: 'site', when: { ageFrom: 60 } })]);
    expect(entitlementOf(version, ELDER, ON)).toMatchObject({ rules: [], refusal: 'too-young', facts: [{ fact: 'age', value: 80 }] });
  });

  it('with several classes takes all that apply', () => {
    const classes = [classOf({ id: 'a', when: { ageFrom: 90 } }), classOf({ id: 'b', when: { ageFrom: 80 } }), classOf({ id: 'c' })];
    expect(decide({ classes }).rules.map(({ classId }) => classId)).toEqual(['b', 'c']);
  });
});
