import { addDays, weekday, type CivilDate } from './civil-date.js';

const WEEKDAYS = '一二三四五六日';

/** A day as elders say it: `10月18日 星期日`; today and its neighbours by name. */
export function dayWords(date: CivilDate, today: CivilDate | null = null): string {
  const near = today === null ? '' : date === today ? ' 今天' : date === addDays(today, 1) ? ' 明天' : date === addDays(today, -1) ? ' 昨天' : '';
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日 星期${WEEKDAYS[weekday(date) - 1] ?? ''}${near}`;
}

/** Minutes since midnight as a clock shows them: `690` gives `11:30`. */
export function clockWords(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}
