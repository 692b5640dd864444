import { addDays, type CivilDate } from '../kernel/index.js';
import { decideCase, differences, type PlacedCase } from './cases.js';
import { compileDraft, type CompiledDraft, type DraftTexts } from './draft-texts.js';
import { lintDraft } from './lint-draft.js';
import type { PackLibrary } from './pack-library.js';
import type { PolicyFinding } from './policy-finding.js';
import { PackError } from './yaml-file.js';

/** What the checks say of a draft. */
export interface DraftChecks {
  readonly ready: boolean;
  /** Cases that the draft itself decides; those of days that another version rules are left out. */
  readonly cases: number;
  readonly failed: number;
  readonly findings: readonly PolicyFinding[];
}

function found(code: string, sentence: string, file: string | null = null): PolicyFinding {
  return { code, severity: 'error', sentence, ruleId: null, example: null, file, line: null };
}

/** What the days of a draft run into: today, and the versions of the same pack that are published. */
function checkDays({ pack, version }: CompiledDraft, published: PackLibrary, today: CivilDate): PolicyFinding[] {
  const findings: PolicyFinding[] = [];
  const before = published.pack(pack.source.pack);
  const others = before?.versions ?? [];
  if (version.from < today && version.backdated === null) {
    findings.push(found('from-past', `生效日 ${version.from} 早于今天：请改为今天或以后，或在版本文件中写明允许追溯的文件和条款（backdated）`));
  }
  if (before !== undefined && before.source.division !== pack.source.division) {
    findings.push(found('division-changed', `本政策包已以区划 ${before.source.division} 发布，不能改为 ${pack.source.division}：请另用一个政策包名`));
  }
  if (others.some((other) => other.version === version.version)) findings.push(found('version-published', `版本“${version.version}”已经发布，发布后不能修改：请另起版本号`));
  if (others.some((other) => other.from === version.from)) findings.push(found('from-taken', `已有版本从 ${version.from} 起生效：请另定生效日`));
  const next = others.find((other) => other.from > version.from);
  if (next !== undefined && version.to !== null && version.to >= next.from) {
    findings.push(found('overlap', `有效期到 ${version.to}，与 ${next.from} 起生效的版本“${next.version}”重叠：请把 to 改为 ${addDays(next.from, -1)} 或更早，或不写 to`));
  }
  return findings;
}

/** Decides a draft's cases beside what is published. Days that another version rules are not the draft's. */
function checkCases(compiled: CompiledDraft, beside: PackLibrary): { cases: number; failed: number; findings: PolicyFinding[] } {
  const name = compiled.pack.source.pack;
  const own = compiled.cases.filter(({ facts }) => {
    const day = facts.grant === undefined ? facts.meal?.date : facts.grant.on;
    return day !== undefined && beside.versionOn(name, day)?.version === compiled.version.version;
  });
  const findings = own.flatMap((each) => failureOf(compiled, beside, each));
  const failed = findings.length;
  if (own.length === 0) findings.push(found('no-cases', '没有一个案例落在本版本的有效期内：请附上有依据的案例'));
  return { cases: own.length, failed, findings };
}

function failureOf({ pack }: CompiledDraft, beside: PackLibrary, each: PlacedCase): PolicyFinding[] {
  const where = `${each.file}#${each.row}`;
  try {
    const { expect } = each.facts;
    if (expect === undefined) return [found('case-empty', `案例“${each.name}”缺少 expect：请写出期望的结果`, where)];
    const [first] = differences(expect, decideCase(pack, beside, each));
    if (first === undefined) return [];
    return [found('case-failed', `案例“${each.name}”不符：${first.key} 应为 ${JSON.stringify(first.expected)}，实为 ${JSON.stringify(first.got)}`, where)];
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    return [found('case-wrong', error.message, where)];
  }
}

/**
 * Everything that must hold before a draft is signed: its days, its cases and the lint.
 * @param published what is published in the city
 * @param today in China
 */
export function checkDraft(texts: DraftTexts, published: PackLibrary, today: CivilDate): DraftChecks {
  const compiled = compileDraft(texts);
  const days = checkDays(compiled, published, today);
  const clash = days.some(({ code }) => code === 'version-published' || code === 'from-taken' || code === 'division-changed');
  const own = published.with(compiled.pack);
  // Where the days clash, which version decides a case says nothing.
  const cases = clash ? { cases: 0, failed: 0, findings: [] } : checkCases(compiled, own);
  const findings = [...days, ...cases.findings, ...lintDraft(texts, compiled, clash ? published : own)];
  return { ready: findings.every(({ severity }) => severity !== 'error'), cases: cases.cases, failed: cases.failed, findings };
}
