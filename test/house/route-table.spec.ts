import { randomUUID } from 'node:crypto';
import { SitePlaces, signTerminalRequest } from '../../src/access/index.js';
import { ROLES, type Role } from '../../src/platform/index.js';
import { strangerPhone } from '../support/mini.js';
import { CITY, StaffedCity, type OpenTerminal } from '../support/staffed-city.js';
import { differences, parseTable, runningTable, writtenTable, type RouteTable } from './routes.js';

const SITE = randomUUID();

let city: StaffedCity;
let running: RouteTable;
let terminal: OpenTerminal;
const tokens = new Map<Role | 'mini', string>();

beforeAll(async () => {
  city = await StaffedCity.start();
  running = runningTable(city.service.app);
  city.service.app.get(SitePlaces).answeredBy(async () => '371502');
  for (const role of ROLES) {
    const atSite = role === 'cashier' || role === 'canteenManager';
    await city.add(`only.${role.toLowerCase()}`, [role], atSite ? '371502' : CITY, atSite ? SITE : null);
    tokens.set(role, await city.tokenOf(`only.${role.toLowerCase()}`));
  }
  tokens.set('mini', (await strangerPhone(city)).tokens.accessToken);
  terminal = await city.openTerminal(tokens.get('canteenManager') ?? '', SITE);
}, 120_000);

afterAll(() => city.close());

/** A request that would be sent to the route, with ids that stand for nobody. */
function requestOf(route: string): { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; url: string; payload?: object } {
  const [method, path] = route.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE', string];
  const url = path.replace(':cityCode', CITY).replace(/:\w+/g, randomUUID()).replace('*', 'x');
  return method === 'GET' || method === 'DELETE' ? { method, url } : { method, url, payload: {} };
}

async function send(route: string, headers: (method: string, url: string, body: string) => Record<string, string>) {
  const { method, url, payload } = requestOf(route);
  const body = payload === undefined ? '' : JSON.stringify(payload);
  const response = await city.service.app.inject({
    method, url, headers: { ...(body === '' ? {} : { 'content-type': 'application/json' }), ...headers(method, url, body) }, ...(body === '' ? {} : { payload: body }),
  });
  return { status: response.statusCode, code: response.headers['content-type']?.toString().includes('problem') ? response.json().code : undefined };
}

const asTerminal = (method: string, path: string, body: string) => signTerminalRequest(terminal.session, { method, path, body, time: city.clock.now() });

function notPublic(): [string, readonly string[]][] {
  return [...running].filter(([, callers]) => !callers.includes('public'));
}

describe('the route table', () => {
  it('is what the running app does, route by route', () => {
    expect(running.size).toBeGreaterThan(30);
    expect(differences(writtenTable(), running)).toEqual([]);
  });

  it('names callers for every route', () => {
    expect([...running].filter(([, callers]) => callers.length === 0)).toEqual([]);
  });

  it('sees a route without a row, a row without a route, other callers, and callers that do not exist', () => {
    const running = parseTable('| `GET /v1/a` | … | staff |\n| `POST /v1/b` | … | cashier, terminal |');
    expect(differences(running, running)).toEqual([]);
    expect(differences(parseTable('| `GET /v1/a` | … | staff |'), running)).toEqual([expect.stringContaining('| `POST /v1/b` | … | cashier, terminal |')]);
    expect(differences(running, parseTable('| `GET /v1/a` | … | staff |'))).toEqual([expect.stringContaining('POST /v1/b')]);
    expect(differences(running, parseTable('| `GET /v1/a` | … | auditor |\n| `POST /v1/b` | … | cashier, terminal |'))).toEqual([expect.stringContaining('lets in auditor')]);
    expect(() => parseTable('| `GET /v1/a` | … | emperor |')).toThrow('emperor');
    expect(() => parseTable('| GET /v1/a | … | staff |')).toThrow('not a row');
    expect(() => parseTable('| `GET /v1/a` | … | staff |\n| `GET /v1/a` | … | staff |')).toThrow('two rows');
  });
});

describe('every route that is not public', () => {
  it('asks who calls', async () => {
    const wrong: string[] = [];
    for (const [route] of notPublic()) {
      for (const authorization of ['', `Bearer ${CITY}.${'A'.repeat(43)}`, `Bearer m.${CITY}.${'A'.repeat(43)}`]) {
        const { status } = await send(route, () => (authorization === '' ? {} : { authorization }));
        if (status !== 401) wrong.push(`${route} answers ${status} to ${authorization === '' ? 'nobody' : 'an unknown token'}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('refuses every role and terminal that its row does not name', async () => {
    const wrong: string[] = [];
    let refused = 0;
    for (const [route, callers] of notPublic()) {
      for (const caller of [...ROLES, 'terminal' as const, 'mini' as const]) {
        if (callers.includes(caller)) continue;
        const { status, code } = await send(route, caller === 'terminal' ? asTerminal : () => ({ authorization: `Bearer ${tokens.get(caller)}` }));
        if (status === 403 && code === 'not-allowed') refused += 1;
        else wrong.push(`${route} answers ${status} ${code} to ${caller}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(200);
  }, 120_000);

  it('lets in those whom its row names', async () => {
    const wrong: string[] = [];
    for (const [route, callers] of notPublic()) {
      // A log-out would end the session that the next route needs.
      if (route === 'DELETE /v1/sessions/current' || route === 'POST /v1/mini/log-out') continue;
      for (const caller of callers) {
        const { status, code } = await send(route, caller === 'terminal' ? asTerminal : () => ({ authorization: `Bearer ${tokens.get(caller as Role | 'mini')}` }));
        if (status === 401 || code === 'not-allowed' || status >= 500) wrong.push(`${route} answers ${status} ${code} to ${caller}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});
