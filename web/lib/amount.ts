import { fen, yuanText as text } from '../../src/kernel/fen.js';

/** An amount on tiles and bills: `1250` gives `12.50`, `1200` gives `12`. */
export function yuanText(amount: number): string {
  return text(fen(amount)).replace(/\.00$/, '');
}

/** Reads an amount of yuan as somebody types it: at most two decimals. @returns fen, or null */
export function yuanToFen(text: string): number | null {
  const match = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim());
  return match === null ? null : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}
