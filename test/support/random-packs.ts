import { addDays, civilDate, fen, type Fen } from '../../src/kernel/index.js';
import { LIMIT_PERIODS, type AmountForm, type CompiledVersion, type Condition, type ElderFacts, type FundingPlan, type Limit, type MealFacts, type PeriodAmounts, type Rounding, type Rule, type RuleClass, type SiteFacts } from '../../src/subsidy/domain/index.js';
import { FUNDERS, makeClass, makeRule, makeVersion } from './make-version.js';

/** Numbers that look random and come again with the same seed. */
export class Dice {
  constructor(private seed: number) {}

  /** A whole number from 0 up to, without, `below`. */
  below(below: number): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** True once in `times`. */
  chance(times: number): boolean {
    return this.below(times) === 0;
  }

  fen(max = 3_000): Fen {
    return fen(this.below(max + 1));
  }
}

const PLACES = [['370000', '371500', '371502', '371502001'], ['370000', '371500', '371525'], ['120000', '120101'], ['440000', '440100', '440118', '440118104'], ['440000', '440300', '440304'], ['320000', '320100', '320105'], ['320000', '321100', '321181'], ['130000', '131100', '131125']];
const CATEGORIES = ['minLivingRecipient', 'livingAlone', 'careDependent', 'assistedElder', 'extremePovertyHome', 'severeCareNeed'];
const ROUNDINGS: readonly Rounding[] = ['down', 'half-up', 'up'];
const BASES = ['paid', 'list', 'left'] as const;

function percentage(dice: Dice): Extract<AmountForm, { form: 'percentage' }> {
  const [low, span] = [dice.fen(900), dice.fen(1_500)];
  return {
    form: 'percentage', capFen: dice.chance(2) ? dice.fen() : null, of: dice.one(BASES), rounding: dice.one(ROUNDINGS),
    ...(dice.chance(4) ? { basisPoints: 1 + dice.below(3), denominator: 3 + dice.below(9) } : { basisPoints: 1 + dice.below(10_000) }),
    ...(dice.chance(3) ? { unitFen: dice.one([1, 10, 100]) } : {}),
    ...(dice.chance(4) ? { floorFen: dice.fen(200) } : {}),
    ...(dice.chance(4) ? { ofAboveFen: low } : {}),
    ...(dice.chance(4) ? { ofUpToFen: fen(low + span + 1) } : {}),
  };
}

function form(dice: Dice): AmountForm {
  switch (dice.below(7)) {
    case 0:
    case 1:
      return { form: 'fixed', fen: dice.fen(1_500) };
    case 2:
      return { form: 'rest', elderPaysFen: dice.fen(1_000), capFen: dice.chance(2) ? dice.fen() : null, of: dice.one(BASES) };
    case 3:
      return { form: 'steps', of: dice.one(BASES), steps: [500, 1_000, 2_000].map((fromFen) => ({ fromFen: fen(fromFen), amount: dice.chance(2) ? { form: 'fixed', fen: dice.fen(900) } : percentage(dice) })) };
    case 4:
      return { form: 'slices', of: dice.one(BASES), capFen: dice.chance(2) ? dice.fen() : null, rounding: dice.one(ROUNDINGS), slices: [800, 1_600, null].map((upTo) => ({ upToFen: upTo === null ? null : fen(upTo), basisPoints: dice.below(10_001) })) };
    case 5:
      return { form: 'voucher', kind: 'any' };
    default:
      return percentage(dice);
  }
}

function plan(dice: Dice): FundingPlan {
  const chosen = FUNDERS.filter(() => !dice.chance(3)).map(({ code }) => code);
  const names = chosen.length > 0 ? chosen : ['city'];
  const by = dice.one(['parts', 'weights'] as const);
  const weights = names.map(() => dice.below(10));
  const parts = names.map((funder, index) => {
    const rest = by === 'parts' && index === names.length - 1;
    const share = by === 'parts' && !rest && dice.chance(2);
    return {
      funder, weight: by === 'weights' ? (weights[index] ?? 0) : null,
      fen: by === 'parts' && !rest && !share ? dice.fen(500) : null,
      lostWhenSiteOutside: dice.chance(5) ? (dice.chance(2) ? { divisions: ['371502', '440118'] } : { sameAs: { of: 'hukou' as const, level: 'county' as const } }) : null,
      ...(share ? { basisPoints: 1 + dice.below(9_999), ...(dice.chance(2) ? { capFen: dice.fen(300) } : {}) } : {}),
    };
  });
  return { by, parts, cut: dice.chance(2) ? 'proportional' : [...names].reverse() };
}

function condition(dice: Dice, deep = true): Condition {
  const when: { -readonly [K in keyof Condition]: Condition[K] } = {};
  if (dice.chance(4)) when.ageFrom = 60 + dice.below(30);
  if (dice.chance(6)) when.ageTo = 75 + dice.below(25);
  if (dice.chance(6)) when.anyCategory = [{ code: dice.one(CATEGORIES), ...(dice.chance(4) ? { heldMonths: dice.below(18) } : {}) }];
  if (dice.chance(9)) when.noCategory = [{ code: dice.one(CATEGORIES) }];
  if (dice.chance(8)) when.hukou = [dice.one(PLACES)[1] as string];
  if (dice.chance(9)) when.days = [dice.one(['workday', 'weekend', 'holiday'] as const), 'workday'];
  if (dice.chance(9)) when.weekdays = [1, 2, 3, 4, 5].slice(dice.below(4));
  if (dice.chance(12)) when.yearly = [{ from: '11-15', to: '06-30' }];
  if (dice.chance(12)) when.bill = { atLeastFen: dice.fen(600), basis: dice.one(['paid', 'list'] as const), ...(dice.chance(2) ? { atMostFen: fen(2_500) } : {}) };
  if (deep && dice.chance(8)) when.any = [condition(dice, false), condition(dice, false)];
  if (deep && dice.chance(10)) when.none = [{ anyCategory: [{ code: dice.one(CATEGORIES) }] }];
  return when;
}

function limit(dice: Dice): Limit {
  const per = dice.one(LIMIT_PERIODS);
  const saved = per === 'month' && dice.chance(3) ? { carryOver: dice.one(['quarter', 'year'] as const) } : {};
  return dice.chance(2) ? { per, count: 1 + dice.below(6), fen: null, partly: true, ...saved } : { per, count: null, fen: dice.fen(6_000), partly: dice.chance(2), ...saved };
}

function limits(dice: Dice): Limit[] {
  const made = Array.from({ length: dice.below(3) }, () => limit(dice));
  return made.sort((a, b) => LIMIT_PERIODS.indexOf(a.per) - LIMIT_PERIODS.indexOf(b.per));
}

function amounts(dice: Dice): PeriodAmounts {
  if (dice.chance(3)) return { breakfast: form(dice), lunch: form(dice), dinner: dice.chance(2) ? null : form(dice) };
  const same = form(dice);
  return { breakfast: same, lunch: same, dinner: same };
}

function ruleClass(dice: Dice, index: number): RuleClass {
  return makeClass({
    id: `c${index}`, when: index === 0 ? {} : condition(dice), amounts: amounts(dice),
    ...(dice.chance(6) ? { limits: limits(dice) } : {}), ...(dice.chance(6) ? { funding: plan(dice) } : {}),
  });
}

function rule(dice: Dice, index: number): Rule {
  const pays = dice.one(['elder', 'elder', 'elder', 'site', 'deliverer'] as const);
  return makeRule({
    id: `test/${index}`, pays, group: dice.one(['main', 'second']), when: condition(dice), limits: limits(dice),
    classes: Array.from({ length: 1 + dice.below(4) }, (_, at) => ruleClass(dice, at)), pick: dice.one(['highest', 'first']),
    excludeCareHome: dice.chance(3), onlyWithSubsidy: dice.chance(6), funding: plan(dice),
    fundingWhen: dice.chance(5) ? [{ when: condition(dice), plan: plan(dice) }] : [],
    bill: dice.chance(6) ? { atLeastFen: dice.fen(800), basis: dice.one(['paid', 'list'] as const), aboveSubsidy: dice.chance(2) } : null,
    selfPay: pays === 'elder' && dice.chance(4) ? { atLeastFen: dice.fen(300), atLeastBasisPoints: dice.chance(2) ? dice.below(6_000) : null } : null,
  });
}

/** A version of one to four rules with anything that the language can say. */
export function randomVersion(dice: Dice): CompiledVersion {
  return makeVersion(Array.from({ length: 1 + dice.below(4) }, (_, index) => rule(dice, index)), {
    reachedOn: dice.one(['birthday', 'day-after', 'same-month', 'next-month', 'same-year']), categoriesCount: dice.one(['by-day', 'by-day', 'next-month']),
  });
}

const FIRST_BORN = civilDate('1920-01-01');
const FIRST_MEAL = civilDate('2023-10-01');

/** An elder of 55 to 105 with any home, some categories, some in a care home, some with vouchers. */
export function randomElder(dice: Dice): ElderFacts {
  const since = addDays(FIRST_MEAL, -dice.below(900));
  return {
    born: addDays(FIRST_BORN, dice.below(18_000)), hukou: dice.chance(9) ? null : dice.one(PLACES), residence: dice.one(PLACES),
    categories: CATEGORIES.filter(() => dice.chance(4)).map((code) => ({ code, grade: dice.one(['1', 'moderate', null]), from: since, to: dice.chance(3) ? addDays(since, 600) : null, source: '民政' })),
    careHomeStays: dice.chance(12) ? [{ from: since, to: addDays(since, 300) }] : [],
    died: dice.chance(30) ? addDays(FIRST_MEAL, dice.below(800)) : null,
    ...(dice.chance(3) ? { vouchers: [{ id: 'v1', kind: 'any', fen: dice.fen(900), from: FIRST_MEAL, to: addDays(FIRST_MEAL, 700) }] } : {}),
  };
}

export function randomSite(dice: Dice): SiteFacts {
  return { kind: 'canteen', supplyMode: 'hungPlate', division: dice.one(PLACES), grade: dice.one(['1', '2', null]) };
}

export function randomMeal(dice: Dice): MealFacts {
  const priceFen = dice.chance(20) ? dice.fen(50) : dice.fen();
  return {
    date: addDays(FIRST_MEAL, dice.below(800)), period: dice.one(['breakfast', 'lunch', 'dinner'] as const), priceFen,
    ...(dice.chance(3) ? { listPriceFen: fen(priceFen + dice.below(500)) } : {}), delivered: dice.chance(4), workday: !dice.chance(4),
  };
}
