import { compileInner } from './compile-condition.js';
import type { CompileContext } from './compile-context.js';
import type { FundingCase, FundingPlan, FundingPlanPart, LostWhen } from './domain/index.js';
import type { SourceFunding, SourceFundingPart, SourceFundingPlan } from './pack-source.js';
import type { YamlPath } from './yaml-file.js';

/** What the elder pays for delivery has no funder but the elder. */
export const PAID_BY_THE_ELDER: FundingPlan = { by: 'parts', parts: [{ funder: 'elder', fen: null, weight: null, lostWhenSiteOutside: null }], cut: 'proportional' };

function lostWhen(context: CompileContext, row: SourceFundingPart): LostWhen | null {
  const lost = row.lostWhenSiteOutside;
  if (lost === undefined) return null;
  return 'of' in lost ? { sameAs: lost } : { divisions: context.codes(lost) };
}

function part(context: CompileContext, row: SourceFundingPart, by: 'parts' | 'weights', at: YamlPath): FundingPlanPart {
  if (!context.funders.some(({ code }) => code === row.funder)) context.complain([...at, 'funder'], `资金方“${row.funder}”没有在 pack.yaml 的 funders 中列出，请补上或更正`);
  const given = [row.fen, row.percent, row.rest, row.weight].filter((value) => value !== undefined).length;
  if (given !== 1 || (by === 'weights') !== (row.weight !== undefined)) {
    context.complain(at, by === 'weights' ? '按比例分担时每行写 weight' : '定额分担时每行写 fen 或 percent，或（只有一行）写 rest: true');
  }
  if (row.capFen !== undefined && row.percent === undefined) context.complain([...at, 'capFen'], 'capFen 只用于 percent，请删去');
  return {
    funder: row.funder, fen: row.fen ?? null, weight: row.weight ?? null, lostWhenSiteOutside: lostWhen(context, row),
    ...(row.percent === undefined ? {} : { basisPoints: context.basisPoints(row.percent, [...at, 'percent']) }),
    ...(row.capFen === undefined ? {} : { capFen: row.capFen }),
  };
}

function checkWhole(context: CompileContext, rows: readonly SourceFundingPart[], by: 'parts' | 'weights', source: SourceFundingPlan, at: YamlPath): void {
  if (by === 'parts' && rows.filter((row) => row.rest === true).length !== 1) {
    context.complain([...at, 'parts'], '定额分担要有且只有一行 rest: true，由它承担其余部分');
  }
  if (by === 'weights' && rows.every((row) => row.weight === 0)) context.complain([...at, 'weights'], '比例不能全为 0，请更正');
  const fixed = rows.reduce((sum, { percent }) => sum + (percent ?? 0), 0);
  if (fixed > 100) context.complain([...at, 'parts'], `percent 合计 ${fixed}%，超过 100%，请更正`);
  const names = rows.map((row) => row.funder);
  if (new Set(names).size !== names.length) context.complain([...at, by], '同一资金方写了两行，请合并');
  const { cut } = source;
  if (Array.isArray(cut) && (cut.length !== names.length || names.some((name) => !cut.includes(name)))) {
    context.complain([...at, 'cut'], `削减顺序要列出每个资金方各一次：${names.join('、')}`);
  }
}

/** Who pays an amount, by parts or by weights. */
export function compilePlan(context: CompileContext, source: SourceFundingPlan, at: YamlPath): FundingPlan {
  if ((source.parts === undefined) === (source.weights === undefined)) context.complain(at, '请写 parts（定额分担）或 weights（按比例分担），两者只写一个');
  const by = source.parts === undefined ? 'weights' : 'parts';
  const rows = source.parts ?? source.weights ?? [];
  const parts = rows.map((row, index) => part(context, row, by, [...at, by, index]));
  checkWhole(context, rows, by, source, at);
  return { by, parts, cut: source.cut ?? 'proportional' };
}

/** The plans that go before the rule's own where their condition holds. */
export function compileFundingCases(context: CompileContext, source: SourceFunding | undefined, at: YamlPath): FundingCase[] {
  return (source?.cases ?? []).map(({ when, ...plan }, index) => ({
    when: compileInner(context, when, [...at, 'cases', index, 'when']),
    plan: compilePlan(context, plan, [...at, 'cases', index]),
  }));
}
