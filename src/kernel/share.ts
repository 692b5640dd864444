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
  let whole = 0;
  for (const weight of weights) {
    if (!Number.isSafeInteger(weight) || weight < 0) invariant(false, `not a weight: ${weight}`);
    whole += weight;
  }
  if (amount < 0) return share(fen(-amount), weights).map((part) => fen(-part));
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
  const parts: number[] = [];
  let left: number = amount;
  for (const weight of weights) {
    const part = Math.floor((amount * weight) / whole);
    parts.push(part);
    left -= part;
  }
  if (left > 0) {
    const rest = weights.map((weight) => (amount * weight) % whole);
    for (; left > 0; left -= 1) {
      let largest = 0;
      for (let index = 1; index < rest.length; index += 1) if ((rest[index] as number) > (rest[largest] as number)) largest = index;
      parts[largest] = (parts[largest] as number) + 1;
      rest[largest] = -1;
    }
  }
  return parts as Fen[];
}
