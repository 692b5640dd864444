import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { civilDate, done, InvariantBroken, refuse, SettableClock } from '../../src/kernel/index.js';
import { belongsToKey, doDeed, openDataSource, stageJobs, Transactor, type Deed } from '../../src/platform/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { signal } from '../support/signal.js';

const CITY = '371500';
const clock = SettableClock.at(civilDate('2024-12-03'), 720);

let database: TestDatabase;
let source: DataSource;
let transactor: Transactor;

beforeAll(async () => {
  database = await freshDatabase();
  source = await openDataSource(database.ownerUrl, 8);
  transactor = new Transactor(source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

function stage(key: string) {
  return transactor.run((tx) => stageJobs(tx, clock, [{ cityCode: CITY, job: 'test.job', key, payload: { n: 1 } }]));
}

async function stagedKeys(): Promise<string[]> {
  const rows = await transactor.run((tx) => tx.query<{ jobKey: string }>('SELECT job_key AS "jobKey" FROM outbox WHERE city_code = $1 ORDER BY 1', [CITY]));
  return rows.map((row) => row.jobKey);
}

describe('the transactor', () => {
  it('takes everything back when the work throws', async () => {
    const before = await stagedKeys();
    await expect(transactor.run(async (tx) => {
      await stageJobs(tx, clock, [{ cityCode: CITY, job: 'test.job', key: 'never', payload: {} }]);
      throw new Error('stop');
    })).rejects.toThrow('stop');
    expect(await stagedKeys()).toEqual(before);
  });

  it('does not call a failed transaction saved when its error was swallowed', async () => {
    await expect(transactor.run(async (tx) => {
      await tx.query('SELECT 1 / 0').catch(() => undefined);
      return 'fine';
    })).rejects.toThrow(InvariantBroken);
  });

  it('runs statements that are sent together in the order in which they were sent', async () => {
    const key = randomUUID();
    const seen = await transactor.run(async (tx) => {
      const look = () => tx.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox WHERE city_code = $1 AND job_key = $2', [CITY, key]);
      const [before, , after] = await Promise.all([look(), stageJobs(tx, clock, [{ cityCode: CITY, job: 'test.job', key, payload: {} }]), look()]);
      return [before[0]?.n, after[0]?.n];
    });
    expect(seen).toEqual([0, 1]);
  });

  it('takes back all that was sent together when one of it fails, sends nothing after that, and keeps the connection', async () => {
    const before = await stagedKeys();
    const later: Promise<unknown>[] = [];
    await expect(transactor.run((tx) => Promise.all([
      stageJobs(tx, clock, [{ cityCode: CITY, job: 'test.job', key: 'beside', payload: {} }]),
      tx.query('SELECT 1 / 0').catch((error: unknown) => {
        later.push(new Promise((done) => setTimeout(done, 50)).then(() => tx.query(`INSERT INTO outbox (city_code, job, job_key, payload, staged_at) VALUES ($1, 'test.job', 'later', '{}', now())`, [CITY])));
        throw error;
      }),
    ]))).rejects.toThrow('division by zero');
    await expect(Promise.all(later)).rejects.toThrow(InvariantBroken);
    expect(await stagedKeys()).toEqual(before);
    expect(await Promise.all(Array.from({ length: 16 }, () => transactor.run((tx) => tx.query<{ one: number }>('SELECT 1 AS one'))))).toEqual(Array.from({ length: 16 }, () => [{ one: 1 }]));
  });

  it('tells the error that began it, not that of a statement which was sent beside', async () => {
    const deep = async (work: Promise<unknown>, depth: number): Promise<unknown> => (depth === 0 ? work : deep(work, depth - 1));
    await expect(transactor.run((tx) => Promise.all([deep(tx.query('SELECT 1 / 0'), 9), tx.query('SELECT 1')]))).rejects.toMatchObject({ code: '22012' });
  });

  it('runs the whole closure again after a deadlock', async () => {
    await transactor.run((tx) => tx.query(`INSERT INTO deed (city_code, deed_id, kind, body_hash, done_at) SELECT $1, id::uuid, 'lock', '', now() FROM unnest($2::text[]) AS id`, [CITY, ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']]));
    const both = [signal('first holds its lock'), signal('second holds its lock')] as const;
    const runs = [0, 0];
    const cross = (me: 0 | 1) => transactor.run(async (tx) => {
      runs[me]! += 1;
      const order = me === 0 ? [1, 2] : [2, 1];
      await tx.query(`UPDATE deed SET answer = '1' WHERE city_code = $1 AND deed_id = $2`, [CITY, `00000000-0000-4000-8000-00000000000${order[0]}`]);
      both[me].fire();
      await both[me === 0 ? 1 : 0].wait();
      await tx.query(`UPDATE deed SET answer = '1' WHERE city_code = $1 AND deed_id = $2`, [CITY, `00000000-0000-4000-8000-00000000000${order[1]}`]);
    });
    const before = transactor.reruns;
    await Promise.all([cross(0), cross(1)]);
    expect(transactor.reruns).toBe(before + 1);
    expect(runs[0]! + runs[1]!).toBe(3);
  });

  it('works under the weaker role, in China time, on columns that arrive as the product has them', async () => {
    const [row] = await transactor.run((tx) => tx.query('SELECT current_user AS role, 9007199254740991::bigint AS big, \'1944-08-01\'::date AS born, \'2024-12-03T11:42:00+08:00\'::timestamptz AS moment, current_setting(\'TimeZone\') AS zone'));
    expect(row).toEqual({ role: 'xingfu_app', big: Number.MAX_SAFE_INTEGER, born: '1944-08-01', moment: Date.parse('2024-12-03T03:42:00Z'), zone: 'Asia/Shanghai' });
    await expect(transactor.run((tx) => tx.query('SELECT 9007199254740992::bigint'))).rejects.toThrow(InvariantBroken);
    await expect(transactor.run((tx) => tx.query('DELETE FROM deed'))).rejects.toThrow(/permission denied/);
  });
});

describe('the corridor of deeds', () => {
  const deed = (body: unknown, id: string = randomUUID()): Deed => ({ cityCode: CITY, id, kind: 'test.deed', body });

  it('gives the first answer for ever, without doing the work again', async () => {
    const asked = deed({ b: 2, a: 1 });
    let times = 0;
    const work = async () => done({ times: (times += 1) });
    const first = await doDeed(transactor, clock, asked, work);
    const again = await doDeed(transactor, clock, { ...asked, body: { a: 1, b: 2 } }, work);
    expect(again).toEqual(first);
    expect(times).toBe(1);
  });

  it('answers a repeat byte for byte', async () => {
    const asked = deed({ a: 1 });
    const answer = { voidId: 'b', tapId: 'a', nested: { later: 1, a: 2 } };
    await doDeed(transactor, clock, asked, async () => done(answer));
    const again = await doDeed(transactor, clock, asked, async () => done({}));
    expect(again.ok && JSON.stringify(again.value)).toBe(JSON.stringify(answer));
  });

  it('refuses another body under the same id', async () => {
    const asked = deed({ a: 1 });
    await doDeed(transactor, clock, asked, async () => done('first'));
    expect(await doDeed(transactor, clock, { ...asked, body: { a: 2 } }, async () => done('second'))).toEqual(refuse('id-taken'));
    expect(await doDeed(transactor, clock, { ...asked, kind: 'test.other' }, async () => done('third'))).toEqual(refuse('id-taken'));
  });

  it('writes nothing for a refusal, and lets the corrected request use the id', async () => {
    const asked = deed({ a: 1 });
    const refused = await doDeed(transactor, clock, asked, async (tx) => {
      await stageJobs(tx, clock, [{ cityCode: CITY, job: 'test.job', key: asked.id, payload: {} }]);
      return refuse('not-found');
    });
    expect(refused).toEqual(refuse('not-found'));
    expect(await stagedKeys()).not.toContain(asked.id);
    expect(await doDeed(transactor, clock, { ...asked, body: { a: 2 } }, async () => done('corrected'))).toEqual(done('corrected'));
  });

  it('does the work once when five ask at the same time', async () => {
    const asked = deed({ a: 1 });
    let times = 0;
    const answers = await Promise.all(Array.from({ length: 5 }, () => doDeed(transactor, clock, asked, async () => done({ times: (times += 1) }))));
    expect(times).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });
});

describe('staged jobs', () => {
  it('exist once, however often they are staged', async () => {
    await stage('once');
    await stage('once');
    expect((await stagedKeys()).filter((key) => key === 'once')).toHaveLength(1);
  });
});

describe('an installation', () => {
  it('belongs to the key it was filled with', async () => {
    expect(await transactor.run((tx) => belongsToKey(tx, 'key one', clock.now()))).toBe(true);
    expect(await transactor.run((tx) => belongsToKey(tx, 'key one', clock.now()))).toBe(true);
    expect(await transactor.run((tx) => belongsToKey(tx, 'key two', clock.now()))).toBe(false);
  });
});
