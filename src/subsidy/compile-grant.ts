import { isCivilDate, type CivilDate } from '../kernel/index.js';
import { compileGrantAmount } from './compile-amount.js';
import { notesOf, type CompileContext } from './compile-context.js';
import { compilePlan } from './compile-funding.js';
import type { GrantClass, GrantCondition, SiteGrant } from './domain/index.js';
import type { SourceGrant, SourceGrantClass, SourceGrantCondition } from './pack-source.js';
import type { YamlPath } from './yaml-file.js';

const RANGES = [['areaFrom', 'areaTo'], ['seatsFrom', 'seatsTo'], ['mealsFrom', 'mealsTo'], ['dinersFrom', 'dinersTo'], ['monthsOpenFrom', 'monthsOpenTo'], ['openedFrom', 'openedTo']] as const;

function condition(context: CompileContext, source: SourceGrantCondition | undefined, at: YamlPath): GrantCondition {
  if (source === undefined) return {};
  const { siteIn, any, ...same } = source;
  for (const [from, to] of RANGES) {
    const [low, high] = [source[from], source[to]];
    if (low !== undefined && high !== undefined && low > high) context.complain([...at, from], `大于 ${to}，没有场所符合，请更正`);
  }
  for (const key of ['openedFrom', 'openedTo'] as const) date(context, source[key], [...at, key]);
  return {
    ...same,
    ...(siteIn === undefined ? {} : { siteIn: context.codes(siteIn) }),
    ...(any === undefined ? {} : { any: any.map((entry, index) => condition(context, entry, [...at, 'any', index])) }),
  };
}

function date(context: CompileContext, value: CivilDate | undefined, at: YamlPath): CivilDate | null {
  if (value !== undefined && !isCivilDate(value)) context.complain(at, `“${String(value)}”不是真实的日期，请更正`);
  return value ?? null;
}

function grantClass(context: CompileContext, source: SourceGrantClass, at: YamlPath): GrantClass {
  return {
    id: source.id, name: source.name,
    when: condition(context, source.when, [...at, 'when']),
    amount: source.amount === undefined ? null : compileGrantAmount(context, source.amount, [...at, 'amount']),
    clause: source.clause ?? null, notes: notesOf(source),
  };
}

function classesOf(context: CompileContext, grant: SourceGrant, at: YamlPath): GrantClass[] {
  if (grant.amount !== undefined && grant.classes !== undefined) context.complain(at, '请写 amount（同一金额）或 classes（分档），两者只写一个');
  if (grant.classes === undefined) {
    const { id, name, amount } = grant;
    return [grantClass(context, { id, name, ...(amount === undefined ? {} : { amount }) }, at)];
  }
  context.unique(grant.classes.map(({ id }) => id), [...at, 'classes'], '档次编号');
  return grant.classes.map((entry, index) => grantClass(context, entry, [...at, 'classes', index]));
}

/** Money for a site that no meal decides, with its names looked up and its defaults filled in. */
export function compileGrant(context: CompileContext, grant: SourceGrant, at: YamlPath): SiteGrant {
  const classes = classesOf(context, grant, at);
  const paid = classes.some(({ amount }) => amount !== null);
  if (paid && grant.funding === undefined) context.complain(at, '缺少 funding，请写明由谁出资');
  const from = date(context, grant.from, [...at, 'from']);
  const until = date(context, grant.until, [...at, 'until']);
  if (from !== null && until !== null && until < from) context.complain([...at, 'until'], '早于 from，请更正');
  const onceByNature = grant.kind === 'construction' || grant.kind === 'equipment';
  return {
    id: `${context.pack.pack}/${grant.id}`, kind: grant.kind, name: grant.name,
    per: grant.per ?? (onceByNature ? 'once' : 'year'),
    when: condition(context, grant.when, [...at, 'when']),
    classes, pick: grant.pick ?? 'highest', from, until,
    funding: grant.funding === undefined ? null : compilePlan(context, grant.funding, [...at, 'funding']),
    document: context.document(grant.document, [...at, 'document']),
    clause: grant.clause,
    notes: [...notesOf(grant), ...notesOf(grant.funding)],
  };
}
