import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compileVersion } from './compile-version.js';
import type { Calendar, CompiledVersion } from './domain/index.js';
import type { SourceDocument, SourcePack, SourceVersion } from './pack-source.js';
import { PackError, parseYaml, productPacks, readText, readYaml, type YamlFile } from './yaml-file.js';

/** One issuer's scheme: who it covers, and its versions from the oldest to the newest. */
export interface Pack {
  /** Where it lies; empty for a pack that was compiled from texts. */
  readonly folder: string;
  readonly source: SourcePack;
  readonly sha256: string;
  readonly versions: readonly CompiledVersion[];
}

/** A YAML text with the name that errors speak of. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** SHA-256 of a paper that lies beside the pack, null where it does not. */
type HashOf = (file: string) => string | null;

function yamlFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort();
}

/** Takes over the SHA-256 of every paper that lies beside the pack; one that is written otherwise is refused. */
function withHashes(head: YamlFile<SourcePack>, hashOf: HashOf): SourcePack {
  const documents = head.value.documents.map((document, index): SourceDocument => {
    const found = document.file === undefined ? null : hashOf(document.file);
    if (found === null) return document;
    if (document.sha256 !== undefined && document.sha256 !== found) {
      head.complain(['documents', index, 'sha256'], `与文件“${document.file ?? ''}”不符，实为 ${found}；请核对文件是否被改过`);
    }
    return { ...document, sha256: found };
  });
  return { ...head.value, documents };
}

function checkHead(head: YamlFile<SourcePack>): void {
  const twice = (list: readonly string[]): number => list.findIndex((id, index) => list.indexOf(id) !== index);
  const { funders, documents } = head.value;
  const funder = twice(funders.map(({ code }) => code));
  if (funder >= 0) head.complain(['funders', funder, 'code'], `资金方“${funders[funder]?.code ?? ''}”重复，请改名或合并`);
  const document = twice(documents.map(({ id }) => id));
  if (document >= 0) head.complain(['documents', document, 'id'], `文件编号“${documents[document]?.id ?? ''}”重复，请改名`);
}

function checkVersions(place: string, files: readonly { file: string; version: CompiledVersion }[]): void {
  if (files.length === 0) throw new PackError(`${place}：没有版本文件，请至少写一个 <生效日期>-<版本>.yaml`);
  files.forEach(({ file, version }, index) => {
    const before = files[index - 1]?.version;
    if (before === undefined) return;
    if (files.some((other) => other.version !== version && other.version.version === version.version)) throw new PackError(`${file}:1：版本“${version.version}”有两个文件，请改名`);
    if (before.from === version.from || (before.to !== null && before.to >= version.from)) {
      throw new PackError(`${file}:1：版本“${before.version}”与“${version.version}”的有效期重叠，请更正 from 或 to`);
    }
  });
}

function compileFile(source: SourcePack, name: string, text: string): CompiledVersion {
  const file = parseYaml<SourceVersion>(name, text, 'version');
  if (!basename(name).startsWith(`${file.value.from}-`)) file.complain(['from'], `文件名应以生效日期开头：${file.value.from}-….yaml`);
  return compileVersion(source, file);
}

/** Every version file that cannot be used is told, not the first alone. */
function compilePack(place: string, head: YamlFile<SourcePack>, texts: readonly NamedText[], hashOf: HashOf): Pack {
  checkHead(head);
  const source = withHashes(head, hashOf);
  const problems: string[] = [];
  const files = texts.flatMap(({ name, text }) => {
    try {
      return [{ file: name, version: compileFile(source, name, text) }];
    } catch (error) {
      if (!(error instanceof PackError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new PackError(problems.join('\n'));
  files.sort((a, b) => (a.version.from < b.version.from ? -1 : a.version.from > b.version.from ? 1 : 0));
  checkVersions(place, files);
  return { folder: place, source, sha256: head.sha256, versions: files.map(({ version }) => version) };
}

/**
 * Loads one pack folder: `pack.yaml` and its version files `<from-date>-<version>.yaml`.
 * @throws PackError naming file, line and remedy
 */
export function loadPack(folder: string): Pack {
  const place = resolve(folder);
  if (!existsSync(join(place, 'pack.yaml'))) throw new PackError(`${place}：这里没有 pack.yaml，请检查 --pack 的路径`);
  const head = readYaml<SourcePack>(join(place, 'pack.yaml'), 'pack');
  if (head.value.pack !== basename(place)) head.complain(['pack'], `应与文件夹同名“${basename(place)}”`);
  const texts = yamlFiles(place).filter((name) => name !== 'pack.yaml').map((name) => ({ name: join(place, name), text: readText(join(place, name)) }));
  return compilePack(place, head, texts, (file) => fileHash(join(place, file)));
}

function fileHash(file: string): string | null {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null;
}

/**
 * Compiles a pack from texts, such as a draft that is kept in the database. Papers are not looked for.
 * @param texts.packYaml the text of `pack.yaml`
 * @param texts.versionYamls the version files by name, `<from-date>-<version>.yaml`
 * @throws PackError naming file, line and remedy, as for files
 */
export function packFromTexts(texts: { readonly packYaml: string; readonly versionYamls: readonly NamedText[] }): Pack {
  return compilePack('', parseYaml<SourcePack>('pack.yaml', texts.packYaml, 'pack'), texts.versionYamls, () => null);
}

/**
 * Loads every pack folder below a folder, sorted by name.
 * @throws PackError naming file, line and remedy
 */
export function loadPacks(root: string): Pack[] {
  return packFolders(root).map(loadPack);
}

/**
 * Every folder below a folder that holds a `pack.yaml`, sorted by name.
 * @throws PackError when there is no such folder
 */
export function packFolders(root: string): string[] {
  if (!existsSync(root)) throw new PackError(`${root}：没有这个文件夹，请检查路径`);
  return readdirSync(root).sort().map((name) => join(root, name)).filter((folder) => existsSync(join(folder, 'pack.yaml')));
}

/** The State Council's holiday calendars that the product ships, by year. */
export function loadCalendars(root = productPacks()): Map<number, Calendar> {
  const folder = join(root, 'calendars');
  const calendars = yamlFiles(folder).map((name) => readYaml<Calendar>(join(folder, name), 'calendar').value);
  return new Map(calendars.map((calendar) => [calendar.year, calendar]));
}
