import { ageOn, type CivilDate } from '../../kernel/index.js';

/** Who decides a category; everybody else records that authority's decision, with its source, or disputes it. */
export const AUTHORITIES = ['civilAffairs', 'disabledFederation', 'health', 'veterans', 'communitySurvey', 'assessment', 'eligibility'] as const;
export type Authority = (typeof AUTHORITIES)[number];

/** Authorities in the words of screens and messages. */
export const AUTHORITY_NAMES: Readonly<Record<Authority, string>> = {
  civilAffairs: '民政部门', disabledFederation: '残联', health: '卫生健康部门', veterans: '退役军人事务部门',
  communitySurvey: '村（社区）走访调查', assessment: '能力评估', eligibility: '助餐资格审批',
};

/** One category: its words, who decides it, and which grades and kinds it has. */
export interface CategoryRule {
  readonly name: string;
  readonly authority: Authority;
  readonly grades?: readonly string[];
  /** A grade must be given. */
  readonly gradeNeeded?: boolean;
  readonly kinds?: readonly string[];
}

/** 残疾类别，GB/T 26341-2010 */
export const DISABILITY_KINDS = ['sight', 'hearing', 'speech', 'limb', 'intellectual', 'mental', 'multiple'] as const;

const DISABILITY_GRADES = ['1', '2', '3', '4'];

/**
 * Every category that is recorded, with the authority that decides it. The papers of the first five cities name them:
 * Liaocheng 2024 (monthly visits), Baoshan 2021, Haiyan 14th plan, Anshan 2019 (seven groups), Guizhou 2023.
 */
export const CATEGORY_RULES = {
  extremePovertyRecipient: { name: '特困人员', authority: 'civilAffairs' },
  extremePovertyHome: { name: '分散供养特困人员', authority: 'civilAffairs' },
  extremePovertyCollective: { name: '集中供养特困人员', authority: 'civilAffairs' },
  minLivingRecipient: { name: '低保对象', authority: 'civilAffairs' },
  borderlineRecipient: { name: '低保边缘家庭成员', authority: 'civilAffairs' },
  lowIncome: { name: '低收入家庭成员', authority: 'civilAffairs' },
  disabilitySubsidies: { name: '残疾人两项补贴对象', authority: 'civilAffairs' },
  basicServiceRecipient: { name: '基本养老服务对象', authority: 'civilAffairs' },
  vulnerableElder: { name: '特殊困难老年人', authority: 'civilAffairs' },
  assistedElder: { name: '助养老人', authority: 'civilAffairs' },
  disability: { name: '持证残疾人', authority: 'disabledFederation', grades: DISABILITY_GRADES, gradeNeeded: true, kinds: DISABILITY_KINDS },
  severelyDisabled: { name: '重度残疾人', authority: 'disabledFederation', grades: DISABILITY_GRADES, kinds: DISABILITY_KINDS },
  careDependent: { name: '失能老人', authority: 'health' },
  halfDependent: { name: '半失能老人', authority: 'health' },
  severeCareNeed: { name: '重度失能老人', authority: 'health' },
  dementia: { name: '失智老人', authority: 'health' },
  specialFamily: { name: '计划生育特殊家庭成员', authority: 'health' },
  entitledGroup: { name: '重点优抚对象', authority: 'veterans' },
  livingAlone: { name: '独居老人', authority: 'communitySurvey' },
  emptyNest: { name: '空巢老人', authority: 'communitySurvey' },
  leftBehind: { name: '留守老人', authority: 'communitySurvey' },
  withoutKin: { name: '孤寡老人', authority: 'communitySurvey' },
  abilityAssessment: { name: '老年人能力评估等级', authority: 'assessment', grades: ['0', '1', '2', '3', '4'], gradeNeeded: true },
  mealApproval: { name: '助餐补贴资格', authority: 'eligibility', gradeNeeded: true },
} as const satisfies Readonly<Record<string, CategoryRule>>;

export type CategoryCode = keyof typeof CATEGORY_RULES;

/** The classes that are recorded; ages are computed, never recorded. Identifiers of the product's vocabulary. */
export const CATEGORY_CODES = Object.keys(CATEGORY_RULES) as CategoryCode[];

/** The category that an ability assessment of GB/T 42195 is seen as by rules: its grade is the level, 0 to 4. */
export const ABILITY_ASSESSMENT = 'abilityAssessment' satisfies CategoryCode;

/** The category that an approved application is seen as by rules: its grade is the name of the pack. */
export const MEAL_APPROVAL = 'mealApproval' satisfies CategoryCode;

/** The categories that staff record or import; assessments and approvals come from their own records only. */
export const RECORDED_CODES = CATEGORY_CODES.filter((code) => code !== ABILITY_ASSESSMENT && code !== MEAL_APPROVAL);

/** Classes that follow from the birth date: 高龄 and 百岁. */
export const COMPUTED_CODES = ['advancedAge', 'centenarian'] as const;
export type ComputedCode = (typeof COMPUTED_CODES)[number];

/** The classes of age that an elder belongs to on a day: 高龄 from 80 full years, 百岁 from 100. */
export function computedCategories(born: CivilDate, on: CivilDate): ComputedCode[] {
  const age = ageOn(born, on);
  return age >= 100 ? ['advancedAge', 'centenarian'] : age >= 80 ? ['advancedAge'] : [];
}

/** What is known of a category; undefined for a code that none has. */
export function categoryRule(code: string): CategoryRule | undefined {
  return Object.hasOwn(CATEGORY_RULES, code) ? CATEGORY_RULES[code as CategoryCode] : undefined;
}

/**
 * Who may write down the decisions of an authority. The village's or community's own survey is the worker's; the
 * decision of an authority is entered by civil affairs staff from its paper or its list; assessments and approvals
 * are written by their own records alone.
 */
export const RECORDERS: Readonly<Record<Authority, readonly string[]>> = {
  civilAffairs: ['townshipOfficer', 'countyOfficer', 'cityOfficer'],
  disabledFederation: ['townshipOfficer', 'countyOfficer', 'cityOfficer'],
  health: ['townshipOfficer', 'countyOfficer', 'cityOfficer'],
  veterans: ['townshipOfficer', 'countyOfficer', 'cityOfficer'],
  communitySurvey: ['communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer'],
  assessment: [],
  eligibility: [],
};

/** Whether somebody with these roles may write down a category. */
export function mayRecord(roles: readonly string[], code: string): boolean {
  const rule = categoryRule(code);
  return rule !== undefined && RECORDERS[rule.authority].some((role) => roles.includes(role));
}
