import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CALLERS, ROLES, type Caller } from '../../src/platform/index.js';
import { ROOT } from './tree.js';

/** Who may call which route: `GET /v1/me` and its callers. */
export type RouteTable = ReadonlyMap<string, readonly Caller[]>;

const KNOWN: readonly string[] = [...ROLES, 'terminal', 'mini', 'public'];

/**
 * Reads the table that is written by hand. A row is `| METHOD /path | what it is for | callers |`; `staff` stands for
 * every role.
 * @throws Error with the row that it does not understand, or that stands there twice
 */
export function parseTable(text: string): RouteTable {
  const table = new Map<string, Caller[]>();
  for (const line of text.split('\n')) {
    const row = /^\| `([A-Z]+ \/\S*)` \|[^|]+\|([^|]+)\|$/.exec(line.trim());
    if (!row) {
      if (/^\|\s*`?[A-Z]+ \//.test(line.trim())) throw new Error(`not a row of the route table: ${line}`);
      continue;
    }
    const [route, words] = [row[1] as string, (row[2] as string).trim().split(/[\s,]+/)];
    const unknown = words.filter((word) => word !== 'staff' && !KNOWN.includes(word));
    if (unknown.length > 0) throw new Error(`the route table names callers that do not exist: ${unknown.join(', ')} at ${route}`);
    if (table.has(route)) throw new Error(`the route table has two rows for ${route}`);
    table.set(route, words.flatMap((word) => (word === 'staff' ? [...ROLES] : [word as Caller])).sort());
  }
  return table;
}

/** The table of the checkout. */
export function writtenTable(): RouteTable {
  return parseTable(readFileSync(join(ROOT, 'test', 'house', 'route-table.md'), 'utf8'));
}

/** Every route that the server answers, guarded or not: `GET /v1/me`. HEAD goes with GET. */
function servedRoutes(app: NestFastifyApplication): string[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const stem: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const node = /^(.*?)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (!node) return [];
    const depth = (node[1] as string).length / 4;
    stem.splice(depth, stem.length, node[2] as string);
    const path = stem.join('').replace(/\/\/+/g, '/');
    return (node[3] ?? '').split(', ').filter((method) => method !== '' && method !== 'HEAD').map((method) => `${method} ${path.startsWith('/') ? path : `/${path}`}`);
  });
}

/** What controllers say about their routes. A route that says nothing is refused to everybody: it has no callers. */
function guardedRoutes(app: NestFastifyApplication): Map<string, Caller[]> {
  const routes = new Map<string, Caller[]>();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]).map((one) => one.metatype as (new () => object) | null);
  for (const controller of new Set(controllers)) {
    if (!controller) continue;
    const base = metadata<string>('path', controller) ?? '';
    for (const name of Object.getOwnPropertyNames(controller.prototype)) {
      const handler = (controller.prototype as Record<string, unknown>)[name];
      const method = typeof handler === 'function' ? metadata<RequestMethod>('method', handler) : undefined;
      if (method === undefined || typeof handler !== 'function') continue;
      const path = `/${base}/${metadata<string>('path', handler) ?? ''}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
      routes.set(`${RequestMethod[method]} ${path}`, [...(metadata<Caller[]>(CALLERS, handler) ?? metadata<Caller[]>(CALLERS, controller) ?? [])].sort());
    }
  }
  return routes;
}

function metadata<T>(key: string, of: object): T | undefined {
  return Reflect.getMetadata(key, of) as T | undefined;
}

/** The page of the API with its scripts is one thing. */
const API_PAGE = /^GET \/api(-yaml|\/.*)?$/;

/** The routes of the running app with their callers; what no controller guards is open to the public. */
export function runningTable(app: NestFastifyApplication): RouteTable {
  const guarded = guardedRoutes(app);
  const served = servedRoutes(app);
  const lost = [...guarded.keys()].filter((route) => !served.includes(route));
  if (lost.length > 0) throw new Error(`controllers have routes that the server does not answer: ${lost.join(', ')}`);
  return new Map(served.map((route) => (guarded.has(route) ? [route, guarded.get(route) as Caller[]] : [API_PAGE.test(route) ? 'GET /api' : route, ['public']])));
}

/** What of the written table and the running app differs, each with what to do. */
export function differences(written: RouteTable, running: RouteTable): string[] {
  const missing = [...running].filter(([route]) => !written.has(route))
    .map(([route, callers]) => `add a row to test/house/route-table.md after asking whether these callers are right: | \`${route}\` | … | ${words(callers)} |`);
  const gone = [...written.keys()].filter((route) => !running.has(route)).map((route) => `the app has no route ${route}: take its row out of test/house/route-table.md, or bring the route back`);
  const other = [...written].flatMap(([route, callers]) => {
    const now = running.get(route);
    return now && now.join() !== callers.join() ? [`${route} is written for ${words(callers)}, but the app lets in ${words(now)}: one of the two is wrong`] : [];
  });
  return [...missing, ...gone, ...other];
}

function words(callers: readonly Caller[]): string {
  if (callers.length === 0) return '(nobody: @Allow is missing)';
  const everyRole = ROLES.every((role) => callers.includes(role));
  return (everyRole ? ['staff', ...callers.filter((caller) => !ROLES.some((role) => role === caller))] : callers).join(', ');
}
