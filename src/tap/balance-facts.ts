import { chinaDate, NO_FEN, type Clock } from '../kernel/index.js';
import { offeredDays, readBalances, spendBalances } from '../payment/index.js';
import type { Tx } from '../platform/index.js';
import type { Tap, TapFacts } from './domain/index.js';
import type { SavedTap } from './save-taps.store.js';

/**
 * Adds to the facts of taps that are to be paid from a balance what it holds. The elders are locked by the caller, and
 * nobody changes a balance without that lock. Two statements for a batch with such a tap, none for any other.
 */
export async function withBalances(tx: Tx, cityCode: string, taps: readonly Tap[], facts: readonly TapFacts[]): Promise<readonly TapFacts[]> {
  const asking = taps.flatMap((tap, index) => (tap.tender === 'balance' ? [{ date: chinaDate(tap.deviceTime), elderId: facts[index]?.holder?.elderId }] : []));
  if (asking.length === 0) return facts;
  const [offered, balances] = await Promise.all([
    offeredDays(tx, cityCode, [...new Set(asking.map(({ date }) => date))]), readBalances(tx, cityCode, [...new Set(asking.flatMap(({ elderId }) => elderId ?? []))])]);
  return facts.map((one, index) => {
    const tap = taps[index];
    if (tap?.tender !== 'balance' || !offered.has(chinaDate(tap.deviceTime))) return one;
    return { ...one, balanceFen: (one.holder === null ? undefined : balances.get(one.holder.elderId)) ?? NO_FEN };
  });
}

/** Takes own shares from balances: the last of a batch's locks, and no statement where nothing is taken. */
export async function takeFromBalances(tx: Tx, clock: Clock, cityCode: string, saved: readonly SavedTap[]): Promise<void> {
  await spendBalances(tx, clock, cityCode, saved.flatMap(({ tap, plan }) => {
    if (tap.tender !== 'balance' || plan.kind !== 'accepted' || plan.elderId === null || plan.selfPayFen === 0) return [];
    return [{ tapId: tap.tapId, elderId: plan.elderId, siteId: tap.siteId, fen: plan.selfPayFen, by: `terminal:${tap.terminalId}` }];
  }));
}
