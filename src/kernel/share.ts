import { fen, type Fen } from './fen.js';
import { invariant } from './invariant.js';

/**
 * Divides an amount by weights so that the parts add up to the amount exactly.
 * The fen left over by rounding go one by one to the largest remainders; equal remainders go by position.
 * A negative amount is divided as its mirror image. With all weights zero the first part takes the whole.
 * @param amount what is divided, in fen
 * @param weights whole numbers of 0 or more, at least one of them
 * @throws InvariantBroken for no weights, or a weight that is negative or not whole
 */
export function share(amount: Fen, weights: readonly number[]): Fen[] {
  invariant(weights.length > 0, 'share needs at least one weight');
  for (const weight of weights) invariant(Number.isSafeInteger(weight) && weight >= 0, `not a weight: ${weight}`);
  if (amount < 0) return share(fen(-amount), weights).map((part) => fen(-part));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (whole > 0 && Number.isSafeInteger(amount * whole)) return shareSmall(amount, weights, whole);
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (total === 0n) return weights.map((_, index) => fen(index === 0 ? amount : 0));
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = exact.map((value) => Number(value / total));
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  let left = amount - parts.reduce((sum, part) => sum + part, 0);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    parts[index] = (parts[index] as number) + 1;
    left -= 1;
  }
  return parts.map(fen);
}

/** The same without big integers, where no product leaves the safe numbers: every meal is divided here. */
function shareSmall(amount: Fen, weights: readonly number[], whole: number): Fen[] {
  const parts = weights.map((weight) => Math.floor((amount * weight) / whole));
  let left = amount - parts.reduce((sum, part) => sum + part, 0);
  if (left > 0) {
    const rest = weights.map((weight) => (amount * weight) % whole);
    const order = weights.map((_, index) => index).sort((a, b) => (rest[b] as number) - (rest[a] as number) || a - b);
    for (const index of order) {
      if (left === 0) break;
      parts[index] = (parts[index] as number) + 1;
      left -= 1;
    }
  }
  return parts.map(fen);
}
