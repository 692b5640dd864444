import { chinaDate } from '../../src/kernel/civil-date.js';
import { areDenominations, countedFen, DENOMINATIONS, type Pieces } from '../../src/till/domain/shift.js';
import { yuanText, yuanToFen } from '../lib/amount.js';
import { firstBreak, type Tender, type Entry as Kept } from './journal/entry.js';
import { dueOf, toReturnFen } from './journal/fate.js';
import type { RosterView } from './view.js';

/** What the figures need of an entry: never its body. */
type Entry = Omit<Kept, 'sealed'>;

/** What a shift's opening looks at. */
export type CheckKind = 'clock' | 'sound' | 'printer' | 'storage' | 'roster' | 'journal' | 'prices';

/** One line of the list that is gone through before the first sale. */
export interface Check {
  readonly kind: CheckKind;
  readonly what: string;
  readonly is: 'good' | 'open' | 'bad';
  readonly says: string;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
/** The service takes nothing from a clock that is further off. */
const MOST_SKEW_MS = 300 * SECOND;
const WORTH_SAYING_MS = 60 * SECOND;

/** The clock against the service's. @param skewMs how far this device runs ahead, null where nobody could be asked */
export function clockCheck(skewMs: number | null): Check {
  const head = { kind: 'clock', what: '时钟' } as const;
  if (skewMs === null) return { ...head, is: 'open', says: '没有联网，暂时不能核对' };
  const off = Math.abs(skewMs);
  const says = `比服务器${skewMs > 0 ? '快' : '慢'} ${Math.round(off / SECOND)} 秒`;
  if (off >= MOST_SKEW_MS) return { ...head, is: 'bad', says: `${says}，请先校准本机时间` };
  return { ...head, is: off > WORTH_SAYING_MS ? 'open' : 'good', says: off < SECOND ? '与服务器一致' : says };
}

export function storageCheck(kept: boolean): Check {
  const head = { kind: 'storage', what: '本机存储' } as const;
  return kept ? { ...head, is: 'good', says: '浏览器保证长期保存' } : { ...head, is: 'bad', says: '浏览器不保证保存：断网时不能收款。请把本页安装到桌面后再试' };
}

/** Whether the journal on this device is whole, and how much of it is unsent. */
export function journalCheck(entries: readonly Entry[]): Check {
  const head = { kind: 'journal', what: '流水' } as const;
  const broken = firstBreak(entries);
  if (broken !== null) return { ...head, is: 'bad', says: `在第 ${broken} 号断开，请联系管理员` };
  const unsent = entries.filter((entry) => entry.fate.is === 'unsent').length;
  const last = entries.at(-1)?.number ?? 0;
  return unsent > 0 ? { ...head, is: 'open', says: `有 ${unsent} 笔等待上传，会自动补传` } : { ...head, is: 'good', says: last === 0 ? '还没有记录' : `连续到第 ${last} 号，全部已上传` };
}

/** How old the roster is, and for how long subsidies of offline sales are certain. */
export function rosterCheck({ asOf, standing, rows, trouble }: RosterView, now: number): Check {
  const head = { kind: 'roster', what: '名册' } as const;
  if (trouble !== undefined) return { ...head, is: 'bad', says: trouble };
  if (asOf === null) return { ...head, is: 'open', says: '本机还没有名册：断网时刷卡先按原价收' };
  const hours = Math.floor((now - asOf) / HOUR);
  const age = `${rows} 人，${hours < 1 ? '一小时内' : `${hours} 小时前`}的`;
  if (standing === 'guaranteed') return { ...head, is: 'good', says: age };
  return standing === 'review' ? { ...head, is: 'open', says: `${age}，断网收的要人核，请联网更新` } : { ...head, is: 'bad', says: '名册太旧，断网时只能按原价收，请联网更新' };
}

/** The price list at hand. @param list null where there is none */
export function pricesCheck(list: { readonly version: number; readonly at: number; readonly items: number } | null, now: number): Check {
  const head = { kind: 'prices', what: '价目表' } as const;
  if (list === null) return { ...head, is: 'bad', says: '本机还没有价目表，联网后才能开始' };
  return { ...head, is: chinaDate(list.at) === chinaDate(now) ? 'good' : 'open', says: `第 ${list.version} 版，${list.items} 种在售` };
}

/** What a person has to hear or see. `null`: nobody has said yet. */
export function soundCheck(heard: boolean | null): Check {
  const head = { kind: 'sound', what: '声音' } as const;
  if (heard === null) return { ...head, is: 'open', says: '按一下试听，站远一点也要听得清' };
  return heard ? { ...head, is: 'good', says: '听得清' } : { ...head, is: 'bad', says: '听不清：请在设置里调大音量，或检查喇叭' };
}

/** @param printed null where nobody has said yet */
export function printerCheck(hasPaper: boolean, printed: boolean | null): Check {
  const head = { kind: 'printer', what: '打印' } as const;
  if (!hasPaper) return { ...head, is: 'good', says: '本机不打小票（可在设置里选纸宽）' };
  if (printed === null) return { ...head, is: 'open', says: '打一张测试页，看汉字清不清楚' };
  return printed ? { ...head, is: 'good', says: '测试页清楚' } : { ...head, is: 'bad', says: '打不出来：不影响收款，请检查打印机' };
}

/** What a shift came to. Amounts in fen; meals that were taken back are left out. */
export interface ShiftFigures {
  readonly meals: number;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly cashFen: number;
  readonly codeFen: number;
  readonly balanceFen: number;
  /** Paid when the meals were booked: no money of this drawer. */
  readonly bookedFen: number;
}

/** Ids of sales that this till took back. */
export function takenBack(entries: readonly Entry[]): Set<string> {
  return new Set(entries.flatMap(({ about, fate }) => (about.kind === 'void' && fate.is === 'taken-back' ? [about.tapId] : [])));
}

const within = (entries: readonly Entry[], first: number, last: number): Entry[] => entries.filter(({ number }) => number >= first && number <= last);

/** A shift as this till has it in its journal, from the service's own answers. */
export function ownShift(entries: readonly Entry[], first: number, last: number): ShiftFigures {
  const back = takenBack(entries);
  const sold = within(entries, first, last).flatMap(({ id, about, fate }) =>
    about.kind === 'sale' && fate.is === 'accepted' && !back.has(id) ? [{ priceFen: fate.priceFen, selfPayFen: fate.selfPayFen, tender: about.tender, dueFen: dueOf(fate) }] : []);
  const paid = (tender?: Tender): number => sold.reduce((sum, sale) => sum + (tender === undefined || sale.tender === tender ? sale.selfPayFen : 0), 0);
  const dueFen = sold.reduce((sum, sale) => sum + (sale.tender === 'booked' ? sale.dueFen : 0), 0);
  return {
    meals: sold.length, priceFen: sold.reduce((sum, { priceFen }) => sum + priceFen, 0), selfPayFen: paid(),
    cashFen: paid('cash') + dueFen, codeFen: paid('code'), balanceFen: paid('balance'), bookedFen: paid('booked') - dueFen,
  };
}

/** Whether both say the same, to the fen. */
export function agree(own: ShiftFigures, served: ShiftFigures): boolean {
  return (Object.keys(own) as (keyof ShiftFigures)[]).every((figure) => own[figure] === served[figure]);
}

/** What is still to be given back to elders whose share was not known when they paid, in fen; only of one tender where one is given. What was due beside a booking's money is cash. */
export function owedFen(entries: readonly Entry[], first: number, last: number, tender?: Tender): number {
  const back = takenBack(entries);
  return within(entries, first, last)
    .filter(({ id, about, returned }) => about.kind === 'sale' && !returned && !back.has(id) && (tender === undefined || about.tender === tender || (tender === 'cash' && about.tender === 'booked')))
    .reduce((sum, entry) => sum + toReturnFen(entry.takenFen, entry.fate), 0);
}

/** What was counted in the drawer. */
export interface Count {
  readonly cashFen: number;
  readonly byDenomination: readonly Pieces[];
}

export type ReadCount = { readonly ok: true; readonly count: Count } | { readonly ok: false; readonly sentence: string };

/** A day in words, as a shift is called by: `12月3日`. */
export function dayWords(at: number): string {
  const [, month, day] = chinaDate(at).split('-');
  return `${Number(month)}月${Number(day)}日`;
}

/** A note or coin in words: `5000` gives `50 元`, `50` gives `5 角`. */
export function faceWords(fen: number): string {
  return fen >= 100 ? `${fen / 100} 元` : `${fen / 10} 角`;
}

/** What pieces written so far come to, in fen; whatever is no number counts as nothing. */
export function countSoFar(pieces: Readonly<Record<number, string>>): number {
  return countedFen(DENOMINATIONS.map((fen) => ({ fen, count: /^\d{1,4}$/.test((pieces[fen] ?? '').trim()) ? Number(pieces[fen]) : 0 })));
}

/**
 * Reads a blind count as somebody wrote it: pieces by face value in fen, and the total in yuan as a check, which may be
 * left empty. Every mistake is one sentence.
 */
export function readCount(pieces: Readonly<Record<number, string>>, total: string): ReadCount {
  const wrong = DENOMINATIONS.find((fen) => !/^\d{0,4}$/.test((pieces[fen] ?? '').trim()));
  if (wrong !== undefined) return { ok: false, sentence: `${faceWords(wrong)}写的不是张数，请写 0、1、2 这样的整数。` };
  const byDenomination = DENOMINATIONS.flatMap((fen) => {
    const count = Number((pieces[fen] ?? '').trim());
    return count > 0 ? [{ fen, count }] : [];
  });
  const cashFen = countedFen(byDenomination);
  if (total.trim() !== '') {
    const said = yuanToFen(total);
    if (said === null) return { ok: false, sentence: '合计请写成 123.50 这样的数，最多两位小数，不要写字母。' };
    if (said !== cashFen) return { ok: false, sentence: `各面额加起来是 ${yuanText(cashFen)} 元，合计写的是 ${yuanText(said)} 元，请再点一遍。` };
  }
  return areDenominations(byDenomination) ? { ok: true, count: { cashFen, byDenomination } } : { ok: false, sentence: '面额写错，请再点一遍。' };
}
