import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isBusy, isUnavailable, isRerunnable } from '../db/index.js';
import type { Log } from '../telemetry/index.js';
import { problemBody, ProblemException, type ProblemBody } from './problem.js';

/** Turns every error into a problem (RFC 9457). What went wrong inside is logged, never answered. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const body = this.bodyOf(error, request);
    const reply = http.getResponse<FastifyReply>();
    const wait = error instanceof ProblemException ? error.retryAfter : body.status === 503 ? 2 : undefined;
    if (wait !== undefined) void reply.header('retry-after', String(wait));
    void reply.status(body.status).header('content-type', 'application/problem+json; charset=utf-8').send(body);
  }

  private bodyOf(error: unknown, request: FastifyRequest): ProblemBody {
    if (error instanceof ProblemException) return problemBody(error.code, error.facts, error.fields);
    const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    if (status === 404) return problemBody('route-unknown');
    if (status === 413) return problemBody('body-too-large');
    if (status === 415) return problemBody('media-type-wrong');
    if (status !== undefined && status >= 400 && status < 500) return problemBody('body-malformed');
    if (isUnavailable(error) || isBusy(error) || isRerunnable(error)) {
      this.log.warn({ requestId: request.id, error: nameOf(error) }, 'database away or busy');
      return problemBody('busy');
    }
    this.log.error({ requestId: request.id, error: nameOf(error), stack: stackOf(error) }, 'request failed');
    return problemBody('internal', { requestId: String(request.id) });
  }
}

/** The kind of an error. Its message may quote a row, so it stays out of the log. */
function nameOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  return [name, code].filter(Boolean).join(' ') || 'unknown';
}

/** The places of an error's stack, without the message line. */
function stackOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack.split('\n').filter((line) => line.startsWith('    at ')).slice(0, 12).map((line) => line.trim());
}
