import { fen, isCivilDate, type CivilDate } from '../kernel/index.js';
import type { CompileContext } from './compile-context.js';
import type { BillRange, CategoryWanted, Condition, YearlyDays } from './domain/index.js';
import type { SourceBill, SourceCategory, SourceCondition } from './pack-source.js';
import type { YamlPath } from './yaml-file.js';

/** What a bill must be; prices of standard meals are looked up in the version. */
export function compileBill(context: CompileContext, source: SourceBill, at: YamlPath): BillRange {
  const { atLeastFen, atMostFen, oneOfFen, standardMeal, basis } = source;
  if (atLeastFen !== undefined && atMostFen !== undefined && atLeastFen > atMostFen) context.complain([...at, 'atLeastFen'], '大于 atMostFen，没有账单符合，请更正');
  const prices = [...(oneOfFen ?? []).map((price) => ({ fromFen: price, toFen: price })), ...(standardMeal === true ? standardPrices(context, at) : [])];
  return {
    atLeastFen: atLeastFen ?? null, basis: basis ?? 'paid',
    ...(atMostFen === undefined ? {} : { atMostFen }),
    ...(prices.length === 0 ? {} : { prices }),
  };
}

function standardPrices(context: CompileContext, at: YamlPath): NonNullable<BillRange['prices']> {
  const meals = context.source.value.standardMeals ?? [];
  if (meals.length === 0) context.complain([...at, 'standardMeal'], '本版本没有列出 standardMeals（标准餐），请补上');
  return meals.map(({ fen: price, mayDifferPercent }) => {
    const differs = (price * (mayDifferPercent ?? 0)) / 100;
    return { fromFen: fen(Math.ceil(price - differs)), toFen: fen(Math.floor(price + differs)) };
  });
}

function category(context: CompileContext, source: SourceCategory, at: YamlPath): CategoryWanted {
  const wanted = typeof source === 'string' ? { code: source } : source;
  if (context.pack.categories?.[wanted.code] === undefined) context.complain(at, `类别“${wanted.code}”没有在 pack.yaml 的 categories 中列出，请补上或更正`);
  return wanted;
}

function dateStretch(context: CompileContext, source: NonNullable<SourceCondition['dates']>[number], at: YamlPath): { from: CivilDate; to: CivilDate } {
  const stretch = typeof source === 'string' ? { from: source, to: source } : source;
  if (!isCivilDate(stretch.from) || !isCivilDate(stretch.to) || stretch.to < stretch.from) context.complain(at, '不是真实的日期，或 to 早于 from，请更正');
  return stretch;
}

function yearlyStretch(context: CompileContext, source: NonNullable<SourceCondition['yearly']>[number], at: YamlPath): YearlyDays {
  const stretch = typeof source === 'string' ? { from: source, to: source } : source;
  if (!isCivilDate(`2024-${stretch.from}`) || !isCivilDate(`2024-${stretch.to}`)) context.complain(at, '不是真实的月日，请写作 10-01');
  return stretch;
}

function compileDiscount(context: CompileContext, { atLeastFen, atLeastPercent }: NonNullable<SourceCondition['discount']>, at: YamlPath): NonNullable<Condition['discount']> {
  return {
    ...(atLeastFen === undefined ? {} : { atLeastFen }),
    ...(atLeastPercent === undefined ? {} : { atLeastBasisPoints: context.basisPoints(atLeastPercent, [...at, 'atLeastPercent']) }),
  };
}

/** A condition inside another, or of a plan: what a rule has paid before is asked by the rule and its classes alone. */
export function compileInner(context: CompileContext, source: SourceCondition, at: YamlPath): Condition {
  if (source.mealOfDay !== undefined) context.complain([...at, 'mealOfDay'], 'mealOfDay 只能直接写在规则或档次的 when 中，请移出');
  return compileCondition(context, source, at);
}

/** A condition with its names looked up. */
export function compileCondition(context: CompileContext, source: SourceCondition | undefined, at: YamlPath): Condition {
  if (source === undefined) return {};
  const { age, hukou, residence, siteIn, anyCategory, allCategories, noCategory, dates, yearly, bill, discount, any, none, ...same } = source;
  if (age?.from !== undefined && age.to !== undefined && age.from > age.to) context.complain([...at, 'age'], 'from 大于 to，没有人符合，请更正');
  const wanted = (list: readonly SourceCategory[], key: string): CategoryWanted[] => list.map((entry, index) => category(context, entry, [...at, key, index]));
  const inner = (list: readonly SourceCondition[], key: string): Condition[] => list.map((entry, index) => compileInner(context, entry, [...at, key, index]));
  return {
    ...(age?.from === undefined ? {} : { ageFrom: age.from }),
    ...(age?.to === undefined ? {} : { ageTo: age.to }),
    ...(hukou === undefined ? {} : { hukou: context.codes(hukou) }),
    ...(residence === undefined ? {} : { residence: context.codes(residence) }),
    ...(siteIn === undefined ? {} : { siteIn: context.codes(siteIn) }),
    ...(anyCategory === undefined ? {} : { anyCategory: wanted(anyCategory, 'anyCategory') }),
    ...(allCategories === undefined ? {} : { allCategories: wanted(allCategories, 'allCategories') }),
    ...(noCategory === undefined ? {} : { noCategory: wanted(noCategory, 'noCategory') }),
    ...(dates === undefined ? {} : { dates: dates.map((entry, index) => dateStretch(context, entry, [...at, 'dates', index])) }),
    ...(yearly === undefined ? {} : { yearly: yearly.map((entry, index) => yearlyStretch(context, entry, [...at, 'yearly', index])) }),
    ...(discount === undefined ? {} : { discount: compileDiscount(context, discount, [...at, 'discount']) }),
    ...(bill === undefined ? {} : { bill: compileBill(context, bill, [...at, 'bill']) }),
    ...(any === undefined ? {} : { any: inner(any, 'any') }),
    ...(none === undefined ? {} : { none: inner(none, 'none') }),
    ...same,
  };
}
