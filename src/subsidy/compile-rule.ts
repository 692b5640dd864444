import { compileAmounts } from './compile-amount.js';
import { compileBill, compileCondition } from './compile-condition.js';
import { notesOf, type CompileContext } from './compile-context.js';
import { PAID_BY_THE_ELDER, compileFundingCases, compilePlan } from './compile-funding.js';
import { LIMIT_PERIODS, type FundingPlan, type Limit, type LimitPeriod, type Rule, type RuleClass, type SelfPayFloor } from './domain/index.js';
import type { SourceAmounts, SourceClass, SourceLimit, SourceRule } from './pack-source.js';
import type { YamlPath } from './yaml-file.js';

function compileLimits(context: CompileContext, source: readonly SourceLimit[] | undefined, at: YamlPath): Limit[] {
  const limits = (source ?? []).map(({ per, count, fen, partly, carryOver }, index): Limit => {
    if ((count === undefined) === (fen === undefined)) context.complain([...at, index], '请写 count（次数）或 fen（金额），两者只写一个');
    if (partly !== undefined && fen === undefined) context.complain([...at, index, 'partly'], 'partly 只用于 fen（金额），请删去');
    if (carryOver !== undefined && per !== 'month') context.complain([...at, index, 'carryOver'], '只有 per: month 可以结转，请更正');
    return { per, count: count ?? null, fen: fen ?? null, partly: partly ?? true, ...(carryOver === undefined ? {} : { carryOver }) };
  });
  return limits.sort((a, b) => LIMIT_PERIODS.indexOf(a.per) - LIMIT_PERIODS.indexOf(b.per));
}

/** Every period that rules counting as one have a limit for, so that each of them leaves its mark in all. */
function countsPer(context: CompileContext, rule: SourceRule): LimitPeriod[] {
  const id = rule.countsAs ?? rule.id;
  const sharing = context.source.value.rules.filter((other) => (other.countsAs ?? other.id) === id);
  const limits = sharing.flatMap((other) => [...(other.limits ?? []), ...(other.classes ?? []).flatMap((entry) => entry.limits ?? [])]);
  const periods = limits.map(({ per, carryOver }) => carryOver ?? per);
  const asksOrder = sharing.some((other) => [other, ...(other.classes ?? [])].some(({ when }) => when?.mealOfDay !== undefined));
  if (asksOrder) periods.push('day');
  return LIMIT_PERIODS.filter((period) => periods.includes(period));
}

function compileClass(context: CompileContext, source: SourceClass, at: YamlPath): RuleClass {
  return {
    id: source.id,
    name: source.name,
    when: compileCondition(context, source.when, [...at, 'when']),
    amounts: compileAmounts(context, source.amount, [...at, 'amount']),
    ...(source.limits === undefined ? {} : { limits: compileLimits(context, source.limits, [...at, 'limits']) }),
    ...(source.funding === undefined ? {} : { funding: compilePlan(context, source.funding, [...at, 'funding']) }),
    clause: source.clause ?? null,
    notes: [...notesOf(source), ...notesOf(source.funding)],
  };
}

function fundingOf(context: CompileContext, rule: SourceRule, at: YamlPath): FundingPlan {
  if (rule.pays === 'fee') {
    if (rule.funding !== undefined) context.complain(at, '送餐费由老人支付，没有资金方，请删去 funding');
    return PAID_BY_THE_ELDER;
  }
  if (rule.funding === undefined) return context.complain(at.slice(0, -1), '缺少 funding，请写明由谁出资');
  const { cases: _cases, ...plan } = rule.funding;
  return compilePlan(context, plan, at);
}

function selfPayOf(context: CompileContext, rule: SourceRule, at: YamlPath): SelfPayFloor | null {
  if (rule.selfPay === undefined) return null;
  if (rule.pays !== undefined && rule.pays !== 'elder') context.complain(at, 'selfPay 只用于补给老人的规则，请删去');
  const { atLeastFen, atLeastPercent } = rule.selfPay;
  return { atLeastFen: atLeastFen ?? null, atLeastBasisPoints: atLeastPercent === undefined ? null : context.basisPoints(atLeastPercent, [...at, 'atLeastPercent']) };
}

function funderNotes(context: CompileContext, rule: SourceRule): string[] {
  const rows = [...(rule.funding?.parts ?? rule.funding?.weights ?? []), ...(rule.funding?.cases ?? []).flatMap(({ parts, weights }) => parts ?? weights ?? [])];
  const used = rows.map(({ funder }) => funder);
  return context.pack.funders.filter(({ code }) => used.includes(code)).flatMap(notesOf);
}

function classesOf(context: CompileContext, rule: SourceRule, at: YamlPath): RuleClass[] {
  if ((rule.amount === undefined) === (rule.classes === undefined)) {
    context.complain(at, '请写 amount（人人同额）或 classes（分档），两者只写一个');
  }
  const classes = rule.classes ?? [{ id: rule.id, name: rule.name, amount: rule.amount as SourceAmounts }];
  context.unique(classes.map(({ id }) => id), [...at, 'classes'], '档次编号');
  return classes.map((entry, index) => compileClass(context, entry, rule.classes === undefined ? at : [...at, 'classes', index]));
}

/** Where the version asks for an application, what is paid for the elder waits for its approval. */
function needsApproval(context: CompileContext, { pays, needsApproval: written }: SourceRule): boolean {
  return written ?? (context.source.value.application !== undefined && pays !== 'site' && pays !== 'fee');
}

/** One rule with its names looked up and its defaults filled in. */
export function compileRule(context: CompileContext, rule: SourceRule, at: YamlPath): Rule {
  const path = (...keys: YamlPath): YamlPath => [...at, ...keys];
  const { bill } = rule;
  return {
    id: `${context.pack.pack}/${rule.id}`,
    countsAs: `${context.pack.pack}/${rule.countsAs ?? rule.id}`,
    name: rule.name,
    pays: rule.pays ?? 'elder',
    group: rule.group ?? 'main',
    when: compileCondition(context, rule.when, path('when')),
    excludeCareHome: rule.excludeCareHome ?? false,
    classes: classesOf(context, rule, at),
    pick: rule.pick ?? 'highest',
    limits: compileLimits(context, rule.limits, path('limits')),
    countsPer: countsPer(context, rule),
    bill: bill === undefined ? null : { ...compileBill(context, bill, path('bill')), aboveSubsidy: bill.aboveSubsidy ?? false },
    selfPay: selfPayOf(context, rule, path('selfPay')),
    onlyWithSubsidy: rule.onlyWithSubsidy ?? false,
    needsApproval: needsApproval(context, rule),
    funding: fundingOf(context, rule, path('funding')),
    fundingWhen: compileFundingCases(context, rule.funding, path('funding')),
    document: context.document(rule.document, path('document')),
    clause: rule.clause,
    notes: [...notesOf(rule), ...notesOf(rule.funding), ...funderNotes(context, rule)],
  };
}
