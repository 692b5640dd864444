import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';

/** What a member of staff may be. The three administrators are kept apart (三员分离) and never touch money. */
export const ROLES = [
  'cashier', 'canteenManager', 'communityWorker',
  'townshipOfficer', 'countyOfficer', 'cityOfficer',
  'marketRegulator', 'financeReviewer', 'financeApprover', 'auditor',
  'systemAdministrator', 'securityAdministrator', 'auditAdministrator',
] as const;
export type Role = (typeof ROLES)[number];

/** Who may call a route: a role, an enrolled terminal, somebody logged in to the mini-program, or anybody at all. */
export type Caller = Role | 'terminal' | 'mini' | 'public';

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

/** Who works here. */
export type Actor = StaffActor | TerminalActor;

/**
 * Somebody logged in to the mini-program: an elder or a relative. The account alone opens nothing; for whom it may see
 * or do what is asked of the room `family` at every request.
 */
export interface MiniActor {
  readonly kind: 'mini';
  readonly cityCode: string;
  readonly accountId: string;
  readonly sessionId: string;
}

/** Anybody whom the guard can find behind a request. */
export type AnyActor = Actor | MiniActor;

/** The name an actor has in audit rows and histories. */
export function actorName(actor: AnyActor): string {
  switch (actor.kind) {
    case 'staff': return `staff:${actor.staffId}`;
    case 'terminal': return `terminal:${actor.terminalId}`;
    case 'mini': return `mini:${actor.accountId}`;
  }
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
  actor?: AnyActor;
}

/** The actor whom the guard found. On a route that is open to the public it is undefined. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<ActorRequest>().actor);
