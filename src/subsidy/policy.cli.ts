import { parseArgs } from 'node:util';
import { sumFen, yuanText } from '../kernel/index.js';
import { casesOf, decideCase, differences, loadCases, type Difference, type PlacedCase } from './cases.js';
import { explainInWords, type MealDecision } from './domain/index.js';
import { loadCalendars, loadPack, loadPacks, type Pack } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { PackError, productPacks } from './yaml-file.js';

const HELP = `用法：
  policy verify [--packs 文件夹] [--json]            核对每个政策包的每个案例
  policy explain --pack 文件夹 --case 文件 [--row N] [--json]
                                                     解释一个案例；政策包可以在本程序之外
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

function verifyPack(pack: Pack, library: PackLibrary): { cases: number; failures: Failure[] } {
  const cases = casesOf(pack);
  const failures: Failure[] = [];
  for (const each of cases) {
    const { expect } = each.facts;
    if (expect === undefined) return each.complain('缺少 expect，请写出期望的结果');
    const found = differences(expect, decideCase(pack, library, each));
    if (found.length > 0) failures.push({ case: each, pack: pack.source.pack, found });
  }
  return { cases: cases.length, failures };
}

/** Checks every case of every pack below a folder; the exit code is 1 when one fails. */
function verify(root: string, json: boolean): number {
  const packs = loadPacks(root);
  const library = new PackLibrary(packs, loadCalendars());
  const failures: Failure[] = [];
  let cases = 0;
  for (const pack of packs) {
    const result = verifyPack(pack, library);
    cases += result.cases;
    failures.push(...result.failures);
    if (!json) say(`${result.failures.length === 0 ? '✓' : '✗'} ${pack.source.pack}\t${pack.source.name}\t${pack.versions.length} 个版本\t${result.cases} 例\t不符 ${result.failures.length}`);
  }
  for (const { case: at, pack, found } of failures) {
    for (const { key, expected, got } of found) {
      process.stderr.write(`${pack} ${at.file}#${at.row}“${at.name}”：${key} 应为 ${JSON.stringify(expected)}，实为 ${JSON.stringify(got)}\n`);
    }
  }
  if (json) say(JSON.stringify({ packs: packs.length, cases, failed: failures.length }));
  else say(`共 ${packs.length} 个政策包，${cases} 个案例，${failures.length === 0 ? '全部相符' : `${failures.length} 个不符`}。`);
  return failures.length === 0 ? 0 : 1;
}

function explanationOf(decision: MealDecision): object {
  const { subsidyFen, selfPayFen, deliveryFen, deliveryFeeFen, siteFen, funding, reasons, refusal, uses, pack, version, priceFen } = decision;
  const rows = (parts: MealDecision['funding']): object[] => parts.map(({ funder, fen }) => ({ funder, fen }));
  return {
    subsidyFen, selfPayFen, deliveryFen, deliveryFeeFen, siteFen, funding: rows(funding), reasons,
    priceFen, refusal, pack, version, uses, siteFunding: rows(decision.siteFunding), deliveryFunding: rows(decision.deliveryFunding),
    words: { elder: explainInWords(decision, 'elder'), cashier: explainInWords(decision, 'cashier'), auditor: explainInWords(decision, 'auditor') },
  };
}

function table(decision: MealDecision, at: PlacedCase): void {
  say(`案例：${at.name}（${at.file}#${at.row}）`);
  say(`版本：${decision.pack ?? '无'} ${decision.version ?? '无'}`);
  say('项目\t金额（元）');
  const rows: [string, number][] = [['餐费', decision.priceFen], ['就餐补贴', decision.subsidyFen], ['老人自付', decision.selfPayFen], ['送餐费（老人付）', decision.deliveryFeeFen], ['送餐补贴', decision.deliveryFen], ['运营补贴', decision.siteFen]];
  for (const [name, fen] of rows) say(`${name}\t${yuanText(sumFen([fen as MealDecision['priceFen']]))}`);
  say(explainInWords(decision, 'auditor'));
  say(explainInWords(decision, 'elder'));
}

/** Decides one case of one pack and shows why; the pack may lie anywhere. */
function explain(packFolder: string, caseFile: string, row: number | null, json: boolean): number {
  const pack = loadPack(packFolder);
  const cases = loadCases(caseFile);
  const at = cases[(row ?? 1) - 1];
  if (at === undefined) throw new PackError(`${caseFile}：只有 ${cases.length} 个案例，没有第 ${row ?? 1} 个`);
  if (row === null && cases.length > 1) process.stderr.write(`${caseFile} 有 ${cases.length} 个案例，这里解释第 1 个；用 --row 选择其他案例。\n`);
  const decision = decideCase(pack, new PackLibrary([pack], loadCalendars()), at);
  if (json) say(JSON.stringify(explanationOf(decision)));
  else table(decision, at);
  return 0;
}

/** Runs the command line; the result is the exit code: 0 well, 1 cases fail, 2 wrong use or unusable file. */
export async function policyCommand(args: readonly string[]): Promise<number> {
  try {
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
      return explain(values.pack, values.case, row, json);
    }
    throw new PackError(positionals.length === 0 ? '请写 verify 或 explain；用 --help 看说明' : `不认识的命令“${positionals.join(' ')}”，可用 verify、explain；用 --help 看说明`);
  } catch (error) {
    if (!(error instanceof PackError) && !isUsage(error)) throw error;
    process.stderr.write(`${isUsage(error) ? '命令写法有误，用 --help 看说明：' : ''}${(error as Error).message}\n`);
    return 2;
  }
}

function isUsage(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException | null)?.code).startsWith('ERR_PARSE_ARGS');
}
