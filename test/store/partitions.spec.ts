import pg from 'pg';
import { civilDate, civilMonth, fen, SettableClock } from '../../src/kernel/index.js';
import { bookingMonth, partitionsCommand, postTransfers } from '../../src/ledger/index.js';
import { toTransfers } from '../../src/ledger/domain/index.js';
import { attachMonth, detachMonth, storedMonths } from '../../src/ledger/detach.store.js';
import { LedgerJobs } from '../../src/ledger/ledger.jobs.js';
import { JobBoard, openLog, openOwner, type JobRequest, type OwnerConnection, type SqlValue, type Tx } from '../../src/platform/index.js';
import { factsAfterMeals, pastMeals, pastMealsById } from '../../src/tap/index.js';
import { listMeals, readMeal } from '../../src/tap/meal.store.js';
import { rankRows } from '../../src/tap/rank.store.js';
import { readAnswers } from '../../src/tap/tap.store.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';
import { until } from '../support/signal.js';

const OLD = civilMonth('2023-10');
let city: TappingCity;
let till: TestTill;
let owner: OwnerConnection;
const clients: pg.Client[] = [];

/** Another session on the same database, with a transaction that the test ends. */
async function session(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: city.service.ground.ownerUrl });
  await client.connect();
  clients.push(client);
  return client;
}

async function count(table: string): Promise<number> {
  const [row] = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n ?? -1;
}

/** Waits until some session waits for a lock or for others' transactions. */
async function untilSomebodyWaits(statement: string): Promise<void> {
  await until(async () => {
    const [row] = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1`, [`${statement}%`]);
    return (row?.n ?? 0) > 0;
  }, `waiting of ${statement}`);
}

beforeAll(async () => {
  city = await TappingCity.start();
  till = await city.till();
  owner = await openOwner(city.service.ground.ownerUrl, 3_000);
  await owner.query(
    `INSERT INTO ledger_month (city_code, month, state, opened_at, closed_at, closed_by, root_hash) SELECT $1, m, 'closed', now(), now(), 'test', repeat('0', 64) FROM unnest(ARRAY['2023-10', '2023-11']) AS m`, [CITY]);
  await owner.query(`INSERT INTO meal_share SELECT $1, m, md5(m || n)::uuid, 'county@371502', n FROM unnest(ARRAY['2023-10', '2023-11']) AS m, generate_series(1, 50) AS n`, [CITY]);
  expect((await till.tap()).status).toBe(200);
}, 60_000);

afterAll(async () => {
  for (const client of clients) await client.end();
  await owner.close();
  await city.close();
});

/** A tap and a void go through. */
async function expectTaps(): Promise<void> {
  const taps = await Promise.all([till.tap(), till.tap(), till.tap()]);
  expect(taps.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await till.send(`/v1/taps/${taps[0].body.tapId}/void`, { id: taps[0].body.tapId.replace(/^......../, '00000000'), reason: '多刷' })).status).toBe(200);
}

describe('tills go on', () => {
  it('while a month is attached in a transaction that stays open', async () => {
    const maker = await session();
    await maker.query('BEGIN');
    expect((await maker.query(`SELECT make_month_partitions('2025-06') AS made`)).rows).toEqual([{ made: 3 }]);
    await expectTaps();
    await maker.query('COMMIT');
    expect(await count('meal_2025_06')).toBe(0);
  });

  it('while a month waits to be detached, as somebody still looks at the books, and the month is out when they leave', async () => {
    const [reader, writer] = [await session(), await session()];
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM meal');
    await writer.query('BEGIN');
    await writer.query(`INSERT INTO meal_share VALUES ($1, '2024-12', md5('open')::uuid, 'f', 1)`, [CITY]);
    const detached = detachMonth({ query: async <Row>(sql: string, values: readonly unknown[] = []) => (await (clients[0] as pg.Client).query(sql, values as unknown[])).rows as Row[] }, OLD);
    await untilSomebodyWaits('ALTER TABLE');
    await expectTaps();
    await reader.query('COMMIT');
    await writer.query('ROLLBACK');
    await detached;
    await expectTaps();
    expect((await storedMonths(owner)).filter(({ month }) => month < '2024')).toMatchObject([{ month: OLD, state: 'detached' }, { month: '2023-11', state: 'attached' }]);
    expect(await count('meal_share_2023_10')).toBe(50);
    expect(await count('meal_share WHERE booked_month = \'2023-10\'')).toBe(0);
  });

  it('when a detaching gives up on its lock; the next one ends it', async () => {
    const reader = await session();
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM ledger_transfer');
    const impatient = await openOwner(city.service.ground.ownerUrl, 200);
    await expect(detachMonth(impatient, civilMonth('2023-11'))).rejects.toMatchObject({ code: '55P03' });
    await impatient.close();
    await expectTaps();
    await reader.query('COMMIT');
    expect((await storedMonths(owner)).find(({ month }) => month === '2023-11')).toMatchObject({ state: 'pending' });
    await detachMonth(owner, civilMonth('2023-11'));
    expect((await storedMonths(owner)).find(({ month }) => month === '2023-11')).toMatchObject({ state: 'detached' });
  });
});

/** Partitions that the plans of some statements name. */
async function partitionsOf(work: (tx: Tx) => Promise<unknown>): Promise<string[]> {
  const named = new Set<string>();
  await city.service.parts.transactor.run(async (tx) => work({
    query: async <Row>(sql: string, values: readonly SqlValue[] = []) => {
      for (const line of await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, values)) for (const [part] of line['QUERY PLAN'].matchAll(/\b(meal|meal_share|ledger_transfer)_\d{4}_\d{2}\b/g)) named.add(part);
      return tx.query<Row>(sql, values);
    },
  }));
  return [...named].sort();
}

describe('a statement', () => {
  const DECEMBER = ['meal_2024_12', 'meal_share_2024_12'];
  const day = civilDate('2024-12-03');
  let tapId: string;

  beforeAll(async () => {
    tapId = (await till.tap({ card: (await city.elder()).card })).body.tapId;
    for (let month = 1; month <= 12; month += 1) await owner.query('SELECT make_month_partitions($1)', [`2022-${String(month).padStart(2, '0')}`]);
  });

  it.each<[string, string[], (tx: Tx) => Promise<unknown>]>([
    ['reads kept answers', ['meal_2024_12'], (tx) => readAnswers(tx, CITY, [{ tapId, bookedMonth: civilMonth('2024-12') }])],
    ['reads one meal', DECEMBER, (tx) => readMeal(tx, CITY, tapId)],
    ['reads meals by their ids', DECEMBER, async (tx) => expect(await pastMealsById(tx, CITY, [tapId], city.clock.now())).toHaveLength(1)],
  ])('that %s looks into the month at hand alone', async (_, parts, work) => {
    expect(await partitionsOf(work)).toEqual(parts);
  });

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['lists the meals of a day', (tx) => listMeals(tx, CITY, till.siteId, day, null, 10)],
    ['reads meals of elders', (tx) => pastMeals(tx, { cityCode: CITY, elderIds: [tapId], from: day, to: day, knownAt: city.clock.now(), explained: false })],
    ['ranks meals of elders', (tx) => rankRows(tx, CITY, [tapId], day, city.clock.now())],
    ['asks for meals after a fact', (tx) => factsAfterMeals(tx, CITY, [{ elderId: tapId, firstDay: day, recordedAt: city.clock.now() }])],
  ])('that %s looks into no month before the meal\'s', async (name, work) => {
    const named = await partitionsOf(work);
    expect(named).toContain('meal_2024_12');
    if (name !== 'ranks meals of elders') expect(named.filter((part) => !part.includes('_share_') && part < 'meal_2024_12')).toEqual([]);
  });

  it('that books locks the month at hand alone', async () => {
    const locked = await city.service.parts.transactor.run(async (tx) => {
      const id = '0192f0c0-0000-7000-8000-000000000001';
      const head = { cityCode: CITY, bookedMonth: civilMonth('2024-12'), transferId: id, kind: 'meal' as const, siteId: till.siteId, mealDate: day, causeId: id };
      for (let times = 0; times < 7; times += 1) await postTransfers(tx, city.clock, toTransfers({ ...head, transferId: id.replace(/1$/, String(times)) }, [{ debitAccount: 'a', creditAccount: 'b', fen: fen(1) }]).map((transfer) => ({ ...transfer, debitAccount: `cash/${till.siteId}`, creditAccount: `sales/${till.siteId}` })));
      const rows = await tx.query<{ name: string }>(`SELECT DISTINCT relation::regclass::text AS name FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation::regclass::text ~ '_[0-9]{4}_[0-9]{2}$' ORDER BY 1`);
      throw Object.assign(new Error('enough'), { rows });
    }).catch((error: { rows?: { name: string }[] }) => (error.rows ?? []).map(({ name }) => name));
    expect(locked).toEqual(['ledger_transfer_2024_12']);
  });
});

describe('a month that was taken out', () => {
  it('takes nothing more, also from a city that never opened it, and is not made anew', async () => {
    const clock = SettableClock.at(civilDate('2024-12-03'));
    expect(await city.service.parts.transactor.run((tx) => bookingMonth(tx, clock, '370100', civilDate('2023-10-05')))).toBe('2023-12');
    expect(await city.service.parts.transactor.run((tx) => bookingMonth(tx, clock, '370100', civilDate('2024-02-05')))).toBe('2024-02');
    await expect(owner.query(`SELECT make_month_partitions('2023-10')`)).rejects.toMatchObject({ code: '55000' });
  });

  it('cannot be changed, not even by the owner by accident', async () => {
    for (const sql of ['DELETE FROM meal_share_2023_10', 'UPDATE meal_share_2023_10 SET fen = 1', 'TRUNCATE meal_share_2023_10']) await expect(owner.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('comes back as it was, without a look through its rows', async () => {
    const client = await session();
    const notices: string[] = [];
    client.on('notice', ({ message }) => notices.push(message ?? ''));
    await client.query('SET client_min_messages = debug1');
    await attachMonth({ query: async <Row>(sql: string, values: readonly unknown[] = []) => (await client.query(sql, values as unknown[])).rows as Row[] }, OLD);
    expect(notices.filter((line) => /implied by existing constraints/.test(line))).toHaveLength(3);
    expect(notices.filter((line) => line.startsWith('verifying table'))).toEqual([]);
    expect(await count('meal_share WHERE booked_month = \'2023-10\'')).toBe(50);
    await expect(owner.query('DELETE FROM meal_share')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the command', () => {
  const kept = { ...process.env };
  let said = '';
  const write = { out: process.stdout.write.bind(process.stdout), error: process.stderr.write.bind(process.stderr) };

  beforeEach(() => {
    said = '';
    process.env['DATABASE_URL'] = city.service.ground.ownerUrl;
    process.env['DATA_DIR'] = city.service.ground.dataDir;
    process.env['LOG_LEVEL'] = 'silent';
    process.stdout.write = ((text: string) => ((said += text), true)) as typeof process.stdout.write;
    process.stderr.write = () => true;
  });
  afterEach(() => {
    process.stdout.write = write.out;
    process.stderr.write = write.error;
    process.env = kept;
  });

  const run = async (...args: string[]) => ({ code: await partitionsCommand([...args, '--json']), json: JSON.parse(said.trim().split('\n').at(-1) as string) });

  it('lists the months with their sizes', async () => {
    const { code, json } = await run();
    expect(code).toBe(0);
    expect(json.months).toContainEqual({ month: '2023-11', state: 'detached', bytes: expect.any(Number), openCities: 0 });
    expect(json.months).toContainEqual({ month: '2024-12', state: 'attached', bytes: expect.any(Number), openCities: 1 });
    expect(json.months.find(({ month }: { month: string }) => month === '2023-11').bytes).toBeGreaterThan(0);
  });

  it('takes closed months out and leaves open ones, which it names', async () => {
    const { code, json } = await run('detach', '--before', '2025-01');
    expect(json).toMatchObject({ done: expect.arrayContaining(['2022-01', '2023-10']), locked: [] });
    expect(json.open).toContain('2024-12');
    expect(code).toBe(1);
  });

  it('takes a month in again, and says of one that it does not have so', async () => {
    expect(await run('attach', '--month', '2023-10')).toEqual({ code: 0, json: { done: ['2023-10'], open: [], locked: [] } });
    expect(await partitionsCommand(['attach', '--month', '2019-01'])).toBe(1);
  });

  it.each([[['attach']], [['detach', '--before']], [['detach', '--before', '2024-13']], [['drop', '--month', '2024-01']]])('refuses %p', async (args) => {
    expect(await partitionsCommand(args)).toBe(2);
  });
});

describe('partitions ahead', () => {
  const lines: string[] = [];
  const board = new JobBoard();
  const clock = SettableClock.at(civilDate('2026-11-30'));
  const asked = async (): Promise<JobRequest[]> => city.service.parts.transactor.run(async (tx) => (await Promise.all(board.finders.map((find) => find(tx)))).flat());

  it('are made by a job for this month and the next three, once', async () => {
    new LedgerJobs(board, clock, openLog('info', (line) => lines.push(line))).onModuleInit();
    const [job, ...more] = await asked();
    expect([job, more]).toEqual([{ cityCode: CITY, job: 'ledger.partitions', key: '2026-11-30', payload: { date: '2026-11-30' } }, []]);
    await city.service.parts.transactor.run((tx) => board.handlerOf('ledger.partitions')?.(tx, job as JobRequest) as Promise<void>);
    expect(await asked()).toEqual([]);
    expect((await storedMonths(owner)).map(({ month }) => month).filter((month) => month > '2026')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
  });

  it('that cannot be made are an alarm in the log', async () => {
    clock.setTo(civilDate('2100-01-01'));
    const [job] = await asked();
    await expect(city.service.parts.transactor.run((tx) => board.handlerOf('ledger.partitions')?.(tx, job as JobRequest) as Promise<void>)).rejects.toThrow();
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ alarm: 'partitions-missing', sqlState: '22023' });
  });
});
