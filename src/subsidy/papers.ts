import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isCivilDate, type CivilDate } from '../kernel/index.js';
import type { Level } from './domain/index.js';
import { readText, readYaml, type YamlFile, type YamlPath } from './yaml-file.js';

/** Something that a paper sets, with the sentence that sets it. */
interface PaperItem {
  readonly id: string;
  readonly name: string;
  readonly section: string;
  /** Stands in the paper word for word; white space does not matter. */
  readonly quote: string;
  readonly note?: string;
  /** Groups of elders that it is for. */
  readonly groups?: readonly string[];
}

/** A number to reach by a day: sites, beds, a rate. */
interface PaperTarget extends PaperItem {
  /** null where the paper names no day. */
  readonly by: CivilDate | null;
  readonly atLeast: number;
  readonly unit: string;
  /** The number is for each division of this level. */
  readonly each?: Level;
}

/** Elders whom a paper names together. */
interface PaperGroup extends PaperItem {
  readonly anyCategory?: readonly string[];
  readonly allCategories?: readonly string[];
}

interface PaperCase {
  readonly name: string;
  readonly item?: string;
  readonly on?: CivilDate;
  readonly value?: number;
  readonly group?: string;
  readonly categories?: readonly string[];
  readonly expect: 'met' | 'open' | 'missed' | boolean;
}

/** What one policy paper sets: targets, visit rates, groups, kinds of facility, services, funding. */
export interface Paper {
  readonly paper: string;
  readonly document: { readonly title: string; readonly number: string; readonly issuer: string; readonly date: CivilDate; readonly file: string; readonly sha256: string };
  readonly division: string;
  readonly targets?: readonly PaperTarget[];
  readonly visits?: readonly (PaperTarget & { readonly per: 'week' | 'month' | 'quarter' | 'year' })[];
  readonly groups?: readonly PaperGroup[];
  readonly facilityKinds?: readonly PaperItem[];
  readonly supplyModes?: readonly PaperItem[];
  readonly services?: readonly PaperItem[];
  readonly funding?: readonly (PaperItem & { readonly payee: 'elder' | 'site' | 'service'; readonly atLeast?: number; readonly unit?: string })[];
  readonly oversight?: readonly PaperItem[];
  readonly cases: readonly PaperCase[];
}

const LISTS = ['targets', 'visits', 'groups', 'facilityKinds', 'supplyModes', 'services', 'funding', 'oversight'] as const;

/** A text without white space, which differs between copies of one paper. */
function bare(text: string): string {
  return text.replace(/\s+/gu, '');
}

function items(paper: Paper): { item: PaperItem; at: YamlPath }[] {
  return LISTS.flatMap((list) => (paper[list] ?? []).map((item, index) => ({ item, at: [list, index] })));
}

function check(source: YamlFile<Paper>, text: string): void {
  const paper = source.value;
  const said = bare(text);
  const ids = new Set<string>();
  const groups = (paper.groups ?? []).map(({ id }) => id);
  for (const { item, at } of items(paper)) {
    const key = `${String(at[0])} ${item.id}`;
    if (ids.has(key)) source.complain([...at, 'id'], `编号“${item.id}”重复，请改名`);
    ids.add(key);
    if (!said.includes(bare(item.quote))) source.complain([...at, 'quote'], `文件“${paper.document.file}”中没有这句话，请逐字摘录`);
    const stray = (item.groups ?? []).find((group) => !groups.includes(group));
    if (stray !== undefined) source.complain([...at, 'groups'], `人群“${stray}”没有在 groups 中列出，请补上或更正`);
  }
  for (const list of ['targets', 'visits'] as const) {
    (paper[list] ?? []).forEach(({ by }, index) => {
      if (by !== null && !isCivilDate(by)) source.complain([list, index, 'by'], `“${String(by)}”不是真实的日期，请更正`);
    });
  }
}

/**
 * Loads one paper: `paper.yaml` and the paper's own file beside it, every quotation compared with it.
 * @throws PackError naming file, line and remedy
 */
function loadPaper(folder: string): Paper {
  const source = readYaml<Paper>(join(folder, 'paper.yaml'), 'paper');
  const { value } = source;
  if (value.paper !== basename(folder)) source.complain(['paper'], `应与文件夹同名“${basename(folder)}”`);
  const file = join(folder, value.document.file);
  if (!existsSync(file)) source.complain(['document', 'file'], `文件“${value.document.file}”不在同一文件夹中，请放入`);
  const text = readText(file);
  check(source, text);
  value.cases.forEach((each, index) => {
    if (!usable(value, each)) source.complain(['cases', index], '请写 item、on、value，或 group、categories，且编号已在本文件中列出');
  });
  return { ...value, document: { ...value.document, sha256: createHash('sha256').update(text).digest('hex') } };
}

function usable(paper: Paper, each: PaperCase): boolean {
  if (each.group !== undefined) return each.categories !== undefined && (paper.groups ?? []).some(({ id }) => id === each.group);
  return each.on !== undefined && each.value !== undefined && targetOf(paper, each.item) !== undefined;
}

function targetOf(paper: Paper, id: string | undefined): PaperTarget | undefined {
  return [...(paper.targets ?? []), ...(paper.visits ?? [])].find((target) => target.id === id);
}

/** Every paper below a folder's `papers/`, sorted by name; none where there is no such folder. */
export function loadPapers(root: string): Paper[] {
  const folder = join(root, 'papers');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).sort().filter((name) => existsSync(join(folder, name, 'paper.yaml'))).map((name) => loadPaper(join(folder, name)));
}

/** How a target stands on a day: `met` as soon as the number is reached, `missed` only after its last day. */
function standing({ by, atLeast }: PaperTarget, on: CivilDate, value: number): 'met' | 'open' | 'missed' {
  if (value >= atLeast) return 'met';
  return by !== null && on > by ? 'missed' : 'open';
}

function isIn({ anyCategory, allCategories }: PaperGroup, held: readonly string[]): boolean {
  const any = anyCategory === undefined || anyCategory.some((code) => held.includes(code));
  return any && (allCategories ?? []).every((code) => held.includes(code));
}

function outcome(paper: Paper, each: PaperCase): PaperCase['expect'] | null {
  const group = (paper.groups ?? []).find(({ id }) => id === each.group);
  if (group !== undefined) return isIn(group, each.categories ?? []);
  const target = targetOf(paper, each.item);
  return target === undefined || each.on === undefined || each.value === undefined ? null : standing(target, each.on, each.value);
}

/** The cases of a paper that do not hold. */
export function failedPaperCases(paper: Paper): { readonly name: string; readonly expected: unknown; readonly got: unknown }[] {
  return paper.cases.map((each) => ({ name: each.name, expected: each.expect, got: outcome(paper, each) })).filter(({ expected, got }) => expected !== got);
}
