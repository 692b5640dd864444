import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { chinaDate } from '../../src/kernel/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { signTerminalRequest } from '../../src/access/index.js';
import { ServiceProcess, stopProcesses } from '../support/processes.js';
import { describeWith, findPostgres15, startOtherPostgres, type OtherPostgres } from '../support/servers.js';
import { makeSmallDisk, mayMount, type SmallDisk } from '../support/small-disk.js';
import { until } from '../support/signal.js';
import { TappingCity, type TestTill } from '../support/tapping-city.js';

/** Everything is written down before it is answered, as in a real installation. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** A sale of a till, and the text of its answer once it had one. */
interface Sale {
  readonly body: { id: string };
  answer: string | null;
}

const answered = (sales: readonly Sale[][]): number => sales.flat().filter(({ answer }) => answer !== null).length;
const violations = (city: TappingCity) => city.service.parts.transactor.run(async (tx) => (await runInvariants(tx, 'all')).violations);

/** Sells until told to stop, one after the other; a sale without an answer ends the run, since a till sends that one again first. */
async function rush(till: TestTill, cards: readonly (string | undefined)[], sales: Sale[], goOn: () => boolean): Promise<number> {
  for (let n = 0; goOn(); n += 1) {
    const card = cards[n % cards.length];
    const sale: Sale = { body: till.body(card === undefined ? {} : { card }), answer: null };
    sales.push(sale);
    const { status, text } = await till.send('/v1/taps', sale.body);
    if (status !== 200) return status;
    sale.answer = text;
  }
  return 200;
}

/** Sends what had no answer again, until it has one. */
async function settle(till: TestTill, sales: readonly Sale[]): Promise<void> {
  for (const sale of sales.filter(({ answer }) => answer === null)) {
    for (const end = performance.now() + 60_000; sale.answer === null;) {
      const { status, text } = await till.send('/v1/taps', sale.body);
      if (status === 200) sale.answer = text;
      else if (performance.now() > end) throw new Error(`a till was still answered ${status} a minute after the end of the fault`);
    }
  }
}

/** Nothing lost, nothing doubled: every sale is there once, and a repeat gets its first answer byte for byte. */
async function whole(city: TappingCity, tills: readonly TestTill[], sales: readonly Sale[][]): Promise<void> {
  expect(await city.rows('SELECT count(*) AS n, count(DISTINCT tap_id) AS ids FROM meal')).toEqual([{ n: sales.flat().length, ids: sales.flat().length }]);
  for (const [index, till] of tills.entries()) {
    for (const sale of sales[index] ?? []) expect((await till.send('/v1/taps', sale.body)).text).toBe(sale.answer);
  }
  expect(await violations(city)).toEqual([]);
}

describeWith('PostgreSQL 15', findPostgres15(), (binDir) => {
  let server: OtherPostgres;
  let city: TappingCity;
  afterEach(async () => {
    await city?.service.close().catch(() => undefined);
    await server?.stop().catch(() => undefined);
  }, 60_000);

  it('F21: a power cut of the database in mid-batch: batches are there whole or not at all, and every sale is told its first answer', async () => {
    server = await startOtherPostgres(binDir, { settings: DURABLE });
    city = await TappingCity.start(server);
    const tills = await Promise.all([city.till(0), city.till(0), city.till(1), city.till(1)]);
    const cards = [undefined, ...(await Promise.all([1, 2, 3].map(async () => (await city.elder()).card)))];
    const sales: Sale[][] = tills.map(() => []);
    const rushes = tills.map((till, index) => rush(till, cards, sales[index] as Sale[], () => true));
    await until(() => answered(sales) > 40, 'a rush', 60_000);
    const cut = server.stop();
    const ends = await Promise.all(rushes);
    await cut;
    expect(ends.every((status) => status === 503)).toBe(true);
    expect(sales.flat().length).toBeGreaterThan(answered(sales));
    const begun = performance.now();
    server = await startOtherPostgres(binDir, { dataDir: server.dataDir, port: server.port, settings: DURABLE });
    await Promise.all(tills.map((till, index) => settle(till, sales[index] as Sale[])));
    expect(performance.now() - begun).toBeLessThan(60_000);
    await whole(city, tills, sales);
  }, 120_000);

  describeWith('the right to mount a small disk', mayMount(), () => {
    it('F28: a full disk under the database: 503 and nothing half, and once there is room everything goes on undamaged', async () => {
      const disk = makeSmallDisk(420) as SmallDisk;
      const small = { dataDir: join(disk.path, 'data'), settings: { ...DURABLE, shared_buffers: '16MB', min_wal_size: '32MB', max_wal_size: '48MB', wal_recycle: 'off', autovacuum: 'off' } };
      try {
        server = await startOtherPostgres(binDir, small);
        city = await TappingCity.start(server);
        const tills = [await city.till(0), await city.till(1)];
        const sales: Sale[][] = [[], []];
        for (const [index, till] of tills.entries()) {
          let some = 5;
          expect(await rush(till, [undefined], sales[index] as Sale[], () => (some -= 1) >= 0)).toBe(200);
        }
        const filler = join(disk.path, 'filler');
        fill(filler);
        const ends = await Promise.all(tills.map((till, index) => rush(till, [undefined], sales[index] as Sale[], () => (sales[index] as Sale[]).length < 20_000)));
        expect(ends).toEqual([503, 503]);
        rmSync(filler);
        // The server may have ended itself rather than go on without a log.
        await server.stop().catch(() => undefined);
        server = await startOtherPostgres(binDir, { ...small, port: server.port });
        await Promise.all(tills.map((till, index) => settle(till, sales[index] as Sale[])));
        await whole(city, tills, sales);
        const admin = new URL(server.adminUrl);
        const database = new URL(city.service.ground.ownerUrl).pathname.slice(1);
        const checked = spawnSync(join(binDir, 'pg_amcheck'), ['--install-missing', '--heapallindexed', '-h', admin.hostname, '-p', admin.port, '-U', admin.username, '-d', database],
          { encoding: 'utf8', env: { PATH: process.env['PATH'], PGPASSWORD: admin.password } });
        expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
      } finally {
        await city.service.close().catch(() => undefined);
        await server.stop().catch(() => undefined);
        disk.remove();
      }
    }, 180_000);
  });
});

/** Writes until the disk is full, to the last page. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  for (const size of [1 << 20, 1 << 12]) {
    try {
      for (const block = Buffer.alloc(size, 1); ;) if (writeSync(file, block) < size) break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}

describe('F29: a log that cannot be written', () => {
  let city: TappingCity;
  beforeAll(async () => {
    city = await TappingCity.start();
  }, 60_000);
  afterAll(async () => {
    await stopProcesses();
    await city?.close();
  });

  it('costs the lines and nothing else: taps go on', async () => {
    // The service of its own process lives in real time, so the till has to.
    city.clock.set(new Date().getTime());
    city.county = await city.staffed.tokenOf('county');
    const till = await city.till();
    const full = openSync('/dev/full', 'w');
    const { ownerUrl, dataDir } = city.service.ground;
    const service = ServiceProcess.start('main', { DATABASE_URL: ownerUrl, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'trace' }, { stderr: full });
    const address = await service.address();
    for (let n = 0; n < 5; n += 1) {
      city.clock.set(new Date().getTime());
      const body = JSON.stringify(till.body());
      const headers = signTerminalRequest(till.terminal.session, { method: 'POST', path: '/v1/taps', time: city.clock.now(), body });
      const response = await fetch(`${address}/v1/taps`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body });
      // Kept whatever it came to: the canteen's licence of 2024 has run out by now.
      expect([response.status, ((await response.json()) as { mealDate: string }).mealDate]).toEqual([200, chinaDate(city.clock.now())]);
    }
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
    closeSync(full);
    expect(await city.rows('SELECT count(*) AS n FROM meal')).toEqual([{ n: 5 }]);
  }, 60_000);
});
