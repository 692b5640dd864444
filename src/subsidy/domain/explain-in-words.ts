import { yuanText, type Fen } from '../../kernel/index.js';
import type { FactUsed, MealDecision, Reason, RefusalCode } from './decision.js';

/** Who reads: the elder, the cashier with people looking on, the auditor. */
export type Audience = 'elder' | 'cashier' | 'auditor';

/** Yuan without needless zeros, for speaking: 1250 is 12.5, 1200 is 12. */
function spoken(amount: Fen): string {
  return yuanText(amount).replace(/\.?0+$/, '');
}

/** What an elder is told when a meal is at the full price; none of them names a class of people. */
const FULL_PRICE: Partial<Record<RefusalCode, string>> = {
  'second-meal-today': '今天的补贴已经用过',
  'second-meal-this-period': '这一餐的补贴已经用过',
  'day-cap-reached': '今天的补贴已经用完',
  'week-cap-reached': '本周的补贴已经用完',
  'month-cap-reached': '本月的补贴已经用完',
  'quarter-cap-reached': '本季度的补贴已经用完',
  'year-cap-reached': '今年的补贴已经用完',
  'allowance-used-up': '本期的补贴额度已经用完',
  'meal-period-not-covered': '这个餐次没有补贴',
  'not-workday': '今天不是工作日，没有补贴',
  'not-on-this-day': '今天没有补贴',
  'site-not-covered': '在这个食堂就餐没有补贴',
  'bill-too-low': '这一餐的金额不到补贴的起点',
  'bill-too-high': '这一餐的金额超出补贴的范围',
  'not-a-set-price': '补贴只用于备案的套餐',
  'not-approved': '助餐补贴还没有批准，可以到社区询问',
  'no-voucher': '没有可用的助餐券',
};

function whyFull(refusal: RefusalCode | null): string {
  return (refusal === null ? undefined : FULL_PRICE[refusal]) ?? '这一餐没有补贴';
}

function forElder(decision: MealDecision): string {
  const parts = decision.reasons.filter(({ pays, fen }) => pays === 'elder' && fen > 0);
  const fee = decision.deliveryFeeFen > 0 ? `，另付送餐费${spoken(decision.deliveryFeeFen)}元` : '';
  const why = parts.length === 0 ? [whyFull(decision.refusal)] : parts.map((part) => `${part.funderShort}补${spoken(part.fen)}元`);
  return `原价${spoken(decision.priceFen)}元，${why.join('，')}，您付${spoken(decision.selfPayFen)}元${fee}`;
}

/** The cashier's words are the same for every class of people: amounts, and limits that concern the meal alone. */
function forCashier(decision: MealDecision): string {
  const fee = decision.deliveryFeeFen > 0 ? `，送餐费${spoken(decision.deliveryFeeFen)}元` : '';
  return `应收${spoken(decision.selfPayFen)}元（原价${spoken(decision.priceFen)}元，补贴${spoken(decision.subsidyFen)}元${fee}）`;
}

const PAYEE: Readonly<Record<Reason['pays'], string>> = { elder: '补给老人', site: '补给食堂', deliverer: '补给送餐方', fee: '老人支付' };
const CAP: Readonly<Record<Reason['caps'][number]['cap'], string>> = { percentage: '比例封顶', allowance: '额度余额', 'funder-withdrawn': '跨区域减去', bill: '不超过餐费' };

function factInWords({ fact, value, source, from }: FactUsed): string {
  const origin = [source, from === undefined ? undefined : `自${from}`].filter((text) => text !== undefined).join('，');
  return `${fact}=${String(value)}${origin === '' ? '' : `（${origin}）`}`;
}

function reasonInWords(reason: Reason): string {
  const { document, caps, facts, notes } = reason;
  const capped = caps.map(({ cap, beforeFen, afterFen }) => `${CAP[cap]}：${yuanText(beforeFen)}→${yuanText(afterFen)}元`);
  return [
    `${reason.funderName}${PAYEE[reason.pays]}${yuanText(reason.fen)}元`,
    `依据${document.title}（${document.number}）“${reason.clause}”，规则${reason.ruleId}/${reason.classId}，版本${reason.version}`,
    `事实：${facts.map(factInWords).join('；')}`,
    ...(capped.length > 0 ? [`限额：${capped.join('；')}`] : []),
    ...(notes.length > 0 ? [`未公布而取值：${notes.join('')}`] : []),
  ].join('。');
}

function forAuditor(decision: MealDecision): string {
  const head = `餐费${yuanText(decision.priceFen)}元，补贴${yuanText(decision.subsidyFen)}元，自付${yuanText(decision.selfPayFen)}元`;
  const why = decision.refusal === null ? [] : [`未补贴：${decision.refusal}`];
  return [head, ...why, ...decision.reasons.map(reasonInWords)].join('\n');
}

/**
 * Says a decision in Chinese.
 * @param audience the elder hears who pays what, the cashier amounts alone, the auditor everything
 */
export function explainInWords(decision: MealDecision, audience: Audience): string {
  if (audience === 'elder') return forElder(decision);
  return audience === 'cashier' ? forCashier(decision) : forAuditor(decision);
}
