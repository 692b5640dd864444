import type { GrantRefusal } from './decide-grant.js';
import type { RefusalCode } from './decision.js';

/** Why a meal has no subsidy, for the auditor. */
const REFUSAL_WORDS: Readonly<Record<RefusalCode, string>> = {
  guest: '没有刷卡，不知道是谁', 'no-pack': '当地没有适用的政策', 'not-in-force': '当日没有生效的版本', 'funds-ended': '资金已公告停补', deceased: '用餐日在去世之后', 'in-care-home': '正入住养老机构',
  'not-hukou': '户籍不在规定的地方', 'not-resident': '常住地不在规定的地方', 'too-young': '未到年龄', 'too-old': '超过年龄', 'not-in-category': '不属于规定的类别', 'in-excluded-category': '属于排除的类别或情形',
  'site-not-covered': '场所不在范围内', 'meal-period-not-covered': '餐次不在范围内', 'not-workday': '不是工作日', 'not-on-this-day': '当日不在规定的日子', 'not-meal-of-day': '不是当日规定的第几餐', 'not-delivered': '不是送餐', 'only-dine-in': '只补堂食',
  'no-voucher': '没有可用的助餐券', 'not-approved': '申请在当日未获批准', 'not-with-meal-subsidy': '本餐没有其他补贴可附', 'discount-too-low': '机构优惠不足', 'bill-too-low': '餐费不到起点', 'bill-too-high': '餐费超过上限', 'not-a-set-price': '不是规定价格的套餐',
  'second-meal-this-period': '本餐次已补过', 'second-meal-today': '当日已补过', 'day-cap-reached': '当日次数已满', 'week-cap-reached': '本周次数已满', 'month-cap-reached': '本月次数已满', 'quarter-cap-reached': '本季度次数已满',
  'year-cap-reached': '本年次数已满', 'allowance-used-up': '额度已用完', 'funders-withdrawn': '各出资方在此处都不承担', 'nothing-to-pay': '算得金额为零',
};

/** Why a site does not get a grant, for the auditor. */
const GRANT_WORDS: Readonly<Record<GrantRefusal, string>> = {
  'no-grant': '本版本没有这类奖补', 'not-in-force': '当日没有生效的版本', 'not-begun': '尚未开始受理', ended: '已截止', 'already-granted': '本期已给过', 'site-not-covered': '场所不在范围内', 'area-not-covered': '面积不符或不知', 'seats-not-covered': '座位数不符或不知',
  'not-open': '尚未开业或开业日不知', 'open-too-short': '开业时间不够', 'open-too-long': '开业时间太久', 'not-evaluated': '没有合格的评估结果', 'too-few-meals': '供餐数不够', 'too-many-meals': '供餐数超过', 'too-few-diners': '就餐人次不够',
  'too-many-diners': '就餐人次超过', 'amount-not-published': '金额未公布', 'nothing-to-pay': '投入或计量不知，或算得金额为零',
};

/** Says in Chinese why a meal has no subsidy, for whoever audits it. */
export function refusalWords(code: RefusalCode): string {
  return REFUSAL_WORDS[code];
}

/** Says in Chinese why a site does not get a grant. */
export function grantRefusalWords(code: GrantRefusal): string {
  return GRANT_WORDS[code];
}

/** Values of facts that are codes of the product's own, by what an auditor calls them. */
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'meal-period': { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' },
  'day-kind': { workday: '工作日', weekend: '周末', holiday: '法定节假日' },
  'site-kind': { canteen: '食堂', mealPoint: '助餐点', diningTable: '幸福餐桌', centralKitchen: '中央厨房' },
  'supply-mode': { hungPlate: '企业挂牌', newOrConverted: '新建改造', ruralHappinessHome: '农村幸福院' },
};

/**
 * What a fact's value is called.
 * @param categories names of the pack's categories by code; a grade follows after a colon
 */
export function valueWords(fact: string, value: string | number | boolean, categories: Readonly<Record<string, string>>): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  const text = String(value);
  if (fact !== 'category' && fact !== 'no-category') return VALUES[fact]?.[text] ?? text;
  const [code = '', grade] = text.split(':');
  const name = categories[code] ?? code;
  return grade === undefined ? name : `${name}（${grade}）`;
}
