import { parseArgs } from 'node:util';
import { caseFilesOf, decideCase, differences, loadCases, type Difference, type PlacedCase } from './cases.js';
import { explainCase } from './explain.cli.js';
import { lintCommand } from './lint.cli.js';
import { loadCalendars, loadPack, packFolders, type Pack } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { failedPaperCases, loadPapers } from './papers.js';
import { PackError, productPacks } from './yaml-file.js';

const HELP = `用法：
  policy verify [--packs 文件夹] [--json]            核对每个政策包的每个案例
  policy explain --pack 文件夹 --case 文件 [--row N] [--json]
                                                     解释一个案例；政策包可以在本程序之外
  policy lint [--pack 文件夹] [--json]               签署之前检查重叠、空档、用不上的规则等
选项：
  --row N    案例文件是表格时取第 N 行（默认第 1 行）
  --json     最后一行输出一个 JSON 对象，金额为整数分
  --help     显示本说明
政策包怎样写，见 docs/policy-language.md。`;

interface Failure {
  readonly case: PlacedCase;
  readonly pack: string;
  readonly found: readonly Difference[];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Does one step; a file that cannot be used is noted, so that the others are checked all the same. */
function tried<T>(problems: string[], step: () => T): T | null {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    problems.push(error.message);
    return null;
  }
}

function verifyPack(pack: Pack, library: PackLibrary, problems: string[]): { cases: number; failures: Failure[] } {
  const cases = caseFilesOf(pack).flatMap((file) => tried(problems, () => loadCases(file)) ?? []);
  const failures: Failure[] = [];
  for (const each of cases) {
    const found = tried(problems, () => {
      const { expect } = each.facts;
      return expect === undefined ? each.complain('缺少 expect，请写出期望的结果') : differences(expect, decideCase(pack, library, each));
    });
    if (found !== null && found.length > 0) failures.push({ case: each, pack: pack.source.pack, found });
  }
  return { cases: cases.length, failures };
}

/** Checks every case of every paper below a folder's `papers/`. */
function verifyPapers(root: string, json: boolean): { papers: number; cases: number; failed: number } {
  const papers = loadPapers(root);
  let [cases, failed] = [0, 0];
  for (const paper of papers) {
    const found = failedPaperCases(paper);
    cases += paper.cases.length;
    failed += found.length;
    if (!json) say(`${found.length === 0 ? '✓' : '✗'} papers/${paper.paper}\t${paper.document.title}\t文件\t${paper.cases.length} 例\t不符 ${found.length}`);
    for (const { name, expected, got } of found) process.stderr.write(`papers/${paper.paper}“${name}”：应为 ${JSON.stringify(expected)}，实为 ${JSON.stringify(got)}\n`);
  }
  return { papers: papers.length, cases, failed };
}

function tellFailures(failures: readonly Failure[]): void {
  for (const { case: at, pack, found } of failures) {
    for (const { key, expected, got } of found) {
      process.stderr.write(`${pack} ${at.file}#${at.row}“${at.name}”：${key} 应为 ${JSON.stringify(expected)}，实为 ${JSON.stringify(got)}\n`);
    }
  }
}

/** Checks every case of every pack and paper below a folder; the exit code is 2 when a file cannot be used, 1 when a case fails. */
function verify(root: string, json: boolean): number {
  const problems: string[] = [];
  const packs = packFolders(root).flatMap((folder) => tried(problems, () => loadPack(folder)) ?? []);
  const library = new PackLibrary(packs, loadCalendars());
  const failures: Failure[] = [];
  let cases = 0;
  for (const pack of packs) {
    const before = problems.length;
    const result = verifyPack(pack, library, problems);
    cases += result.cases;
    failures.push(...result.failures);
    const well = result.failures.length === 0 && problems.length === before;
    if (!json) say(`${well ? '✓' : '✗'} ${pack.source.pack}\t${pack.source.name}\t${pack.versions.length} 个版本\t${result.cases} 例\t不符 ${result.failures.length}`);
  }
  tellFailures(failures);
  const papers = tried(problems, () => verifyPapers(root, json)) ?? { papers: 0, cases: 0, failed: 0 };
  const failed = failures.length + papers.failed;
  cases += papers.cases;
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const lines = problems.join('\n').split('\n').length;
  const unusable = problems.length === 0 ? {} : { unusable: lines };
  if (json) say(JSON.stringify({ packs: packs.length + papers.papers, cases, failed, ...unusable }));
  else say(`共 ${packs.length} 个政策包、${papers.papers} 份文件，${cases} 个案例，${failed === 0 ? '全部相符' : `${failed} 个不符`}${problems.length === 0 ? '' : `；另有 ${lines} 处不能使用，已逐一列出`}。`);
  if (problems.length > 0) return 2;
  return failed === 0 ? 0 : 1;
}

/** Runs the command line; the result is the exit code: 0 well, 1 cases fail, 2 wrong use or unusable file. */
export async function policyCommand(args: readonly string[]): Promise<number> {
  try {
    if (args[0] === 'lint') return lintCommand(args.slice(1));
    const { values, positionals } = parseArgs({
      args: [...args], allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean' }, pack: { type: 'string' }, packs: { type: 'string' }, case: { type: 'string' }, row: { type: 'string' } },
    });
    if (values.help === true) {
      say(HELP);
      return 0;
    }
    const json = values.json === true;
    if (positionals[0] === 'verify' && positionals.length === 1) return verify(values.packs ?? productPacks(), json);
    if (positionals[0] === 'explain' && positionals.length === 1) {
      if (values.pack === undefined || values.case === undefined) throw new PackError('policy explain 需要 --pack 文件夹 和 --case 文件；用 --help 看说明');
      const row = values.row === undefined ? null : Number(values.row);
      if (row !== null && (!Number.isInteger(row) || row < 1)) throw new PackError('--row 应为从 1 起的整数');
      return explainCase(values.pack, values.case, row, json);
    }
    throw new PackError(positionals.length === 0 ? '请写 verify、explain 或 lint；用 --help 看说明' : `不认识的命令“${positionals.join(' ')}”，可用 verify、explain、lint；用 --help 看说明`);
  } catch (error) {
    if (!(error instanceof PackError) && !isUsage(error)) throw error;
    process.stderr.write(`${isUsage(error) ? '命令写法有误，用 --help 看说明：' : ''}${(error as Error).message}\n`);
    return 2;
  }
}

function isUsage(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException | null)?.code).startsWith('ERR_PARSE_ARGS');
}
