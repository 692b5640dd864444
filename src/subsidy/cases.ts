import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NO_FEN, addDays, type CivilDate, type Fen } from '../kernel/index.js';
import { elderFrom, grantFrom, mealFrom, siteFrom, usesFrom, type CaseElder, type CaseGrant, type CaseMeal, type CaseSite, type CaseUse } from './case-facts.js';
import { addUses, decideGrant, decideMeal, type CompiledVersion, type GrantDecision, type MealDecision, type MealFacts, type SiteFacts, type Use } from './domain/index.js';
import { packFromTexts, type NamedText, type Pack } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { parseYaml, readText, type YamlFile } from './yaml-file.js';

type ExpectedFunding = readonly { funder: string; fen: Fen }[] | Readonly<Record<string, Fen>>;

export interface CaseExpect {
  readonly subsidyFen?: Fen;
  readonly selfPayFen?: Fen;
  readonly deliveryFen?: Fen;
  readonly deliveryFeeFen?: Fen;
  readonly siteFen?: Fen;
  readonly funding?: ExpectedFunding;
  readonly siteFunding?: ExpectedFunding;
  readonly deliveryFunding?: ExpectedFunding;
  readonly grants?: Readonly<Record<string, Fen | string>>;
  readonly needsProof?: boolean;
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
  /** In place of a meal: a site asks for money that no meal decides. */
  readonly grant?: CaseGrant;
  readonly earlier?: readonly (CaseMeal & { site?: CaseSite })[];
  readonly uses?: readonly CaseUse[];
  readonly expect?: CaseExpect;
}

interface CaseTable {
  readonly about?: string;
  readonly base?: Pick<PolicyCase, 'elder' | 'site' | 'meal' | 'grant'>;
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

/** A row's keys over its base's; `null` takes a key of the base away, unless it says that the fact is not known. */
function over<T extends object>(base: T | undefined, own: T | undefined): T {
  const kept = Object.entries({ ...base, ...own }).filter(([key, value]) => value !== null || NOT_KNOWN.includes(key));
  return Object.fromEntries(kept) as T;
}

const NOT_KNOWN = ['hukou', 'residence', 'supplyMode', 'grade', 'died'];

/** An age in a row replaces the base's date of birth, and the other way round. */
function elderOver(base: CaseElder | null | undefined, own: CaseElder | undefined): CaseElder {
  const { age, born, ...rest } = base ?? {};
  const says = (own?.age ?? own?.born) != null;
  return over<CaseElder>({ ...rest, ...(says || age === undefined ? {} : { age }), ...(says || born === undefined ? {} : { born }) }, own);
}

/** A table as the schema knows it, without the `null`s by which rows take a key of the base away. */
function withoutTakenAway(value: CaseTable | PolicyCase): unknown {
  if (!isTable(value) || !Array.isArray(value.cases)) return value;
  const kept = (facts: unknown): unknown => (typeof facts === 'object' && facts !== null ? over(undefined, facts) : facts);
  const row = (each: unknown): unknown => (typeof each !== 'object' || each === null ? each : Object.fromEntries(Object.entries(each).map(([key, facts]) => [key, FACTS.includes(key) ? kept(facts) : facts])));
  return { ...value, cases: value.cases.map(row) };
}

const FACTS = ['elder', 'site', 'meal', 'grant'];

function merged(base: CaseTable['base'], own: PolicyCase): PolicyCase {
  return {
    ...own,
    elder: own.elder === null ? null : elderOver(base?.elder, own.elder),
    site: over(base?.site, own.site),
    meal: over(base?.meal, own.meal),
    ...(base?.grant === undefined && own.grant === undefined ? {} : { grant: over(base?.grant, own.grant) }),
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
  const source = parseYaml<CaseTable | PolicyCase>(file, text, (value) => (isTable(value) ? 'cases' : 'case'), withoutTakenAway);
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

/** The files of a pack's folder `cases/`, by name. */
export function caseFilesOf(pack: Pack): string[] {
  const folder = join(pack.folder, 'cases');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(folder, name));
}

/** Every case of a pack, from all files of its folder `cases/`. */
export function casesOf(pack: Pack): PlacedCase[] {
  return caseFilesOf(pack).flatMap(loadCases);
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

/** What came of a case: a meal's decision, or that of a site's grants. */
export type CaseDecision = MealDecision | GrantDecision;

/**
 * Decides a case: the earlier meals in the order written, each under the version of its own date, then the
 * asked meal; or what a site gets.
 * @throws PackError when facts that a decision needs are missing
 */
export function decideCase(pack: Pack, library: PackLibrary, at: PlacedCase): CaseDecision {
  return at.facts.grant === undefined ? decideMealCase(pack, library, at) : decideGrantCase(pack, library, at, at.facts.grant);
}

/** The version in force on a day; where none is, the pack's last as one that has not begun, which then says so. */
function versionFor(pack: Pack, library: PackLibrary, date: CivilDate): CompiledVersion | null {
  const last = pack.versions.at(-1);
  return library.versionOn(pack.source.pack, date) ?? (last === undefined ? null : { ...last, from: addDays(date, 1), to: null });
}

function decideGrantCase(pack: Pack, library: PackLibrary, at: PlacedCase, grant: CaseGrant): GrantDecision {
  const facts = grantFrom(grant, siteFrom(at.facts.site ?? {}, pack), at);
  return decideGrant(versionFor(pack, library, facts.on), facts);
}

function decideMealCase(pack: Pack, library: PackLibrary, at: PlacedCase): MealDecision {
  const { facts } = at;
  const asked = mealFrom(facts.meal ?? {}, library, at);
  const elder = facts.elder === null ? null : elderFrom(facts.elder ?? {}, asked.date, at);
  let uses: readonly Use[] = usesFrom(facts.uses ?? [], pack, at);
  const decide = (meal: MealFacts, site: SiteFacts): MealDecision =>
    decideMeal({ version: versionFor(pack, library, meal.date), elder, site, meal, uses });
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

/** The keys that every answer has, whether a meal or a grant was asked for; `funding` is then the grant's. */
export type Answer = Pick<MealDecision, 'subsidyFen' | 'selfPayFen' | 'deliveryFen' | 'deliveryFeeFen' | 'siteFen' | 'funding' | 'siteFunding' | 'deliveryFunding' | 'needsProof'>;

/** A decision by the keys of an answer. */
export function answerOf(decision: CaseDecision): Answer {
  if ('subsidyFen' in decision) return decision;
  const { siteFen, siteFunding } = decision;
  return {
    subsidyFen: NO_FEN, selfPayFen: NO_FEN, deliveryFen: NO_FEN, deliveryFeeFen: NO_FEN, siteFen,
    funding: siteFunding, siteFunding, deliveryFunding: siteFunding.map((part) => ({ ...part, fen: NO_FEN })), needsProof: false,
  };
}

function classOf(decision: CaseDecision): string | null {
  const pays = 'subsidyFen' in decision ? 'elder' : 'site';
  return decision.reasons.find((reason) => reason.pays === pays)?.classId ?? null;
}

/** What came of each grant by its id inside the pack: fen, or why not. */
function grantsOf(decision: CaseDecision): Record<string, Fen | string> {
  if (!('grants' in decision)) return {};
  return Object.fromEntries(decision.grants.map(({ grant, fen, refusal }) => [grant.slice(grant.indexOf('/') + 1), refusal ?? fen]));
}

/** What a decision shows otherwise than its case expects; empty when the case holds. */
export function differences(expect: CaseExpect, decision: CaseDecision): Difference[] {
  const { funding, siteFunding, deliveryFunding, grants, version, refusal, class: classId, ...amounts } = expect;
  const found: Difference[] = [];
  const check = (key: string, expected: unknown, got: unknown): void => {
    if (JSON.stringify(expected) !== JSON.stringify(got)) found.push({ key, expected, got });
  };
  const answer = answerOf(decision);
  for (const [key, expected] of Object.entries(amounts)) check(key, expected, answer[key as keyof typeof amounts]);
  for (const [key, rows] of Object.entries({ funding, siteFunding, deliveryFunding })) {
    if (rows !== undefined) check(key, fundingRows(rows), answer[key as 'funding'].map(({ funder, fen }) => ({ funder, fen })));
  }
  const got = grantsOf(decision);
  for (const [id, expected] of Object.entries(grants ?? {})) check(`grants.${id}`, expected, got[id]);
  if (version !== undefined) check('version', version, decision.version);
  if (refusal !== undefined) check('refusal', refusal, decision.refusal);
  if (classId !== undefined) check('class', classId, classOf(decision));
  return found;
}

function fundingRows(funding: ExpectedFunding): { funder: string; fen: Fen }[] {
  return Array.isArray(funding)
    ? funding.map(({ funder, fen }: { funder: string; fen: Fen }) => ({ funder, fen }))
    : Object.entries(funding).map(([funder, fen]) => ({ funder, fen: fen as Fen }));
}
