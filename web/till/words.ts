import type { MealPeriod, Tender } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import type { LinkState } from './journal/sender.js';

export const PERIOD_WORDS: Readonly<Record<MealPeriod, string>> = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' };
export const TENDER_WORDS: Readonly<Record<Tender, string>> = { cash: '现金', code: '扫码' };

/** One tap each; the number is its key. */
export const VOID_REASONS = ['按错键', '老人退餐', '重复刷卡'] as const;

/**
 * Cards that a person has to look at; the meal stands at the full price. Why somebody else's meal is at the full price
 * is no matter of the counter: it stands in nobody's sight here.
 */
export const CARD_TROUBLE: Readonly<Record<string, { readonly sentence: string; readonly next: string }>> = {
  'card-unknown': { sentence: '没有找到这张卡', next: '按原价收款；请核对卡号，或让老人联系社区。' },
  'card-lost': { sentence: '这张卡已挂失', next: '按原价收款；请老人到社区补卡。' },
  'card-frozen': { sentence: '这张卡已冻结', next: '按原价收款；请老人联系社区。' },
  'card-replaced': { sentence: '这张卡已换新卡', next: '按原价收款；请改用新卡。' },
  'card-cancelled': { sentence: '这张卡已注销', next: '按原价收款；请老人联系社区。' },
  deceased: { sentence: '这张卡已停用', next: '按原价收款；请持卡人联系社区。' },
};

const pad = (value: number): string => String(value).padStart(2, '0');

/** A moment on the till's wall: `11:05`. */
export function clockWords(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** Why the service does not answer, what still works, and what not to do. */
export function causeWords(link: LinkState): { readonly cause: string; readonly works: string } | null {
  if (link.is === 'online') return null;
  if (link.is === 'stopped') return { cause: link.sentence, works: '已记的每一笔都还在本机，不要清除浏览器数据。' };
  const cause = { network: '本机没有网络', unreachable: '网络通，但连不上服务器', server: '服务器忙，暂时没有答复' }[link.why];
  return { cause, works: '照常收款：每笔先存本机，恢复后自动上传。不要退出、不要清除数据。' };
}

const REVIEW_WORDS: Readonly<Record<string, string>> = {
  'fund-changed': '补贴有变化，待核', review: '离线超过 24 小时，待核', 'sent-too-late': '离线超过 72 小时，按原价', 'clock-skew': '时钟有偏差',
  'chain-broken': '流水不连续，待核', 'price-list-old': '价目表已更新', 'tender-missing': '未选付款方式', overpaid: '多收，待核', 'entered-for': '忘带卡代记，必查',
  'proof-missing': '免费餐未核实本人，必查',
};

/** What became of a sale, in words. */
export function fateWords(fate: Fate): { readonly word: string; readonly more: string; readonly tone: 'good' | 'open' | 'look' } {
  if (fate.is === 'unsent') return { word: '未上传', more: fate.tries > 0 ? '已试过，会用同一编号再传' : '已存本机', tone: 'open' };
  if (fate.is === 'refused') return { word: '未记账', more: fate.sentence, tone: 'look' };
  if (fate.is === 'blocked') return { word: '要人处理', more: fate.sentence, tone: 'look' };
  if (fate.is === 'taken-back') return { word: '已撤销', more: '', tone: 'good' };
  const trouble = fate.code === null ? undefined : CARD_TROUBLE[fate.code];
  const more = [...fate.review.map((flag) => REVIEW_WORDS[flag] ?? flag), ...(trouble === undefined ? [] : [trouble.sentence])].join('；');
  const word = fate.review.includes('fund-changed') ? '补贴有变化' : fate.review.length > 0 ? '待核' : fate.repeated ? '先前已收到' : '已记账';
  return { word, more, tone: more === '' ? 'good' : 'look' };
}
