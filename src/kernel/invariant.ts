/** A promise of the program that was broken: a defect, never a user's mistake. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/**
 * States what must be true at this point.
 * @throws InvariantBroken with `message` when it is not; the caller's transaction is then rolled back.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantBroken(message);
}
