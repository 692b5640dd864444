import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ASKS_SESSION, CALLERS, LOG, ProblemException, type Actor, type ActorRequest, type AnyActor, type Caller, type Log } from '../platform/index.js';
import { TERMINAL_HEADERS } from './domain/index.js';
import { MiniSessions } from './mini-sessions.js';
import { StaffSessions } from './staff-sessions.js';
import { TerminalSessions, type SignedRequest } from './terminal-sessions.js';
import { cityOfMiniToken } from './tokens.js';

type Request = FastifyRequest & ActorRequest & { rawBody?: Buffer };

const NOTHING = Buffer.alloc(0);

/** Stands before every route. A route that names no callers is refused to everybody. */
@Injectable()
export class ActorGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly staff: StaffSessions,
    private readonly terminals: TerminalSessions,
    private readonly minis: MiniSessions,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const callers = this.reflector.getAllAndOverride<Caller[] | undefined>(CALLERS, [context.getHandler(), context.getClass()]) ?? [];
    if (callers.includes('public')) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    void http.getResponse<FastifyReply>().header('cache-control', 'no-store');
    const late = this.reflector.get<boolean | undefined>(ASKS_SESSION, context.getHandler()) ?? false;
    const actor = (late ? this.knownTerminal(request) : undefined) ?? await this.actorOf(request);
    if (!isNamed(actor, callers)) {
      this.log.warn({ requestId: request.id, route: request.routeOptions.url, kind: actor.kind }, 'caller not allowed');
      throw new ProblemException('not-allowed');
    }
    request.actor = actor;
    return true;
  }

  private knownTerminal(request: Request): Actor | undefined {
    const signed = signedRequest(request);
    return signed === undefined ? undefined : this.terminals.knownActorOf(signed);
  }

  private async actorOf(request: Request): Promise<AnyActor> {
    const signed = signedRequest(request);
    if (signed !== undefined) return this.terminals.actorOf(signed);
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new ProblemException('log-in-needed');
    if (cityOfMiniToken(token) !== undefined) return this.miniOf(token);
    const actor = await this.staff.actorOf(token);
    if (!actor) throw new ProblemException('session-ended');
    return actor;
  }

  private async miniOf(token: string): Promise<AnyActor> {
    const actor = await this.minis.actorOf(token);
    if (!actor) throw new ProblemException('mini-session-ended');
    return actor;
  }
}

function isNamed(actor: AnyActor, callers: readonly Caller[]): boolean {
  return actor.kind === 'staff' ? actor.roles.some((role) => callers.includes(role)) : callers.includes(actor.kind);
}

/** A terminal's request with its MAC; undefined where it is no terminal's. */
function signedRequest(request: Request): SignedRequest | undefined {
  const sessionId = header(request, TERMINAL_HEADERS.session);
  return sessionId === undefined ? undefined : {
    sessionId, time: header(request, TERMINAL_HEADERS.time) ?? '', mac: header(request, TERMINAL_HEADERS.mac) ?? '',
    method: request.method, path: request.originalUrl, body: request.rawBody ?? NOTHING,
  };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
