import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { AppModule } from './app.module.js';
import { answerBrokenRequest, checkedBody, guardDoor, problemBody, ProblemException, ProblemFilter, Readiness, REQUEST_MS, USUAL_DOOR, type DoorLimits, type Log, type Parts } from './platform/index.js';
import { serveWeb } from './web.js';

/**
 * Puts the service together, ready to listen: rooms, checks of bodies, problems, `/openapi.json` its page at `/api`, and the pages at `/`.
 * @param pages folder of the built pages, where it is not that of `npm run build`
 * @param door other limits of what may come in than the usual ones, for tests
 */
export async function createApp(parts: Parts, pages?: string, door: DoorLimits = USUAL_DOOR): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: door.largeBytes, requestTimeout: REQUEST_MS, genReqId: () => randomUUID(), logger: false, trustProxy: false, clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => void answerBadAddress(reply),
  });
  // A terminal's MAC covers the body as it was sent, so the guard needs the bytes.
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, { logger: false, abortOnError: false, rawBody: true, bodyParser: false });
  // Forms and plain text, which a server takes unless told otherwise, are what foreign pages can send unasked.
  adapter.getInstance().removeContentTypeParser('text/plain');
  guardDoor(app, door);
  takeFiles(adapter);
  logRequests(app, parts.log);
  partFromCallers(app);
  app.useGlobalPipes(checkedBody());
  app.useGlobalFilters(new ProblemFilter(parts.log));
  // Folded rooms and a search field: some 200 routes drawn at once keep a browser busy for half a minute.
  SwaggerModule.setup('api', app, () => openApi(app), { jsonDocumentUrl: 'openapi.json', customSiteTitle: '幸福食堂 API', swaggerOptions: { docExpansion: 'none', filter: true, defaultModelsExpandDepth: -1 } });
  await serveWeb(app, pages);
  return app;
}

/** Addresses that take a file as it is; every other one refuses what is not JSON. */
const FILE_ROUTES = /^\/v1\/(roster-files|slips\/photos)\//;

/** Hands a file to its handler as a stream: it is read only after the caller is known, and counted while it is. */
function takeFiles(adapter: FastifyAdapter): void {
  adapter.getInstance().addContentTypeParser('application/octet-stream', (request, payload, done) => {
    if (FILE_ROUTES.test(request.url)) done(null, payload);
    else done(new ProblemException('media-type-wrong'));
  });
}

/** Answers an address that cannot be read, which reaches no route and no filter. */
function answerBadAddress(reply: FastifyReply): FastifyReply {
  const body = problemBody('route-unknown');
  return reply.status(body.status).header('content-type', 'application/problem+json; charset=utf-8').send(body);
}

/** While the process drains, each answer is the last on its connection: one kept open would keep the process. */
function partFromCallers(app: NestFastifyApplication): void {
  const readiness = app.get(Readiness);
  app.getHttpAdapter().getInstance().addHook('onSend', async (_request, reply) => {
    if (readiness.isDraining) void reply.header('connection', 'close');
  });
}

/** One line a request: the route's template and never the path itself, which may hold an id; no query, no body. */
function logRequests(app: NestFastifyApplication, log: Log): void {
  app.getHttpAdapter().getInstance().addHook('onResponse', (request, reply, next) => {
    log.debug({ requestId: request.id, method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
    next();
  });
}

/** The OpenAPI document of the running app. */
export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle('幸福食堂')
    .setDescription('The API of the elder meal assistance service: amounts in whole fen, dates as civil dates, ids of deeds made by the client, errors as RFC 9457 problems.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, head, { autoTagControllers: true });
}
