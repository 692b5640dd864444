import { nominalFen } from '../domain/amount.js';
import { fen, type Fen } from '../../kernel/index.js';
import { MEAL_PERIODS, type AmountForm, type CompiledVersion, type FundingPlan, type Limit, type MealPeriod, type Rule, type RuleClass } from '../domain/index.js';
import type { Facts, Findings } from './finding.js';
import type { Examples } from './meal-grid.js';

const yuan = (amount: number): string => `${amount / 100}元`;
const PER: Readonly<Record<Limit['per'], string>> = { period: '每餐次', day: '每日', week: '每周', month: '每月', quarter: '每季', year: '每年' };

/** How many of a shorter stretch a longer one may hold at most. */
function stretches(shorter: Limit['per'], longer: Limit['per'], workdaysOnly: boolean): number {
  const days: Record<Limit['per'], number> = { period: 0, day: 1, week: 7, month: 31, quarter: 92, year: 366 };
  // With days moved for a holiday a week has up to 6 workdays, a month up to 24.
  const worked: Record<Limit['per'], number> = { ...days, week: 6, month: 24, quarter: 67, year: 256 };
  const table = workdaysOnly ? worked : days;
  if (shorter === 'period') return MEAL_PERIODS.length * table[longer];
  return shorter === 'week' ? Math.ceil(days[longer] / 7) + 1 : Math.ceil(table[longer] / Math.max(1, days[shorter]));
}

/** An amount of a class that may be paid, with the meal period it belongs to. */
interface Paid {
  readonly each: RuleClass;
  readonly at: number;
  readonly period: MealPeriod;
  readonly amount: AmountForm;
}

function amountsOf(rule: Rule): Paid[] {
  return rule.classes.flatMap((each, at) => MEAL_PERIODS.flatMap((period) => {
    const amount = each.amounts[period];
    return amount === null ? [] : [{ each, at, period, amount }];
  }));
}

/** The most that a form can pay, null where nothing bounds it. */
function mostFen(amount: AmountForm): Fen | null {
  if (amount.form === 'fixed') return amount.fen;
  return amount.form === 'percentage' ? amount.capFen : null;
}

/** Checks the amounts, limits and funding plans of a version, with meals that were paid as examples. */
export class MoneyCheck {
  constructor(private readonly version: CompiledVersion, private readonly examples: Examples, private readonly findings: Findings) {}

  run(): void {
    this.version.rules.forEach((rule, index) => {
      for (const paid of amountsOf(rule)) this.amount(rule, index, paid);
      this.periods(rule, index);
      this.funding(rule, index, rule.funding, amountsOf(rule));
      this.limits(rule, index);
      this.bill(rule, index);
    });
    this.sharedCounters();
  }

  private example(rule: Rule, each: RuleClass | null, change: (facts: Facts) => Facts = (facts) => facts): Facts | null {
    const facts = this.examples.of(rule, each?.id ?? null);
    return facts === null ? null : change(facts);
  }

  private amount(rule: Rule, index: number, { each, at, amount }: Paid): void {
    const place = { path: ['rules', index, 'classes', at, 'amount'], ruleId: rule.id, classId: each.id };
    const facts = (): Facts | null => this.example(rule, each);
    if (amount.form === 'fixed') {
      if (amount.fen === 0 && rule.pays !== 'fee') this.findings.add('warning', 'amount-zero', place, `“${each.name}”的金额是0，等于不补；请填金额，或删去这一档`, facts());
      else if (amount.fen > 0 && amount.fen < 10) this.findings.add('warning', 'amount-unit', place, `“${each.name}”只有${amount.fen}分，像是把元写成了分；请以分为单位，${amount.fen}元写作 ${amount.fen * 100}`, facts());
      else if (amount.fen > 5_000 && rule.pays !== 'site') this.findings.add('warning', 'amount-large', place, `“${each.name}”每餐${yuan(amount.fen)}，高出已公布的任何标准；请核对是否多写了零`, facts());
    }
    if (amount.form !== 'percentage') return;
    if (amount.denominator === undefined && amount.basisPoints < 100) {
      this.findings.add('warning', 'percent-below-one', place, `“${each.name}”只补${amount.basisPoints / 100}%，像是把${amount.basisPoints}%写成了小数；请核对，${amount.basisPoints}%写作 ${amount.basisPoints}`, facts());
    }
    const allowance = [...rule.limits, ...(each.limits ?? [])].some((limit) => limit.fen !== null);
    if (amount.capFen === null && amount.ofUpToFen === undefined && !allowance && rule.pays === 'elder') {
      this.findings.add('warning', 'percentage-without-cap', place, `“${each.name}”按比例补贴而没有 capFen 或金额限额，餐费越高补得越多；请写上限，文件未规定时请确认`, facts());
    }
    // A price of more than 100 yuan for one meal.
    if (amount.capFen !== null && amount.capFen > amount.basisPoints) {
      const price = Math.ceil((amount.capFen * 10_000) / amount.basisPoints);
      this.findings.add('warning', 'cap-never-reached', place, `“${each.name}”的上限${yuan(amount.capFen)}要餐费${yuan(price)}才达到；请核对上限，金额以分为单位`,
        this.example(rule, each, (found) => ({ ...found, meal: { ...found.meal, priceFen: fen(price) } })));
    }
  }

  /** Meal periods that a rule takes in without an amount, and amounts for periods that it leaves out. */
  private periods(rule: Rule, index: number): void {
    rule.classes.forEach((each, at) => {
      const open = each.when.periods ?? rule.when.periods;
      const place = { path: ['rules', index, 'classes', at, 'amount'], ruleId: rule.id, classId: each.id };
      const missing = open?.find((period) => each.amounts[period] === null);
      const on = (period: MealPeriod) => (facts: Facts): Facts => ({ ...facts, meal: { ...facts.meal, period } });
      if (missing !== undefined) this.findings.add('warning', 'period-without-amount', place, `规则列了餐次 ${missing}，“${each.name}”的 byPeriod 却没有它的金额；请补上，或从 periods 删去`, this.example(rule, each, on(missing)));
      const written = MEAL_PERIODS.filter((period) => each.amounts[period] !== null);
      const idle = written.length === MEAL_PERIODS.length && new Set(written.map((period) => JSON.stringify(each.amounts[period]))).size === 1 ? undefined : written.find((period) => open !== undefined && !open.includes(period));
      if (idle !== undefined) this.findings.add('warning', 'amount-without-period', place, `“${each.name}”写了 ${idle} 的金额，规则的 periods 却不含它；请补上餐次，或删去金额`, this.example(rule, each, on(idle)));
    });
  }

  private funding(rule: Rule, index: number, plan: FundingPlan, paid: readonly Paid[]): void {
    if (plan.by !== 'parts') return;
    const fixed = plan.parts.reduce((sum, part) => sum + (part.fen ?? 0), 0);
    for (const { each, amount } of paid) {
      const most = each.funding === undefined ? mostFen(amount) : null;
      if (most === null || fixed <= most) continue;
      this.findings.add('error', 'parts-exceed-amount', { path: ['rules', index, 'funding', 'parts'], ruleId: rule.id, classId: each.id },
        `各方定额合计${yuan(fixed)}，超过“${each.name}”的${yuan(most)}，后写的资金方出不足额；请核对金额或分担`, this.example(rule, each));
    }
  }

  private limits(rule: Rule, index: number): void {
    const sets = [{ limits: rule.limits, each: null as RuleClass | null }, ...rule.classes.flatMap((each) => (each.limits === undefined ? [] : [{ limits: each.limits, each }]))];
    for (const { limits, each } of sets) {
      const place = { path: ['rules', index, 'limits'], ruleId: rule.id, ...(each === null ? {} : { classId: each.id }) };
      this.counts(rule, limits, place, each);
      for (const limit of limits) if (limit.fen !== null) this.allowance(rule, limits, { ...limit, fen: limit.fen }, place);
    }
    const voucher = amountsOf(rule).every(({ amount }) => amount.form === 'voucher');
    if (rule.pays === 'elder' && !voucher && rule.limits.length === 0 && rule.classes.some(({ limits }) => limits === undefined || limits.length === 0)) {
      this.findings.add('warning', 'no-limit', { path: ['rules', index], ruleId: rule.id }, `规则“${rule.name}”没有次数或金额限制，一天吃几餐补几餐；请写 limits，确无限制时请确认`, this.example(rule, null));
    }
  }

  private counts(rule: Rule, limits: readonly Limit[], place: { path: (string | number)[]; ruleId: string }, each: RuleClass | null): void {
    const counted = limits.filter((limit): limit is Limit & { count: number } => limit.count !== null);
    counted.forEach((longer, at) => {
      for (const shorter of counted.slice(0, at)) {
        const names = `${PER[shorter.per]}${shorter.count}次与${PER[longer.per]}${longer.count}次`;
        if (shorter.per === longer.per) this.findings.add('warning', 'limit-never-binds', { ...place, key: names }, `${names}：同一时段写了两个次数，较大的永远不起作用；请只留一个`, this.example(rule, each));
        else if (shorter.count > longer.count) this.findings.add('error', 'limits-contradict', { ...place, key: names }, `${names}矛盾：较短时段的次数永远用不到；请核对文件`, this.example(rule, each));
        else if (longer.count >= shorter.count * stretches(shorter.per, longer.per, rule.when.workdaysOnly === true)) {
          this.findings.add('warning', 'limit-never-binds', { ...place, key: names }, `${names}：后者永远不起作用；请删去，或核对次数`, this.example(rule, each));
        }
      }
    });
  }

  private allowance(rule: Rule, limits: readonly Limit[], limit: Limit & { fen: Fen }, place: { path: (string | number)[]; ruleId: string }): void {
    const amounts = amountsOf(rule).map(({ amount }) => mostFen(amount));
    const most = amounts.some((each) => each === null) ? null : Math.max(0, ...amounts.map(Number));
    const least = amountsOf(rule).find(({ amount }) => amount.form === 'fixed' && amount.fen > limit.fen);
    if (least !== undefined) {
      this.findings.add(limit.partly ? 'warning' : 'error', 'allowance-below-amount', { ...place, key: limit.per },
        `${PER[limit.per]}限额${yuan(limit.fen)}还不够“${least.each.name}”的一餐${yuan(nominalFen(least.amount, fen(0)))}；请核对，金额以分为单位`, this.example(rule, least.each));
    }
    const counted = limits.filter(({ count, per }) => count !== null && per !== limit.per).map(({ count, per }) => (count ?? 0) * stretches(per, limit.per, rule.when.workdaysOnly === true));
    if (most !== null && most > 0 && counted.length > 0 && limit.carryOver === undefined && limit.fen >= most * Math.min(...counted)) {
      this.findings.add('warning', 'limit-never-binds', { ...place, key: `fen ${limit.per}` }, `${PER[limit.per]}限额${yuan(limit.fen)}永远用不完：次数限制下最多${yuan(most * Math.min(...counted))}；请核对，或删去`, this.example(rule, null));
    }
  }

  private bill(rule: Rule, index: number): void {
    const least = rule.bill?.atLeastFen ?? null;
    if (least === null || rule.pays !== 'elder') return;
    for (const { each, amount } of amountsOf(rule)) {
      if (amount.form !== 'fixed' || amount.fen <= least) continue;
      this.findings.add('warning', 'threshold-below-amount', { path: ['rules', index, 'bill'], ruleId: rule.id, classId: each.id },
        `账单满${yuan(least)}即补，而“${each.name}”补${yuan(amount.fen)}，老人会一分不付；请核对起点金额`, this.example(rule, each, (facts) => ({ ...facts, meal: { ...facts.meal, priceFen: least } })));
    }
  }

  /** Rules that count together must count the same, or a use of one is not seen by the other. */
  private sharedCounters(): void {
    const { rules } = this.version;
    rules.forEach((rule, index) => {
      const sharing = rules.filter(({ countsAs }) => countsAs === rule.countsAs);
      const place = { path: ['rules', index, 'countsAs'], ruleId: rule.id };
      if (sharing.length === 1 && rule.countsAs !== rule.id) {
        this.findings.add('warning', 'counts-alone', place, `countsAs 写的“${rule.countsAs.split('/')[1] ?? ''}”没有别的规则，次数仍是各计各的；请核对编号`, this.example(rule, null));
      }
      const first = sharing[0];
      if (first === undefined || first === rule || JSON.stringify(first.limits) === JSON.stringify(rule.limits)) return;
      this.findings.add('error', 'shared-limits-differ', place, `“${rule.name}”与“${first.name}”共用次数，limits 却不同，会少计或多计；请写成一样`, this.example(rule, null));
    });
  }
}
