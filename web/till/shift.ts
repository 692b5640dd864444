import { chinaDate } from '../../src/kernel/civil-date.js';
import type { components } from '../lib/api.gen.js';
import { firstBreak, type Tender, type Entry as Kept } from './journal/entry.js';
import { toReturnFen } from './journal/fate.js';

/** What the figures need of an entry: never its body. */
type Entry = Omit<Kept, 'sealed'>;

export type MealLine = components['schemas']['MealLineDto'];

/** One line of the list that is gone through before the first sale. */
export interface Check {
  readonly what: string;
  readonly is: 'good' | 'open' | 'bad';
  readonly says: string;
}

const SECOND = 1_000;
/** The service takes nothing from a clock that is further off. */
const MOST_SKEW_MS = 300 * SECOND;
const WORTH_SAYING_MS = 60 * SECOND;

/** The clock against the service's. @param skewMs how far this device runs ahead, null where nobody could be asked */
export function clockCheck(skewMs: number | null): Check {
  const what = '时钟';
  if (skewMs === null) return { what, is: 'open', says: '没有联网，暂时不能核对' };
  const off = Math.abs(skewMs);
  const says = `比服务器${skewMs > 0 ? '快' : '慢'} ${Math.round(off / SECOND)} 秒`;
  if (off >= MOST_SKEW_MS) return { what, is: 'bad', says: `${says}，请先校准本机时间` };
  return { what, is: off > WORTH_SAYING_MS ? 'open' : 'good', says: off < SECOND ? '与服务器一致' : says };
}

export function storageCheck(kept: boolean): Check {
  return kept
    ? { what: '本机存储', is: 'good', says: '浏览器保证长期保存' }
    : { what: '本机存储', is: 'bad', says: '浏览器不保证保存：断网时不能收款。请把本页安装到桌面后再试' };
}

/** Whether the journal on this device is whole, and how much of it is unsent. */
export function journalCheck(entries: readonly Entry[]): Check {
  const broken = firstBreak(entries);
  if (broken !== null) return { what: '流水', is: 'bad', says: `在第 ${broken} 号断开，请联系管理员` };
  const unsent = entries.filter((entry) => entry.fate.is === 'unsent').length;
  const last = entries.at(-1)?.number ?? 0;
  return unsent > 0 ? { what: '流水', is: 'open', says: `有 ${unsent} 笔等待上传，会自动补传` } : { what: '流水', is: 'good', says: last === 0 ? '还没有记录' : `连续到第 ${last} 号，全部已上传` };
}

/** What a day came to. Amounts in fen; meals that were taken back are left out. */
export interface DayFigures {
  readonly meals: number;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly byTender: Readonly<Record<Tender, number>>;
}

interface Sold {
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly tender: string;
}

function figuresOf(meals: readonly Sold[]): DayFigures {
  const sum = (of: (meal: Sold) => number): number => meals.reduce((total, meal) => total + of(meal), 0);
  const paidBy = (tender: Tender): number => sum((meal) => (meal.tender === tender ? meal.selfPayFen : 0));
  return { meals: meals.length, priceFen: sum((meal) => meal.priceFen), selfPayFen: sum((meal) => meal.selfPayFen), byTender: { cash: paidBy('cash'), code: paidBy('code') } };
}

/** Ids of sales that this till took back. */
export function takenBack(entries: readonly Entry[]): Set<string> {
  return new Set(entries.flatMap(({ about, fate }) => (about.kind === 'void' && fate.is === 'taken-back' ? [about.tapId] : [])));
}

const onDay = (entries: readonly Entry[], date: string): Entry[] => entries.filter((entry) => chinaDate(entry.madeAt) === date);

/** The day as this till has it in its journal, from the service's own answers. */
export function ownDay(entries: readonly Entry[], date: string): DayFigures {
  const back = takenBack(entries);
  return figuresOf(onDay(entries, date).flatMap(({ id, about, fate }) =>
    about.kind === 'sale' && fate.is === 'accepted' && !back.has(id) ? [{ priceFen: fate.priceFen, selfPayFen: fate.selfPayFen, tender: about.tender }] : []));
}

/** The day as the service has it, as far as this till's sales go. */
export function servedDay(lines: readonly MealLine[], entries: readonly Entry[]): DayFigures {
  const own = new Set(entries.map((entry) => entry.id));
  return figuresOf(lines.filter((line) => own.has(line.tapId) && line.outcome === 'accepted' && !line.voided));
}

/** Whether both say the same, to the fen. */
export function agree(own: DayFigures, served: DayFigures): boolean {
  return own.meals === served.meals && own.priceFen === served.priceFen && own.selfPayFen === served.selfPayFen
    && own.byTender.cash === served.byTender.cash && own.byTender.code === served.byTender.code;
}

/** What is still to be given back to elders whose share was not known when they paid, in fen; only of one tender where one is given. */
export function owedFen(entries: readonly Entry[], date: string, tender?: Tender): number {
  const back = takenBack(entries);
  return onDay(entries, date)
    .filter(({ id, about, returned }) => about.kind === 'sale' && !returned && !back.has(id) && (tender === undefined || about.tender === tender))
    .reduce((sum, entry) => sum + toReturnFen(entry.takenFen, entry.fate), 0);
}
