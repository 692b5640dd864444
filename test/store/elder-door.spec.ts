import { randomUUID } from 'node:crypto';
import { cardHandle, factsOf, lockEldersByCard } from '../../src/elder/index.js';
import { FieldCipher, openDataSource, Transactor } from '../../src/platform/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const cipher = new FieldCipher(Buffer.alloc(32, 7));

describe('the door that taps enter by', () => {
  let database: TestDatabase;
  let transactor: Transactor;

  beforeAll(async () => {
    database = await freshDatabase();
    transactor = new Transactor(await openDataSource(database.ownerUrl, 4));
  });
  afterAll(async () => {
    await transactor?.dataSource.destroy();
    await database?.drop();
  });

  async function plantElder(cards: string[]): Promise<string> {
    const elderId = randomUUID();
    await transactor.run(async (tx) => {
      await tx.query(
        `INSERT INTO elder (city_code, elder_id, identity_sealed, identity_index, name_sealed, name_index, born, sex, residence_code, recorded_at, recorded_by)
         VALUES ($1, $2, '\\x01', $3, '\\x01', 'n', '1940-06-01', 'male', '371502', now(), 'test')`,
        [CITY, elderId, randomUUID()],
      );
      for (const [index, number] of cards.entries()) {
        await tx.query(
          `INSERT INTO elder_card (city_code, card_id, elder_id, handle, tail, state, state_since) VALUES ($1, $2, $3, $4, '0001', $5, now())`,
          [CITY, randomUUID(), elderId, cardHandle(cipher, number), index === 0 ? 'active' : 'replaced'],
        );
      }
    });
    return elderId;
  }

  it('finds the elder behind each card, twice for two cards, and leaves unknown cards out', async () => {
    const elderId = await plantElder(['K-1001', 'K-1002']);
    const found = await transactor.run((tx) => lockEldersByCard(tx, CITY, ['K-1001', ' k1002', 'nobody'].map((number) => cardHandle(cipher, number))));
    expect(found.map((holder) => [holder.elderId, holder.cardState]).sort()).toEqual([[elderId, 'active'], [elderId, 'replaced']]);
    expect(found[0]?.facts).toEqual({ elderId, born: '1940-06-01', hukouCode: null, residenceCode: '371502', categories: [], careHomeStays: [], died: null, homes: [] });
  });

  it('sees nothing of another city', async () => {
    await plantElder(['K-2001']);
    expect(await transactor.run((tx) => lockEldersByCard(tx, '120000', [cardHandle(cipher, 'K-2001')]))).toEqual([]);
  });

  it('keeps what was corrected or withdrawn out of the facts', async () => {
    const elderId = await plantElder([]);
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    await transactor.run(async (tx) => {
      for (const [id, to, corrects, withdrawn] of [[first, null, null, false], [second, '2024-11-30', first, false], [third, null, null, false], [randomUUID(), null, third, true]] as const) {
        await tx.query(
          `INSERT INTO elder_category (city_code, entry_id, elder_id, code, from_date, to_date, source, evidence, corrects, withdrawn, recorded_at, recorded_by)
           VALUES ($1, $2, $3, 'minLivingRecipient', '2024-01-01', $4, 's', 'e', $5, $6, now(), 'test')`,
          [CITY, id, elderId, to, corrects, withdrawn],
        );
      }
    });
    const facts = await transactor.run((tx) => factsOf(tx, CITY, [elderId]));
    expect(facts.get(elderId)?.categories).toEqual([{ code: 'minLivingRecipient', grade: null, from: '2024-01-01', to: '2024-11-30', source: 's' }]);
  });

  it('makes a second batch wait for the first, whichever order the cards come in, and shows it what changed', async () => {
    await plantElder(['K-3001']);
    await plantElder(['K-3002']);
    const handles = ['K-3001', 'K-3002'].map((number) => cardHandle(cipher, number));
    let second: Promise<unknown> = Promise.resolve();
    await transactor.run(async (tx) => {
      await lockEldersByCard(tx, CITY, handles);
      second = transactor.run((other) => lockEldersByCard(other, CITY, [...handles].reverse()));
      let finished = false;
      void second.then(() => (finished = true));
      for (;;) {
        const [waiting] = await tx.query<{ count: number }>('SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))');
        if (waiting?.count === 1) break;
        expect(finished).toBe(false);
      }
      await tx.query("UPDATE elder_card SET state = 'frozen', state_since = now() WHERE city_code = $1 AND handle = $2", [CITY, handles[0] as string]);
    });
    expect(await second).toEqual(expect.arrayContaining([expect.objectContaining({ handle: handles[0], cardState: 'frozen' })]));
    expect(transactor.reruns).toBe(0);
  });

  it('takes three statements for a batch of 64', async () => {
    const numbers = Array.from({ length: 64 }, (_, index) => `L-${10_000 + index}`);
    for (const number of numbers) await plantElder([number]);
    const statements: string[] = [];
    const found = await transactor.run((tx) => lockEldersByCard({
      query: (sql, values, name) => {
        statements.push(sql);
        return tx.query(sql, values, name);
      },
    }, CITY, numbers.map((number) => cardHandle(cipher, number))));
    expect(found).toHaveLength(64);
    expect(statements).toHaveLength(3);
  });
});
