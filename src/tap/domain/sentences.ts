import { minusFen, yuanText } from '../../kernel/index.js';
import type { RefusalCode } from '../../subsidy/domain/index.js';
import type { AcceptedTap } from './decide-tap.js';

/** Why a meal is at the full price, in words that say what may be done about it. */
const FULL_PRICE: Readonly<Record<RefusalCode, string>> = {
  guest: '未出示助餐卡，按原价收取。',
  'no-pack': '当地没有适用的助餐补贴办法，按原价收取。',
  'not-in-force': '补贴办法在用餐当日不生效，按原价收取。',
  'funds-ended': '补贴资金已按公告截止，按原价收取；何时恢复请留意民政部门公告。',
  deceased: '该卡已停用，按原价收取；如有疑问请联系社区核对登记。',
  'in-care-home': '登记为机构集中供养，不享受助餐补贴，按原价收取；如已离院请联系社区更正。',
  'not-hukou': '户籍不在补贴范围内，按原价收取；如已迁入请联系社区更正。',
  'not-resident': '常住地不在补贴范围内，按原价收取；如已迁入请联系社区更正。',
  'too-young': '未到补贴年龄，按原价收取。',
  'too-old': '不在本项补贴的年龄段，按原价收取。',
  'not-in-category': '不属于补贴对象类别，按原价收取；如符合条件请到社区申请。',
  'in-excluded-category': '所属类别已由其他政策保障，不重复补贴，按原价收取。',
  'site-not-covered': '本助餐点不在该老人的补贴范围内，按原价收取。',
  'meal-period-not-covered': '本餐次没有补贴，按原价收取。',
  'not-workday': '补贴只在工作日发放，按原价收取。',
  'not-on-this-day': '补贴不在今天发放，按原价收取。',
  'not-meal-of-day': '今日此项补贴已用过或尚未轮到，按原价收取。',
  'not-delivered': '补贴只用于送餐，按原价收取。',
  'only-dine-in': '补贴只用于堂食，按原价收取。',
  'no-voucher': '没有可用的助餐券，按原价收取。',
  'not-approved': '助餐补贴尚未批准，按原价收取；请到社区申请或查询进度。',
  'not-with-meal-subsidy': '本餐没有就餐补贴，按原价收取。',
  'discount-too-low': '助餐点的优惠未达到补贴要求，按原价收取。',
  'bill-too-low': '消费金额未达到补贴要求，按原价收取。',
  'bill-too-high': '消费金额超出补贴范围，按原价收取。',
  'not-a-set-price': '补贴只用于备案的套餐，按原价收取。',
  'second-meal-this-period': '本餐次已享受过补贴，按原价收取。',
  'second-meal-today': '今日已享受过补贴，按原价收取。',
  'day-cap-reached': '今日补贴额度已用完，按原价收取。',
  'week-cap-reached': '本周补贴额度已用完，按原价收取。',
  'month-cap-reached': '本月补贴额度已用完，按原价收取。',
  'quarter-cap-reached': '本季度补贴额度已用完，按原价收取。',
  'year-cap-reached': '本年度补贴额度已用完，按原价收取。',
  'allowance-used-up': '补贴额度已用完，按原价收取。',
  'funders-withdrawn': '本餐没有承担补贴的资金方，按原价收取。',
  'nothing-to-pay': '本餐无需付款。',
};

const CARD: Readonly<Record<string, string>> = {
  'card-unknown': '没有找到这张卡，按原价收取；请核对卡号或联系社区。',
  'card-lost': '此卡已挂失，按原价收取；请联系社区补卡。',
  'card-frozen': '此卡已冻结，按原价收取；请联系社区。',
  'card-replaced': '此卡已补办新卡，按原价收取；请使用新卡。',
  'card-cancelled': '此卡已注销，按原价收取；请联系社区。',
  'code-used': '这个用餐码先前已用过，按原价收取；有疑问请联系社区。',
  'code-day-full': '打印的用餐码今天已用满次数，按原价收取；请刷卡。',
  'no-own-item': '账单里没有持卡人自己的餐，按原价收取。',
  'sent-too-late': '上传或补录已超过期限（离线 72 小时，纸质单按本市规定），补贴不再保证，按原价记账；有疑问请联系民政部门。',
};

/** Why a tap is refused, and what the cashier should do. */
const REFUSED: Readonly<Record<string, string>> = {
  'time-in-future': '收银机时间比服务器快 5 分钟以上，未记账；请校准时间后用新编号重记。',
  'site-not-open': '本助餐点当日未处于营业状态，未记账；请联系所在街道。',
  'licence-expired': '本助餐点食品经营许可当日无效，未记账；请更新许可后重记。',
  'price-list-not-in-force': '所用价目表当日不生效，未记账；请更新价目表后用新编号重记。',
  'item-unknown': '价目表本餐次没有这个菜品或套餐，未记账；请核对后用新编号重记。',
  'half-not-sold': '这个餐品不卖半份（半份只卖给持卡老人），未记账；请改为整份后用新编号重记。',
  'balance-not-offered': '本市尚未开通卡内余额支付，未记账；请收现金或扫码后用新编号重记。',
  'balance-too-low': '卡内余额不足，未记账，也没有扣款；请收现金，用新编号重记。',
  'balance-without-elder': '没有刷老人本人能用的卡（散客、陪餐、代记、凭取餐码，或卡已停用），不能用余额支付，未记账；请收现金，用新编号重记。',
  'code-withdrawn': '这个用餐码已经停用了，未记账；请老人刷卡，或到社区重新办理，也可按原价用餐；有疑问请打电话给社区。',
  'code-used': '这个用餐码已经用过了，未记账；请老人打开新的用餐码，或刷卡，也可按原价用餐；有疑问请打电话给社区。',
  'code-day-full': '打印的用餐码今天已用满 2 餐，未记账；请老人刷卡，或打开手机上的用餐码，也可按原价用餐。',
  'tender-missing': '应付金额尚未收款，未记账；请收款并选择付款方式后用新编号重记。',
};

/** The sentence of an accepted meal: who pays what, and why there is no subsidy. */
export function acceptedSentence(plan: AcceptedTap): string {
  const along = plan.othersFen > 0 && plan.code !== 'guest' ? `（含陪餐${yuanText(plan.othersFen)}元）` : '';
  const parts = [`原价${yuanText(plan.priceFen)}元${along}`, ...plan.shares.map(({ name, fen }) => `${name}补${yuanText(fen)}元`)];
  if (plan.siteBorneFen > 0) parts.push(`待核${yuanText(plan.siteBorneFen)}元`);
  const why = plan.code === null || plan.subsidyFen > 0 ? '' : (CARD[plan.code] ?? FULL_PRICE[plan.code as RefusalCode] ?? '');
  return `${parts.join('，')}，您付${yuanText(plan.selfPayFen)}元。${aheadWords(plan)}${why}`;
}

/** What of an own share was paid when it was booked, and what is still due. */
function aheadWords({ selfPayFen, dueFen }: AcceptedTap): string {
  if (dueFen === undefined) return '';
  if (dueFen === 0) return '已在预订时付清。';
  return dueFen === selfPayFen ? `没有可用的预付款，请收${yuanText(dueFen)}元。` : `预订时已付${yuanText(minusFen(selfPayFen, dueFen))}元，请补收${yuanText(dueFen)}元。`;
}

/** The sentence of a refused tap. */
export function refusedSentence(code: string): string {
  return REFUSED[code] ?? '未记账，请联系食堂负责人。';
}
