import { done, today, type Clock, type Outcome } from '../kernel/index.js';
import { reachKin } from '../family/index.js';
import type { MiniActor, Tx } from '../platform/index.js';

/**
 * Whether an account may look at what meals would cost an elder: who may see their meals, and who may order for them.
 * @returns whether the account may know which meals were eaten; `not-found`, `consent-missing`
 */
export async function reachOrderer(tx: Tx, clock: Clock, actor: MiniActor, elderId: string): Promise<Outcome<{ readonly knowsMeals: boolean }>> {
  const seen = await reachKin(tx, actor, elderId, 'meals', today(clock));
  if (seen.ok) return done({ knowsMeals: true });
  const orders = await reachKin(tx, actor, elderId, 'ordering', today(clock));
  return orders.ok ? done({ knowsMeals: false }) : orders;
}
