import type { CivilDate } from '../../kernel/index.js';

/** What a consent lets its grantee do: see the meals, order, pay, or use a photo. */
export const CONSENT_SCOPES = ['meals', 'ordering', 'paying', 'photo'] as const;
export type ConsentScope = (typeof CONSENT_SCOPES)[number];

/** To whom a consent is given: one contact of the elder, the canteens, or the community's workers. */
export const GRANTEES = ['relative', 'canteen', 'community'] as const;
export type Grantee = (typeof GRANTEES)[number];

/** One version of a consent: all of what it says, never added to an earlier one. */
export interface ConsentState {
  readonly grantee: Grantee;
  /** The contact, for a relative. */
  readonly contactId: string | null;
  readonly version: number;
  readonly scopes: readonly ConsentScope[];
  /** The last day. */
  readonly until: CivilDate;
  readonly withdrawn: boolean;
}

/** Of all versions the one that speaks for each grantee: the highest. */
export function latestConsents<State extends ConsentState>(versions: readonly State[]): State[] {
  const latest = new Map<string, State>();
  for (const state of versions) {
    const key = `${state.grantee} ${state.contactId ?? ''}`;
    if ((latest.get(key)?.version ?? 0) < state.version) latest.set(key, state);
  }
  return [...latest.values()];
}

/** Whether a grantee may do something on a day. */
export function consentHolds(versions: readonly ConsentState[], wanted: { readonly grantee: Grantee; readonly contactId: string | null; readonly scope: ConsentScope }, on: CivilDate): boolean {
  const state = latestConsents(versions).find((entry) => entry.grantee === wanted.grantee && entry.contactId === wanted.contactId);
  return state !== undefined && !state.withdrawn && on <= state.until && state.scopes.includes(wanted.scope);
}
