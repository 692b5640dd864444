import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NO_FEN, addDays, civilDate, isCivilDate, type CivilDate, type Fen } from '../kernel/index.js';
import { addUses, decideMeal, pathOf, type CategoryHeld, type ElderFacts, type MealDecision, type MealFacts, type MealPeriod, type SiteFacts, type Use, type Voucher } from './domain/index.js';
import { packFromTexts, type NamedText, type Pack } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { parseYaml, readText, type YamlFile } from './yaml-file.js';

type Division = string | readonly string[];

interface CaseElder {
  readonly age?: number;
  readonly born?: CivilDate;
  readonly hukou?: Division | null;
  readonly residence?: Division | null;
  readonly categories?: readonly (string | { code: string; grade?: string; from?: CivilDate; to?: CivilDate | null; source?: string })[];
  readonly careHomeStays?: readonly { from: CivilDate; to?: CivilDate | null }[];
  readonly inCareHome?: true;
  readonly died?: CivilDate | null;
  readonly vouchers?: readonly Voucher[];
}

interface CaseSite {
  readonly kind?: string;
  readonly supplyMode?: string | null;
  readonly division?: Division;
  readonly grade?: string | null;
}

interface CaseMeal {
  readonly date?: CivilDate;
  readonly period?: MealPeriod;
  readonly priceFen?: Fen;
  readonly listPriceFen?: Fen;
  readonly delivered?: boolean;
  readonly workday?: boolean;
}

export interface CaseExpect {
  readonly subsidyFen?: Fen;
  readonly selfPayFen?: Fen;
  readonly deliveryFen?: Fen;
  readonly deliveryFeeFen?: Fen;
  readonly siteFen?: Fen;
  readonly funding?: readonly { funder: string; fen: Fen }[] | Readonly<Record<string, Fen>>;
  readonly version?: string | null;
  readonly refusal?: string | null;
  readonly class?: string;
}

/** One case as it is written: facts, earlier meals, one asked meal, what is expected. */
export interface PolicyCase {
  readonly name?: string;
  readonly source?: string;
  readonly elder?: CaseElder | null;
  readonly site?: CaseSite;
  readonly meal?: CaseMeal;
  readonly earlier?: readonly (CaseMeal & { site?: CaseSite })[];
  readonly uses?: readonly { ruleId: string; periodKey: string; count: number; fen?: Fen }[];
  readonly expect?: CaseExpect;
}

interface CaseTable {
  readonly about?: string;
  readonly base?: Pick<PolicyCase, 'elder' | 'site' | 'meal'>;
  readonly cases: readonly PolicyCase[];
}

/** A case with its table's base merged in, and where it stands. */
export interface PlacedCase {
  readonly file: string;
  readonly row: number;
  readonly name: string;
  readonly facts: PolicyCase;
  /** @throws PackError with the line of the case */
  complain(message: string): never;
}

function merged(base: CaseTable['base'], own: PolicyCase): PolicyCase {
  return {
    ...own,
    elder: own.elder === null ? null : { ...base?.elder, ...own.elder },
    site: { ...base?.site, ...own.site },
    meal: { ...base?.meal, ...own.meal },
  };
}

/**
 * Reads a case file: a table with `cases:` (and a common `base:`), or one case alone.
 * @throws PackError naming file, line and remedy
 */
export function loadCases(file: string): PlacedCase[] {
  return casesIn(readText(file), file);
}

/** The same for a text that is at hand; `file` is the name that errors speak of. */
function casesIn(text: string, file: string): PlacedCase[] {
  const source = parseYaml<CaseTable | PolicyCase>(file, text, (value) => (isTable(value) ? 'cases' : 'case'));
  const { value } = source;
  if (!isTable(value)) return [placed(source, value, [], 1)];
  return value.cases.map((own, index) => placed(source, merged(value.base, own), ['cases', index], index + 1));
}

function isTable(value: unknown): value is CaseTable {
  return typeof value === 'object' && value !== null && 'cases' in value;
}

function placed(source: YamlFile<unknown>, facts: PolicyCase, path: (string | number)[], row: number): PlacedCase {
  return { file: source.file, row, name: facts.name ?? `第${row}例`, facts, complain: (message) => source.complain(path, message) };
}

/** Every case of a pack, from all files of its folder `cases/`. */
export function casesOf(pack: Pack): PlacedCase[] {
  const folder = join(pack.folder, 'cases');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().flatMap((name) => loadCases(join(folder, name)));
}

/** A pack with its cases, all from texts. */
export interface PackTexts {
  readonly packYaml: string;
  readonly versionYamls: readonly NamedText[];
  readonly caseYamls: readonly NamedText[];
}

/**
 * Compiles a pack and its cases from texts, such as a draft that is kept in the database.
 * @throws PackError naming file, line and remedy, as for files
 */
export function compilePackTexts(texts: PackTexts): { pack: Pack; cases: PlacedCase[] } {
  return { pack: packFromTexts(texts), cases: texts.caseYamls.flatMap(({ name, text }) => casesIn(text, name)) };
}

function pathFrom(division: Division | null | undefined): readonly string[] | null {
  if (division === null || division === undefined) return null;
  return typeof division === 'string' ? pathOf(division) : division;
}

/** A birth date that gives an age on a day, half a year away from the birthday. */
function bornFor(age: number, on: CivilDate): CivilDate {
  const shifted = addDays(on, -183);
  const monthDay = shifted.slice(5) === '02-29' ? '02-28' : shifted.slice(5);
  return civilDate(`${Number(shifted.slice(0, 4)) - age}-${monthDay}`);
}

function elderFrom(given: CaseElder, on: CivilDate, at: PlacedCase): ElderFacts {
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
  };
}

function siteFrom(given: CaseSite, pack: Pack): SiteFacts {
  return {
    kind: given.kind ?? 'canteen', supplyMode: given.supplyMode ?? null,
    division: pathFrom(given.division) ?? pathOf(pack.source.division), grade: given.grade ?? null,
  };
}

function mealFrom(given: CaseMeal, library: PackLibrary, at: PlacedCase): MealFacts {
  const { date, period, priceFen, listPriceFen, delivered, workday } = given;
  if (date === undefined || period === undefined || priceFen === undefined) at.complain('meal 要写 date（日期）、period（餐次）和 priceFen（价格，分）');
  if (!isCivilDate(date)) at.complain(`“${date}”不是真实的日期，请更正`);
  return {
    date, period, priceFen,
    ...(listPriceFen === undefined ? {} : { listPriceFen }),
    delivered: delivered ?? false, workday: workday ?? library.isWorkday(date),
  };
}

/**
 * Decides a case: the earlier meals in the order written, each under the version of its own date, then the
 * asked meal.
 * @throws PackError when facts that a decision needs are missing
 */
export function decideCase(pack: Pack, library: PackLibrary, at: PlacedCase): MealDecision {
  const { facts } = at;
  const asked = mealFrom(facts.meal ?? {}, library, at);
  const elder = facts.elder === null ? null : elderFrom(facts.elder ?? {}, asked.date, at);
  let uses: readonly Use[] = (facts.uses ?? []).map((use) => ({ fen: NO_FEN, ...use }));
  const decide = (meal: MealFacts, site: SiteFacts): MealDecision =>
    decideMeal({ version: library.versionOn(pack.source.pack, meal.date), elder, site, meal, uses });
  for (const { site, ...earlier } of facts.earlier ?? []) {
    const meal = mealFrom({ period: asked.period, priceFen: asked.priceFen, ...earlier }, library, at);
    uses = addUses(uses, decide(meal, siteFrom({ ...facts.site, ...site }, pack)).uses);
  }
  return decide(asked, siteFrom(facts.site ?? {}, pack));
}

/** One expected value that a decision does not show. */
export interface Difference {
  readonly key: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** What a decision shows otherwise than its case expects; empty when the case holds. */
export function differences(expect: CaseExpect, decision: MealDecision): Difference[] {
  const { funding, version, refusal, class: classId, ...amounts } = expect;
  const found: Difference[] = [];
  const check = (key: string, expected: unknown, got: unknown): void => {
    if (JSON.stringify(expected) !== JSON.stringify(got)) found.push({ key, expected, got });
  };
  for (const [key, expected] of Object.entries(amounts)) check(key, expected, decision[key as keyof typeof amounts]);
  if (funding !== undefined) check('funding', fundingRows(funding), decision.funding.map(({ funder, fen }) => ({ funder, fen })));
  if (version !== undefined) check('version', version, decision.version);
  if (refusal !== undefined) check('refusal', refusal, decision.refusal);
  if (classId !== undefined) check('class', classId, decision.reasons.find(({ pays }) => pays === 'elder')?.classId ?? null);
  return found;
}

function fundingRows(funding: NonNullable<CaseExpect['funding']>): { funder: string; fen: Fen }[] {
  return Array.isArray(funding)
    ? funding.map(({ funder, fen }: { funder: string; fen: Fen }) => ({ funder, fen }))
    : Object.entries(funding).map(([funder, fen]) => ({ funder, fen: fen as Fen }));
}
