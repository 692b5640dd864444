import { addDays, addMonths, daysBetween, lastDay, monthOf, type CivilDate, type CivilMonth } from '../../kernel/index.js';
import { SITE_STATES, type SiteState } from '../../site/domain/index.js';
import { firstDayOf, stateOf, type SiteLife } from './site-life.js';
import type { CountingRule, Target } from './target.js';

/** How many sites stand in each state, side by side: built is not open, and open is not open for ever. */
export type StateSplit = Readonly<Record<SiteState, number>>;

export interface CountyRow {
  readonly divisionCode: string;
  readonly name: string;
  readonly counted: number;
  readonly states: StateSplit;
}

export interface MonthRow {
  readonly month: CivilMonth;
  /** Sites whose counted event lies in this month. */
  readonly added: number;
  /** Counted at the month's end, or on the asked day where that comes first. */
  readonly counted: number;
  /** What an even pace would have reached at the month's end, in whole sites, rounded up. */
  readonly evenPace: number;
}

export interface Pace {
  readonly remainingDays: number;
  /** Counted a month so far, in tenths of a site rounded half up; null on the first day. */
  readonly reachedPerMonth: number | null;
  /** Needed a month to arrive in time; null when the target is met or the deadline is past. */
  readonly neededPerMonth: number | null;
  /** What an even pace would have reached today. */
  readonly evenPace: number;
}

export interface TargetReport {
  readonly code: string;
  readonly asOf: CivilDate;
  readonly required: number;
  readonly counted: number;
  readonly remaining: number;
  readonly met: boolean;
  /** Counted on the deadline itself, or null before it. */
  readonly countedAtDeadline: number | null;
  readonly pace: Pace;
  /** New sites by state: those of the rule's kinds that were not open before its first day. */
  readonly newSites: StateSplit;
  /** Sites that were open the day before the rule's first day, as recorded here. */
  readonly openBefore: number;
  readonly byCounty: readonly CountyRow[];
  readonly byMonth: readonly MonthRow[];
  /** The burn-up: each day on which the count changed, from the rule's first day to the asked day or the deadline. */
  readonly steps: readonly { readonly date: CivilDate; readonly counted: number }[];
}

/** Days in a mean month of the Gregorian calendar, in ten-thousandths: 365.2425 / 12. */
const MONTH_TEN_THOUSANDTHS = 304_369;

function perMonth(sites: number, days: number): number {
  return Math.round((sites * MONTH_TEN_THOUSANDTHS) / (days * 1_000)) / 10;
}

function isOfRule(life: SiteLife, rule: CountingRule): boolean {
  return (rule.kinds === null || rule.kinds.includes(life.kind)) && (rule.supplyModes === null || rule.supplyModes.includes(life.supplyMode));
}

/** Whether a site counts on a day: its event lies in the window and has happened, and its state is one that counts. */
function countsOn(life: SiteLife, rule: CountingRule, day: CivilDate): boolean {
  const on = firstDayOf(life, rule.event);
  if (on === null || on < rule.from || on > rule.to || on > day) return false;
  const state = stateOf(life, day);
  return rule.stateOn === 'any' || (rule.stateOn === 'open' ? state === 'open' : state !== 'closed');
}

function split(lives: readonly SiteLife[], day: CivilDate): StateSplit {
  const counts = Object.fromEntries(SITE_STATES.map((state) => [state, 0])) as Record<SiteState, number>;
  for (const life of lives) {
    const state = stateOf(life, day);
    if (state !== null) counts[state] += 1;
  }
  return counts;
}

/** What an even pace from the rule's first day to the deadline has reached at the end of a day, rounded up. */
export function evenPaceOn(target: Target, day: CivilDate): number {
  const whole = daysBetween(target.rule.from, target.deadline) + 1;
  const gone = Math.min(whole, Math.max(0, daysBetween(target.rule.from, day) + 1));
  return Math.ceil((target.required * gone) / whole);
}

function paceOf(target: Target, asOf: CivilDate, counted: number): Pace {
  const remaining = Math.max(0, target.required - counted);
  const remainingDays = Math.max(0, daysBetween(asOf, target.deadline));
  const end = asOf < target.rule.to ? asOf : target.rule.to;
  const gone = daysBetween(target.rule.from, end) + 1;
  return {
    remainingDays,
    reachedPerMonth: gone <= 0 ? null : perMonth(counted, gone),
    neededPerMonth: remaining === 0 || remainingDays === 0 ? null : perMonth(remaining, remainingDays),
    evenPace: evenPaceOn(target, asOf),
  };
}

function stepsOf(target: Target, lives: readonly SiteLife[], asOf: CivilDate): { date: CivilDate; counted: number }[] {
  const changes = new Map<CivilDate, number>();
  const add = (day: CivilDate, by: number): void => void changes.set(day, (changes.get(day) ?? 0) + by);
  for (const life of lives) {
    let counting = false;
    for (const day of new Set(life.events.map((event) => event.onDate))) {
      const counts = countsOn(life, target.rule, day);
      if (counts !== counting) add(day, counts ? 1 : -1);
      counting = counts;
    }
  }
  const last = asOf < target.deadline ? asOf : target.deadline;
  const steps = [{ date: target.rule.from, counted: 0 }];
  let counted = 0;
  for (const [date, change] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (date > last || change === 0) continue;
    counted += change;
    if (date === target.rule.from) steps.pop();
    steps.push({ date, counted });
  }
  if (steps.at(-1)?.date !== last && last > target.rule.from) steps.push({ date: last, counted });
  return steps;
}

function monthsOf(target: Target, lives: readonly SiteLife[], asOf: CivilDate): MonthRow[] {
  const last = asOf < target.rule.to ? asOf : target.rule.to;
  const rows: MonthRow[] = [];
  for (let month = monthOf(target.rule.from); month <= monthOf(last); month = addMonths(month, 1)) {
    const end = lastDay(month) < asOf ? lastDay(month) : asOf;
    const added = lives.filter((life) => {
      const on = firstDayOf(life, target.rule.event);
      return on !== null && on >= target.rule.from && on <= last && monthOf(on) === month;
    });
    rows.push({
      month,
      added: added.length,
      counted: lives.filter((life) => countsOn(life, target.rule, end)).length,
      evenPace: evenPaceOn(target, lastDay(month)),
    });
  }
  return rows;
}

function countiesOf(lives: readonly SiteLife[], counted: ReadonlySet<string>, asOf: CivilDate): CountyRow[] {
  const byCounty = new Map<string, SiteLife[]>();
  for (const life of lives) byCounty.set(life.countyCode, [...(byCounty.get(life.countyCode) ?? []), life]);
  return [...byCounty].sort(([a], [b]) => (a < b ? -1 : 1)).map(([divisionCode, own]) => ({
    divisionCode,
    name: own[0]?.countyName ?? divisionCode,
    counted: own.filter((life) => counted.has(life.siteId)).length,
    states: split(own, asOf),
  }));
}

/**
 * Counts a target on a day.
 * @param lives every site of the target's region, with all its events; later ones are left out by their dates
 */
export function reportOf(target: Target, lives: readonly SiteLife[], asOf: CivilDate): TargetReport {
  const { rule, required } = target;
  const ofRule = lives.filter((life) => isOfRule(life, rule));
  const dayBefore = addDays(rule.from, -1);
  const fresh = ofRule.filter((life) => {
    const opened = firstDayOf(life, 'open');
    return opened === null || opened >= rule.from;
  });
  const counted = new Set(ofRule.filter((life) => countsOn(life, rule, asOf)).map((life) => life.siteId));
  const atDeadline = asOf < target.deadline ? null : ofRule.filter((life) => countsOn(life, rule, target.deadline)).length;
  return {
    code: target.code,
    asOf,
    required,
    counted: counted.size,
    remaining: Math.max(0, required - counted.size),
    met: counted.size >= required,
    countedAtDeadline: atDeadline,
    pace: paceOf(target, asOf, counted.size),
    newSites: split(fresh, asOf),
    openBefore: ofRule.filter((life) => stateOf(life, dayBefore) === 'open').length,
    byCounty: countiesOf(fresh, counted, asOf),
    byMonth: monthsOf(target, ofRule, asOf),
    steps: stepsOf(target, ofRule, asOf),
  };
}

/** A county with all its sites by state, old and new. */
export interface CountyNow {
  readonly divisionCode: string;
  readonly name: string;
  readonly states: StateSplit;
}

/** Every county of a city, those without a site too, with its sites by state on a day. */
export function countiesNow(counties: readonly { readonly divisionCode: string; readonly name: string }[], lives: readonly SiteLife[], asOf: CivilDate): CountyNow[] {
  return counties.map(({ divisionCode, name }) => ({
    divisionCode, name, states: split(lives.filter((life) => life.countyCode === divisionCode), asOf),
  }));
}
