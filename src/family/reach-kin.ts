import { done, refuse, type CivilDate, type Outcome } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import type { MiniActor, Tx } from '../platform/index.js';
import { rightsOf, type KinRight } from './domain/index.js';
import { boundOfAccount, boundOfElder, standingOf } from './kin.store.js';

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
