import { yuanText, type Fen } from '../../kernel/index.js';
import type { GrantDecision } from './decide-grant.js';
import type { FactUsed, MealDecision, Reason, RefusalCode } from './decision.js';
import { grantRefusalWords, refusalWords, valueWords } from './words.js';

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
  'not-meal-of-day': '今天的补贴已经用过',
};

/** Why a meal has no subsidy, as an elder is told; any code gets words, and none names a class of people. */
export function whyFull(code: string | null): string {
  return (code === null ? undefined : FULL_PRICE[code as RefusalCode]) ?? '这一餐没有补贴';
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

const PAYEE: Readonly<Record<Reason['pays'], string>> = { elder: '补给老人', site: '补给食堂', deliverer: '补给送餐方', fee: '付送餐费' };
const CAP: Readonly<Record<Reason['caps'][number]['cap'], string>> = { percentage: '封顶', allowance: '额度余额', 'funder-withdrawn': '跨区域减去', 'self-pay': '老人最低自付', bill: '不超过餐费' };

const FACT: Readonly<Record<string, string>> = {
  'meal-date': '用餐日期', age: '周岁', hukou: '户籍地', residence: '常住地', category: '类别', 'no-category': '没有类别', approval: '已批准', 'in-care-home': '入住养老机构',
  'site-division': '食堂所在地', 'site-kind': '场所类型', 'supply-mode': '供餐方式', 'site-grade': '场所等级', 'meal-period': '餐次', workday: '工作日', 'day-kind': '日子', birthday: '生日',
  delivered: '送餐', discount: '机构优惠（分）', 'meal-of-day': '当日第几餐', bill: '账单（分）', voucher: '助餐券', 'application-date': '申请日期', 'opened-on': '开业日期', 'square-metres': '面积（平方米）', seats: '座位', 'cost-fen': '投入（分）',
  meals: '供餐数', diners: '就餐人次', evaluation: '评估结果', 'used-period': '本餐次已用次数', 'used-day': '当天已用次数', 'used-week': '本周已用次数', 'used-month': '本月已用次数',
  'used-quarter': '本季度已用次数', 'used-year': '本年已用次数', 'used-fen-period': '本餐次已用金额（分）', 'used-fen-day': '当天已用金额（分）', 'used-fen-week': '本周已用金额（分）',
  'used-fen-month': '本月已用金额（分）', 'used-fen-quarter': '本季度已用金额（分）', 'used-fen-year': '本年已用金额（分）',
};

const SOURCE: Readonly<Record<string, string>> = { 'birth-date': '出生日期', calendar: '国务院节假日安排', 'plain-week': '周一至周五' };

/** Names of a pack's categories by their code. */
export type CategoryNames = Readonly<Record<string, string>>;

function factInWords({ fact, value, source, from }: FactUsed, names: CategoryNames): string {
  const origin = [source === undefined ? undefined : `来源${SOURCE[source] ?? source}`, from === undefined ? undefined : `自${from}`].filter((text) => text !== undefined).join('，');
  return `${FACT[fact] ?? fact}=${valueWords(fact, value, names)}${origin === '' ? '' : `（${origin}）`}`;
}

function paperInWords({ document, clause }: Reason): string {
  const { title, number, sha256 } = document;
  return `依据${title}（${number === 'not published' ? '文号未公布' : number}）“${clause}”${sha256 === null ? '' : `，文件SHA-256 ${sha256}`}`;
}

function reasonInWords(reason: Reason, names: CategoryNames): string {
  const { caps, facts, notes } = reason;
  const capped = caps.map(({ cap, beforeFen, afterFen }) => `${CAP[cap]}：${yuanText(beforeFen)}→${yuanText(afterFen)}元`);
  return [
    `${reason.funderName}${PAYEE[reason.pays]}${yuanText(reason.fen)}元`,
    paperInWords(reason),
    `规则${reason.ruleId}/${reason.classId}，版本${reason.version}（SHA-256 ${reason.versionSha256}）`,
    `事实：${facts.map((fact) => factInWords(fact, names)).join('；')}`,
    ...(capped.length > 0 ? [`限额：${capped.join('；')}`] : []),
    ...(notes.length > 0 ? [`未公布而取值：${notes.join('')}`] : []),
  ].join('。');
}

function forAuditor(decision: MealDecision, names: CategoryNames): string {
  const head = `餐费${yuanText(decision.priceFen)}元，补贴${yuanText(decision.subsidyFen)}元，自付${yuanText(decision.selfPayFen)}元`;
  const why = decision.refusal === null ? [] : [`未补贴：${refusalWords(decision.refusal)}（${decision.refusal}）`];
  return [head, ...why, ...decision.reasons.map((reason) => reasonInWords(reason, names))].join('\n');
}

/** Says what a site gets in Chinese, for the auditor. */
export function explainGrantInWords({ siteFen, grants, reasons, refusal }: GrantDecision): string {
  const refused = grants.flatMap(({ name, refusal }) => (refusal === null ? [] : [`${name}：未给，${grantRefusalWords(refusal)}（${refusal}）`]));
  const none = grants.length === 0 && refusal !== null ? [`未给：${grantRefusalWords(refusal)}（${refusal}）`] : [];
  return [`合计${yuanText(siteFen)}元`, ...none, ...refused, ...reasons.map((reason) => reasonInWords(reason, {}))].join('\n');
}

/**
 * Says a decision in Chinese.
 * @param audience the elder hears who pays what, the cashier amounts alone, the auditor everything
 * @param names names of the pack's categories, for the auditor; without them their codes are said
 */
export function explainInWords(decision: MealDecision, audience: Audience, names: CategoryNames = {}): string {
  if (audience === 'elder') return forElder(decision);
  return audience === 'cashier' ? forCashier(decision) : forAuditor(decision, names);
}
