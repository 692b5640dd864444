import { addDays, type CivilDate } from '../../kernel/index.js';

/** The shares of a budget, in percent, at which an alarm is raised; each starts an adjustment. */
export const THRESHOLDS = [80, 95] as const;
export type Threshold = (typeof THRESHOLDS)[number];

/** Calendar days for an adjustment, our own setting: no paper sets one. */
const DAYS: Readonly<Record<Threshold, number>> = { 80: 30, 95: 10 };

/** The thresholds that a use has reached. */
export function reached(usedFen: number, budgetFen: number): Threshold[] {
  return usedFen <= 0 ? [] : THRESHOLDS.filter((threshold) => usedFen * 100 >= budgetFen * threshold);
}

/** The last day of an adjustment: its own days, but not after the day the money runs out, and never before today. */
export function dueOn(threshold: Threshold, today: CivilDate, runsOutOn: CivilDate | null): CivilDate {
  const usual = addDays(today, DAYS[threshold]);
  if (runsOutOn === null || runsOutOn >= usual) return usual;
  return runsOutOn < today ? today : runsOutOn;
}

/** What an adjustment is called, and its number. */
export function adjustmentName(year: number, funderCode: string, funderName: string, threshold: Threshold): { number: string; name: string } {
  return { number: `TZ-${year}-${funderCode}-${threshold}`, name: `${year}年${funderName}老年助餐补贴预算用至${threshold}%调整事项` };
}

/** How an adjustment may be closed, each with a document: more budget, an announced end, an order to go on. */
export const RESOLUTIONS = ['addBudget', 'endSubsidy', 'continueByOrder'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
