import pg from 'pg';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../support/database.js';
import { describeWith, findPostgres15, findRedis, startOtherPostgres, startRedis } from '../support/servers.js';
import { signal } from '../support/signal.js';

const tablesOf = async (database: TestDatabase): Promise<number> => {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM pg_tables WHERE schemaname = 'public'`);
  await client.end();
  return Number(rows[0]?.count);
};

describe('the databases of tests', () => {
  it('are migrated, and one knows nothing of another', async () => {
    const [one, other] = [await freshDatabase(), await freshDatabase()];
    expect(one.ownerUrl).not.toBe(other.ownerUrl);
    const client = new pg.Client({ connectionString: one.ownerUrl });
    await client.connect();
    await client.query('CREATE TABLE only_here (n int)');
    await client.end();
    expect(await tablesOf(one)).toBe((await tablesOf(other)) + 1);
    await one.drop();
    await other.drop();
    await expect(tablesOf(one)).rejects.toMatchObject({ code: '3D000' });
  });

  it('can be empty', async () => {
    const database = await emptyDatabase();
    expect(await tablesOf(database)).toBe(0);
    await database.drop();
  });
});

describe('a signal', () => {
  it('says what did not happen', async () => {
    await expect(signal('the bell').wait(20)).rejects.toThrow('the bell did not happen within 20 ms');
  });

  it('gives what it was fired with', async () => {
    const bell = signal<number>('the bell');
    setImmediate(() => bell.fire(3));
    expect(await bell.wait()).toBe(3);
  });
});

describeWith('PostgreSQL 15', findPostgres15(), (binDir) => {
  it('carries the whole schema', async () => {
    const server = await startOtherPostgres(binDir);
    try {
      expect(await tablesOf(await freshDatabase(server))).toBe(await tablesOf(await freshDatabase()));
    } finally {
      await server.stop();
    }
  });
});

describeWith('Redis', findRedis(), (program) => {
  it('starts and ends', async () => {
    const redis = await startRedis(program);
    expect(redis.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    await redis.stop();
  });
});
