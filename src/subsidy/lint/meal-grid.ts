import { addDays, civilDate, fen, weekday, type CivilDate, type Fen } from '../../kernel/index.js';
import { isWithin, levelOf, MEAL_PERIODS, pathOf, type CategoryHeld, type CategoryWanted, type CompiledVersion, type Condition, type DivisionPath, type ElderFacts, type MealFacts, type Rule, type SiteFacts, type Voucher } from '../domain/index.js';
import { APPROVAL, setScene } from '../domain/check-condition.js';
import type { SourcePack } from '../pack-source.js';
import type { Facts } from './finding.js';

const FOREVER = civilDate('1900-01-01');
const MOST_ROWS = 12_000;

/** Every condition of a rule: its own, its classes', and the alternatives inside them. */
export function conditionsOf(rules: readonly Rule[]): Condition[] {
  const all: Condition[] = [];
  const walk = (condition: Condition): void => {
    all.push(condition);
    for (const inner of [...(condition.any ?? []), ...(condition.none ?? [])]) walk(inner);
  };
  for (const rule of rules) for (const condition of [rule.when, ...rule.classes.map(({ when }) => when), ...rule.fundingWhen.map(({ when }) => when)]) walk(condition);
  return all;
}

const unique = <T>(list: readonly T[], key: (entry: T) => string = String): T[] => [...new Map(list.map((entry) => [key(entry), entry])).values()];

/** Codes as they are written: `pack` is the pack's own division. */
export function codesOf(pack: SourcePack, codes: readonly string[] | undefined): string[] {
  return (codes ?? ['pack']).map((code) => (code === 'pack' ? pack.division : code));
}

/** A place inside a division, down to a township; `n` tells neighbours apart. */
function placeIn(code: string, n: 1 | 2): DivisionPath {
  const level = levelOf(code);
  if (level === 'township' || level === 'village') return pathOf(code);
  if (level === 'county') return pathOf(`${code.slice(0, 6)}00${n}`);
  if (level === 'city') return pathOf(`${code.slice(0, 4)}0${n + 2}001`);
  return pathOf(pathOf(`${code.slice(0, 2)}0101`).length === 2 ? `${code.slice(0, 2)}010${n}001` : `${code.slice(0, 2)}010${n + 2}001`);
}

/** A place far outside the pack. */
export function placeOutside(pack: SourcePack): DivisionPath {
  return pathOf(pack.division.startsWith('11') ? '310101001' : '110101001');
}

function placesIn(codes: readonly string[]): DivisionPath[] {
  return unique(codes.flatMap((code) => [placeIn(code, 1), placeIn(code, 2)]), String);
}

/** A day on which the version is in force: a Wednesday where there is one. */
export function sampleDay({ from, to }: Pick<CompiledVersion, 'from' | 'to'>): CivilDate {
  for (let days = 0; days < 7; days += 1) {
    const date = addDays(from, days);
    if (to !== null && date > to) break;
    if (weekday(date) === 3) return date;
  }
  return from;
}

/**
 * Born so that the version takes the elder for an age on a day: half a year after the birthday, or (`onDay`) born on
 * that day of the year.
 */
export function bornFor(version: CompiledVersion, age: number, on: CivilDate, onDay = false): CivilDate {
  const day = onDay ? on : addDays(on, -183);
  const monthDay = day.slice(5) === '02-29' ? '02-28' : day.slice(5);
  const year = Number(day.slice(0, 4)) - age;
  const dates = [year, year + 1, year - 1].map((each) => civilDate(`${each}-${monthDay}`));
  return dates.find((born) => ageUnder(version, born, on) === age) ?? (dates[0] as CivilDate);
}

/** How old a version takes somebody for. */
function ageUnder(version: CompiledVersion, born: CivilDate, on: CivilDate): number {
  const nobody: ElderFacts = { born, hukou: null, residence: null, categories: [], careHomeStays: [], died: null };
  return setScene(version, nobody, { kind: '', supplyMode: null, division: [] }, { date: on, period: 'lunch', priceFen: fen(0), workday: true }).age;
}

/** Ages at which anything may change, with their neighbours, a younger person and a very old one. */
function agesOf(conditions: readonly Condition[]): number[] {
  const edges = conditions.flatMap(({ ageFrom, ageTo }) => [...(ageFrom === undefined ? [] : [ageFrom]), ...(ageTo === undefined ? [] : [ageTo + 1])]);
  const ages = [45, 59, 65, 110, ...edges.flatMap((edge) => [edge - 1, edge, edge + 1])];
  return unique(ages).filter((age) => age >= 0 && age <= 130).sort((a, b) => a - b);
}

function heldFor(wanted: CategoryWanted): CategoryHeld {
  return { code: wanted.code, grade: wanted.grades?.[0] ?? null, from: FOREVER, to: null, source: '示例' };
}

/** The smallest sets of categories with which a condition holds, as far as categories decide. */
function witnesses(condition: Condition): CategoryHeld[][] {
  const base = (condition.allCategories ?? []).map(heldFor);
  const some = (condition.anyCategory ?? []).map((wanted) => [...base, heldFor(wanted)]);
  const own = some.length === 0 ? [base] : some;
  if (condition.any === undefined) return own;
  return own.flatMap((set) => condition.any?.flatMap(witnesses).map((other) => [...set, ...other]) ?? []);
}

const setKey = (set: readonly CategoryHeld[]): string => unique(set.map(({ code, grade }) => `${code}:${grade ?? ''}`)).sort().join(' ');

function isOnePerson(set: readonly CategoryHeld[]): boolean {
  const grades = new Map<string, string | null | undefined>();
  return set.every(({ code, grade }) => !grades.has(code) || grades.get(code) === grade ? (grades.set(code, grade), true) : false);
}

/** Sets of categories that tell the classes apart: none, those of each class, of two classes at once, and those excluded. */
function categorySets(rules: readonly Rule[]): CategoryHeld[][] {
  const single: CategoryHeld[][] = [[]];
  const both: CategoryHeld[][] = [];
  for (const rule of rules) {
    const sets = rule.classes.map(({ when }) => witnesses(rule.when).flatMap((outer) => witnesses(when).map((inner) => [...outer, ...inner])).slice(0, 24));
    for (const set of sets) single.push(...set);
    sets.forEach((set, index) => {
      for (const other of sets.slice(index + 1)) both.push([...(set[0] ?? []), ...(other[0] ?? [])]);
    });
  }
  for (const { noCategory } of conditionsOf(rules)) for (const wanted of noCategory ?? []) single.push([heldFor(wanted)]);
  return unique([...single, ...both.filter(isOnePerson)].map((set) => unique(set, ({ code, grade }) => `${code}:${grade ?? ''}`)), setKey).slice(0, 80);
}

/** Where elders belong: in each division that a rule names, in a neighbour, away by hukou, by residence, by both. */
function homes(pack: SourcePack, conditions: readonly Condition[]): Pick<ElderFacts, 'hukou' | 'residence'>[] {
  const named = conditions.flatMap(({ hukou, residence }) => [...(hukou ?? []), ...(residence ?? [])]);
  const inside = placesIn(unique([...codesOf(pack, pack.scope.elder.in), pack.division, ...named])).slice(0, 6);
  const away = placeOutside(pack);
  const [first, second] = [inside[0] ?? away, inside[1] ?? inside[0] ?? away];
  return [...inside.map((home) => ({ hukou: home, residence: home })), { hukou: first, residence: away }, { hukou: away, residence: first }, { hukou: first, residence: second }, { hukou: away, residence: away }];
}

function lostCodes(rules: readonly Rule[]): string[] {
  const plans = rules.flatMap(({ funding, fundingWhen, classes }) => [funding, ...fundingWhen.map(({ plan }) => plan), ...classes.map((each) => each.funding ?? funding)]);
  return plans.flatMap(({ parts }) => parts.flatMap(({ lostWhenSiteOutside: lost }) => (lost !== null && 'divisions' in lost ? lost.divisions : [])));
}

function sites(pack: SourcePack, rules: readonly Rule[], conditions: readonly Condition[]): SiteFacts[] {
  const scope = codesOf(pack, pack.scope.site);
  const named = conditions.flatMap(({ siteIn }) => siteIn ?? []);
  const places = placesIn(unique([pack.division, ...scope, ...named, ...lostCodes(rules)])).filter((place) => isWithin(place, scope)).slice(0, 8);
  const kinds = unique(['canteen', ...conditions.flatMap(({ siteKinds }) => siteKinds ?? [])]).slice(0, 4);
  const modes = unique([null, ...conditions.flatMap(({ supplyModes }) => supplyModes ?? [])]).slice(0, 4);
  const grades = unique([null, ...conditions.flatMap(({ siteGrades }) => siteGrades ?? [])]).slice(0, 4);
  return places.flatMap((division) => kinds.flatMap((kind) => modes.flatMap((supplyMode) => grades.map((grade) => ({ kind, supplyMode, division, grade })))));
}

/** A bill that nothing cuts a fixed amount or a cap on, 50 yuan at least: a meal that an official can believe. */
function highBill(rules: readonly Rule[]): number {
  const money = [...JSON.stringify(rules).matchAll(/"(?:fen|[a-zA-Z]+Fen)":(\d+)/gu)].map((match) => Number(match[1]));
  return Math.min(100_000, Math.max(5_000, 2 * Math.max(0, ...money)));
}

/** Prices at which a bill's conditions may change, and one that is above every subsidy. */
function prices(rules: readonly Rule[]): Fen[] {
  const high = highBill(rules);
  const bills = [...rules.map(({ bill }) => bill), ...conditionsOf(rules).map(({ bill }) => bill)];
  const named = bills.flatMap((bill) => [bill?.atLeastFen, bill?.atMostFen, ...(bill?.prices ?? []).map(({ fromFen }) => fromFen)]);
  return unique([high, ...named.filter((value) => value != null)]).slice(0, 8).map((value) => fen(value));
}

/** Days on which anything may differ, with what the calendar says of them. */
function daysOf(version: CompiledVersion, conditions: readonly Condition[]): Pick<MealFacts, 'date' | 'workday' | 'dayKind'>[] {
  const start = sampleDay(version);
  const within = (date: string): date is CivilDate => date >= version.from && (version.to === null || date <= version.to);
  const week = conditions.some(({ weekdays }) => weekdays !== undefined) ? [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(start, days)) : [start];
  const years = [start.slice(0, 4), String(Number(start.slice(0, 4)) + 1)];
  const special = conditions.flatMap(({ dates, yearly }) => [...(dates ?? []).map(({ from }) => from as string), ...(yearly ?? []).flatMap(({ from }) => years.map((year) => `${year}-${from}`))]);
  const kinds: Pick<MealFacts, 'workday' | 'dayKind'>[] = conditions.some(({ days }) => days !== undefined)
    ? [{ workday: true, dayKind: 'workday' }, { workday: false, dayKind: 'weekend' }, { workday: false, dayKind: 'holiday' }]
    : conditions.some(({ workdaysOnly }) => workdaysOnly === true) ? [{ workday: true }, { workday: false }] : [{ workday: true }];
  return unique([...week, ...special].filter(within)).flatMap((date) => kinds.map((kind) => ({ date, ...kind })));
}

function meals(version: CompiledVersion, conditions: readonly Condition[]): MealFacts[] {
  const deliveries = version.rules.some(({ pays }) => pays === 'deliverer' || pays === 'fee') || conditions.some(({ delivered }) => delivered !== undefined) ? [false, true] : [false];
  const asksDiscount = conditions.some(({ discount }) => discount !== undefined) || JSON.stringify(version.rules).includes('"of":"discount"');
  const listPrices = (priceFen: Fen): Pick<MealFacts, 'listPriceFen'>[] => (asksDiscount ? [{}, { listPriceFen: fen(priceFen * 2) }] : [{}]);
  return prices(version.rules).flatMap((priceFen) => daysOf(version, conditions).flatMap((day) => MEAL_PERIODS.flatMap((period) =>
    deliveries.flatMap((delivered) => listPrices(priceFen).map((listed) => ({ ...day, period, priceFen, ...listed, delivered }))))));
}

function vouchersOf(rules: readonly Rule[]): Voucher[] {
  const forms = rules.flatMap(({ classes }) => classes.flatMap(({ amounts }) => Object.values(amounts)));
  const kinds = unique(forms.flatMap((form) => (form?.form === 'voucher' ? [form.kind] : [])));
  return kinds.map((kind) => ({ id: `示例-${kind}`, kind, fen: fen(500), from: FOREVER, to: civilDate('2999-12-31') }));
}

/** One kind of person and one kind of meal, at every age that matters, youngest first. */
export type GridRow = readonly { readonly age: number; readonly facts: Facts }[];

/** Persons and meals made from what a version mentions: finite, bounded, the same every time. */
export interface MealGrid {
  /** Whether there was too much to try all of it: then nothing may be concluded from what was never met. */
  readonly partial: boolean;
  rows(): Generator<GridRow>;
}

/** Builds the grid of a version's examples. */
export function mealGrid(pack: SourcePack, version: CompiledVersion): MealGrid {
  const { rules } = version;
  const conditions = conditionsOf(rules);
  const ages = agesOf(conditions);
  const sets = categorySets(rules);
  const people = homes(pack, conditions).flatMap((home) => sets.map((categories) => ({ ...home, categories })));
  const events = sites(pack, rules, conditions).flatMap((site) => meals(version, conditions).map((meal) => ({ site, meal })));
  const vouchers = vouchersOf(rules);
  const approval: CategoryHeld = { code: APPROVAL, grade: pack.pack, from: FOREVER, to: null, source: '示例' };
  const approved = rules.some(({ needsApproval }) => needsApproval) ? [approval] : [];
  const birthdays = conditions.some(({ birthday }) => birthday === true) ? [false, true] : [false];
  const total = people.length * events.length;
  const step = Math.max(1, Math.ceil(total / MOST_ROWS));
  const births = new Map<string, CivilDate>();
  const born = (age: number, date: CivilDate, onDay: boolean): CivilDate => {
    const key = `${age} ${date} ${String(onDay)}`;
    const known = births.get(key) ?? bornFor(version, age, date, onDay);
    births.set(key, known);
    return known;
  };
  return {
    partial: step > 1,
    *rows() {
      for (let index = 0; index < total; index += step) {
        const person = people[Math.floor(index / events.length)];
        const event = events[index % events.length];
        if (person === undefined || event === undefined) continue;
        for (const onDay of birthdays) {
          yield ages.map((age) => ({
            age,
            facts: { ...event, elder: { ...person, categories: [...person.categories, ...approved], born: born(age, event.meal.date, onDay), careHomeStays: [], died: null, vouchers } },
          }));
        }
      }
    },
  };
}

/** Meals of the grid on which a rule paid under a class: what other checks show as their example. */
export class Examples {
  private readonly byClass = new Map<string, Facts>();
  private readonly met = new Map<string, Facts>();

  constructor(private readonly version: CompiledVersion, private readonly grid: MealGrid) {}

  remember(rule: Rule, classId: string, facts: Facts): void {
    const key = `${rule.id} ${classId}`;
    if (!this.byClass.has(key)) this.byClass.set(key, facts);
  }

  /** A meal that a class holds for, though it paid nothing. */
  meet(rule: Rule, classId: string, facts: Facts): void {
    const key = `${rule.id} ${classId}`;
    if (!this.met.has(key)) this.met.set(key, facts);
  }

  /** A meal on which the class was paid, else one it holds for, else one that its rule paid, else any meal at all. */
  of(rule: Rule, classId: string | null): Facts | null {
    const key = `${rule.id} ${classId ?? ''}`;
    return this.byClass.get(key) ?? this.met.get(key) ?? this.byRule(rule) ?? this.any();
  }

  private byRule(rule: Rule): Facts | undefined {
    for (const { id } of rule.classes) {
      const facts = this.byClass.get(`${rule.id} ${id}`);
      if (facts !== undefined) return facts;
    }
    return undefined;
  }

  /** A meal that some rule paid, else the first of the grid. */
  any(): Facts | null {
    for (const facts of this.byClass.values()) return facts;
    for (const row of this.grid.rows()) return row.at(-1)?.facts ?? null;
    return null;
  }

  /** The same meal on another day, the elder as old as before: by default half a year after the birthday. */
  on(date: CivilDate, age?: number, onBirthday = false): Facts | null {
    const facts = this.any();
    if (facts === null) return null;
    const years = age ?? ageUnder(this.version, facts.elder.born, facts.meal.date);
    return { ...facts, elder: { ...facts.elder, born: bornFor(this.version, years, date, onBirthday) }, meal: { ...facts.meal, date } };
  }
}
