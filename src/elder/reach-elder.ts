import { done, refuse, type Outcome } from '../kernel/index.js';
import type { StaffActor, Tx } from '../platform/index.js';
import { inScope } from '../access/index.js';
import { lockElder, type LockedElder } from './elder.store.js';

/** Whether an elder is an actor's to see: residence or hukou lies in the actor's scope. */
export async function mayReach(tx: Tx, actor: StaffActor, elder: Pick<LockedElder, 'hukouCode' | 'residenceCode'>): Promise<boolean> {
  for (const code of new Set([elder.residenceCode, elder.hukouCode])) {
    if (code !== null && (await inScope(tx, actor, code))) return true;
  }
  return false;
}

/**
 * Locks an elder for a change by staff.
 * @returns `not-found` or `outside-scope`
 */
export async function reachElder(tx: Tx, actor: StaffActor, elderId: string): Promise<Outcome<LockedElder>> {
  const elder = await lockElder(tx, actor.cityCode, elderId);
  if (!elder) return refuse('not-found');
  return (await mayReach(tx, actor, elder)) ? done(elder) : refuse('outside-scope');
}
