import { mondayOf, type CivilDate } from '../../kernel/index.js';
import type { MealPeriod, Use } from './facts.js';
import { LIMIT_PERIODS, type LimitPeriod } from './pack.js';

/**
 * The name of the stretch of time that a limit counts in: a day, one meal period of a day, a natural week
 * (自然周) by its Monday, a month, a quarter or a year of the calendar. A week that crosses a month or a version goes on counting.
 */
export function periodKey(per: LimitPeriod, date: CivilDate, period: MealPeriod): string {
  switch (per) {
    case 'day':
      return `d:${date}`;
    case 'period':
      return `d:${date}:${period}`;
    case 'week':
      return weekKey(date);
    case 'month':
      return `m:${date.slice(0, 7)}`;
    case 'quarter':
      return `q:${date.slice(0, 4)}-${quarterOf(date)}`;
    case 'year':
      return `y:${date.slice(0, 4)}`;
  }
}

/** The quarter of the year, 1 to 4. */
export function quarterOf(date: CivilDate): number {
  return Math.ceil(Number(date.slice(5, 7)) / 3);
}

// Meals come in runs of a few days, and a Monday costs more than all the rest of a decision: those found are kept.
const weeks = new Map<CivilDate, string>();
const MOST_DAYS = 4_000;

function weekKey(date: CivilDate): string {
  const known = weeks.get(date);
  if (known !== undefined) return known;
  if (weeks.size >= MOST_DAYS) weeks.clear();
  const key = `w:${mondayOf(date)}`;
  weeks.set(date, key);
  return key;
}

/** Every key under which a meal may be looked up, so that a store can read an elder's counters at once. */
export function periodKeys(date: CivilDate, period: MealPeriod): readonly string[] {
  return LIMIT_PERIODS.map((per) => periodKey(per, date, period));
}

/** Adds uses to counters; `sign` -1 takes those of a voided meal back. The result holds no zero rows. */
export function addUses(counters: readonly Use[], uses: readonly Use[], sign: 1 | -1 = 1): Use[] {
  const sums: Use[] = [];
  // An elder has a handful of counters, and looking through them is cheaper than any key; many at once are indexed.
  const places = counters.length + uses.length > FEW ? new Map<string, number>() : null;
  for (const use of counters) addUse(sums, places, use, 1);
  for (const use of uses) addUse(sums, places, use, sign);
  return sums.every(isUsed) ? sums : sums.filter(isUsed);
}

const FEW = 16;

function isUsed({ count, fen }: Use): boolean {
  return count !== 0 || fen !== 0;
}

function addUse(sums: Use[], places: Map<string, number> | null, use: Use, factor: 1 | -1): void {
  const key = places === null ? '' : `${use.ruleId} ${use.periodKey}`;
  const known = places === null ? sums.findIndex(({ ruleId, periodKey: period }) => ruleId === use.ruleId && period === use.periodKey) : (places.get(key) ?? -1);
  const before = sums[known];
  const sum = { ruleId: use.ruleId, periodKey: use.periodKey, count: (before?.count ?? 0) + factor * use.count, fen: ((before?.fen ?? 0) + factor * use.fen) as Use['fen'] };
  if (before !== undefined) {
    sums[known] = sum;
    return;
  }
  sums.push(sum);
  places?.set(key, sums.length - 1);
}
