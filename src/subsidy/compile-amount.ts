import type { Fen } from '../kernel/index.js';
import type { CompileContext } from './compile-context.js';
import type { AmountForm, PeriodAmounts, Slice, Step } from './domain/index.js';
import type { SourceAmount, SourceAmounts, SourceGrantAmount } from './pack-source.js';
import type { YamlPath } from './yaml-file.js';

const KINDS = ['fen', 'percent', 'fraction', 'voucher', 'elderPaysFen', 'byBill', 'slices'] as const;
type Kind = (typeof KINDS)[number];

/** Which further keys each way of writing an amount takes. */
const FURTHER: Readonly<Record<Kind, readonly (keyof SourceAmount)[]>> = {
  fen: [], voucher: [],
  percent: ['capFen', 'atLeastFen', 'of', 'ofAboveFen', 'ofUpToFen', 'rounding', 'roundTo'],
  fraction: ['capFen', 'atLeastFen', 'of', 'ofAboveFen', 'ofUpToFen', 'rounding', 'roundTo'],
  elderPaysFen: ['capFen', 'of'],
  byBill: ['of'],
  slices: ['capFen', 'of', 'rounding', 'roundTo'],
};

const UNIT = { fen: 1, jiao: 10, 'half-yuan': 50, yuan: 100 } as const;

/** The one way in which an amount is written, its further keys checked. */
function kindOf(context: CompileContext, source: SourceAmount, at: YamlPath): Kind {
  const given = KINDS.filter((kind) => source[kind] !== undefined);
  const kind = given[0];
  if (kind === undefined || given.length !== 1) return context.complain(at, `请写 ${KINDS.join('、')} 中的一个`);
  const stray = Object.keys(source).find((key) => key !== kind && !FURTHER[kind].includes(key as keyof SourceAmount));
  if (stray !== undefined) context.complain([...at, stray], `${stray} 不能与 ${kind} 并用，请删去`);
  return kind;
}

function shareOf(context: CompileContext, { percent, fraction }: SourceAmount, at: YamlPath): { basisPoints: number; denominator?: number } {
  if (percent !== undefined) return { basisPoints: context.basisPoints(percent, [...at, 'percent']) };
  const [numerator, denominator] = (fraction as string).split('/').map(Number) as [number, number];
  if (numerator > denominator) context.complain([...at, 'fraction'], '分数不能大于 1，请更正');
  return { basisPoints: numerator, denominator };
}

function percentage(context: CompileContext, source: SourceAmount, at: YamlPath): Step['amount'] {
  const { ofAboveFen, ofUpToFen, atLeastFen, roundTo } = source;
  if (ofAboveFen !== undefined && ofUpToFen !== undefined && ofAboveFen >= ofUpToFen) context.complain([...at, 'ofAboveFen'], '不小于 ofUpToFen，没有一分钱可以计算，请更正');
  if (atLeastFen !== undefined && source.capFen !== undefined && atLeastFen > source.capFen) context.complain([...at, 'atLeastFen'], '大于 capFen，请更正');
  return {
    form: 'percentage', ...shareOf(context, source, at), capFen: source.capFen ?? null, of: source.of ?? 'paid', rounding: source.rounding ?? 'down',
    ...(roundTo === undefined ? {} : { unitFen: UNIT[roundTo] }),
    ...(atLeastFen === undefined ? {} : { floorFen: atLeastFen }),
    ...(ofAboveFen === undefined ? {} : { ofAboveFen }),
    ...(ofUpToFen === undefined ? {} : { ofUpToFen }),
  };
}

function steps(context: CompileContext, source: NonNullable<SourceAmount['byBill']>, of: SourceAmount['of'], at: YamlPath): AmountForm {
  const rows = source.map(({ fromFen, ...amount }, index): Step => {
    const before = source[index - 1];
    if (before !== undefined && before.fromFen >= fromFen) context.complain([...at, index, 'fromFen'], 'byBill 的 fromFen 要由小到大，各不相同');
    const kind = kindOf(context, amount, [...at, index]);
    if (kind === 'fen') return { fromFen, amount: { form: 'fixed', fen: amount.fen as Fen } };
    return { fromFen, amount: percentage(context, { of: of ?? 'paid', ...amount }, [...at, index]) };
  });
  return { form: 'steps', of: of ?? 'paid', steps: rows };
}

function slices(context: CompileContext, source: SourceAmount, at: YamlPath): AmountForm {
  const given = source.slices ?? [];
  const rows = given.map(({ upToFen, percent }, index): Slice => {
    const before = given[index - 1];
    const disorder = before !== undefined && (before.upToFen === undefined || (upToFen !== undefined && before.upToFen >= upToFen));
    if (disorder) context.complain([...at, 'slices', index], 'slices 的 upToFen 要由小到大，只有最后一行可以不写');
    return { upToFen: upToFen ?? null, basisPoints: context.basisPoints(percent, [...at, 'slices', index, 'percent']) };
  });
  return {
    form: 'slices', of: source.of ?? 'paid', slices: rows, capFen: source.capFen ?? null, rounding: source.rounding ?? 'down',
    ...(source.roundTo === undefined ? {} : { unitFen: UNIT[source.roundTo] }),
  };
}

function compileAmount(context: CompileContext, source: SourceAmount, at: YamlPath): AmountForm {
  switch (kindOf(context, source, at)) {
    case 'fen':
      return { form: 'fixed', fen: source.fen as Fen };
    case 'voucher':
      return { form: 'voucher', kind: source.voucher as string };
    case 'elderPaysFen':
      return { form: 'rest', elderPaysFen: source.elderPaysFen as Fen, capFen: source.capFen ?? null, of: source.of ?? 'paid' };
    case 'byBill':
      return steps(context, source.byBill ?? [], source.of, [...at, 'byBill']);
    case 'slices':
      return slices(context, source, at);
    default:
      return percentage(context, source, at);
  }
}

/** The amounts of a class by meal period. */
export function compileAmounts(context: CompileContext, source: SourceAmounts, at: YamlPath): PeriodAmounts {
  const { byPeriod, ...plain } = source;
  if (byPeriod === undefined) {
    const amount = compileAmount(context, plain, at);
    return { breakfast: amount, lunch: amount, dinner: amount };
  }
  if (Object.keys(plain).length > 0) context.complain(at, 'byPeriod 不能与其他金额写法并用，请只留一种');
  const of = (period: 'breakfast' | 'lunch' | 'dinner'): AmountForm | null => {
    const amount = byPeriod[period];
    return amount === undefined ? null : compileAmount(context, amount, [...at, 'byPeriod', period]);
  };
  return { breakfast: of('breakfast'), lunch: of('lunch'), dinner: of('dinner') };
}

const UNITS = { perSquareMetreFen: 'squareMetres', perMealFen: 'meals', perDinerFen: 'diners', perSeatFen: 'seats' } as const;

/** Money for a site: a sum, a percentage of what was spent, or so much a unit. */
export function compileGrantAmount(context: CompileContext, source: SourceGrantAmount, at: YamlPath): AmountForm {
  const { capFen, ...ways } = source;
  const given = Object.keys(ways) as (keyof typeof ways)[];
  const way = given[0];
  if (way === undefined || given.length !== 1) return context.complain(at, `请写 fen、percent、${Object.keys(UNITS).join('、')} 中的一个`);
  if (way === 'fen') {
    if (capFen !== undefined) context.complain([...at, 'capFen'], '定额不需要 capFen，请删去');
    return { form: 'fixed', fen: source.fen as Fen };
  }
  if (way === 'percent') return { form: 'percentage', basisPoints: context.basisPoints(source.percent as number, [...at, 'percent']), capFen: capFen ?? null, of: 'paid', rounding: 'down' };
  return { form: 'per-unit', fen: source[way] as Fen, of: UNITS[way], capFen: capFen ?? null };
}
