import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from './platform/index.js';

/** Every front: where people find it, and the folder of its page in the build. */
const FRONTS = [{ address: '/', folder: 'front' }, { address: '/till', folder: 'till' }, { address: '/console', folder: 'console' }, { address: '/receipt', folder: 'receipt' }, { address: '/elder', folder: 'elder' }] as const;

/** Files that stand under a name of their own: browsers ask for them again and again, and look whether they changed. */
const NAMED = [
  { name: 'till-sw.js', type: 'text/javascript; charset=utf-8' }, { name: 'till.webmanifest', type: 'application/manifest+json; charset=utf-8' },
  { name: 'till-icon.svg', type: 'image/svg+xml; charset=utf-8' }, { name: 'till-icon-192.png', type: 'image/png' },
  { name: 'till-icon-512.png', type: 'image/png' }, { name: 'till-icon-maskable.png', type: 'image/png' },
] as const;

const NOT_BUILT = '页面尚未生成：请先运行 npm run build，再刷新。接口照常可用，见 /api。\n';

/** Pages take everything from their own server, run no script written into the page, and stand in nobody's frame. */
const PAGE_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "style-src-attr 'unsafe-inline'", "img-src 'self'", "font-src 'self'",
  "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

/** Only the till may ask where it stands, and the elder's page for canteens near by; the browser asks the person first. */
const NOTHING_OF_THE_DEVICE = 'camera=(), geolocation=(), microphone=()';
const PLACE_OF_THE_DEVICE = 'camera=(), geolocation=(self), microphone=()';

/** The page of the API writes its own styles and pictures into itself. */
const API_PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What holds no page may load nothing at all. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

function policyFor(path: string): string {
  if (path === '/api' || path.startsWith('/api/')) return API_PAGE_POLICY;
  return path.startsWith('/v1/') || path === '/openapi.json' || path === '/api-json' ? DATA_POLICY : PAGE_POLICY;
}

/**
 * Serves the built pages, and gives every answer of the service its headers of security: a policy for content, no
 * guessing of types, no referrer, no frame. Answers of the API are kept by nobody, files named by their hash for ever.
 * @param built the folder of the built pages
 */
export async function serveWeb(app: NestFastifyApplication, built: string = join(checkoutRoot(), 'dist', 'web')): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.addHook('onSend', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    void reply.headers({
      'content-security-policy': policyFor(path),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': path === '/till' || path === '/elder' ? PLACE_OF_THE_DEVICE : NOTHING_OF_THE_DEVICE,
    });
    if (path.startsWith('/v1/')) void reply.header('cache-control', 'no-store');
  });
  // Without a build the folder is not there yet; the route is, so that what the service answers does not hang on a build.
  await server.register(fastifyStatic, { root: join(built, 'assets'), prefix: '/assets/', index: false, immutable: true, maxAge: '365d', decorateReply: false });
  for (const { address, folder } of FRONTS) servePage(server, address, join(built, folder, 'index.html'));
  for (const { name, type } of NAMED) serveNamed(server, `/${name}`, join(built, name), type);
}

function serveNamed(server: FastifyInstance, address: string, file: string, type: string): void {
  const content = existsSync(file) ? readFileSync(file) : null;
  server.get(address, async (_request, reply): Promise<FastifyReply> => {
    void reply.header('cache-control', 'no-cache');
    return content === null ? reply.status(404).type('text/plain; charset=utf-8').send(NOT_BUILT) : reply.type(type).send(content);
  });
}

function servePage(server: FastifyInstance, address: string, file: string): void {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : null;
  server.get(address, async (_request, reply): Promise<FastifyReply> => {
    void reply.header('cache-control', 'no-cache');
    return page === null
      ? reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
      : reply.type('text/html; charset=utf-8').send(page);
  });
}
