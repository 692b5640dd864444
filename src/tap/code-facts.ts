import { today, type Clock } from '../kernel/index.js';
import { reachAll } from '../family/index.js';
import type { Tx } from '../platform/index.js';
import { ownersOfClaims, readCodeUses, useCodes } from './code-use.store.js';
import { claimsBeside, type Tap, type TapFacts } from './domain/index.js';
import type { SavedTap } from './save-taps.store.js';

/**
 * Adds to the facts of taps by an elder's code which codes are used up, and which are not theirs any more. The elders are
 * locked by the caller, and a code is one elder's: of two tills that send one at once the second sees what the first has
 * used, and a consent that was withdrawn counts. No statement for a batch without such a tap.
 */
export async function withCodes(tx: Tx, clock: Clock, cityCode: string, taps: readonly Tap[], facts: readonly TapFacts[]): Promise<readonly TapFacts[]> {
  const claims = taps.flatMap(({ code }) => (code === undefined ? [] : claimsBeside(code)));
  if (claims.length === 0) return facts;
  const online = taps.flatMap(({ code, offline }) => (code === undefined || offline ? [] : [code]));
  const [codesUsed, codesEnded] = await Promise.all([readCodeUses(tx, cityCode, [...new Set(claims)]), endedAmong(tx, clock, cityCode, [...new Set(online)])]);
  return facts.map((one, index) => (taps[index]?.code === undefined ? one : { ...one, codesUsed, codesEnded }));
}

/** Codes whose session has ended, or whose holder may not order for the elder any more; those on paper whose loss was reported. */
async function endedAmong(tx: Tx, clock: Clock, cityCode: string, claims: readonly string[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const owners = await ownersOfClaims(tx, cityCode, claims, clock.now());
  const held = owners.flatMap(({ accountId, ...owner }) => (accountId === null ? [] : [{ ...owner, accountId }]));
  const reaches = held.length === 0 ? [] : await reachAll(tx, cityCode, held, today(clock));
  const may = new Set(held.filter((_, place) => reaches[place]?.('ordering').ok).map(({ claim }) => claim));
  return new Set(owners.filter(({ claim, accountId, stands }) => !stands || (accountId !== null && !may.has(claim))).map(({ claim }) => claim));
}

/** Uses up the codes of sales that stand for their elders; no statement where there is none. */
export async function takeCodes(tx: Tx, clock: Clock, cityCode: string, saved: readonly SavedTap[]): Promise<void> {
  await useCodes(tx, cityCode, saved.flatMap(({ tap, plan }) => (
    tap.code === undefined || plan.kind !== 'accepted' || plan.elderId === null ? [] : [{ claim: tap.code, tapId: tap.tapId, elderId: plan.elderId }])), clock.now());
}
