import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { checkDigit } from '../../src/elder/domain/index.js';
import { Readiness } from '../../src/platform/index.js';
import { startPostgres } from '../../src/platform/db/embedded-postgres.js';
import { runningTable } from '../house/routes.js';
import { startApp, type TestApp } from '../support/app.js';
import { freshDatabase, runDirectory, type TestDatabase } from '../support/database.js';
import { until } from '../support/signal.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

let city: TappingCity;
let till: TestTill;

beforeAll(async () => {
  city = await TappingCity.start();
  till = await city.till();
}, 60_000);
afterAll(() => city?.close());

/** Sends bytes as they are, as nobody's client would. */
function raw(url: string, payload: string, type = 'application/json', token?: string) {
  return city.service.app.inject({ method: 'POST', url, payload, headers: { 'content-type': type, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } });
}

describe('a wrong request', () => {
  const wrong: [what: string, status: number, code: string, ask: () => ReturnType<typeof raw>][] = [
    ['an unknown address', 404, 'route-unknown', () => raw('/v1/no-such-thing?q=1', '{}')],
    ['an address outside the API', 404, 'route-unknown', () => city.service.app.inject({ method: 'GET', url: '/favicon.php' })],
    ['a method that a route does not know', 404, 'route-unknown', () => city.service.app.inject({ method: 'DELETE', url: '/v1/sites' })],
    ['a body that is no JSON', 400, 'body-malformed', () => raw('/v1/sessions', '{"account": ')],
    ['an empty body where something is to be said', 400, 'fields-wrong', () => raw('/v1/sessions', '')],
    ['a body that would change prototypes', 400, 'body-malformed', () => raw('/v1/sessions', '{"account":"a","password":"b","__proto__":{"admin":true}}')],
    ['an address that is no UTF-8', 404, 'route-unknown', () => city.service.app.inject({ method: 'GET', url: '/v1/taps/%ff' })],
    ['a list instead of an object', 400, 'fields-wrong', () => raw('/v1/sessions', '[1]')],
    ['null instead of an object', 400, 'fields-wrong', () => raw('/v1/sessions', 'null')],
    ['text', 415, 'media-type-wrong', () => raw('/v1/sessions', 'hello', 'text/plain')],
    ['a form', 415, 'media-type-wrong', () => raw('/v1/sessions', 'account=a&password=b', 'application/x-www-form-urlencoded')],
    ['XML', 415, 'media-type-wrong', () => raw('/v1/sessions', '<a/>', 'application/xml')],
    ['more than four megabytes', 413, 'body-too-large', () => raw('/v1/sessions', JSON.stringify({ account: 'a'.repeat(4 * 1024 * 1024) }))],
    ['a cursor that no list handed out', 400, 'cursor-wrong', () => city.service.app.inject({ method: 'GET', url: '/v1/sites?cursor=x', headers: { authorization: `Bearer ${city.county}` } })],
    ['a page size beyond measure', 400, 'fields-wrong', () => city.service.app.inject({ method: 'GET', url: '/v1/sites?limit=100000', headers: { authorization: `Bearer ${city.county}` } })],
    ['nobody', 401, 'log-in-needed', () => city.service.app.inject({ method: 'GET', url: '/v1/sites' })],
  ];

  it.each(wrong)('%s gets %i %s as a problem', async (_, status, code, ask) => {
    const { statusCode, headers, body } = await ask();
    expect([statusCode, JSON.parse(body).code]).toEqual([status, code]);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({ type: `/errors#${code}`, status, title: expect.stringMatching(/[一-鿿].*。$/) });
  });

  it('names every wrong field at once, in Chinese, an unknown one as well, and says no value back', async () => {
    const { statusCode, body } = await raw('/v1/elders', JSON.stringify({ id: 'no id', name: '', identityNumber: '37150219400601', nickname: '小明' }), 'application/json', city.county);
    expect(statusCode).toBe(400);
    const { errors } = JSON.parse(body) as { errors: { field: string; message: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(expect.arrayContaining(['id', 'name', 'nickname']));
    expect(errors).toContainEqual({ field: 'nickname', message: '没有这个字段，请去掉' });
    for (const { message } of errors) expect(message).toMatch(/[一-鿿]/);
    expect(body).not.toMatch(/小明|no id|37150219400601/);
  });
});

describe('every answer', () => {
  it('of /v1 is kept by nobody, whether it is good or not', async () => {
    const token = { authorization: `Bearer ${city.county}` };
    const answers = [
      await city.service.app.inject({ method: 'GET', url: '/v1/sites', headers: token }),
      await city.service.app.inject({ method: 'GET', url: `/v1/public/${CITY}/sites` }),
      await city.service.app.inject({ method: 'GET', url: '/v1/sites' }), await raw('/v1/none', '{}'), await raw('/v1/sessions', '{'), await raw('/v1/sessions', '', 'text/plain'),
    ];
    for (const { headers } of answers) expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 401, 404, 400, 415]);
  });

  it('to a defect names a request to ask about, and neither stack nor SQL nor row', async () => {
    const lines = await logged(async () => {
      const { transactor } = city.service.parts;
      const run = jest.spyOn(transactor, 'run').mockRejectedValue(Object.assign(new Error('duplicate key: INSERT INTO elder VALUES (张三)'), { code: '23505', detail: 'Key (name)=(张三)', query: 'INSERT INTO elder' }));
      const { statusCode, body } = await raw('/v1/sessions', '{"account":"somebody","password":"Chun-feng 2024"}');
      run.mockRestore();
      expect([statusCode, JSON.parse(body)]).toEqual([500, { type: '/errors#internal', title: expect.stringContaining('请求编号'), status: 500, code: 'internal', detail: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } }]);
    });
    const failed = lines.filter((line) => line.includes('request failed')).map((line) => JSON.parse(line));
    expect(failed).toMatchObject([{ error: 'Error 23505', stack: expect.arrayContaining([expect.stringMatching(/^at /)]) }]);
    expect(lines.join('')).not.toMatch(/张三|INSERT/);
  });
});

describe('the description of the API', () => {
  it('has an operation for every route, and is whole in itself', async () => {
    const { body, statusCode } = await city.service.app.inject({ method: 'GET', url: '/openapi.json' });
    expect(statusCode).toBe(200);
    const document = JSON.parse(body) as { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: object } };
    expect(document.openapi).toMatch(/^3\./);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, path, operation })));
    const described = / \/(v1\/|livez$|readyz$)/;
    const routes = [...runningTable(city.service.app).keys()].filter((route) => described.test(route)).map((route) => route.replace(/:(\w+)/g, '{$1}'));
    expect(operations.map(({ route }) => route).sort()).toEqual(routes.sort());
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, operation } of operations) {
      const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      expect(named.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
      expect(Object.keys(operation.responses)).not.toEqual([]);
    }
    const schemas = Object.keys(document.components.schemas);
    for (const [, name] of body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) expect(schemas).toContain(name);
    expect(body.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull();
  });

  it('has a page to look through', async () => {
    const { statusCode, body } = await city.service.app.inject({ method: 'GET', url: '/api' });
    expect([statusCode, body]).toEqual([200, expect.stringContaining('swagger')]);
  });
});

interface Operation {
  readonly operationId: string;
  readonly parameters?: { readonly in: string; readonly name: string }[];
  readonly responses: object;
}

/** What the process wrote to its outputs meanwhile, with the log at its most talkative. */
async function logged(work: () => Promise<void>): Promise<string[]> {
  let said = '';
  const listen = (text: unknown): boolean => ((said += String(text)), true);
  const spies = [jest.spyOn(process.stderr, 'write').mockImplementation(listen), jest.spyOn(process.stdout, 'write').mockImplementation(listen)];
  spies.push(...(['log', 'info', 'warn', 'error', 'debug'] as const).map((level) => jest.spyOn(console, level).mockImplementation((...words) => void listen(`${words.join(' ')}\n`)) as never));
  const { log } = city.service.parts;
  const level = log.level;
  log.level = 'trace';
  try {
    await work();
    // The line of the last request is written after its answer.
    await new Promise((done) => setTimeout(done, 50));
  } finally {
    log.level = level;
    for (const spy of spies) spy.mockRestore();
  }
  return said.split('\n').filter((line) => line !== '');
}

describe('the log', () => {
  const first17 = '371502193112124'.padEnd(17, '7');
  const person = { name: '卡纳瑞', identityNumber: first17 + checkDigit(first17), phone: '13987654321', cardNumber: 'LCCANARY01' };
  const seeds = [person.name, person.identityNumber, person.phone, person.cardNumber, '[id-number]', '[phone]', '[number]'];

  it('has one line a request, with the template of its route and nothing of the request', async () => {
    const id = randomUUID();
    const lines = (await logged(async () => {
      await city.service.app.inject({ method: 'GET', url: `/v1/taps/${id}?why=secret`, headers: { authorization: `Bearer ${city.county}` } });
      await raw(`/v1/nowhere/${id}?why=secret`, JSON.stringify({ account: 'secret' }));
    })).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ method, route, status }) => ({ method, route, status }))).toEqual([{ method: 'GET', route: '/v1/taps/:id', status: 404 }, { method: 'POST', route: undefined, status: 404 }]);
    expect(JSON.stringify(lines)).not.toContain('secret');
    expect(JSON.stringify(lines)).not.toContain(id);
  });

  it('holds no name, identity, telephone or card number of what was sent to any route, nor does any table', async () => {
    const routes = [...runningTable(city.service.app)];
    const ids = new Set<string>();
    const lines = await logged(async () => {
      const elder = { id: randomUUID(), ...person, residenceCode: '371502001' };
      const registered = await raw('/v1/elders', JSON.stringify(elder), 'application/json', city.county);
      expect(registered.statusCode).toBe(200);
      ids.add(registered.json().elderId);
      for (const change of [{ id: randomUUID() }, { name: `${person.name}二` }, { phone: `${person.phone}9` }, { identityNumber: `${person.identityNumber.slice(0, 17)}A` }]) {
        expect((await raw('/v1/elders', JSON.stringify({ ...elder, ...change }), 'application/json', city.county)).statusCode).toBeGreaterThanOrEqual(400);
      }
      expect((await till.tap({ card: person.cardNumber })).status).toBe(200);
      expect((await till.send('/v1/taps', { ...till.body({ card: person.cardNumber }), note: person.name })).status).toBe(400);
      for (const [route] of routes) await sendEverywhere(route);
    });
    expect(lines.length).toBeGreaterThan(routes.length);
    for (const seed of [...seeds, ...ids]) expect(lines.filter((line) => line.includes(seed))).toEqual([]);
    const templates = new Set(routes.map(([route]) => route.split(' ')[1]));
    for (const { msg, route } of lines.map((line) => JSON.parse(line) as { msg: string; route?: string })) {
      if (msg === 'request' && route !== undefined) expect(templates).toContain(route);
    }
    for (const { table } of await city.rows<{ table: string }>(`SELECT format('%I.%I', schemaname, tablename) AS "table" FROM pg_tables WHERE schemaname IN ('public', 'bullmq') AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')`)) {
      const held = await city.rows(`SELECT 1 FROM ${table} AS row WHERE row::text LIKE ANY (ARRAY['%${person.identityNumber}%', '%${person.phone}%', '%${person.cardNumber}%'])`);
      expect([table, held]).toEqual([table, []]);
    }
  }, 60_000);

  /** Puts the person into path, query and body of a route, as an officer and as a till. */
  async function sendEverywhere(route: string): Promise<void> {
    const [method, template = ''] = route.split(' ') as ['GET' | 'POST', string];
    if (route === 'DELETE /v1/sessions/current' || template.includes('*')) return;
    const body = { ...person, id: randomUUID(), number: person.identityNumber, reason: person.name, account: person.phone, password: person.cardNumber, credential: { kind: 'card', number: person.cardNumber } };
    for (const fill of [person.identityNumber, randomUUID()]) {
      const url = `${template.replace(/:\w+/g, fill)}?name=${encodeURIComponent(person.name)}&phone=${person.phone}`;
      const payload = method === 'GET' ? {} : { payload: JSON.stringify(body) };
      await city.service.app.inject({ method, url, headers: { authorization: `Bearer ${city.county}`, 'content-type': 'application/json' }, ...payload });
      if (template.startsWith('/v1/')) await till.send(url, method === 'GET' ? undefined : body);
    }
  }
});

describe('health', () => {
  let database: TestDatabase;
  let service: TestApp;
  const ask = (url: string) => service.app.inject({ method: 'GET', url });

  afterEach(async () => {
    await service?.close();
    await database?.drop();
  });

  it('is alive and ready, and while it drains alive but not ready', async () => {
    database = await freshDatabase();
    service = await startApp({ databaseUrl: database.ownerUrl });
    expect([(await ask('/livez')).statusCode, (await ask('/readyz')).json()]).toEqual([200, { status: 'ok' }]);
    service.app.get(Readiness).drain();
    const { statusCode, headers, body } = await ask('/readyz');
    expect([statusCode, headers['retry-after'], JSON.parse(body)]).toEqual([503, '2', expect.objectContaining({ code: 'not-ready', detail: { obstacle: 'draining' } })]);
    expect((await ask('/livez')).statusCode).toBe(200);
  });

  it('lives without a database, sends callers back later, and is ready again by itself', async () => {
    const options = { dataDir: mkdtempSync(join(runDirectory(), 'away-')), settings: { fsync: 'off' } };
    let server = await startPostgres(options);
    try {
      service = await startApp({ databaseUrl: server.url });
      expect((await ask('/readyz')).statusCode).toBe(200);
      await server.stop('immediate');
      const begun = performance.now();
      const [ready, alive, page, change] = [await ask('/readyz'), await ask('/livez'), await ask(`/v1/public/${CITY}/sites`),
        await service.app.inject({ method: 'POST', url: '/v1/sessions', payload: { account: 'somebody', password: 'Chun-feng 2024' } })];
      expect(performance.now() - begun).toBeLessThan(8_000);
      expect([ready.statusCode, ready.headers['retry-after'], ready.json().detail]).toEqual([503, '2', { obstacle: 'database' }]);
      expect(alive.statusCode).toBe(200);
      for (const answer of [page, change]) expect([answer.statusCode, answer.headers['retry-after'], answer.json().code]).toEqual([503, '2', 'busy']);
      server = await startPostgres({ ...options, port: server.port });
      await until(async () => (await ask('/readyz')).statusCode === 200, 'ready again');
      expect((await ask(`/v1/public/${CITY}/sites`)).statusCode).not.toBe(503);
    } finally {
      await server.stop('immediate');
    }
  }, 60_000);
});
