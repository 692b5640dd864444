import { digitsInFours } from '../../../src/till/domain/eating-code.js';
import { receiptCode } from '../../../src/till/domain/receipt-code.js';
import { chinaDate, chinaMinute } from '../../../src/kernel/civil-date.js';
import { dateWords, PERIOD_WORDS } from '../../lib/words.js';
import { yuanText } from '../../lib/amount.js';
import { portionOf, PORTION_WORDS } from '../cart/cart.js';
import type { KinCode } from '../people/people-view.js';
import type { Listed } from '../view.js';
import { TENDER_WORDS } from '../words.js';

/** What goes onto paper: rows of a word and a value, the one figure that is read first, and small print. Plain data. */
export interface Receipt {
  readonly title: string;
  /** Marks a copy; null on the first print. */
  readonly copy: string | null;
  readonly rows: readonly (readonly [string, string])[];
  readonly figure: readonly [string, string] | null;
  readonly small: readonly string[];
}

/** Whose till prints, and what its dishes are called. */
export interface Issuer {
  readonly terminalId: string;
  readonly siteName: string;
  readonly nameOf: (itemCode: string) => string;
  /** Where a receipt's code is looked up, as people type it. */
  readonly checkAt: string;
}

/** What the eater has paid and kept paid, in fen; null where nothing is known or nothing stands. */
export function paidFen({ about, fate, takenFen, returned }: Pick<Listed, 'about' | 'fate' | 'takenFen' | 'returned'>): number | null {
  if (about.kind !== 'sale' || fate.is === 'refused') return null;
  if (fate.is === 'accepted' && (returned || takenFen === null)) return fate.selfPayFen;
  return takenFen;
}

/** By China's time, whatever the device believes where it is. */
function moment(at: number): string {
  const minute = chinaMinute(at);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${dateWords(chinaDate(at))} ${two(minute / 60)}:${two(minute % 60)}`;
}

const codeOf = (entry: Listed, { terminalId }: Issuer): string => receiptCode(terminalId, entry.number, entry.hash);

/**
 * The receipt of a sale. Everybody gets the same one, a guest too: what was eaten and what was paid. Neither price nor
 * subsidy stands on it, since the one would tell the other.
 * @param copies how often it was printed before
 */
export function receiptOf(entry: Listed, issuer: Issuer, copies: number): Receipt | null {
  const { about } = entry;
  const paid = paidFen(entry);
  if (about.kind !== 'sale' || paid === null) return null;
  return {
    title: issuer.siteName,
    copy: copies > 0 ? `补打 第 ${copies} 次` : null,
    rows: [
      ['时间', moment(entry.madeAt)],
      ['单号', `第 ${entry.number} 笔`],
      ...about.items.map((item) => [`${issuer.nameOf(item.itemCode)} ${PORTION_WORDS[portionOf(item)]}`.trimEnd(), `×${item.quantity}`] as const),
      ['付款', TENDER_WORDS[about.tender]],
    ],
    figure: ['实付', `${yuanText(paid)} 元`],
    small: [`校验码 ${codeOf(entry, issuer)}`, `核对：${issuer.checkAt}`, '谢谢，请用餐'],
  };
}

/** How a meal's price was shared: a slip of its own, for the elder who asks for it. Null until the service has said so. */
export function sharesReceipt(entry: Listed, issuer: Issuer): Receipt | null {
  const { about, fate } = entry;
  if (about.kind !== 'sale' || fate.is !== 'accepted') return null;
  return {
    title: '补贴明细',
    copy: null,
    rows: [
      ['地点', issuer.siteName],
      ['时间', moment(entry.madeAt)],
      ['单号', `第 ${entry.number} 笔 · ${PERIOD_WORDS[about.mealPeriod]}`],
      ['餐费', `${yuanText(fate.priceFen)} 元`],
      ['补贴', `${yuanText(fate.priceFen - fate.selfPayFen)} 元`],
      ['个人支付', `${yuanText(fate.selfPayFen)} 元`],
    ],
    figure: null,
    small: [`校验码 ${codeOf(entry, issuer)}`, '只交给本人'],
  };
}

/** A code by which a relative is bound, for whoever has to carry it. Neither who gave it nor what was consented to stands on it. */
export function kinCodeSlip(siteName: string, { code, expiresAt }: KinCode): Receipt {
  return {
    title: '给家人的绑定码',
    copy: null,
    rows: [['地点', siteName], ['有效到', moment(expiresAt)]],
    figure: ['绑定码', digitsInFours(code)],
    small: ['家人在微信小程序“幸福食堂”里选“我是家人”，填这个绑定码。', '只能用一次，过了时间请再刷卡取。不要给外人看。'],
  };
}

/** Shows whether a printer has the glyphs of a receipt, and its whole width. */
export function testReceipt(siteName: string, at: number): Receipt {
  return {
    title: siteName,
    copy: '测试页',
    rows: [['时间', moment(at)], ['汉字', '幸福食堂 老年助餐'], ['数字', '0123456789'], ['标点', '，。：；（）×·'], ['付款', TENDER_WORDS.cash]],
    figure: ['金额', '12.34 元'],
    small: ['每行两头的字都看得见，汉字没有乱码，就可以用。'],
  };
}
