import { addDays, addMonths, firstDay, monthOf, type CivilDate } from '../../kernel/index.js';
import type { ElderRecord } from '../../elder/domain/index.js';
import { answersOf, elderFactsOn, type CompiledVersion, type DivisionPath, type ElderFacts, type Paths, type SiteFacts } from '../../subsidy/domain/index.js';
import type { Stretch } from './roster.js';

/** A version under the key by which tills know it. */
export interface KeyedVersion {
  readonly key: string;
  readonly version: CompiledVersion;
}

/** Where stretches are planned for, and by what. */
export interface StretchPlan {
  readonly site: SiteFacts;
  readonly paths: Paths;
  /** The roster's day, and the last day to look at. */
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** The version that rules a meal here of somebody who belongs there; null where none does. */
  readonly versionOn: (home: { hukou: DivisionPath | null; residence: DivisionPath | null }, date: CivilDate) => KeyedVersion | null;
  /** Days on which another version, or an end of funds, may begin. */
  readonly versionDays: readonly CivilDate[];
}

function monthsWithin(from: CivilDate, to: CivilDate): CivilDate[] {
  const days: CivilDate[] = [];
  for (let month = monthOf(from); month <= monthOf(to); month = addMonths(month, 1)) days.push(firstDay(month));
  return days;
}

/** The same day of each month in the range: birthdays, and whole months of a category. A missing 31st is a first. */
function sameDays(day: CivilDate, from: CivilDate, to: CivilDate): CivilDate[] {
  return monthsWithin(from, to).map((first) => addDays(first, Number(day.slice(8)) - 1));
}

/** Every day on which what holds for an elder may be another than the day before. */
function changeDays({ born, categories, careHomeStays, homes, died }: ElderRecord, { from, to, versionDays }: StretchPlan): CivilDate[] {
  const days: (CivilDate | null)[] = [...versionDays, ...monthsWithin(from, to)];
  const after = (last: CivilDate | null): CivilDate | null => (last === null ? null : addDays(last, 1));
  // The birthday, the day after it, and both readings of 29 February.
  for (const day of sameDays(born, from, to)) if (day.slice(5, 7) === born.slice(5, 7) || day.slice(8) === '01') days.push(day, addDays(day, 1));
  if (born.endsWith('02-29')) for (const first of monthsWithin(from, to)) if (first.slice(5, 7) === '03') days.push(addDays(first, -1), first, addDays(first, 1));
  for (const category of categories) days.push(category.from, after(category.to), ...sameDays(category.from, from, to));
  for (const stay of careHomeStays) days.push(stay.from, after(stay.to));
  for (const home of homes) days.push(home.from);
  days.push(after(died));
  return [...new Set(days)].filter((day): day is CivilDate => day !== null && day > from && day <= to).sort();
}

function answerOn(elder: ElderFacts, date: CivilDate, plan: StretchPlan): [string, string] {
  const ruling = plan.versionOn({ hukou: elder.hukou, residence: elder.residence }, date);
  return ruling === null ? ['', ''] : [ruling.key, answersOf(ruling.version, elder, plan.site, date)];
}

/**
 * What a till has to know of an elder for the coming weeks: which version rules, and its questions answered, from one
 * change to the next. Works out the days of possible change alone, so that tens of thousands take seconds.
 */
export function planStretches(record: ElderRecord, plan: StretchPlan): Stretch[] {
  const stretches: Stretch[] = [];
  for (const date of [plan.from, ...changeDays(record, plan)]) {
    const [key, answers] = answerOn(elderFactsOn(record, date, plan.paths), date, plan);
    const last = stretches.at(-1);
    if (last === undefined || last[1] !== key || last[2] !== answers) stretches.push([last === undefined ? '' : date, key, answers]);
  }
  return stretches;
}
