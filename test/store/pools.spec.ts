import { setTimeout as pause } from 'node:timers/promises';
import { isBusy, isUnavailable, openDataSource, POOLS, Transactor, type PoolLimits } from '../../src/platform/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
const open: Transactor[] = [];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  for (const { dataSource } of open) await dataSource.destroy();
  await database.drop();
});

async function pool(limits: Partial<PoolLimits>): Promise<Transactor> {
  const transactor = new Transactor(await openDataSource(database.ownerUrl, { ...POOLS.work, ...limits }));
  open.push(transactor);
  return transactor;
}

const works = (transactor: Transactor) => transactor.run((tx) => tx.query<{ one: number }>('SELECT 1 AS one'));
const failure = (work: Promise<unknown>) => work.then(() => 'none', (error: unknown) => ({ busy: isBusy(error), away: isUnavailable(error) }));

describe('a pool', () => {
  it('ends a statement that takes too long, and goes on', async () => {
    const transactor = await pool({ size: 1, statementMs: 100 });
    expect(await failure(transactor.run((tx) => tx.query('SELECT pg_sleep(30)')))).toEqual({ busy: true, away: false });
    expect(await works(transactor)).toEqual([{ one: 1 }]);
  });

  it('ends a wait for a lock that takes too long, and goes on', async () => {
    const [holder, waiter] = [await pool({ size: 1 }), await pool({ size: 1, lockMs: 100 })];
    await holder.run(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(1)');
      expect(await failure(waiter.run((other) => other.query('SELECT pg_advisory_xact_lock(1)')))).toEqual({ busy: true, away: false });
    });
    expect(await works(waiter)).toEqual([{ one: 1 }]);
  });

  it('ends a transaction that stands still, lets its locks go, and goes on with a new connection', async () => {
    const transactor = await pool({ size: 1, idleMs: 100 });
    const still = transactor.run(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(2)');
      await pause(400);
      return tx.query('SELECT 1');
    });
    expect(await failure(still)).toEqual({ busy: false, away: true });
    expect(await transactor.run((tx) => tx.query<{ free: boolean }>('SELECT pg_try_advisory_xact_lock(2) AS free'))).toEqual([{ free: true }]);
  });

  it('lets nobody wait for a connection for ever, and not more than so many wait', async () => {
    const transactor = await pool({ size: 1, waitMs: 200 });
    const asleep = failure(transactor.run((tx) => tx.query('SELECT pg_sleep(1)')));
    await pause(50);
    const waiting = Array.from({ length: 600 }, () => failure(works(transactor)));
    expect(transactor.use).toMatchObject({ open: 1, idle: 0, waiting: 512 });
    expect(new Set((await Promise.all(waiting)).map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify({ busy: false, away: true })]));
    expect(await asleep).toBe('none');
    expect(await works(transactor)).toEqual([{ one: 1 }]);
  });
});
