import { fen, minFen, type Fen } from '../../kernel/index.js';
import { approvalOf, held, type Scene } from './check-condition.js';
import type { FactUsed, RefusalCode } from './decision.js';
import type { Use } from './facts.js';
import type { Limit, LimitPeriod, Rule, RuleClass } from './pack.js';
import { periodKey, quarterOf } from './period-key.js';

/** What an elder's counters hold for a rule in one period. */
export function used(uses: readonly Use[], ruleId: string, key: string): { count: number; fen: number } {
  let [count, money] = [0, 0];
  for (const use of uses) {
    if (use.ruleId !== ruleId || use.periodKey !== key) continue;
    count += use.count;
    money += use.fen;
  }
  return { count, fen: money };
}

const COUNT_REACHED: Readonly<Record<LimitPeriod, RefusalCode>> = {
  period: 'second-meal-this-period', day: 'day-cap-reached', week: 'week-cap-reached', month: 'month-cap-reached', quarter: 'quarter-cap-reached', year: 'year-cap-reached',
};

const USED: Readonly<Record<LimitPeriod, string>> = {
  period: 'used-period', day: 'used-day', week: 'used-week', month: 'used-month', quarter: 'used-quarter', year: 'used-year',
};

function capCode(limit: Limit): RefusalCode {
  if (limit.fen !== null) return 'allowance-used-up';
  if (limit.per === 'day' && limit.count === 1) return 'second-meal-today';
  return COUNT_REACHED[limit.carryOver ?? limit.per];
}

/** What the limits leave, or which of them is reached, and the counters that were looked at. */
export interface Room {
  readonly allowanceFen: Fen | null;
  readonly refusal: RefusalCode | null;
  readonly counted: readonly FactUsed[];
}

const NOTHING_COUNTED: readonly FactUsed[] = [];

/** The month, `YYYY-MM`, since which an elder has been in a class: by age, by categories, by approval. */
export function memberSince(rule: Rule, chosen: RuleClass, scene: Scene): string {
  let since = '';
  const later = (month: string): void => {
    if (month > since) since = month;
  };
  const { born } = scene.elder;
  for (const { ageFrom, anyCategory, allCategories } of [rule.when, chosen.when]) {
    if (ageFrom !== undefined) later(`${Number(born.slice(0, 4)) + ageFrom}${born.slice(4, 7)}`);
    for (const wanted of [...(anyCategory ?? []), ...(allCategories ?? [])]) later(held(scene, wanted)?.from.slice(0, 7) ?? '');
  }
  if (rule.needsApproval) later(approvalOf(rule, scene)?.from.slice(0, 7) ?? '');
  return since;
}

/** How many months' worth of a limit that carries over may be used up to the meal's month. */
function monthsSaved(window: 'quarter' | 'year', rule: Rule, chosen: RuleClass, scene: Scene): number {
  const { date } = scene.meal;
  const month = Number(date.slice(5, 7));
  const first = window === 'year' ? 1 : (quarterOf(date) - 1) * 3 + 1;
  const since = memberSince(rule, chosen, scene);
  const start = since.slice(0, 4) === date.slice(0, 4) ? Math.max(first, Number(since.slice(5, 7))) : first;
  return Math.max(1, month - start + 1);
}

/** What the limits still leave for an amount of `wantedFen`. */
export function roomLeft(rule: Rule, chosen: RuleClass, scene: Scene, uses: readonly Use[], wantedFen: Fen): Room {
  const limits = chosen.limits ?? rule.limits;
  if (limits.length === 0) return { allowanceFen: null, refusal: null, counted: NOTHING_COUNTED };
  let allowanceFen: Fen | null = null;
  const counted: FactUsed[] = [];
  for (const limit of limits) {
    const per = limit.carryOver ?? limit.per;
    const before = used(uses, rule.countsAs, periodKey(per, scene.meal.date, scene.meal.period));
    const times = limit.carryOver === undefined ? 1 : monthsSaved(limit.carryOver, rule, chosen, scene);
    counted.push(limit.count === null ? { fact: `used-fen-${per}`, value: before.fen } : { fact: USED[per], value: before.count });
    if (limit.count !== null) {
      if (before.count >= limit.count * times) return { allowanceFen, refusal: capCode(limit), counted };
      continue;
    }
    const left = fen(Math.max(0, (limit.fen ?? 0) * times - before.fen));
    if (left === 0 || (left < wantedFen && !limit.partly)) return { allowanceFen, refusal: capCode(limit), counted };
    allowanceFen = allowanceFen === null ? left : minFen(allowanceFen, left);
  }
  return { allowanceFen, refusal: null, counted };
}
