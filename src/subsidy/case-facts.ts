import { NO_FEN, addDays, civilDate, isCivilDate, mondayOf, type CivilDate, type Fen } from '../kernel/index.js';
import { narrowness, pathOf, type CategoryHeld, type DayKind, type ElderFacts, type GrantFacts, type MealFacts, type MealPeriod, type SiteFacts, type Use, type Voucher } from './domain/index.js';
import type { Pack } from './load-packs.js';
import type { PackLibrary } from './pack-library.js';

type Division = string | readonly string[];

export interface CaseElder {
  readonly age?: number;
  readonly born?: CivilDate;
  readonly hukou?: Division | null;
  readonly residence?: Division | null;
  readonly categories?: readonly (string | { code: string; grade?: string; from?: CivilDate; to?: CivilDate | null; source?: string })[];
  readonly careHomeStays?: readonly { from: CivilDate; to?: CivilDate | null }[];
  readonly inCareHome?: true;
  readonly died?: CivilDate | null;
  readonly vouchers?: readonly Voucher[];
  readonly sources?: NonNullable<ElderFacts['sources']>;
}

export interface CaseSite {
  readonly kind?: string;
  readonly supplyMode?: string | null;
  readonly division?: Division;
  readonly grade?: string | null;
}

export interface CaseMeal {
  readonly date?: CivilDate;
  readonly period?: MealPeriod;
  readonly priceFen?: Fen;
  readonly listPriceFen?: Fen;
  readonly delivered?: boolean;
  readonly workday?: boolean;
  readonly dayKind?: DayKind;
}

export interface CaseGrant {
  readonly on?: CivilDate;
  readonly openedOn?: CivilDate;
  readonly squareMetres?: number;
  readonly seats?: number;
  readonly costFen?: Fen;
  readonly meals?: number;
  readonly diners?: number;
  readonly evaluation?: string;
  readonly earlier?: readonly { readonly grant: string; readonly on: CivilDate }[];
}

/** What a fact that cannot be used is complained of with. */
interface Complainer {
  complain(message: string): never;
}

/** Every level above the codes written; the narrowest last. */
function pathFrom(division: Division | null | undefined): readonly string[] | null {
  if (division === null || division === undefined) return null;
  const codes = typeof division === 'string' ? [division] : division;
  return [...new Set(codes.flatMap(pathOf))].sort((a, b) => narrowness(a) - narrowness(b));
}

/** A counter of a case, as it is written. */
export interface CaseUse {
  readonly ruleId: string;
  readonly periodKey: string;
  readonly count: number;
  readonly fen?: Fen;
}

const DAY = '\\d{4}-\\d{2}-\\d{2}';
const PERIOD_KEY = new RegExp(`^(d:${DAY}(:(breakfast|lunch|dinner))?|w:${DAY}|m:\\d{4}-\\d{2}|q:\\d{4}-[1-4]|y:\\d{4}|v:.+)$`, 'u');

/** The counters of a case; one that no rule of the pack would ever look at is refused. */
export function usesFrom(given: readonly CaseUse[], pack: Pack, at: Complainer): Use[] {
  const known = [...new Set(pack.versions.flatMap(({ rules }) => rules.map(({ countsAs }) => countsAs)))];
  return given.map((use) => {
    if (!known.includes(use.ruleId)) at.complain(`uses 的 ruleId“${use.ruleId}”不是本政策的规则，可用：${known.join('、')}`);
    const week = use.periodKey.startsWith('w:') ? use.periodKey.slice(2) : null;
    const monday = week === null || (isCivilDate(week) && mondayOf(week) === week);
    if (!PERIOD_KEY.test(use.periodKey) || !monday) at.complain(`uses 的 periodKey“${use.periodKey}”不对：日 d:2024-06-05，餐次 d:2024-06-05:lunch，周 w:2024-06-03（周一），月 m:2024-06，季 q:2024-2，年 y:2024，券 v:编号`);
    return { fen: NO_FEN, ...use };
  });
}

/** A birth date that gives an age on a day, half a year away from the birthday. */
function bornFor(age: number, on: CivilDate): CivilDate {
  const shifted = addDays(on, -183);
  const monthDay = shifted.slice(5) === '02-29' ? '02-28' : shifted.slice(5);
  return civilDate(`${Number(shifted.slice(0, 4)) - age}-${monthDay}`);
}

/** The elder of a case; what is not written is not known. */
export function elderFrom(given: CaseElder, on: CivilDate, at: Complainer): ElderFacts {
  if ((given.age === undefined) === (given.born === undefined)) at.complain('elder 请写 born（出生日期）或 age（周岁），两者只写一个');
  for (const date of [given.born, given.died]) if (date != null && !isCivilDate(date)) at.complain(`“${date}”不是真实的日期，请更正`);
  const forever = civilDate('1900-01-01');
  const categories = (given.categories ?? []).map((entry): CategoryHeld => {
    const { code, grade, from, to, source } = typeof entry === 'string' ? { code: entry } as Exclude<typeof entry, string> : entry;
    return { code, grade: grade ?? null, from: from ?? forever, to: to ?? null, source: source ?? '案例' };
  });
  const stays = (given.careHomeStays ?? []).map(({ from, to }) => ({ from, to: to ?? null }));
  if (given.inCareHome === true) stays.push({ from: forever, to: null });
  return {
    born: given.born ?? bornFor(given.age as number, on),
    hukou: pathFrom(given.hukou), residence: pathFrom(given.residence === undefined ? given.hukou : given.residence),
    categories, careHomeStays: stays, died: given.died ?? null,
    ...(given.vouchers === undefined ? {} : { vouchers: given.vouchers }),
    ...(given.sources === undefined ? {} : { sources: given.sources }),
  };
}

/** The site of a case, a canteen of the pack's division unless written. */
export function siteFrom(given: CaseSite, pack: Pack): SiteFacts {
  return {
    kind: given.kind ?? 'canteen', supplyMode: given.supplyMode ?? null,
    division: pathFrom(given.division) ?? pathOf(pack.source.division), grade: given.grade ?? null,
  };
}

/** What the day is: as written, or by the calendars. */
function dayOf(given: CaseMeal, date: CivilDate, library: PackLibrary): Pick<MealFacts, 'workday' | 'dayKind' | 'dayGuessed'> {
  const { workday, dayKind } = given;
  if (dayKind !== undefined) return { dayKind, workday: workday ?? dayKind === 'workday' };
  return workday === undefined ? library.dayOf(date) : { workday };
}

/** A meal of a case, its day by the calendars. */
export function mealFrom(given: CaseMeal, library: PackLibrary, at: Complainer): MealFacts {
  const { date, period, priceFen, listPriceFen, delivered } = given;
  if (date === undefined || period === undefined || priceFen === undefined) at.complain('meal 要写 date（日期）、period（餐次）和 priceFen（价格，分）');
  if (!isCivilDate(date)) at.complain(`“${date}”不是真实的日期，请更正`);
  return {
    date, period, priceFen,
    ...(listPriceFen === undefined ? {} : { listPriceFen }),
    delivered: delivered ?? false, ...dayOf(given, date, library),
  };
}


/** What is known of a site that asks for money. */
export function grantFrom(given: CaseGrant, site: SiteFacts, at: Complainer): GrantFacts {
  if (given.on === undefined) return at.complain('grant 要写 on（申请日期）');
  for (const date of [given.on, given.openedOn]) if (date !== undefined && !isCivilDate(date)) at.complain(`“${String(date)}”不是真实的日期，请更正`);
  return {
    on: given.on, site, openedOn: given.openedOn ?? null, squareMetres: given.squareMetres ?? null, seats: given.seats ?? null,
    costFen: given.costFen ?? null, meals: given.meals ?? null, diners: given.diners ?? null, evaluation: given.evaluation ?? null, earlier: given.earlier ?? [],
  };
}
