import { ageOn, mondayOf, type CivilDate } from '../kernel/index.js';
import type { ElderFacts, MealFacts, SiteFacts, Use } from '../subsidy/domain/index.js';
import type { BenchPack } from './bench-meals.js';

/** What a program written for one city answers: amounts and counters, without a word why. */
export interface PlainSplit {
  readonly subsidyFen: number;
  readonly selfPayFen: number;
  readonly funding: readonly number[];
  readonly uses: readonly { readonly periodKey: string; readonly count: number; readonly fen: number }[];
}

interface Facts {
  readonly elder: ElderFacts;
  readonly site: SiteFacts;
  readonly meal: MealFacts;
  readonly uses: readonly Use[];
}

/** A rule of one city as a programmer would write it down: the same facts in, the same fen out. */
export type HandWritten = (facts: Facts) => PlainSplit;

function holds(elder: ElderFacts, date: CivilDate, code: string, grades?: readonly string[]): boolean {
  for (const held of elder.categories) {
    if (held.code !== code || date < held.from || (held.to !== null && date > held.to)) continue;
    if (grades === undefined || grades.includes(held.grade ?? '')) return true;
  }
  return false;
}

function holdsAny(elder: ElderFacts, date: CivilDate, codes: readonly string[]): boolean {
  for (const code of codes) if (holds(elder, date, code)) return true;
  return false;
}

function inCareHome(elder: ElderFacts, date: CivilDate): boolean {
  for (const stay of elder.careHomeStays) if (stay.from <= date && (stay.to === null || date <= stay.to)) return true;
  return false;
}

function times(uses: readonly Use[], ruleId: string, key: string): number {
  let count = 0;
  for (const use of uses) if (use.ruleId === ruleId && use.periodKey === key) count += use.count;
  return count;
}

function nothing(meal: MealFacts, funders: number): PlainSplit {
  return { subsidyFen: 0, selfPayFen: meal.priceFen, funding: funders === 2 ? [0, 0] : [0, 0, 0], uses: [] };
}

function halves(meal: MealFacts, subsidyFen: number, keys: readonly string[]): PlainSplit {
  const city = Math.ceil(subsidyFen / 2);
  return {
    subsidyFen, selfPayFen: meal.priceFen - subsidyFen, funding: [city, subsidyFen - city],
    uses: keys.map((periodKey) => ({ periodKey, count: 1, fen: subsidyFen })),
  };
}

function liaocheng({ elder, meal, uses }: Facts): PlainSplit {
  if (elder.died !== null && meal.date > elder.died) return nothing(meal, 2);
  if (elder.hukou?.includes('371500') !== true && elder.residence?.includes('371500') !== true) return nothing(meal, 2);
  if (inCareHome(elder, meal.date)) return nothing(meal, 2);
  const age = ageOn(elder.born, meal.date);
  const amount = age >= 90 ? 400 : age >= 80 ? 300 : age >= 75 ? 200 : age >= 70 ? 100 : 0;
  const day = `d:${meal.date}`;
  if (amount === 0 || times(uses, 'liaocheng/meal', day) >= 1) return nothing(meal, 2);
  return halves(meal, Math.min(amount, meal.priceFen), [day]);
}

const VISITED = ['withoutKin', 'livingAlone', 'emptyNest', 'leftBehind', 'careDependent', 'severelyDisabled', 'specialFamily'];

function entitledInTianjin(elder: ElderFacts, date: CivilDate): boolean {
  const age = ageOn(elder.born, date);
  if (age >= 80) return true;
  if (age < 60) return false;
  if (holds(elder, date, 'severeCareNeed') && holdsAny(elder, date, ['minLivingRecipient', 'lowIncome'])) return true;
  if (age >= 70 && holdsAny(elder, date, VISITED)) return true;
  if (holds(elder, date, 'severelyDisabled') && holdsAny(elder, date, ['minLivingRecipient', 'borderlineRecipient'])) return true;
  return age < 70 && holds(elder, date, 'severelyDisabled', ['1', '2']) && holds(elder, date, 'disabilitySubsidies');
}

function tianjin({ elder, meal, uses }: Facts): PlainSplit {
  if (elder.died !== null && meal.date > elder.died) return nothing(meal, 2);
  if (meal.period === 'breakfast' || elder.hukou?.includes('120000') !== true) return nothing(meal, 2);
  if (inCareHome(elder, meal.date) || !entitledInTianjin(elder, meal.date)) return nothing(meal, 2);
  const day = `d:${meal.date}`;
  const week = `w:${mondayOf(meal.date)}`;
  if (times(uses, 'tianjin/meal', day) >= 1 || times(uses, 'tianjin/meal', week) >= 5) return nothing(meal, 2);
  return halves(meal, Math.min(300, meal.priceFen), [day, week]);
}

const HARDSHIP = ['extremePovertyRecipient', 'minLivingRecipient', 'borderlineRecipient', 'lowIncome'];

function zhengguo({ elder, site, meal, uses }: Facts): PlainSplit {
  if (elder.died !== null && meal.date > elder.died) return nothing(meal, 3);
  if (meal.period === 'breakfast' || elder.hukou?.includes('440118104') !== true) return nothing(meal, 3);
  const age = ageOn(elder.born, meal.date);
  if (age < 60) return nothing(meal, 3);
  const amount = holdsAny(elder, meal.date, HARDSHIP) ? 1100 : age >= 80 ? 900 : 700;
  const key = `d:${meal.date}:${meal.period}`;
  if (times(uses, 'zhengguo/meal', key) >= 1) return nothing(meal, 3);
  return withTown(site, meal, amount, key);
}

/** City and county 3 yuan each, the town the rest; the town gives way first, then the county. */
function withTown(site: SiteFacts, meal: MealFacts, amount: number, key: string): PlainSplit {
  let city = 300;
  let county = site.division.includes('440118') ? 300 : 0;
  let town = site.division.includes('440118104') ? amount - 600 : 0;
  let over = city + county + town - meal.priceFen;
  if (over > 0) {
    const fromTown = Math.min(over, town);
    const fromCounty = Math.min(over - fromTown, county);
    over -= fromTown + fromCounty;
    [town, county, city] = [town - fromTown, county - fromCounty, city - Math.min(over, city)];
  }
  const subsidyFen = city + county + town;
  return { subsidyFen, selfPayFen: meal.priceFen - subsidyFen, funding: [city, county, town], uses: [{ periodKey: key, count: 1, fen: subsidyFen }] };
}

/** The split of an amount that somebody else found; without the counters. */
export function splitOf(pack: BenchPack, { site, meal }: Pick<Facts, 'site' | 'meal'>, amount: number): Pick<PlainSplit, 'subsidyFen' | 'funding'> {
  if (amount === 0) return nothing(meal, pack === 'zhengguo' ? 3 : 2);
  return pack === 'zhengguo' ? withTown(site, meal, amount, '') : halves(meal, Math.min(amount, meal.priceFen), []);
}

export const HAND_WRITTEN: Readonly<Record<BenchPack, HandWritten>> = { liaocheng, tianjin, zhengguo };
