import { NO_FEN, yuanText } from '../kernel/index.js';
import { answerOf, decideCase, loadCases, type CaseDecision, type PlacedCase } from './cases.js';
import { explainGrantInWords, explainInWords, type CategoryNames, type FundingPart, type GrantDecision, type MealDecision } from './domain/index.js';
import { loadCalendars, loadPack } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { PackError } from './yaml-file.js';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function rows(parts: readonly FundingPart[]): object[] {
  return parts.map(({ funder, fen }) => ({ funder, fen }));
}

/** The keys that a meal and a grant have in common, in fen. */
function amounts(decision: CaseDecision): object {
  const { subsidyFen, selfPayFen, deliveryFen, deliveryFeeFen, siteFen, funding, siteFunding, deliveryFunding, needsProof } = answerOf(decision);
  const { reasons, refusal, pack, version } = decision;
  return {
    subsidyFen, selfPayFen, deliveryFen, deliveryFeeFen, siteFen, funding: rows(funding), reasons,
    refusal, pack, version, siteFunding: rows(siteFunding), deliveryFunding: rows(deliveryFunding), needsProof,
  };
}

function explanationOf(decision: CaseDecision, names: CategoryNames): object {
  if (!('subsidyFen' in decision)) return { ...amounts(decision), grants: decision.grants, words: { auditor: explainGrantInWords(decision) } };
  const words = { elder: explainInWords(decision, 'elder'), cashier: explainInWords(decision, 'cashier'), auditor: explainInWords(decision, 'auditor', names) };
  return { ...amounts(decision), priceFen: decision.priceFen, uses: decision.uses, words };
}

function mealTable(decision: MealDecision, names: CategoryNames): void {
  say('项目\t金额（元）');
  const lines = [['餐费', decision.priceFen], ['就餐补贴', decision.subsidyFen], ['老人自付', decision.selfPayFen], ['送餐费（老人付）', decision.deliveryFeeFen], ['送餐补贴', decision.deliveryFen], ['运营补贴', decision.siteFen]] as const;
  for (const [name, fen] of lines) say(`${name}\t${yuanText(fen)}`);
  say(explainInWords(decision, 'auditor', names));
  say(explainInWords(decision, 'elder'));
}

function grantTable({ grants, siteFen }: GrantDecision, words: string): void {
  say('项目\t金额（元）\t未给的原因');
  for (const { name, fen, refusal } of grants) say(`${name}\t${yuanText(fen)}\t${refusal ?? ''}`);
  say(`合计\t${yuanText(grants.length === 0 ? NO_FEN : siteFen)}\t`);
  say(words);
}

function table(decision: CaseDecision, at: PlacedCase, names: CategoryNames): void {
  say(`案例：${at.name}（${at.file}#${at.row}）`);
  say(`版本：${decision.pack ?? '无'} ${decision.version ?? '无'}`);
  if ('subsidyFen' in decision) mealTable(decision, names);
  else grantTable(decision, explainGrantInWords(decision));
}

/**
 * Decides one case of one pack and shows why; the pack may lie anywhere.
 * @throws PackError when the pack or the case cannot be used
 */
export function explainCase(packFolder: string, caseFile: string, row: number | null, json: boolean): number {
  const pack = loadPack(packFolder);
  const cases = loadCases(caseFile);
  const at = cases[(row ?? 1) - 1];
  if (at === undefined) throw new PackError(`${caseFile}：只有 ${cases.length} 个案例，没有第 ${row ?? 1} 个`);
  if (row === null && cases.length > 1) process.stderr.write(`${caseFile} 有 ${cases.length} 个案例，这里解释第 1 个；用 --row 选择其他案例。\n`);
  const names = { ...pack.source.categories, mealApproval: '已批准的申请' };
  const decision = decideCase(pack, new PackLibrary([pack], loadCalendars()), at);
  if (json) say(JSON.stringify(explanationOf(decision, names)));
  else table(decision, at, names);
  return 0;
}
