import { done, refuse, type Outcome } from '../kernel/index.js';
import type { StaffActor, Tx } from '../platform/index.js';
import { inScope } from '../access/index.js';
import { pathsOf } from '../region/index.js';
import { lockElder, type LockedElder } from './elder.store.js';

/**
 * Whether an elder is an actor's to see: residence or hukou lies in the actor's scope. One who has left the city stays
 * with those who had them last, or nobody could end what they were entitled to.
 */
export async function mayReach(tx: Tx, actor: StaffActor, elder: Pick<LockedElder, 'hukouCode' | 'residenceCode' | 'homes'>): Promise<boolean> {
  const now = [...new Set([elder.residenceCode, elder.hukouCode])].filter((code) => code !== null);
  if (await anyInScope(tx, actor, now)) return true;
  if (elder.homes === null || (await pathsOf(tx, actor.cityCode, now)).size > 0) return false;
  return anyInScope(tx, actor, [...new Set(elder.homes.map((home) => home.code))].filter((code) => code !== null));
}

async function anyInScope(tx: Tx, actor: StaffActor, codes: readonly string[]): Promise<boolean> {
  for (const code of codes) if (await inScope(tx, actor, code)) return true;
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
