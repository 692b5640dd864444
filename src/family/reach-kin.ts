import { done, refuse, type CivilDate, type Outcome } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import type { MiniActor, Tx } from '../platform/index.js';
import { rightsOf, type KinRight } from './domain/index.js';
import { boundOfElder, boundPairs, standingOf, type KinRow } from './kin.store.js';

/** An account, and the elder that it asks about. */
export interface KinPair {
  readonly accountId: string;
  readonly elderId: string;
}

/** An elder whom an account reaches. */
export interface Reached {
  readonly elderId: string;
  readonly isSelf: boolean;
}

/** What an account may do for an elder: each right is asked by itself. @returns as `reachKin` does */
export type KinReach = (right: KinRight) => Outcome<Reached>;

/**
 * Whether an account may see or do something for an elder on a day, asked anew at every request.
 * @param lock takes the elder's lock first, so that a consent which is withdrawn at this moment is seen
 * @returns `not-found` for whoever is not bound, whether the elder exists or not; `consent-missing` for a relative
 *   without that right
 */
export async function reachKin(tx: Tx, actor: Pick<MiniActor, 'cityCode' | 'accountId'>, elderId: string, right: KinRight, on: CivilDate, lock?: 'lock'): Promise<Outcome<Reached>> {
  if (lock !== undefined) await lockElder(tx, actor.cityCode, elderId);
  const [reach] = await reachAll(tx, actor.cityCode, [{ accountId: actor.accountId, elderId }], on);
  return reach === undefined ? refuse('not-found') : reach(right);
}

/** The same for many at once, in their order; whoever needs a lock has taken it. */
export async function reachAll(tx: Tx, cityCode: string, pairs: readonly KinPair[], on: CivilDate): Promise<KinReach[]> {
  const keyOf = ({ accountId, elderId }: KinPair): string => `${accountId} ${elderId}`;
  const rows = new Map<string, KinRow>();
  // An account that is the elder's own comes first.
  for (const row of await boundPairs(tx, cityCode, pairs)) if (!rows.has(keyOf(row))) rows.set(keyOf(row), row);
  return pairs.map((pair) => (right) => {
    const row = rows.get(keyOf(pair));
    if (row === undefined) return refuse('not-found');
    const standing = standingOf(row);
    return rightsOf(standing, on).includes(right) ? done({ elderId: pair.elderId, isSelf: standing.isSelf }) : refuse('consent-missing');
  });
}

/**
 * Whether an account is the elder's own: for what no relative may ever do.
 * @returns `not-found` for whoever is not bound, `elder-alone` for a relative
 */
export async function reachSelf(tx: Tx, actor: MiniActor, elderId: string, lock?: 'lock'): Promise<Outcome<{ elderId: string }>> {
  if (lock !== undefined) await lockElder(tx, actor.cityCode, elderId);
  const [row] = await boundPairs(tx, actor.cityCode, [{ accountId: actor.accountId, elderId }]);
  if (row === undefined) return refuse('not-found');
  return row.contactId === null ? done({ elderId }) : refuse('elder-alone');
}

/** The accounts that are told of an elder's meals: the elder's own, and relatives who may see them on this day. */
export async function accountsToTell(tx: Tx, cityCode: string, elderId: string, on: CivilDate): Promise<{ accountId: string; isSelf: boolean }[]> {
  const rows = await boundOfElder(tx, cityCode, elderId);
  return rows.filter((row) => rightsOf(standingOf(row), on).includes('meals')).map((row) => ({ accountId: row.accountId, isSelf: row.contactId === null }));
}
