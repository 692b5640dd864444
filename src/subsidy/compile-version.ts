import { isCivilDate } from '../kernel/index.js';
import { CompileContext, documentRef, notesOf } from './compile-context.js';
import { compileGrant } from './compile-grant.js';
import { compileRule } from './compile-rule.js';
import type { Application, Basis, Choices, CompiledVersion, StandardMeal, WhenFundsEnd } from './domain/index.js';
import type { SourceBasis, SourcePack, SourceRule, SourceVersion } from './pack-source.js';
import type { YamlFile, YamlPath } from './yaml-file.js';

function checkDates({ source }: CompileContext): void {
  const { from, to } = source.value;
  if (!isCivilDate(from)) source.complain(['from'], `“${String(from)}”不是真实的日期，请更正`);
  if (to !== undefined && (!isCivilDate(to) || to < from)) source.complain(['to'], '不是真实的日期，或早于 from，请更正');
}

function checkRules(context: CompileContext): void {
  const { rules, siteGrants } = context.source.value;
  context.unique(rules.map(({ id }) => id), ['rules'], '规则编号');
  context.unique((siteGrants ?? []).map(({ id }) => id), ['siteGrants'], '奖补编号');
  const side = ({ pays, group }: SourceRule): string => `${pays ?? 'elder'} ${group ?? 'main'}`;
  rules.forEach((rule, index) => {
    const twin = rules.find((other) => other !== rule && (other.countsAs ?? other.id) === (rule.countsAs ?? rule.id));
    if (twin !== undefined && side(twin) !== side(rule)) context.complain(['rules', index], `与“${twin.id}”共用次数，两者的 pays 和 group 必须相同`);
  });
}

function basis(context: CompileContext, { document, clause }: SourceBasis, at: YamlPath): Basis {
  return { document: context.document(document, [...at, 'document']), clause };
}

function application(context: CompileContext): Application | null {
  const source = context.source.value.application;
  if (source === undefined) return null;
  const { level, streetDays, countyDays, appealDays } = source;
  return { level: level ?? 'county', streetDays, countyDays, appealDays, ...basis(context, source, ['application']), notes: notesOf(source) };
}

function whenFundsEnd(context: CompileContext): WhenFundsEnd | null {
  const source = context.source.value.whenFundsEnd;
  if (source === undefined) return null;
  const { document: _document, clause: _clause, assumed: _assumed, note: _note, ...said } = source;
  return { ...said, ...basis(context, source, ['whenFundsEnd']), notes: notesOf(source) };
}

function choices(context: CompileContext): Choices {
  const source = context.source.value.choices;
  const bearer = source?.secondMealByMistake ?? 'nobody';
  if (!['nobody', 'site'].includes(bearer) && !context.funders.some(({ code }) => code === bearer)) {
    context.complain(['choices', 'secondMealByMistake'], `应为 nobody、site 或 pack.yaml 中的资金方，不能是“${bearer}”`);
  }
  return { secondMealByMistake: bearer, proofForFreeMeal: source?.proofForFreeMeal ?? false, notes: notesOf(source) };
}

function standardMeals(context: CompileContext): StandardMeal[] {
  return (context.source.value.standardMeals ?? []).map(({ name, fen, mayDifferPercent, ...rest }, index) => ({
    name, fen, ...basis(context, rest, ['standardMeals', index]),
    mayDifferBasisPoints: context.basisPoints(mayDifferPercent ?? 0, ['standardMeals', index, 'mayDifferPercent']),
  }));
}

/**
 * Turns a version file into the plain data that the engine reads: names are looked up, defaults filled in,
 * contradictions refused with their line.
 * @throws PackError naming file, line and remedy
 */
export function compileVersion(pack: SourcePack, source: YamlFile<SourceVersion>): CompiledVersion {
  const context = new CompileContext(pack, source);
  const { value, sha256 } = source;
  checkDates(context);
  checkRules(context);
  return {
    pack: pack.pack,
    packName: pack.name,
    version: value.version,
    from: value.from,
    to: value.to ?? null,
    scope: { elder: { of: pack.scope.elder.of, in: context.codes(pack.scope.elder.in ?? ['pack']) }, site: context.codes(pack.scope.site) },
    sha256,
    sample: value.sample ?? null,
    reachedOn: value.age?.reachedOn ?? 'birthday',
    leapBirthday: value.age?.leap ?? 'march-1',
    ageNotes: notesOf(value.age),
    categoriesCount: value.categories?.count ?? 'by-day',
    categoryNotes: notesOf(value.categories),
    funders: context.funders,
    rules: value.rules.map((rule, index) => compileRule(context, rule, ['rules', index])),
    documents: pack.documents.map(documentRef),
    categories: pack.categories ?? {},
    standardMeals: standardMeals(context),
    choices: choices(context),
    siteGrants: (value.siteGrants ?? []).map((grant, index) => compileGrant(context, grant, ['siteGrants', index])),
    backdated: value.backdated === undefined ? null : basis(context, value.backdated, ['backdated']),
    application: application(context),
    whenFundsEnd: whenFundsEnd(context),
  };
}
