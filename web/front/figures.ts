import type { Answer } from '../lib/api.js';
import { addDays, countText, daysBetween, isCivilDate, type CivilDate } from '../lib/money.js';
import { CLAIM_STATES, dateWords } from '../lib/words.js';

export type Overview = Answer<'/v1/public/{cityCode}/overview'>;
export type CountedTarget = Overview['targets'][number];
export type DayFigures = Overview['days'][number];
export type ClaimFigures = Overview['claims'][number];
export type CountyFigures = Overview['counties'][number];

/** Figures of all days together. */
export interface MonthFigures {
  readonly meals: number;
  readonly subsidisedMeals: number;
  readonly subsidyFen: number;
  readonly selfPayFen: number;
}

export function monthFigures(days: readonly DayFigures[]): MonthFigures {
  const sum = (pick: (day: DayFigures) => number): number => days.reduce((total, day) => total + pick(day), 0);
  return { meals: sum((day) => day.meals), subsidisedMeals: sum((day) => day.subsidisedMeals), subsidyFen: sum((day) => day.subsidyFen), selfPayFen: sum((day) => day.selfPayFen) };
}

/** The four figures of all claims together, which never stand for one another. */
export function claimFigures(claims: readonly ClaimFigures[]): Omit<ClaimFigures, 'state'> {
  const sum = (pick: (row: ClaimFigures) => number): number => claims.reduce((total, row) => total + pick(row), 0);
  return {
    claims: sum((row) => row.claims), claimedFen: sum((row) => row.claimedFen), approvedFen: sum((row) => row.approvedFen),
    cutFen: sum((row) => row.cutFen), paidFen: sum((row) => row.paidFen),
  };
}

/** Claims in the order of their way, with their words; states that hold none are left out. */
export function claimsInOrder(claims: readonly ClaimFigures[]): (ClaimFigures & { word: string })[] {
  const place = (state: string): number => {
    const index = CLAIM_STATES.findIndex((entry) => entry.state === state);
    return index === -1 ? CLAIM_STATES.length : index;
  };
  return claims
    .filter((row) => row.claims > 0)
    .map((row) => ({ ...row, word: CLAIM_STATES.find((entry) => entry.state === row.state)?.word ?? row.state }))
    .sort((a, b) => place(a.state) - place(b.state));
}

/** Every day of a month's rows from the first to the last, days without a meal as zero, so that gaps show. */
export function everyDay(days: readonly DayFigures[]): DayFigures[] {
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  if (!isCivilDate(first) || !isCivilDate(last)) return [];
  const known = new Map(days.map((day) => [day.date, day]));
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => {
    const date: CivilDate = addDays(first, index);
    return known.get(date) ?? { date, meals: 0, subsidisedMeals: 0, subsidyFen: 0, selfPayFen: 0 };
  });
}

/** Where a target stands, in two words and a sentence that says what follows from it. */
export function standing({ target, report }: CountedTarget): { readonly word: string; readonly mood: 'good' | 'watch' | 'late'; readonly sentence: string } {
  const { pace, counted, remaining, required, countedAtDeadline } = report;
  if (countedAtDeadline !== null) {
    const reached = countedAtDeadline >= required;
    const then = `期限日（${dateWords(target.deadline)}）计入 ${countText(countedAtDeadline)} 处，任务 ${countText(required)} 处`;
    const now = counted === countedAtDeadline ? '' : `；其中至今仍计入 ${countText(counted)} 处`;
    return reached
      ? { word: '按期完成', mood: 'good', sentence: `${then}${now}。` }
      : { word: '到期未完成', mood: 'late', sentence: `${then}，差 ${countText(required - countedAtDeadline)} 处${now}。` };
  }
  if (remaining === 0) return { word: '已完成', mood: 'good', sentence: `已计入 ${countText(counted)} 处，距期限还有 ${pace.remainingDays} 天，请保持营业至期限日。` };
  const needed = pace.neededPerMonth === null ? '' : `，此后每月需新增 ${pace.neededPerMonth} 处`;
  const so = `还差 ${countText(remaining)} 处，距期限 ${pace.remainingDays} 天${needed}（至今每月 ${pace.reachedPerMonth ?? 0} 处）。`;
  return counted >= pace.evenPace
    ? { word: '快于匀速', mood: 'good', sentence: so }
    : { word: '慢于匀速', mood: 'watch', sentence: `按匀速当日应达 ${countText(pace.evenPace)} 处。${so}` };
}

/** The date of a query string such as `?asOf=2024-12-31`, or undefined for none or a wrong one. */
export function askedDate(search: string): string | undefined {
  const asked = new URLSearchParams(search).get('asOf');
  return isCivilDate(asked) ? asked : undefined;
}
