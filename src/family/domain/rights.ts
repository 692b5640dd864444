import type { CivilDate } from '../../kernel/index.js';
import { CONSENT_SCOPES, type ConsentScope } from '../../elder/domain/index.js';

/** What an elder may let a relative do: see the meals, order them, pay for them. Each stands alone. */
export const KIN_RIGHTS = ['meals', 'ordering', 'paying'] as const satisfies readonly ConsentScope[];
export type KinRight = (typeof KIN_RIGHTS)[number];

/** How an account stands to an elder: the elder's own, or a relative's with the consent that speaks now. */
export type Standing =
  | { readonly isSelf: true }
  | { readonly isSelf: false; readonly scopes: readonly ConsentScope[]; readonly until: CivilDate | null; readonly contactHolds: boolean };

/** The rights of an account on a day. An elder has all; a relative those consented to, until their last day, as long as the elder counts them a contact. */
export function rightsOf(standing: Standing, on: CivilDate): KinRight[] {
  if (standing.isSelf) return [...KIN_RIGHTS];
  const { scopes, until, contactHolds } = standing;
  if (!contactHolds || until === null || on > until) return [];
  return KIN_RIGHTS.filter((right) => scopes.includes(right));
}

/** The scopes of a consent that concern relatives. */
export function isKinRight(scope: string): scope is KinRight {
  return CONSENT_SCOPES.some((known) => known === scope) && KIN_RIGHTS.some((right) => right === scope);
}
