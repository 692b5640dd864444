import { done, refuse, type CivilDate, type Outcome } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import type { MiniActor, Tx } from '../platform/index.js';
import { rightsOf, type KinRight } from './domain/index.js';
import { boundOfAccount, boundOfElder, boundPairs, standingOf } from './kin.store.js';

/**
 * Whether an account may see or do something for an elder on a day, asked anew at every request.
 * @param lock takes the elder's lock first, so that a consent which is withdrawn at this moment is seen
 * @returns `not-found` for whoever is not bound, whether the elder exists or not; `consent-missing` for a relative
 *   without that right
 */
export async function reachKin(tx: Tx, actor: Pick<MiniActor, 'cityCode' | 'accountId'>, elderId: string, right: KinRight, on: CivilDate, lock?: 'lock'): Promise<Outcome<{ elderId: string; isSelf: boolean }>> {
  if (lock !== undefined) await lockElder(tx, actor.cityCode, elderId);
  const [row] = await boundOfAccount(tx, actor.cityCode, actor.accountId, elderId);
  if (row === undefined) return refuse('not-found');
  const standing = standingOf(row);
  return rightsOf(standing, on).includes(right) ? done({ elderId, isSelf: standing.isSelf }) : refuse('consent-missing');
}

/** Of some accounts and elders the pairs of which the account has a right for the elder on a day: what `reachKin` says of each, in one statement. */
export async function mayFor<Pair extends { readonly accountId: string; readonly elderId: string }>(tx: Tx, cityCode: string, pairs: readonly Pair[], right: KinRight, on: CivilDate): Promise<Pair[]> {
  const rows = await boundPairs(tx, cityCode, pairs.map(({ accountId }) => accountId), pairs.map(({ elderId }) => elderId));
  const may = new Set(rows.filter((row) => rightsOf(standingOf(row), on).includes(right)).map(({ accountId, elderId }) => `${accountId} ${elderId}`));
  return pairs.filter(({ accountId, elderId }) => may.has(`${accountId} ${elderId}`));
}

/**
 * Whether an account is the elder's own: for what no relative may ever do.
 * @returns `not-found` for whoever is not bound, `elder-alone` for a relative
 */
export async function reachSelf(tx: Tx, actor: MiniActor, elderId: string, lock?: 'lock'): Promise<Outcome<{ elderId: string }>> {
  if (lock !== undefined) await lockElder(tx, actor.cityCode, elderId);
  const [row] = await boundOfAccount(tx, actor.cityCode, actor.accountId, elderId);
  if (row === undefined) return refuse('not-found');
  return row.contactId === null ? done({ elderId }) : refuse('elder-alone');
}

/** The accounts that are told of an elder's meals: the elder's own, and relatives who may see them on this day. */
export async function accountsToTell(tx: Tx, cityCode: string, elderId: string, on: CivilDate): Promise<{ accountId: string; isSelf: boolean }[]> {
  const rows = await boundOfElder(tx, cityCode, elderId);
  return rows.filter((row) => rightsOf(standingOf(row), on).includes('meals')).map((row) => ({ accountId: row.accountId, isSelf: row.contactId === null }));
}
