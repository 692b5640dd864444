/** The areas of work that one person may not join: ordinary work and the three administrations (三员分离). */
export type Duty = 'work' | 'system' | 'security' | 'audit';

const ADMINISTRATIONS: Readonly<Record<string, Duty>> = {
  systemAdministrator: 'system',
  securityAdministrator: 'security',
  auditAdministrator: 'audit',
};

/** Roles whose holder works at one site and sees nothing beyond it. */
export const SITE_ROLES: readonly string[] = ['cashier', 'canteenManager'];

/** The duty that a role belongs to. */
export function dutyOf(role: string): Duty {
  return ADMINISTRATIONS[role] ?? 'work';
}

/** Why a set of roles cannot be given, or the duty that it makes. */
export type DutyDecision = { readonly ok: true; readonly duty: Duty } | { readonly ok: false; readonly code: 'administrators-apart' | 'site-needed' | 'site-not-wanted' };

/**
 * Decides whether one person may hold these roles together.
 * The system, security and audit administrators are three people, and none of them does other work (GB/T 22239-2019,
 * level 3, management centre). Cashiers and canteen managers need their site, everybody else has none.
 * @param roles at least one
 * @param hasSite whether a site is given with them
 */
export function decideDuty(roles: readonly string[], hasSite: boolean): DutyDecision {
  const duties = new Set(roles.map(dutyOf));
  const [duty = 'work'] = duties;
  if (duties.size > 1) return { ok: false, code: 'administrators-apart' };
  const atSite = roles.some((role) => SITE_ROLES.includes(role));
  if (atSite && !hasSite) return { ok: false, code: 'site-needed' };
  if (hasSite && !roles.every((role) => SITE_ROLES.includes(role))) return { ok: false, code: 'site-not-wanted' };
  return { ok: true, duty };
}
