import { civilDate } from '../../kernel/index.js';
import { AUTHORITIES, CATEGORY_CODES, CATEGORY_RULES, categoryRule, computedCategories, mayRecord, RECORDED_CODES, RECORDERS, type CategoryCode } from './categories.js';

const OFFICERS = ['townshipOfficer', 'countyOfficer', 'cityOfficer'];

describe('who decides a category', () => {
  it.each<[CategoryCode, string]>([
    ['extremePovertyHome', 'civilAffairs'], ['extremePovertyCollective', 'civilAffairs'], ['minLivingRecipient', 'civilAffairs'], ['borderlineRecipient', 'civilAffairs'],
    ['lowIncome', 'civilAffairs'], ['disability', 'disabledFederation'], ['severelyDisabled', 'disabledFederation'], ['careDependent', 'health'],
    ['halfDependent', 'health'], ['dementia', 'health'], ['specialFamily', 'health'], ['entitledGroup', 'veterans'],
    ['livingAlone', 'communitySurvey'], ['emptyNest', 'communitySurvey'], ['leftBehind', 'communitySurvey'], ['withoutKin', 'communitySurvey'],
  ])('%s: %s', (code, authority) => expect(CATEGORY_RULES[code].authority).toBe(authority));

  it('a community worker writes down the survey of the community, and nothing that an authority decides', () => {
    expect([...RECORDED_CODES].filter((code) => mayRecord(['communityWorker'], code)).sort()).toEqual(['emptyNest', 'leftBehind', 'livingAlone', 'withoutKin']);
  });

  it.each(OFFICERS)('%s writes down what any authority decided', (role) => {
    expect(RECORDED_CODES.every((code) => mayRecord([role], code))).toBe(true);
  });

  it('nobody writes down assessments, approvals, ages or what is no category', () => {
    for (const code of ['abilityAssessment', 'mealApproval', 'advancedAge', 'centenarian', 'toString', 'vip']) expect(mayRecord(OFFICERS, code)).toBe(false);
    for (const role of ['cashier', 'auditor', 'financeApprover', 'systemAdministrator']) expect(CATEGORY_CODES.some((code) => mayRecord([role], code))).toBe(false);
  });

  it('every authority has its line, and every category a name of its own', () => {
    expect(Object.keys(RECORDERS).sort()).toEqual([...AUTHORITIES].sort());
    expect(new Set(CATEGORY_CODES.map((code) => categoryRule(code)?.name)).size).toBe(CATEGORY_CODES.length);
  });
});

it.each([
  ['1944-12-04', []], ['1944-12-03', ['advancedAge']], ['1924-12-04', ['advancedAge']], ['1924-12-03', ['advancedAge', 'centenarian']],
])('who was born on %s is %j on 2024-12-03', (born, codes) => expect(computedCategories(civilDate(born), civilDate('2024-12-03'))).toEqual(codes));
