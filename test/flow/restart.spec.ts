import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { runDirectory } from '../support/database.js';
import { until } from '../support/signal.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

/** Small, and otherwise as in a real installation: everything is written down before it is answered. */
const DURABLE = { max_connections: '60', shared_buffers: '32MB' };
let dataDir: string;
let server: EmbeddedPostgres;
let city: TappingCity;
let tills: TestTill[];

beforeAll(async () => {
  dataDir = join(runDirectory(), 'restart');
  server = await startPostgres({ dataDir, settings: DURABLE });
  city = await TappingCity.start(server);
  tills = await Promise.all(Array.from({ length: 10 }, (_, index) => city.till(index % 2)));
}, 90_000);

afterAll(async () => {
  await city?.close().catch(() => undefined);
  await server?.stop('immediate');
}, 60_000);

describe('F22: PostgreSQL is restarted', () => {
  it.each(['fast', 'immediate'] as const)('(%s) while 50 requests are in flight: each is asked to come back, nothing is half there, and the service goes on by itself', async (mode) => {
    const client = new pg.Client({ connectionString: server.url.replace(/\/[^/]*$/, new URL(city.service.ground.ownerUrl).pathname) });
    client.on('error', () => undefined);
    await client.connect();
    expect((await (tills[0] as TestTill).tap()).status).toBe(200);
    // Connections of the pool for other work are open as well when the server goes.
    await Promise.all(Array.from({ length: 5 }, () => city.staffed.call('GET', '/v1/sites', { token: city.county })));
    const before = await city.books();
    // Whoever wants to book waits for this lock, so all of them are in flight when the server goes.
    await client.query('BEGIN');
    await client.query('SELECT FROM ledger_month WHERE city_code = $1 FOR UPDATE', [CITY]);
    const bodies = Array.from({ length: 50 }, (_, n) => ({ by: tills[n % 10] as TestTill, body: (tills[n % 10] as TestTill).body() }));
    const flying = bodies.map(({ by, body }) => by.send('/v1/taps', body));
    await until(async () => {
      // Inside a transaction the view goes on showing what it showed first, until it is told to look again.
      await client.query('SELECT pg_stat_clear_snapshot()');
      return ((await client.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).rowCount ?? 0) > 0;
    }, 'a tap waits');
    await server.stop(mode);
    const answers = await Promise.all(flying);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    expect(answers.every(({ headers, body }) => Number(headers['retry-after']) > 0 && body.code === 'busy')).toBe(true);
    const away = await (tills[0] as TestTill).send('/v1/taps', bodies[0]?.body);
    expect([away.status, away.body.code]).toEqual([503, 'busy']);
    server = await startPostgres({ dataDir, port: server.port, settings: DURABLE });
    await until(async () => (await city.service.app.inject({ method: 'GET', url: '/readyz' })).statusCode === 200, 'ready again', 30_000);
    expect(await city.books()).toEqual(before);
    for (const { by, body } of bodies) expect((await by.send('/v1/taps', body)).status).toBe(200);
    expect(await city.books()).toMatchObject({ meals: before.meals + 50, claims: before.claims + 50 });
    expect(await city.service.parts.transactor.run(async (tx) => (await runInvariants(tx, CITY)).violations)).toEqual([]);
    await client.end().catch(() => undefined);
  }, 90_000);
});
