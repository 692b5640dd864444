// The pages' door to the kernel: the same money and dates as on the server, pure and small.
import { fen, yuanText } from '../../src/kernel/fen.js';

export { addDays, daysBetween, isCivilDate, type CivilDate } from '../../src/kernel/civil-date.js';

const grouped = new Intl.NumberFormat('zh-CN');

/** A whole number with its thousands apart: `212000` gives `212,000`. */
export function countText(value: number): string {
  return grouped.format(value);
}

/** An amount for people: `123450` gives `1,234.50 元`. */
export function yuanWords(amount: number): string {
  const [whole = '0', cents = '00'] = yuanText(fen(amount)).split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  return `${sign}${grouped.format(Number(whole.replace('-', '')))}.${cents} 元`;
}

/** An amount at a glance, in 万元 from ten thousand yuan on: `7315000` gives `7.32 万元`. The table beside it has the fen. */
export function yuanAtAGlance(amount: number): string {
  return Math.abs(amount) < 1_000_000 ? yuanWords(amount) : `${(amount / 1_000_000).toFixed(2)} 万元`;
}
