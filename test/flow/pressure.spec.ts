import pg from 'pg';
import { runInvariants } from '../../src/proof/index.js';
import { POOLS } from '../../src/platform/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { until } from '../support/signal.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

const QUICK = { taps: { ...POOLS.taps, lockMs: 300 }, work: { ...POOLS.work, size: 3, waitMs: 400 }, jobs: { ...POOLS.jobs, size: 2 } };

let city: TappingCity;
let tills: TestTill[];
/** A second process of the service on the same database, with few connections and little patience. */
let quick: TestApp;
let outside: pg.Client;

beforeAll(async () => {
  city = await TappingCity.start();
  tills = await Promise.all([0, 0, 0, 0].map((site) => city.till(site)));
  quick = await startApp({ databaseUrl: city.service.ground.ownerUrl, clock: city.clock, pools: QUICK });
  outside = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await outside.connect();
}, 60_000);

afterAll(async () => {
  await outside?.end();
  await quick?.close();
  await city?.close();
});

const till = (): TestTill => tills[0] as TestTill;
const violations = () => city.service.parts.transactor.run(async (tx) => (await runInvariants(tx, CITY)).violations.map(({ id, sample }) => ({ id, sample })));

async function sleepers(): Promise<number> {
  const { rows: [row] } = await outside.query<{ n: string }>(`SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'`);
  return Number(row?.n);
}

/** Takes every connection of requests and jobs of the quick service, until they are let go. */
async function holdAll(): Promise<() => Promise<void>> {
  const { transactor, jobTransactor } = quick.parts;
  const held = [...Array.from({ length: QUICK.work.size }, () => transactor), ...Array.from({ length: QUICK.jobs.size }, () => jobTransactor)].map((one) => one.run((tx) => tx.query('SELECT pg_sleep(60)')).catch((error: unknown) => error));
  await until(async () => (await sleepers()) === held.length, 'every connection asleep');
  return async () => {
    await outside.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'`);
    await Promise.all(held);
  };
}

describe('F26: every connection of requests and jobs taken by slow exports', () => {
  it('leaves tills answered, and tells everybody else in time to come back', async () => {
    const letGo = await holdAll();
    const card = (await city.elder()).card;
    const taps = await Promise.all(tills.map((one, index) => one.send('/v1/taps', one.body(index === 0 ? { card } : {}), quick.app)));
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const body = { id: crypto.randomUUID(), reason: '多刷' };
    expect((await till().send(`/v1/taps/${taps[0]?.body.tapId}/void`, body, quick.app)).status).toBe(200);
    const upload = await till().send('/v1/taps/upload', { taps: [till().body(), till().body()] }, quick.app);
    expect(upload.body.results.map(({ status }: { status: number }) => status)).toEqual([200, 200]);
    expect(await sleepers()).toBe(QUICK.work.size + QUICK.jobs.size);
    const list = await quick.app.inject({ method: 'GET', url: '/v1/sites', headers: { authorization: `Bearer ${city.county}` } });
    expect([list.statusCode, list.json().code, list.headers['retry-after']]).toEqual([503, 'busy', '2']);
    await letGo();
    expect((await quick.app.inject({ method: 'GET', url: '/v1/sites', headers: { authorization: `Bearer ${city.county}` } })).statusCode).toBe(200);
  });
});

describe('F27: somebody holds a lock and does nothing', () => {
  it('is a clean 503 for the elder whose row it is, and nothing for those in the same batch', async () => {
    const { card, elderId } = await city.elder();
    const before = await city.books();
    await outside.query('BEGIN');
    await outside.query('SELECT FROM elder WHERE city_code = $1 AND elder_id = $2 FOR UPDATE', [CITY, elderId]);
    const [mine, theirs] = [till().body({ card }), (tills[1] as TestTill).body()];
    const [waiting, other] = await Promise.all([till().send('/v1/taps', mine, quick.app), (tills[1] as TestTill).send('/v1/taps', theirs, quick.app)]);
    expect([waiting.status, waiting.body.code, waiting.headers['retry-after']]).toEqual([503, 'busy', '2']);
    expect(other.status).toBe(200);
    const held = await till().send('/v1/taps/upload', { taps: [mine] }, quick.app);
    expect(held.status === 200 ? held.body.results[0].status : held.status).toBe(503);
    await outside.query('ROLLBACK');
    expect((await city.books()).meals).toBe(before.meals + 1);
    expect((await till().send('/v1/taps', mine, quick.app)).status).toBe(200);
    expect((await city.books()).meals).toBe(before.meals + 2);
  });
});

describe('F25: a storm in one canteen', () => {
  it('of 100 taps at once in two processes, of few elders, loses none and doubles none', async () => {
    const before = await city.books();
    const cards = await Promise.all([1, 2, 3, 4, 5].map(async () => (await city.elder()).card));
    const bodies = Array.from({ length: 100 }, (_, n) => ({ by: tills[n % tills.length] as TestTill, body: (tills[n % tills.length] as TestTill).body({ card: cards[n % 5] as string }) }));
    const answers = await Promise.all(bodies.map(({ by, body }, n) => by.send('/v1/taps', body, n % 2 === 0 ? city.service.app : quick.app)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, headers }) => [status, headers['retry-after'] !== undefined])).toEqual(refused.map(() => [503, true]));
    for (const { by, body } of bodies) expect((await by.send('/v1/taps', body)).status).toBe(200);
    expect((await city.books()).meals).toBe(before.meals + 100);
    expect(await violations()).toEqual([]);
  }, 60_000);

  it('of serialization failures and deadlocks, which half of all batches meet, loses none: again, and at last a 503', async () => {
    // The first batch meets one for certain: so few come that chance alone would spare them all now and then.
    await outside.query(`CREATE SEQUENCE storm_turn; CREATE FUNCTION storm() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      IF nextval('storm_turn') = 1 OR random() < 0.5 THEN RAISE EXCEPTION 'planted' USING ERRCODE = CASE WHEN random() < 0.5 THEN '40001' ELSE '40P01' END; END IF;
      RETURN NULL; END $$`);
    await outside.query('CREATE TRIGGER storm BEFORE INSERT ON tap_claim FOR EACH STATEMENT EXECUTE FUNCTION storm()');
    const before = await city.books();
    const { tapTransactor } = city.service.parts;
    const reruns = tapTransactor.reruns + quick.parts.tapTransactor.reruns;
    const bodies = Array.from({ length: 100 }, (_, n) => ({ by: tills[n % tills.length] as TestTill, body: (tills[n % tills.length] as TestTill).body() }));
    let open = bodies;
    const seen = new Set<number>();
    for (let rounds = 0; open.length > 0 && rounds < 50; rounds += 1) {
      const answers = await Promise.all(open.map(({ by, body }, n) => by.send('/v1/taps', body, n % 2 === 0 ? city.service.app : quick.app)));
      for (const { status, headers } of answers) {
        seen.add(status);
        if (status === 503) expect(headers['retry-after']).toBe('2');
      }
      open = open.filter((_, n) => answers[n]?.status !== 200);
    }
    await outside.query('DROP TRIGGER storm ON tap_claim');
    expect(open).toEqual([]);
    expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(tapTransactor.reruns + quick.parts.tapTransactor.reruns).toBeGreaterThan(reruns);
    expect((await city.books()).meals).toBe(before.meals + 100);
    expect(await violations()).toEqual([]);
  }, 60_000);
});

describe('F51: 20,000 rows of one district in pieces at once', () => {
  it('are taken as fast as they can be and no more at once, while a tap goes through; each is there once', async () => {
    const before = await city.books();
    const pieces = Array.from({ length: 40 }, (_, n) => {
      const by = tills[n % tills.length] as TestTill;
      return { by, rows: { taps: Array.from({ length: 500 }, () => by.body()) } };
    });
    let [taken, open, turnedAway, tapsMeanwhile] = [0, pieces, 0, 0];
    const oneTap = await city.till(1);
    const uploads = { goOn: true };
    const meanwhile = (async () => {
      while (uploads.goOn) {
        const { status } = await oneTap.tap();
        expect(status).toBe(200);
        tapsMeanwhile += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    while (open.length > 0) {
      const answers = await Promise.all(open.map(({ by, rows }) => by.send('/v1/taps/upload', rows)));
      for (const { status, body, headers } of answers) {
        expect([200, 503]).toContain(status);
        if (status === 200) taken += body.results.filter((result: { status: number }) => result.status === 200).length;
        else {
          turnedAway += 1;
          expect(Number(headers['retry-after'])).toBeGreaterThan(0);
        }
      }
      open = open.filter((_, n) => answers[n]?.status !== 200);
      // As they were told.
      if (open.length > 0) await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
    uploads.goOn = false;
    await meanwhile;
    expect(taken).toBe(20_000);
    // Eight of the first forty found room.
    expect(turnedAway).toBeGreaterThanOrEqual(32);
    expect(tapsMeanwhile).toBeGreaterThan(0);
    expect((await city.books()).meals).toBe(before.meals + 20_000 + tapsMeanwhile);
  }, 240_000);
});
