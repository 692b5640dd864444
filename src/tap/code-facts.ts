import type { Clock } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { readCodeUses, useCodes } from './code-use.store.js';
import { claimsBeside, type Tap, type TapFacts } from './domain/index.js';
import type { SavedTap } from './save-taps.store.js';

/**
 * Adds to the facts of taps by an elder's code which codes are used up. The elders are locked by the caller, and a code is
 * one elder's: of two tills that send one at once the second sees what the first has used. One statement for a batch with
 * such a tap, none for any other.
 */
export async function withCodes(tx: Tx, cityCode: string, taps: readonly Tap[], facts: readonly TapFacts[]): Promise<readonly TapFacts[]> {
  const claims = taps.flatMap(({ code }) => (code === undefined ? [] : claimsBeside(code)));
  if (claims.length === 0) return facts;
  const codesUsed = await readCodeUses(tx, cityCode, [...new Set(claims)]);
  return facts.map((one, index) => (taps[index]?.code === undefined ? one : { ...one, codesUsed }));
}

/** Uses up the codes of sales that stand for their elders; no statement where there is none. */
export async function takeCodes(tx: Tx, clock: Clock, cityCode: string, saved: readonly SavedTap[]): Promise<void> {
  await useCodes(tx, cityCode, saved.flatMap(({ tap, plan }) => (
    tap.code === undefined || plan.kind !== 'accepted' || plan.elderId === null ? [] : [{ claim: tap.code, tapId: tap.tapId, elderId: plan.elderId }])), clock.now());
}
