import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { civilDate, civilMonth, fen, SettableClock } from '../../src/kernel/index.js';
import { account, mealPostings, reversed, toTransfers, type Transfer } from '../../src/ledger/domain/index.js';
import { balancesOf, bookingMonth, closeMonth, imbalance, postTransfers, readMonths } from '../../src/ledger/index.js';
import { openDataSource, Transactor } from '../../src/platform/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

// Every test has a city of its own in one database.
let CITY = '371500';
const SITE = randomUUID();
const DEC = civilMonth('2024-12');
const JAN = civilMonth('2025-01');
const DAY = civilDate('2024-12-03');
const clock = SettableClock.at(DAY, 720);

let database: TestDatabase;
let transactor: Transactor;

beforeAll(async () => {
  database = await freshDatabase();
  transactor = new Transactor(await openDataSource(database.ownerUrl, 8));
});
beforeEach(() => {
  CITY = String(Number(CITY) + 100);
  clock.setTo(DAY, 720);
});
afterAll(async () => {
  await transactor.dataSource.destroy();
  await database.drop();
});

function meal(selfPay: number, city: number, county: number, month = DEC, siteId = SITE): Transfer[] {
  const id = randomUUID();
  const shares = [{ funderCode: 'city@371500', fen: fen(city) }, { funderCode: 'county@371502', fen: fen(county) }];
  const head = { cityCode: CITY, bookedMonth: month, transferId: id, kind: 'meal' as const, siteId, mealDate: DAY, causeId: id };
  return toTransfers(head, mealPostings(siteId, { selfPayFen: fen(selfPay), siteBorneFen: fen(0), shares }));
}

async function book(...deeds: Transfer[][]): Promise<void> {
  await transactor.run(async (tx) => {
    await bookingMonth(tx, clock, CITY, DAY);
    await postTransfers(tx, clock, deeds.flat());
  });
}

describe('transfers and balances', () => {
  test('balances are the sums of the transfers, per account and month', async () => {
    await book(meal(700, 500, 300), meal(1500, 0, 0));
    await book(meal(400, 100, 0));
    const balances = await transactor.run((tx) => balancesOf(tx, CITY, DEC));
    expect(balances).toEqual([
      { account: account.cash(SITE), debitFen: 2600, creditFen: 0, entries: 3 },
      { account: account.due(SITE, 'city@371500'), debitFen: 600, creditFen: 0, entries: 2 },
      { account: account.due(SITE, 'county@371502'), debitFen: 300, creditFen: 0, entries: 1 },
      { account: account.sales(SITE), debitFen: 0, creditFen: 3500, entries: 6 },
    ]);
    expect(await transactor.run((tx) => imbalance(tx, CITY))).toBe(0);
  });

  test('a reversal adds rows and takes none away', async () => {
    const id = randomUUID();
    const head = { cityCode: CITY, bookedMonth: DEC, kind: 'meal' as const, siteId: SITE, mealDate: DAY, causeId: id };
    const postings = mealPostings(SITE, { selfPayFen: fen(700), siteBorneFen: fen(0), shares: [{ funderCode: 'city@371500', fen: fen(500) }] });
    await book(toTransfers({ ...head, transferId: id }, postings), toTransfers({ ...head, kind: 'void', transferId: randomUUID() }, reversed(postings)));
    const balances = await transactor.run((tx) => balancesOf(tx, CITY, DEC, [SITE]));
    expect(balances.map(({ debitFen, creditFen, entries }) => [debitFen - creditFen, entries])).toEqual([[0, 2], [0, 2], [0, 4]]);
  });

  test('balances of chosen sites leave others and other cities out', async () => {
    const other = randomUUID();
    await book(meal(700, 500, 300), meal(100, 0, 0, DEC, other));
    const only = await transactor.run((tx) => balancesOf(tx, CITY, DEC, [other]));
    expect(only.map((balance) => balance.account)).toEqual([account.cash(other), account.sales(other)]);
    expect(await transactor.run((tx) => balancesOf(tx, '370100', DEC))).toEqual([]);
  });

  test('many writers of the same accounts at once lose nothing and never lock crosswise', async () => {
    const sites = [randomUUID(), randomUUID(), randomUUID()];
    await Promise.all(Array.from({ length: 24 }, (_, index) => {
      const order = index % 2 === 0 ? sites : [...sites].reverse();
      return book(...order.map((siteId) => meal(100 + index, 50, 25, DEC, siteId)));
    }));
    const balances = await transactor.run((tx) => balancesOf(tx, CITY, DEC));
    const sales = balances.filter((balance) => balance.account.startsWith('sales/'));
    expect(sales.map((balance) => balance.creditFen)).toEqual(sites.map(() => 24 * 175 + (23 * 24) / 2));
    expect(transactor.reruns).toBe(0);
  });

  test('the same leg twice is refused by the key, and books nothing', async () => {
    const once = meal(700, 500, 300);
    await book(once);
    await expect(book(once, meal(1, 0, 0))).rejects.toThrow('duplicate key');
    const [cash] = await transactor.run((tx) => balancesOf(tx, CITY, DEC));
    expect(cash?.debitFen).toBe(700);
  });
});

describe('append-only', () => {
  test.each([
    'UPDATE ledger_transfer SET fen = fen + 1', 'DELETE FROM ledger_transfer', 'UPDATE ledger_transfer_2024_12 SET fen = 1', 'DELETE FROM ledger_account',
    'TRUNCATE ledger_transfer', 'DELETE FROM ledger_balance', `UPDATE ledger_balance SET account = 'x'`, `DELETE FROM ledger_month`,
  ])('the working role cannot: %s', async (sql) => {
    await book(meal(700, 500, 300));
    await expect(transactor.run((tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
  });

  test.each([
    'UPDATE ledger_transfer SET fen = fen + 1', 'DELETE FROM ledger_transfer', 'TRUNCATE ledger_transfer', 'TRUNCATE ledger_transfer_2024_12',
    'DELETE FROM ledger_account', 'DELETE FROM ledger_month',
  ])('nor the owner by accident: %s', async (sql) => {
    await book(meal(700, 500, 300));
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await expect(owner.query(sql)).rejects.toMatchObject({ code: '42501' });
    await owner.end();
  });
});

describe('months', () => {
  const close = (month = DEC) => transactor.run((tx) => closeMonth(tx, clock, CITY, month, 'staff:1'));

  test('a month closes once, after its end, and opens the next', async () => {
    await book(meal(700, 500, 300));
    expect(await close()).toEqual({ ok: false, code: 'month-not-over', detail: { month: DEC } });
    clock.setTo(civilDate('2025-01-01'));
    const closed = await close();
    expect(closed).toMatchObject({ ok: true, value: { month: DEC, rootHash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await close()).toEqual({ ok: false, code: 'month-closed', detail: { month: DEC } });
    expect(await transactor.run((tx) => readMonths(tx, CITY))).toMatchObject([{ month: DEC, state: 'closed' }, { month: JAN, state: 'open' }]);
  });

  test('months close in order, and only those that have books', async () => {
    await book(meal(700, 500, 300));
    await transactor.run((tx) => bookingMonth(tx, clock, CITY, civilDate('2025-01-05')));
    clock.setTo(civilDate('2025-02-01'));
    expect(await close(JAN)).toEqual({ ok: false, code: 'month-earlier-open', detail: { month: JAN, earlier: DEC } });
    expect(await close(civilMonth('2024-10'))).toEqual({ ok: false, code: 'month-unknown', detail: { month: '2024-10' } });
  });

  test('nothing is booked in a closed month, and late meals go to the next open one', async () => {
    await book(meal(700, 500, 300));
    clock.setTo(civilDate('2025-01-02'));
    await close();
    await expect(transactor.run((tx) => postTransfers(tx, clock, meal(1, 1, 1)))).rejects.toThrow('not open');
    expect(await transactor.run((tx) => bookingMonth(tx, clock, CITY, DAY))).toBe(JAN);
    expect(await transactor.run((tx) => bookingMonth(tx, clock, CITY, civilDate('2024-11-30')))).toBe(JAN);
  });

  test('a closed month cannot be opened or changed, not even by the owner', async () => {
    await book(meal(700, 500, 300));
    clock.setTo(civilDate('2025-01-02'));
    await close();
    await expect(transactor.run((tx) => tx.query(`UPDATE ledger_month SET state = 'open', closed_at = NULL, closed_by = NULL, root_hash = NULL`))).rejects.toMatchObject({ code: '42501' });
  });

  test('the root hash of a month covers its balances and the month before', async () => {
    await book(meal(700, 500, 300));
    clock.setTo(civilDate('2025-02-02'));
    const first = await close();
    const second = await close(JAN);
    if (!first.ok || !second.ok) throw new Error('both close');
    expect(first.value.rootHash).not.toBe(second.value.rootHash);
  });

  test('a close waits for a tap that is booking, and a tap that waits for a close books after it', async () => {
    await book(meal(700, 500, 300));
    clock.setTo(civilDate('2025-01-02'));
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let holding = (): void => undefined;
    const isHolding = new Promise<void>((resolve) => (holding = resolve));
    const tap = transactor.run(async (tx) => {
      const month = await bookingMonth(tx, clock, CITY, DAY);
      holding();
      await held;
      await postTransfers(tx, clock, meal(100, 0, 0, month));
      return month;
    });
    await isHolding;
    const closing = close();
    const first = await Promise.race([closing.then(() => 'closed'), new Promise((resolve) => setTimeout(() => resolve('waiting'), 150))]);
    expect(first).toBe('waiting');
    const late = transactor.run((tx) => bookingMonth(tx, clock, CITY, DAY));
    letGo();
    expect(await tap).toBe(DEC);
    expect((await closing).ok).toBe(true);
    // It came while the close was waiting: before it or after it, but never into a closed month.
    expect([DEC, JAN]).toContain(await late);
    const [cash] = await transactor.run((tx) => balancesOf(tx, CITY, DEC));
    expect(cash?.debitFen).toBe(800);
  });
});
