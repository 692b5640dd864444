import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';

/** What a member of staff may be. The three administrators are kept apart (三员分离) and never touch money. */
export const ROLES = [
  'cashier', 'canteenManager', 'communityWorker',
  'townshipOfficer', 'countyOfficer', 'cityOfficer',
  'marketRegulator', 'financeReviewer', 'financeApprover', 'auditor',
  'systemAdministrator', 'securityAdministrator', 'auditAdministrator',
] as const;
export type Role = (typeof ROLES)[number];

/** Who may call a route: a role, an enrolled terminal, or anybody at all. */
export type Caller = Role | 'terminal' | 'public';

/** A member of staff behind a request. `siteId` is set for staff who work at one site. */
export interface StaffActor {
  readonly kind: 'staff';
  readonly cityCode: string;
  readonly staffId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
  /** The division that bounds what this person sees: a county's officer has the county here. */
  readonly divisionCode: string;
  readonly siteId: string | null;
}

/** An enrolled till behind a request. */
export interface TerminalActor {
  readonly kind: 'terminal';
  readonly cityCode: string;
  readonly terminalId: string;
  readonly siteId: string;
  /** Set where the guard has not asked whether this session still stands: the route's own transaction does (`AsksSession`). */
  readonly session?: string;
}

export type Actor = StaffActor | TerminalActor;

/** The name an actor has in audit rows and histories. */
export function actorName(actor: Actor): string {
  return actor.kind === 'staff' ? `staff:${actor.staffId}` : `terminal:${actor.terminalId}`;
}

export const CALLERS = 'xingfu:callers';

/** Names who may call a route. A route without it is refused to everybody, and fails the route table's test. */
export const Allow = (...callers: [Caller, ...Caller[]]) => SetMetadata(CALLERS, callers);

export const ASKS_SESSION = 'xingfu:asks-session';

/**
 * Of a route whose transaction asks itself whether a terminal and its session still stand, before it does or answers
 * anything: the guard then asks the database only about sessions that this process does not know.
 */
export const AsksSession = () => SetMetadata(ASKS_SESSION, true);

/** A request as guards leave it for handlers. */
export interface ActorRequest {
  actor?: Actor;
}

/** The actor whom the guard found. On a route that is open to the public it is undefined. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<ActorRequest>().actor);
