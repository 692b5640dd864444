import { siteInScope } from '../access/index.js';
import { done, refuse, type Outcome } from '../kernel/index.js';
import type { StaffActor, Tx } from '../platform/index.js';
import type { ApprovalStep } from '../region/domain/index.js';
import { isMaker, stepDue, type ChainStep } from './domain/index.js';
import { saysOf, type ClaimRow } from './claim.store.js';

/** Whether an actor may see claims: staff of a site only its own, everybody else by division. */
export async function claimsInScope(tx: Tx, actor: StaffActor, claims: readonly ClaimRow[]): Promise<boolean> {
  const places = new Map(claims.map((claim) => [actor.siteId === null ? claim.divisionCode : claim.siteId, claim]));
  for (const claim of places.values()) if (!(await siteInScope(tx, actor, claim.siteId, claim.divisionCode))) return false;
  return true;
}

/** The step that locked claims wait for, when it is this actor's to take by role and by what they did before. */
export async function stepFor(tx: Tx, actor: StaffActor, chain: readonly ApprovalStep[], claims: readonly ClaimRow[], asked: ChainStep | null): Promise<Outcome<ChainStep>> {
  if (!(await claimsInScope(tx, actor, claims))) return refuse('outside-scope');
  let step: ChainStep | undefined;
  for (const claim of claims) {
    const due = stepDue(chain, claim.state);
    if (due === undefined || (asked ?? step ?? due.step) !== due.step) return refuse('claim-state', { state: claim.state, claimNumber: claim.claimNumber });
    if (!actor.roles.includes(due.role)) return refuse('not-allowed');
    step = due.step;
  }
  if (step === undefined) return refuse('not-found');
  return (await madeBefore(tx, actor, claims, step)) ? refuse('maker-is-checker') : done(step);
}

/** Whether this person had a say in another step of one of the claims. */
export async function madeBefore(tx: Tx, actor: StaffActor, claims: readonly ClaimRow[], step: ChainStep): Promise<boolean> {
  return isMaker(await saysOf(tx, actor.cityCode, claims.map((claim) => claim.claimId), actor.staffId), actor.staffId, step);
}
