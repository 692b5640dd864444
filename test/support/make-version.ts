import { civilDate, fen, type Fen } from '../../src/kernel/index.js';
import { LIMIT_PERIODS, type AmountForm, type CompiledVersion, type DocumentRef, type ElderFacts, type FundingPlan, type Funder, type LimitPeriod, type MealFacts, type MealQuestion, type PeriodAmounts, type Rule, type RuleClass, type SiteFacts, type Use } from '../../src/subsidy/domain/index.js';

const document: DocumentRef = { id: 'doc', title: '测试文件', number: '测〔2024〕1号', date: '2024-01-01', issuer: '测试民政局', url: 'not published', sha256: null };

const funder = (code: string, short: string, level: Funder['level']): Funder => ({ code, name: `${short}财政`, short, level, of: 'site', division: null });

export const FUNDERS: readonly Funder[] = [funder('city', '市', 'city'), funder('county', '县', 'county'), funder('township', '镇', 'township')];

export const yuan = (amount: number): Fen => fen(Math.round(amount * 100));
export const fixed = (amount: number): AmountForm => ({ form: 'fixed', fen: yuan(amount) });
export const always = (amount: AmountForm | null): PeriodAmounts => ({ breakfast: amount, lunch: amount, dinner: amount });

/** One funder that bears everything. */
export const CITY_ALONE: FundingPlan = { by: 'parts', parts: [{ funder: 'city', fen: null, weight: null, lostWhenSiteOutside: null }], cut: 'proportional' };

export function makeClass(over: Partial<RuleClass> & { amounts: PeriodAmounts }): RuleClass {
  return { id: 'all', name: '所有人', when: {}, clause: null, notes: [], ...over };
}

/** The periods that a rule's own limits count in, each once. */
function periodsOf({ limits, classes }: Partial<Rule>): LimitPeriod[] {
  const all = [...(limits ?? []), ...(classes ?? []).flatMap((entry) => entry.limits ?? [])];
  return LIMIT_PERIODS.filter((period) => all.some(({ per, carryOver }) => (carryOver ?? per) === period));
}

/** A rule that pays two yuan on every meal, changed as a test needs it. */
export function makeRule(over: Partial<Rule> = {}): Rule {
  const id = over.id ?? 'test/meal';
  return {
    id, countsAs: id, name: '就餐补贴', pays: 'elder', group: 'main', when: {}, excludeCareHome: false,
    classes: [makeClass({ amounts: always(fixed(2)) })], pick: 'highest', limits: [], countsPer: periodsOf(over), bill: null, selfPay: null, onlyWithSubsidy: false, needsApproval: false,
    funding: CITY_ALONE, fundingWhen: [], document, clause: '第一条', notes: [], ...over,
  };
}

export function makeVersion(rules: readonly Rule[], over: Partial<CompiledVersion> = {}): CompiledVersion {
  return {
    pack: 'test', packName: '测试', version: '1', from: civilDate('2024-01-01'), to: null, scope: null, sha256: '0'.repeat(64), sample: null,
    reachedOn: 'birthday', leapBirthday: 'march-1', ageNotes: [], categoriesCount: 'by-day', categoryNotes: [], standardMeals: [],
    choices: { secondMealByMistake: 'nobody', proofForFreeMeal: false, notes: [] }, funders: FUNDERS, rules, documents: [document], categories: {}, siteGrants: [], backdated: null, application: null, whenFundsEnd: null, ...over,
  };
}

const HOME = ['370000', '371500', '371502', '371502001'];

export const ELDER: ElderFacts = { born: civilDate('1944-06-15'), hukou: HOME, residence: HOME, categories: [], careHomeStays: [], died: null };
export const SITE: SiteFacts = { kind: 'canteen', supplyMode: 'hungPlate', division: HOME };
/** A Tuesday. */
export const MEAL: MealFacts = { date: civilDate('2024-12-03'), period: 'lunch', priceFen: yuan(12) };

export interface QuestionParts {
  readonly elder?: Partial<ElderFacts>;
  readonly site?: Partial<SiteFacts>;
  readonly meal?: Partial<MealFacts>;
  readonly uses?: readonly Use[];
}

/** A question about one rule or more, with the usual elder, site and meal unless said otherwise. */
export function ask(rules: Rule | readonly Rule[], parts: QuestionParts = {}): MealQuestion {
  return {
    version: makeVersion(Array.isArray(rules) ? rules : [rules as Rule]),
    elder: { ...ELDER, ...parts.elder }, site: { ...SITE, ...parts.site }, meal: { ...MEAL, ...parts.meal }, uses: parts.uses ?? [],
  };
}
