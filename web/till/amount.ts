import { fen, yuanText as text } from '../../src/kernel/fen.js';

/** An amount on tiles and bills: `1250` gives `12.50`, `1200` gives `12`. */
export function yuanText(amount: number): string {
  return text(fen(amount)).replace(/\.00$/, '');
}
