import { invariant } from './invariant.js';

declare const fenBrand: unique symbol;

/** Money: a whole number of fen (分, a hundredth of a yuan). Never a fraction, never beyond 2^53. */
export type Fen = number & { readonly [fenBrand]: 'Fen' };

/**
 * Takes a plain number for fen.
 * @throws InvariantBroken when it is no whole, safe number.
 */
export function fen(value: number): Fen {
  // Asked first, so that the message is only put together where it is needed.
  if (!Number.isSafeInteger(value)) invariant(false, `not a whole number of fen: ${value}`);
  return (value === 0 ? 0 : value) as Fen;
}

export const NO_FEN = fen(0);

/** Adds amounts; the sum is guarded as each amount is. */
export function sumFen(amounts: Iterable<Fen>): Fen {
  let total = 0;
  for (const amount of amounts) total += amount;
  return fen(total);
}

/** `a - b`, guarded. */
export function minusFen(a: Fen, b: Fen): Fen {
  return fen(a - b);
}

/** `price * quantity` for a whole quantity, guarded. */
export function timesFen(price: Fen, quantity: number): Fen {
  invariant(Number.isSafeInteger(quantity), `not a whole quantity: ${quantity}`);
  return fen(price * quantity);
}

/** The smaller of two amounts. */
export function minFen(a: Fen, b: Fen): Fen {
  return a < b ? a : b;
}

/** Writes fen as yuan with two decimals and a point, without a sign of currency: `1250` gives `12.50`. */
export function yuanText(amount: Fen): string {
  const whole = Math.trunc(Math.abs(amount) / 100);
  const rest = String(Math.abs(amount) % 100).padStart(2, '0');
  return `${amount < 0 ? '-' : ''}${whole}.${rest}`;
}

/** Yuan as they are spoken, without needless zeros: 1250 is 12.5, 1200 is 12. */
export function spokenYuan(amount: Fen): string {
  return yuanText(amount).replace(/\.?0+$/, '');
}
