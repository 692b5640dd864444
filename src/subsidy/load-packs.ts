import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compileVersion } from './compile-version.js';
import type { Calendar, CompiledVersion } from './domain/index.js';
import type { SourcePack, SourceVersion } from './pack-source.js';
import { PackError, productPacks, readYaml } from './yaml-file.js';

/** One issuer's scheme: who it covers, and its versions from the oldest to the newest. */
export interface Pack {
  readonly folder: string;
  readonly source: SourcePack;
  readonly sha256: string;
  readonly versions: readonly CompiledVersion[];
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort();
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
  const versions = yamlFiles(place).filter((name) => name !== 'pack.yaml').map((name) => loadVersion(head.value, join(place, name)));
  if (versions.length === 0) throw new PackError(`${place}：没有版本文件，请至少写一个 <生效日期>-<版本>.yaml`);
  versions.forEach((version, index) => {
    const before = versions[index - 1];
    if (before === undefined) return;
    if (versions.some((other) => other !== version && other.version === version.version)) throw new PackError(`${place}：版本“${version.version}”有两个文件，请改名`);
    if (before.from === version.from || (before.to !== null && before.to >= version.from)) {
      throw new PackError(`${place}：版本“${before.version}”与“${version.version}”的有效期重叠，请更正 from 或 to`);
    }
  });
  return { folder: place, source: head.value, sha256: head.sha256, versions };
}

function loadVersion(pack: SourcePack, file: string): CompiledVersion {
  const source = readYaml<SourceVersion>(file, 'version');
  if (!basename(file).startsWith(`${source.value.from}-`)) source.complain(['from'], `文件名应以生效日期开头：${source.value.from}-….yaml`);
  return compileVersion(pack, source);
}

/**
 * Loads every pack folder below a folder, sorted by name.
 * @throws PackError naming file, line and remedy
 */
export function loadPacks(root: string): Pack[] {
  if (!existsSync(root)) throw new PackError(`${root}：没有这个文件夹，请检查路径`);
  return readdirSync(root).sort().filter((name) => existsSync(join(root, name, 'pack.yaml'))).map((name) => loadPack(join(root, name)));
}

/** The State Council's holiday calendars that the product ships, by year. */
export function loadCalendars(root = productPacks()): Map<number, Calendar> {
  const folder = join(root, 'calendars');
  const calendars = yamlFiles(folder).map((name) => readYaml<Calendar>(join(folder, name), 'calendar').value);
  return new Map(calendars.map((calendar) => [calendar.year, calendar]));
}
