import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { casesOf, decideCase } from './cases.js';
import type { CategoryNames, CompiledVersion } from './domain/index.js';
import { valueWords } from './domain/words.js';
import { lintTexts } from './lint-texts.js';
import type { LintExample, LintFinding } from './lint/finding.js';
import { loadCalendars, loadPack, loadPacks, type NamedText, type Pack } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { PackError, productPacks, readText } from './yaml-file.js';

const HELP = `用法：
  policy lint [--pack 文件夹 | --packs 文件夹] [--json]
在签署之前检查政策包：重叠、空档、用不上的规则和档次、生日与户籍的边界、缺少或落空的资金方、不起作用的限制……
每一条都写明文件、行号、怎么办，并尽可能给出一个例子，可以直接交给 policy explain。
选项：
  --pack     只检查一个政策包，可以在本程序之外
  --packs    检查一个文件夹下的所有政策包（默认：本程序自带的）
  --json     最后一行输出一个 JSON 对象：packs findings errors warnings
  --help     显示本说明
退出码：0 没有错误（可能有提醒），1 有错误，2 用法有误或文件不能用。`;

/** The text of a version, found by the hash that the version was compiled with. */
function textOf(pack: Pack, version: CompiledVersion): NamedText {
  for (const file of readdirSync(pack.folder)) {
    const name = join(pack.folder, file);
    if (!file.endsWith('.yaml') || file === 'pack.yaml') continue;
    const text = readText(name);
    if (createHash('sha256').update(text).digest('hex') === version.sha256) return { name, text };
  }
  throw new PackError(`${pack.folder}：版本“${version.version}”的文件在检查期间被改动，请重新运行`);
}

function lintPack(pack: Pack, library: PackLibrary): LintFinding[] {
  const head = join(pack.folder, 'pack.yaml');
  const packYaml = { name: head, text: readText(head) };
  const decisions = casesOf(pack).map((each) => decideCase(pack, library, each)).filter((decision) => 'subsidyFen' in decision);
  const findings = pack.versions.flatMap((version) => lintTexts({ pack, version, packYaml, versionYaml: textOf(pack, version), decisions, lastCalendarYear: library.lastCalendarYear() }));
  const told = new Set<string>();
  // What stands in pack.yaml is found again under every version.
  return findings.filter(({ in: place, code, file, line }) => place === 'version' || !told.has(`${code} ${file ?? ''} ${line ?? 0}`) && told.add(`${code} ${file ?? ''} ${line ?? 0}`));
}

function words(example: LintExample, names: CategoryNames): string {
  const { elder, site, meal } = example;
  const categories = elder.categories.map((held) => valueWords('category', typeof held === 'string' ? held : `${held.code}:${held.grade}`, names)).join('、');
  const home = elder.hukou === elder.residence ? `户籍和常住 ${elder.hukou ?? '不明'}` : `户籍 ${elder.hukou ?? '不明'}、常住 ${elder.residence ?? '不明'}`;
  return `${elder.born} 出生，${home}${categories === '' ? '' : `，${categories}`}；${meal.date} ${valueWords('meal-period', meal.period, names)}${meal.delivered === true ? '（送餐）' : ''}，${meal.priceFen / 100}元，在 ${site.division} 的${valueWords('site-kind', site.kind, names)}`;
}

/** Lints packs; the exit code is 1 when there is an error among the findings. */
function lint(packs: readonly Pack[], library: PackLibrary, json: boolean): number {
  const linted = packs.map((pack) => ({ names: pack.source.categories ?? {}, found: lintPack(pack, library) }));
  const findings = linted.flatMap(({ found }) => found);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  for (const { names, found } of linted) {
    for (const { severity, file, line, code, sentence, example } of found) {
      process.stderr.write(`${file ?? ''}:${line ?? 1}：${severity === 'error' ? '错误' : '提醒'} ${code} ${sentence}\n`);
      if (example !== null) process.stderr.write(`    例：${words(example, names)}\n`);
    }
  }
  const warnings = findings.length - errors;
  process.stdout.write(json
    ? `${JSON.stringify({ packs: packs.length, findings, errors, warnings })}\n`
    : `共检查 ${packs.length} 个政策包：${findings.length === 0 ? '没有发现问题' : `错误 ${errors} 条，提醒 ${warnings} 条`}。\n`);
  return errors === 0 ? 0 : 1;
}

/**
 * `policy lint`: the arguments after the word `lint`.
 * @returns the exit code: 0 no errors, 1 errors found
 * @throws PackError for wrong use and for files that cannot be used
 */
export function lintCommand(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean' }, pack: { type: 'string' }, packs: { type: 'string' } } });
  if (values.help === true) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  if (values.pack !== undefined && values.packs !== undefined) throw new PackError('--pack 与 --packs 只写一个；用 policy lint --help 看说明');
  const packs = values.pack === undefined ? loadPacks(values.packs ?? productPacks()) : [loadPack(values.pack)];
  return lint(packs, new PackLibrary(packs, loadCalendars()), values.json === true);
}
