import { failedCondition, failedScope, setScene, type Scene } from '../domain/check-condition.js';
import { evaluateRule, type Paying } from '../domain/evaluate-rule.js';
import { nominalFen } from '../domain/amount.js';
import { fen } from '../../kernel/index.js';
import { codeAt, isWithin, pathOf, type CompiledVersion, type Condition, type Funder, type FundingPlan, type Rule, type RuleClass } from '../domain/index.js';
import type { SourcePack } from '../pack-source.js';
import type { Facts, Findings } from './finding.js';
import { type Examples, type GridRow, type MealGrid } from './meal-grid.js';

/** What a rule did on one meal of the grid. */
interface Outcome {
  readonly paying: Paying | null;
  readonly code: string | null;
  /** Classes whose conditions hold together with the rule's, and that have an amount for the meal period. */
  readonly matched: readonly RuleClass[];
}

interface RuleRecord {
  readonly rule: Rule;
  readonly index: number;
  /** Whether the rule's own conditions ever held, and ever with a class. */
  held: boolean;
  paid: boolean;
  won: boolean;
  beatenBy: { readonly rule: Rule; readonly facts: Facts } | null;
  allLost: Facts | null;
  readonly classes: Map<string, { alone: boolean; matched: boolean; chosen: boolean; lostTo: { readonly to: RuleClass; readonly facts: Facts } | null; any: Facts | null }>;
  /** By plan, since a class or a case may have a plan of its own. */
  readonly funders: Map<FundingPlan, Map<string, { most: number; everLost: boolean; everKept: boolean; any: Facts | null }>>;
}

const yuan = (fen: number): string => `${fen / 100}元`;

/** Every plan by which a rule may be funded. */
export function plansOf({ funding, fundingWhen, classes }: Rule): FundingPlan[] {
  return [funding, ...fundingWhen.map(({ plan }) => plan), ...classes.flatMap((each) => (each.funding === undefined ? [] : [each.funding]))];
}

/** Whom and what a rule is for: two of the same are one after the other on purpose. */
function whomOf({ when, classes }: Rule): string {
  return JSON.stringify([when, classes.map((each) => each.when)]);
}

/** The lint looks at first meals only; what is for later meals of a day it leaves alone. */
function isFirstOfDay(rule: Rule, when: Condition): boolean {
  return (when.mealOfDay ?? rule.when.mealOfDay ?? 1) === 1;
}

/** What a class promises before limits, funders and bill. */
function promised({ amounts }: RuleClass, { meal }: Facts): number {
  const amount = amounts[meal.period];
  return amount === null || amount.form === 'voucher' ? 0 : nominalFen(amount, meal.priceFen);
}

/** Plays the grid through the engine's own functions and concludes from what came out. */
export class MealCheck {
  private readonly records: RuleRecord[];
  private readonly paidScopes = new Set<string>();

  constructor(private readonly pack: SourcePack, private readonly version: CompiledVersion, private readonly examples: Examples, private readonly findings: Findings) {
    this.records = version.rules.map((rule, index) => ({
      rule, index, held: false, paid: false, won: false, beatenBy: null, allLost: null,
      classes: new Map(rule.classes.map(({ id }) => [id, { alone: false, matched: false, chosen: false, lostTo: null, any: null }])),
      funders: new Map(plansOf(rule).map((plan) => [plan, new Map(plan.parts.map(({ funder }) => [funder, { most: 0, everLost: false, everKept: false, any: null }]))])),
    }));
  }

  run(grid: MealGrid): void {
    for (const row of grid.rows()) this.row(row);
    this.concludeClasses(grid.partial);
    this.concludeRules(grid.partial);
    if (!grid.partial) this.concludeFunders();
    this.concludeScope();
  }

  private outcome({ rule }: RuleRecord, scene: Scene, facts: Facts): Outcome {
    const delivery = rule.pays === 'deliverer' || rule.pays === 'fee';
    if (delivery && facts.meal.delivered !== true) return { paying: null, code: 'not-delivered', matched: [] };
    const held = failedCondition(rule.when, scene) === null;
    const matched = held ? rule.classes.filter(({ when, amounts }) => isFirstOfDay(rule, when) && amounts[facts.meal.period] !== null && failedCondition(when, scene) === null) : [];
    const result = evaluateRule(rule, scene, [], rule.pays === 'elder' ? facts.meal.priceFen : null);
    return typeof result === 'string' ? { paying: null, code: result, matched } : { paying: result, code: null, matched };
  }

  private row(row: GridRow): void {
    const subsidies: { age: number; fen: number; facts: Facts; rule: RuleRecord | null }[] = [];
    for (const { age, facts } of row) {
      const scene = setScene(this.version, facts.elder, facts.site, facts.meal);
      if (failedScope(scene) !== null) return;
      const outcomes = this.records.map((record) => {
        const outcome = this.outcome(record, scene, facts);
        this.note(record, outcome, scene, facts);
        return outcome;
      });
      this.groups(outcomes, facts);
      const best = this.bestOf(outcomes, 'elder');
      subsidies.push({ age, fen: best?.paying.worked.wholeFen ?? 0, facts, rule: best?.record ?? null });
      if (best !== null) this.home(facts);
    }
    this.ages(subsidies);
  }

  private bestOf(outcomes: readonly Outcome[], pays: string): { record: RuleRecord; paying: Paying } | null {
    let best: { record: RuleRecord; paying: Paying } | null = null;
    outcomes.forEach(({ paying }, index) => {
      const record = this.records[index];
      if (paying === null || record === undefined || record.rule.pays !== pays) return;
      if (best === null || paying.worked.wholeFen > best.paying.worked.wholeFen) best = { record, paying };
    });
    return best;
  }

  private note(record: RuleRecord, { paying, code, matched }: Outcome, scene: Scene, facts: Facts): void {
    const { rule } = record;
    if (matched.length > 0 || failedCondition(rule.when, scene) === null) record.held = true;
    if (code === 'funders-withdrawn') record.allLost ??= facts;
    for (const each of rule.classes) {
      const known = record.classes.get(each.id);
      if (known === undefined) continue;
      if (!known.alone && failedCondition(each.when, scene) === null) [known.alone, known.any] = [true, facts];
      if (!matched.includes(each)) continue;
      this.examples.meet(rule, each.id, facts);
      known.matched = true;
      if (paying === null) continue;
      // Where the bill cuts two classes to the same, the first is taken without being worth more.
      if (paying.chosen === each) known.chosen ||= rule.pick === 'first' || matched.length === 1 || !this.isTied(paying, matched, scene, facts);
      else known.lostTo ??= { to: paying.chosen, facts };
    }
    if (paying === null) return;
    record.paid = true;
    this.examples.remember(rule, paying.chosen.id, facts);
    this.firstPick(record, paying, matched, facts);
    this.purses(record, paying, scene, facts);
  }

  /** Whether another class promises more and pays the same here, cut by the bill or a loss: then being first is no merit. */
  private isTied({ rule, chosen, worked }: Paying, matched: readonly RuleClass[], scene: Scene, facts: Facts): boolean {
    return matched.some((other) => {
      if (other === chosen || promised(other, facts) <= promised(chosen, facts)) return false;
      const result = evaluateRule({ ...rule, classes: [other] }, scene, [], rule.pays === 'elder' ? facts.meal.priceFen : null);
      return typeof result !== 'string' && result.worked.wholeFen === worked.wholeFen;
    });
  }

  /** With `pick: first`, a later class that would pay more. */
  private firstPick({ rule, index }: RuleRecord, paying: Paying, matched: readonly RuleClass[], facts: Facts): void {
    if (rule.pick !== 'first') return;
    const fenOf = (each: RuleClass): number => promised(each, facts);
    const better = matched.find((each) => each !== paying.chosen && fenOf(each) > fenOf(paying.chosen));
    if (better === undefined) return;
    this.findings.add('warning', 'first-class-pays-less', { path: ['rules', index, 'classes', rule.classes.indexOf(better)], ruleId: rule.id, classId: better.id },
      `同一老人同时符合“${paying.chosen.name}”和“${better.name}”，按 pick: first 取前者，少补${yuan(fenOf(better) - fenOf(paying.chosen))}；如应就高，请改为 pick: highest 或调换次序`, facts);
  }

  private purses(record: RuleRecord, { working, worked }: Paying, scene: Scene, facts: Facts): void {
    working.funding.parts.forEach((part, index) => {
      const known = record.funders.get(working.funding)?.get(part.funder);
      if (known === undefined) return;
      const paidFen = worked.parts[index] ?? 0;
      known.any ??= facts;
      known.most = Math.max(known.most, paidFen);
      if (working.lost.includes(part.funder)) known.everLost = true;
      else known.everKept = true;
      const funder = this.version.funders.find(({ code }) => code === part.funder);
      if (paidFen > 0 && funder !== undefined) this.purse(funder, scene, facts);
    });
  }

  /** The purse that bears a part must be known, and lie in the pack's own prefecture. */
  private purse(funder: Funder, scene: Scene, facts: Facts): void {
    if (funder.of === 'pack') return;
    const code = codeAt(funder.of === 'site' ? scene.site.division : scene.elder[funder.of], funder.level);
    const at = { in: 'pack' as const, path: ['funders', this.pack.funders.findIndex((each) => each.code === funder.code)] };
    const home = pathOf(this.pack.division);
    const prefecture = home.find((each) => codeAt(home, 'city') === each) ?? this.pack.division;
    if (code !== null && (home.includes(code) || isWithin(pathOf(code), [prefecture]))) return;
    this.findings.add('error', 'purse-outside', at, `“${funder.name}”按 of: ${funder.of} 会落到本地以外的财政（${code ?? '无法确定'}）；请改 of，或在规则中限定户籍、常住地`, facts);
  }

  private home(facts: Facts): void {
    const inside = (path: Facts['elder']['hukou']): boolean => isWithin(path, [this.pack.division, ...(this.pack.scope.elder.in ?? []).filter((code) => code !== 'pack')]);
    this.paidScopes.add(`${inside(facts.elder.hukou)} ${inside(facts.elder.residence)}`);
  }

  private groups(outcomes: readonly Outcome[], facts: Facts): void {
    outcomes.forEach(({ paying }, index) => {
      const record = this.records[index];
      if (paying === null || record === undefined) return;
      const rivals = outcomes.flatMap((other, at) => {
        const { rule } = this.records[at] as RuleRecord;
        return other.paying === null || at === index || rule.pays !== record.rule.pays || rule.group !== record.rule.group ? [] : [{ at, paying: other.paying }];
      });
      const winner = rivals.find(({ at, paying: other }) => other.worked.wholeFen > paying.worked.wholeFen || (other.worked.wholeFen === paying.worked.wholeFen && at < index));
      if (winner === undefined || this.comesNext(record, winner.paying, facts)) record.won = true;
      else record.beatenBy ??= { rule: winner.paying.rule, facts };
      for (const { at, paying: other } of rivals) if (at > index) this.rivals(record, paying, other, at, facts);
    });
  }

  /** Whether a beaten rule pays once the winner's limits are used up, such as less for the second meal of a day. */
  private comesNext({ rule }: RuleRecord, winner: Paying, facts: Facts): boolean {
    const uses = winner.uses.map((use) => ({ ...use, count: 1_000, fen: fen(100_000_000) }));
    const scene = setScene(this.version, facts.elder, facts.site, facts.meal);
    const billFen = rule.pays === 'elder' ? facts.meal.priceFen : null;
    return typeof evaluateRule(winner.rule, scene, uses, billFen) === 'string' && typeof evaluateRule(rule, scene, uses, billFen) !== 'string';
  }

  private rivals({ rule }: RuleRecord, paying: Paying, other: Paying, at: number, facts: Facts): void {
    const place = { path: ['rules', at], ruleId: other.rule.id };
    if (paying.worked.wholeFen === other.worked.wholeFen && JSON.stringify(rule.funding) !== JSON.stringify(other.rule.funding)) {
      this.findings.add('error', 'tie-decides-funder', place, `“${rule.name}”与“${other.rule.name}”同组、同额而资金方不同，由书写次序决定谁出钱；请合并规则或用 when 分开`, facts);
    }
    const counted = rule.limits.some(({ count }) => count !== null) && other.rule.limits.some(({ count }) => count !== null);
    if (counted && rule.pays === 'elder' && rule.countsAs !== other.rule.countsAs && whomOf(rule) !== whomOf(other.rule)) {
      this.findings.add('warning', 'limits-not-shared', place, `同一餐既可用“${rule.name}”又可用“${other.rule.name}”，两者各计各的次数，用完一条还能用另一条；如应合计，请写相同的 countsAs`, facts);
    }
  }

  /** Along the ages of one kind of person: holes, falls, an end, and a beginning before old age. */
  private ages(list: readonly { age: number; fen: number; facts: Facts; rule: RuleRecord | null }[]): void {
    const first = list.findIndex(({ fen }) => fen > 0);
    const [start, last] = [list[first], list.findLast(({ fen }) => fen > 0)];
    if (start?.rule == null || last?.rule == null) return;
    const at = (record: RuleRecord): { path: (string | number)[]; ruleId: string } => ({ path: ['rules', record.index], ruleId: record.rule.id });
    const hole = list.find(({ fen, age }) => fen === 0 && age > start.age && age < last.age);
    if (hole !== undefined) {
      const end = list.find(({ fen, age }) => fen > 0 && age > hole.age)?.age ?? hole.age + 1;
      this.findings.add('error', 'age-gap', at(start.rule), `年龄档之间有空档：${hole.age}至${end - 1}周岁没有补贴，更小和更大的却有；请检查 age 的 from 和 to`, hole.facts);
    }
    const fall = list.find(({ fen, age }, index) => fen > 0 && age > start.age && fen < Math.max(...list.slice(0, index).map((each) => each.fen)));
    if (fall?.rule != null) this.findings.add('warning', 'amount-falls-with-age', at(fall.rule), `到${fall.age}周岁补贴反而变少，为${yuan(fall.fen)}；请核对文件中的金额和年龄档`, fall.facts);
    const end = list.at(-1);
    if (end !== undefined && end.fen === 0) this.findings.add('warning', 'ages-end', at(last.rule), `满${(list[list.indexOf(last) + 1] ?? last).age}周岁后不再有任何补贴；如最高档应无上限，请删去 to`, list[list.indexOf(last) + 1]?.facts ?? end.facts);
    if (start.age < 60) this.findings.add('warning', 'no-age-floor', at(start.rule), `${start.age}周岁的人也会得到补贴；请核对文件，并在 when 中写 age 的 from`, start.facts);
  }

  private concludeClasses(partial: boolean): void {
    for (const { rule, index, classes, paid } of this.records) {
      if (rule.classes.length < 2) continue;
      rule.classes.forEach((each, at) => {
        const known = classes.get(each.id);
        const place = { path: ['rules', index, 'classes', at], ruleId: rule.id, classId: each.id };
        if (known === undefined || known.chosen || !isFirstOfDay(rule, each.when)) return;
        if (known.lostTo !== null) {
          this.findings.add('error', 'class-covered', place, `档次“${each.name}”永远用不上：符合它的老人总是落在“${known.lostTo.to.name}”；请删去一档，或更正条件、金额和次序`, known.lostTo.facts);
        } else if (paid && !partial && !known.alone) {
          this.findings.add('error', 'class-impossible', place, `档次“${each.name}”的条件互相矛盾，没有人能符合；请更正 when`);
        } else if (paid && !partial && !known.matched) {
          this.findings.add('error', 'class-unreachable', place, `档次“${each.name}”的条件与规则的 when 不能同时成立，或所列餐次没有金额；请更正其中之一`, known.any);
        }
      });
    }
  }

  private concludeRules(partial: boolean): void {
    for (const { rule, index, held, paid, won, beatenBy, allLost } of this.records) {
      const place = { path: ['rules', index], ruleId: rule.id };
      if (!paid && !partial && rule.classes.some(({ when }) => isFirstOfDay(rule, when))) {
        const why = held ? '条件成立时也从不付款（金额为0、次数或账单条件无法满足，或资金方全部退出）' : '条件互相矛盾，没有一餐能符合';
        this.findings.add('error', 'rule-unreachable', place, `规则“${rule.name}”永远不会付款：${why}；请更正 when、classes 或 limits`);
      } else if (paid && !won && beatenBy !== null) {
        this.findings.add('error', 'rule-covered', place, `规则“${rule.name}”永远用不上：同组的“${beatenBy.rule.name}”总是不低于它；请删去一条，或改 group`, beatenBy.facts);
      }
      if (allLost !== null) this.findings.add('warning', 'all-funders-withdraw', place, `在这个食堂就餐时所有资金方都退出，符合条件的老人得不到补贴；请核对 lostWhenSiteOutside`, allLost);
    }
  }

  private concludeFunders(): void {
    for (const { rule, index, funders, paid } of this.records) {
      if (!paid || rule.pays === 'fee') continue;
      for (const [plan, byFunder] of funders) {
        plan.parts.forEach((part, at) => {
          const known = byFunder.get(part.funder);
          if (known?.any == null) return;
          const place = { path: ['rules', index, 'funding', ...(plan === rule.funding ? [plan.by, at] : [])], ruleId: rule.id, key: `${part.funder} ${at}` };
          if (known.everLost && !known.everKept) this.findings.add('error', 'funder-always-withdraws', place, `资金方“${part.funder}”在本政策的任何食堂都退出；请核对 lostWhenSiteOutside 中的代码`, known.any);
          else if (known.most === 0) this.findings.add('warning', 'funder-pays-nothing', place, `资金方“${part.funder}”在这条规则中永远出0元；请核对各方的金额或比例`, known.any);
          if (part.lostWhenSiteOutside !== null && !known.everLost) this.findings.add('warning', 'boundary-never-crossed', place, `资金方“${part.funder}”的 lostWhenSiteOutside 永远不起作用：本政策的食堂都在界内；请删去，或核对 scope.site`);
        });
      }
    }
  }

  /** Kinds of elders that the scope takes in and no rule ever pays. */
  private concludeScope(): void {
    const { of } = this.pack.scope.elder;
    if (this.paidScopes.size === 0) return;
    const say = (whom: string): void => this.findings.add('warning', 'scope-wider-than-rules', { in: 'pack', path: ['scope', 'elder'], key: whom },
      `scope 把${whom}的老人也算在内，但没有一条规则补贴他们；请收窄 scope.elder，或放宽规则的 when`);
    if (of !== 'hukou' && !this.paidScopes.has('false true')) say('户籍不在本地、常住本地');
    if (of === 'either' && !this.paidScopes.has('true false')) say('户籍在本地、常住外地');
    if (of === 'any' && !this.paidScopes.has('false false')) say('户籍和常住地都不在本地');
  }
}
