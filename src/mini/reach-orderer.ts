import { done, today, type Clock, type Outcome } from '../kernel/index.js';
import { reachAll, type KinReach } from '../family/index.js';
import type { MiniActor, Tx } from '../platform/index.js';

/**
 * Whether an account may look at what meals would cost an elder: who may see their meals, and who may order for them.
 * @returns whether the account may know which meals were eaten; `not-found`, `consent-missing`
 */
export async function reachOrderer(tx: Tx, clock: Clock, actor: MiniActor, elderId: string): Promise<Outcome<{ readonly knowsMeals: boolean }>> {
  const [may] = (await reachAll(tx, actor.cityCode, [{ accountId: actor.accountId, elderId }], today(clock))) as [KinReach];
  if (may('meals').ok) return done({ knowsMeals: true });
  const orders = may('ordering');
  return orders.ok ? done({ knowsMeals: false }) : orders;
}
