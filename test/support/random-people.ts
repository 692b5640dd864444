import { civilDate, fen, type CivilDate } from '../../src/kernel/index.js';
import type { CategoryHeld, CompiledVersion, Condition, ElderFacts, FundingPlan, Rule, Scope, Use } from '../../src/subsidy/domain/index.js';
import { periodKeys } from '../../src/subsidy/domain/index.js';
import { randomElder, randomVersion, type Dice } from './random-packs.js';

const LEVELS = ['city', 'county', 'township'] as const;

/** A condition that asks more about the person than a random pack does by itself. */
function asked(dice: Dice, when: Condition): Condition {
  return {
    ...when,
    ...(dice.chance(6) ? { siteSameAs: { of: dice.one(['hukou', 'residence'] as const), level: dice.one(LEVELS) } } : {}),
    ...(dice.chance(12) ? { birthday: dice.chance(2) } : {}),
    ...(dice.chance(8) ? { residence: [dice.one(['371500', '440100', '371502001'])] } : {}),
    ...(dice.chance(8) ? { allCategories: [{ code: 'livingAlone', grades: ['1'] }] } : {}),
    ...(dice.chance(8) ? { noCategory: [{ code: 'assistedElder', heldMonths: dice.below(9) }] } : {}),
  };
}

function lostSomewhere(dice: Dice, plan: FundingPlan): FundingPlan {
  return { ...plan, parts: plan.parts.map((part) => (dice.chance(4) ? { ...part, lostWhenSiteOutside: { sameAs: { of: dice.one(['hukou', 'residence'] as const), level: dice.one(LEVELS) } } } : part)) };
}

function personalRule(dice: Dice, rule: Rule): Rule {
  return {
    ...rule, when: asked(dice, rule.when), needsApproval: dice.chance(5), funding: lostSomewhere(dice, rule.funding),
    fundingWhen: rule.fundingWhen.map(({ when, plan }) => ({ when: asked(dice, when), plan })),
    classes: rule.classes.map((entry) => ({ ...entry, name: '低保对象', when: asked(dice, entry.when) })),
  };
}

function randomScope(dice: Dice): Scope | null {
  if (dice.chance(3)) return null;
  return { elder: { of: dice.one(['hukou', 'residence', 'either', 'any'] as const), in: ['370000', '440100', '371502'] }, site: ['370000', '440000', '120000'] };
}

/** A random version whose rules, funders and scope look at the person in every way that the language has. */
export function personalVersion(dice: Dice): CompiledVersion {
  const version = randomVersion(dice);
  return {
    ...version, scope: randomScope(dice), leapBirthday: dice.one(['february-28', 'march-1'] as const), from: civilDate('2023-01-01'),
    funders: version.funders.map((funder) => ({ ...funder, of: dice.one(['site', 'hukou', 'residence'] as const) })),
    rules: version.rules.map((rule) => personalRule(dice, rule)), choices: { ...version.choices, proofForFreeMeal: dice.chance(2) },
    categories: { minLivingRecipient: '低保对象', careDependent: '失能老人' }, categoryNotes: ['按认定次月计'], ageNotes: ['生日当天满'],
  };
}

/** A random elder with an approval now and then, and classes that begin and end around a day. */
export function personalElder(dice: Dice, around: CivilDate): ElderFacts {
  const elder = randomElder(dice);
  const near = (): CivilDate => civilDate(`${around.slice(0, 8)}${String(1 + dice.below(28)).padStart(2, '0')}`);
  const approval: CategoryHeld[] = dice.chance(2) ? [{ code: 'mealApproval', grade: 'test', from: dice.chance(3) ? near() : civilDate('2023-01-01'), to: null, source: '审批' }] : [];
  const fresh: CategoryHeld[] = dice.chance(2) ? [{ code: 'livingAlone', grade: '1', from: near(), to: dice.chance(2) ? civilDate('2026-12-31') : null, source: '走访' }] : [];
  // Births near the day turn an age inside the weeks that a roster looks ahead.
  const born = dice.chance(2) ? civilDate(`${1934 + dice.below(32)}-${around.slice(5, 7)}-${String(1 + dice.below(28)).padStart(2, '0')}`) : elder.born;
  return { ...elder, born, categories: [...elder.categories, ...approval, ...fresh] };
}

/** Counters that earlier meals of a version's rules may have left behind on a day. */
export function randomUses(dice: Dice, version: CompiledVersion, date: CivilDate): Use[] {
  return version.rules.flatMap(({ countsAs }) => periodKeys(date, 'lunch').flatMap((periodKey) => (dice.chance(2) ? [{ ruleId: countsAs, periodKey, count: 1 + dice.below(4), fen: fen(dice.below(4_000)) }] : [])));
}
