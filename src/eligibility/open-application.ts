import { done, invariant, refuse, type Outcome } from '../kernel/index.js';
import type { StaffActor, Tx } from '../platform/index.js';
import { reachElder, type LockedElder } from '../elder/index.js';
import { readApplication, stepsOf, type ApplicationRow, type KeptStep } from './application.store.js';
import { moveApplication, rolesOf, type ApplicationMove, type ApplicationState } from './domain/index.js';

/** An application that is locked for a step, with its elder and the steps before. */
export interface OpenApplication {
  readonly application: ApplicationRow;
  readonly elder: LockedElder;
  readonly steps: readonly KeptStep[];
  readonly next: ApplicationState;
}

/**
 * Locks an application's elder and decides whether somebody may take a step of it.
 * @returns `not-found`, `outside-scope`, `application-move-wrong`, `application-role-wrong`
 */
export async function openApplication(tx: Tx, actor: StaffActor, applicationId: string, move: ApplicationMove): Promise<Outcome<OpenApplication>> {
  const found = await readApplication(tx, actor.cityCode, applicationId);
  if (!found) return refuse('not-found');
  const elder = await reachElder(tx, actor, found.elderId);
  if (!elder.ok) return elder;
  const application = await readApplication(tx, actor.cityCode, applicationId);
  invariant(application, 'an application stays');
  const next = moveApplication(application.state, move);
  if (!next.ok) return next;
  const roles = rolesOf(move, application.state, application.level);
  if (!actor.roles.some((role) => roles.includes(role))) return refuse('application-role-wrong');
  return done({ application, elder: elder.value, steps: await stepsOf(tx, actor.cityCode, applicationId), next: next.value });
}

/** Who took the last step of one of these kinds; undefined where nobody did. */
export function lastBy(steps: readonly KeptStep[], moves: readonly KeptStep['move'][]): string | undefined {
  return steps.findLast((step) => moves.includes(step.move))?.recordedBy;
}

/** `same-person-twice` when somebody already took one of these steps. */
export function checkOtherPerson(by: string, steps: readonly KeptStep[], moves: readonly KeptStep['move'][]): ReturnType<typeof refuse> | null {
  return steps.some((step) => moves.includes(step.move) && step.recordedBy === by) ? refuse('same-person-twice') : null;
}
