import { createHash } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { MonthPartitions1732001700000 } from '../../migrations/1732001700000-month-partitions.js';
import { migrateToHead, openDataSource, Transactor } from '../../src/platform/index.js';
import { emptyDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const PARENTS = ['ledger_transfer', 'meal', 'meal_share'] as const;

let database: TestDatabase;
let owner: pg.Client;

async function rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await owner.query(sql, values)).rows as T[];
}

/** Brings an empty database to the schema before one migration. */
async function migrateBefore(url: string, migration: { name: string }): Promise<void> {
  const place = migrations.findIndex(({ name }) => name === migration.name);
  expect(place).toBeGreaterThan(0);
  const source = await new DataSource({ type: 'postgres', url, migrations: migrations.slice(0, place), migrationsTableName: 'schema_migration', migrationsTransactionMode: 'each' }).initialize();
  await source.runMigrations();
  await source.destroy();
}

/** Meals of many years, one far outside of the years that had a partition, each with its share, transfers and every third taken back. */
const FILL = `
  CREATE TEMP TABLE eaten AS SELECT n, month, md5(n::text || month)::uuid AS tap_id, (month || '-05')::date AS meal_date
    FROM unnest(ARRAY['1970-01', '2019-12', '2023-11', '2023-12', '2024-01', '2024-12', '2036-12', '2037-01']) AS month, generate_series(1, 40) AS n;
  INSERT INTO ledger_month (city_code, month, state, opened_at) SELECT DISTINCT '${CITY}', month, 'open', now() FROM eaten;
  INSERT INTO meal SELECT '${CITY}', month, tap_id, md5('site')::uuid, md5('till')::uuid, NULL, NULL, md5('elder' || n)::uuid, NULL, meal_date, 'lunch', 1500 + n, 1200 + n, 300, 0, 'accepted', NULL,
    'p', 'v', 1, 'cash', meal_date + interval '12 hours', meal_date + interval '13 hours', false, ARRAY['a', 'b'], '[{"itemCode": "餐"}]', jsonb_build_object('n', n), jsonb_build_object('tapId', tap_id) FROM eaten;
  INSERT INTO meal_share SELECT '${CITY}', month, tap_id, 'county@371502', 300 FROM eaten;
  INSERT INTO ledger_transfer SELECT '${CITY}', month, tap_id, leg, 'cash/1', 'sales/1', 1000 + n, 'meal', NULL, meal_date, tap_id, now() FROM eaten, generate_series(1, 2) AS leg;
  INSERT INTO meal_void SELECT '${CITY}', month, md5('void' || tap_id)::uuid, tap_id, month, md5('site')::uuid, meal_date, 'r', 'b', now() FROM eaten WHERE n % 3 = 0`;

/** Every row of a table, as one hash and a few figures; without the column that a later migration adds. */
async function contents(): Promise<object> {
  const of = async (table: string, sum: string) => {
    const texts = await rows<{ text: string }>(`SELECT t.text FROM (SELECT (to_jsonb(t) - 'made_at')::text AS text FROM ${table} t) t ORDER BY t.text COLLATE "C"`);
    const [figures] = await rows(`SELECT count(*)::int AS rows, ${sum}::int AS fen, count(DISTINCT booked_month)::int AS months FROM ${table}`);
    return { figures, hash: createHash('sha256').update(texts.map(({ text }) => text).join('\n')).digest('hex') };
  };
  return { meal: await of('meal', 'sum(price_fen)'), share: await of('meal_share', 'sum(fen)'), transfer: await of('ledger_transfer', 'sum(fen)'), taken: await of('meal_void', 'count(*)') };
}

beforeAll(async () => {
  database = await emptyDatabase();
  await migrateBefore(database.ownerUrl, MonthPartitions1732001700000);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('SET timezone = \'Asia/Shanghai\'');
  await owner.query(FILL);
}, 60_000);

afterAll(async () => {
  await owner.end();
  await database.drop();
});

describe('books that lay in years', () => {
  let before: object;

  beforeAll(async () => {
    before = await contents();
    await migrateToHead(database.ownerUrl);
  }, 60_000);

  it('hold every row as it was', async () => {
    expect(before).toMatchObject({ meal: { figures: { rows: 320, months: 8 } }, transfer: { figures: { rows: 640 } }, taken: { figures: { rows: 104 } } });
    expect(await contents()).toEqual(before);
  });

  it('lie in one partition for each month, and there is no other one', async () => {
    const parts = await rows<{ parent: string; part: string; bounds: string }>(
      `SELECT i.inhparent::regclass::text AS parent, c.relname AS part, pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = ANY ($1::regclass[]) ORDER BY 1, 2`, [PARENTS]);
    expect(parts).toHaveLength(3 * 8);
    expect(parts).toContainEqual({ parent: 'meal', part: 'meal_2023_12', bounds: `FOR VALUES FROM ('2023-12') TO ('2024-01')` });
    expect(parts.filter(({ bounds }) => bounds === 'DEFAULT')).toEqual([]);
    expect(await rows(`SELECT count(*)::int AS n FROM meal_2023_12`)).toEqual([{ n: 40 }]);
    expect(await rows(`SELECT relname FROM pg_class WHERE relname ~ '^(meal|meal_share|ledger_transfer)_([0-9]{4}|other)$'`)).toEqual([]);
  });

  it('have no foreign key that forbids taking a month out, and still no void of a meal that is not there', async () => {
    expect(await rows(`SELECT conname FROM pg_constraint WHERE contype = 'f' AND confrelid = ANY ($1::regclass[])`, [PARENTS])).toEqual([]);
    const void_ = (month: string, tap: string) => owner.query(
      `INSERT INTO meal_void VALUES ($1, '2024-12', md5('v' || $3)::uuid, md5($3)::uuid, $2, md5('site')::uuid, '2024-12-05', 'r', 'b', now())`, [CITY, month, tap]);
    await expect(void_('2024-12', 'nobody')).rejects.toMatchObject({ code: '23503', constraint: 'meal_void_meal' });
    await expect(void_('2024-01', '12024-12')).rejects.toMatchObject({ code: '23503' });
    await void_('2024-12', '12024-12');
    await expect(owner.query(
      `INSERT INTO meal_adjustment VALUES ($1, '2024-12', md5('a')::uuid, md5('nobody')::uuid, '2024-12', md5('site')::uuid, '2024-12-05', 'f', -1, 'death', 'r', 'b', now())`, [CITY],
    )).rejects.toMatchObject({ code: '23503', constraint: 'meal_adjustment_meal' });
  });

  it('are guarded in every partition as before', async () => {
    for (const table of ['meal', 'meal_2023_12', 'meal_share_2023_12', 'ledger_transfer_2023_12']) {
      await expect(owner.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
      await expect(owner.query(`UPDATE ${table} SET city_code = '000000'`)).rejects.toMatchObject({ code: '42501' });
      await expect(owner.query(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('take a month that is opened later, and nothing outside of a month', async () => {
    await owner.query(`INSERT INTO ledger_month (city_code, month, state, opened_at) VALUES ('${CITY}', '2025-01', 'open', now())`);
    expect(await rows(`SELECT month FROM attached_month WHERE month >= '2024-12' ORDER BY 1`)).toEqual([{ month: '2024-12' }, { month: '2025-01' }, { month: '2036-12' }, { month: '2037-01' }]);
    await expect(owner.query(`INSERT INTO meal_share VALUES ('${CITY}', '2025-02', md5('x')::uuid, 'f', 1)`)).rejects.toThrow(/no partition of relation/);
  });
});

describe('the working role', () => {
  let transactor: Transactor;

  beforeAll(async () => {
    transactor = new Transactor(await openDataSource(database.ownerUrl, 2));
  });
  afterAll(() => transactor.dataSource.destroy());

  const make = (month: string | null) => transactor.run((tx) => tx.query<{ made: number }>('SELECT make_month_partitions($1) AS made', [month]));

  it('makes the three partitions of a month, once', async () => {
    expect(await make('2026-03')).toEqual([{ made: 3 }]);
    expect(await make('2026-03')).toEqual([{ made: 0 }]);
    expect(await Promise.all(Array.from({ length: 6 }, () => make('2026-04').then(([row]) => row?.made)))).toEqual(expect.arrayContaining([3, 0, 0, 0, 0, 0]));
    expect(await rows(`SELECT pg_get_userbyid(relowner) = current_user AS mine FROM pg_class WHERE relname = 'meal_2026_04'`)).toEqual([{ mine: true }]);
  });

  it.each([[null], [''], ['2024-13'], ['2024-1'], ['1969-12'], ['2100-01'], ['2024-01; DROP TABLE meal'], [`2024-01'`]])('makes none for %p', async (month) => {
    await expect(make(month)).rejects.toMatchObject({ code: '22023' });
  });

  it('cannot change what such a partition holds, or make a table itself', async () => {
    await make('2026-05');
    for (const sql of ['SELECT FROM meal_2026_05', 'DELETE FROM meal_2026_05', 'DELETE FROM meal', 'ALTER TABLE meal DETACH PARTITION meal_2026_05', 'CREATE TABLE mine (id int)']) {
      await expect(transactor.run((tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
    }
  });
});
