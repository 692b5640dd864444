import { chinaDate, chinaMinute, civilDate, type CivilDate } from '../../../src/kernel/civil-date.js';
import { clockWords, dayWords as dayOf } from '../../../src/kernel/day-words.js';
import { PERIOD_WORDS } from '../../lib/words.js';

export { clockWords } from '../../../src/kernel/day-words.js';
export { dateWords, monthWords } from '../../lib/words.js';

export const PERIODS = ['breakfast', 'lunch', 'dinner'] as const;
export type Period = (typeof PERIODS)[number];
const WAY_WORDS: Readonly<Record<string, string>> = { dineIn: '在食堂吃', collect: '自己来取', deliver: '送到家' };

export const periodWords = (period: string): string => (PERIOD_WORDS as Readonly<Record<string, string>>)[period] ?? period;
export const wayWords = (way: string): string => WAY_WORDS[way] ?? way;

/** An amount as people say it: `700` gives `7元`, `750` gives `7.5元`. */
export function yuan(fen: number): string {
  const rest = Math.abs(fen) % 100;
  const cents = rest === 0 ? '' : `.${String(rest).padStart(2, '0').replace(/0$/, '')}`;
  return `${fen < 0 ? '-' : ''}${Math.trunc(Math.abs(fen) / 100)}${cents}元`;
}

/** A day as people say it: `10月18日 星期日 今天`. */
export const dayWords = (date: string, today: string): string => dayOf(civilDate(date), civilDate(today));

export function todayOf(now: number): CivilDate {
  return chinaDate(now);
}

/** A moment: `11月23日 11:42`. */
export function momentWords(moment: string): string {
  const at = Date.parse(moment);
  const date = chinaDate(at);
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日 ${clockWords(chinaMinute(at))}`;
}
