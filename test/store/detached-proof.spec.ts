import pg from 'pg';
import { civilMonth } from '../../src/kernel/index.js';
import { attachMonth, detachMonth } from '../../src/ledger/detach.store.js';
import { openDataSource, openOwner, Transactor, type SqlValue } from '../../src/platform/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { freshDatabase } from '../support/database.js';
import { CITY, playBooks } from '../support/played-books.js';

/** Books of a closed November and an open December, before and after November was taken out. */
test('books out of which a closed month was taken break nothing, nor when it is back', async () => {
  const database = await freshDatabase();
  const transactor = new Transactor(await openDataSource(database.ownerUrl, 2));
  const owner = await openOwner(database.ownerUrl, 3_000);
  const planter = new pg.Client({ connectionString: database.adminUrl });
  await planter.connect();
  try {
    await planter.query("SET session_replication_role = replica; SET timezone = 'Asia/Shanghai'");
    await playBooks({ query: async <Row>(sql: string, values: readonly SqlValue[] = []) => (await planter.query(sql, values as unknown[])).rows as Row[] });
    const broken = () => transactor.run(async (tx) => (await runInvariants(tx, CITY)).violations.map(({ id, sample }) => [id, ...sample]));
    expect(await broken()).toEqual([]);
    await detachMonth(owner, civilMonth('2024-11'));
    expect(await broken()).toEqual([]);
    await attachMonth(owner, civilMonth('2024-11'));
    expect(await broken()).toEqual([]);
  } finally {
    await planter.end();
    await owner.close();
    await transactor.dataSource.destroy();
    await database.drop();
  }
});
