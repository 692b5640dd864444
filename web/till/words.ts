import type { Credential, Tender } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import type { AwayCause } from './journal/link.js';
import type { LinkState } from './journal/sender.js';

export const TENDER_WORDS: Readonly<Record<Tender, string>> = { cash: '现金', code: '扫码', balance: '余额', booked: '预订已付' };
/** What is done about an own share. */
export const ASK_WORDS: Readonly<Record<Tender, string>> = { cash: '收现金', code: '收扫码', balance: '扣余额', booked: '补收现金' };

/** Why a till takes a sale by balance back by itself. */
export const NO_ANSWER_REASON = '余额支付没有答复';
/** Why it takes back one that was to be paid by WeChat. */
export const NOT_PAID_REASON = '微信没有付成';

export const HOLDER_WORDS: Readonly<Record<Credential['kind'], string>> = { card: '刷卡', guest: '散客', entered: '代记', booking: '取餐码', code: '用餐码' };

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
  'card-held': { sentence: '这张卡已挂失或停用', next: '按原价收款；请老人联系社区。' },
  'code-used': { sentence: '这个用餐码先前已用过', next: '按原价收款；有疑问请老人联系社区。' },
  'code-day-full': { sentence: '纸质用餐码今天已用满', next: '按原价收款；请老人刷卡。' },
  deceased: { sentence: '这张卡已停用', next: '按原价收款；请持卡人联系社区。' },
};

/** Why a pass that somebody showed cannot be used. */
export const PASS_TROUBLE: Readonly<Record<string, string>> = {
  'pass-torn': '通行码没有扫完整', 'pass-forged': '通行码未通过校验', 'pass-expired': '通行码已过期', 'pass-other-site': '通行码是为其他助餐点开的', 'pass-no-key': '本机还没有名册，不能核对通行码',
};

const pad = (value: number): string => String(value).padStart(2, '0');

/** A moment on the till's wall: `11:05`. */
export function clockWords(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

const DAY_MS = 24 * 3_600_000;

/** A moment beside today: `11:05`, `明天 11:05`, `昨天 11:05`, or `12月5日 11:05`. */
export function momentWords(at: number, now: number): string {
  const startOf = (moment: number): number => new Date(moment).setHours(0, 0, 0, 0);
  const days = Math.round((startOf(at) - startOf(now)) / DAY_MS);
  const date = new Date(at);
  const day = new Map([[0, ''], [1, '明天 '], [-1, '昨天 ']]).get(days) ?? `${date.getMonth() + 1}月${date.getDate()}日 `;
  return `${day}${clockWords(at)}`;
}

/** What is left, in hours and minutes: `23 小时 50 分`. */
export function spanWords(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} 小时 ${minutes % 60} 分` : `${minutes} 分`;
}

/** Why the service does not answer, what still works and what not to do, and what to look at when it stays so. */
export interface CauseWords {
  readonly cause: string;
  readonly works: string;
  /** Whose matter it is; each has its own colour beside its words. */
  readonly where: 'here' | 'between' | 'there' | 'stopped';
  readonly look: readonly string[];
}

const WORKS = '照常收款：每笔先存本机，恢复后自动上传。不要退出、不要清除数据。';
const STAY = '只用这一台收款；不要退出，不要清除浏览器数据。';

const CAUSES: Readonly<Record<AwayCause, Omit<CauseWords, 'works'>>> = {
  network: { where: 'here', cause: '本机没有网络', look: ['看网线或无线网络是否连上，路由器是否有电。', '别的手机能上网，就重新连接本机的无线网络。', STAY] },
  unreachable: { where: 'between', cause: '网络通，但连不上服务器', look: ['用手机打开别的网页：打不开，是本店宽带断了，打运营商电话。', '打得开，请告诉管理员，服务器可能在维护。', STAY] },
  server: { where: 'there', cause: '服务器忙，暂时没有答复', look: ['不用动本机，会自动再试。', '超过半小时，请告诉管理员。', STAY] },
};

export function causeWords(link: LinkState): CauseWords | null {
  if (link.is === 'online') return null;
  if (link.is === 'stopped') return { cause: link.sentence, works: '已记的每一笔都还在本机，不要清除浏览器数据。', where: 'stopped', look: ['请告诉食堂负责人或管理员。', '未上传的可从“记录”里导出，交给负责人。', STAY] };
  return { ...CAUSES[link.why], works: WORKS };
}

const REVIEW_WORDS: Readonly<Record<string, string>> = {
  'fund-changed': '补贴有变化，待核', review: '离线超过 24 小时，待核', 'sent-too-late': '离线超过 72 小时，按原价', 'clock-skew': '时钟有偏差',
  'chain-broken': '流水不连续，待核', 'price-list-old': '价目表已更新', 'tender-missing': '未选付款方式', overpaid: '多收，待核', 'entered-for': '忘带卡代记，必查', 'by-file': '由文件导入，待核',
  'proof-missing': '免费餐未核实本人，必查', 'booking-taken': '预订先前已取，待核', 'booking-cancelled': '预订已取消，待核', 'booking-short': '预付款不够抵，待核',
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
