import { randomUUID } from 'node:crypto';
import { checkDigit } from '../../src/elder/domain/index.js';
import { JobBoard, type JobRequest } from '../../src/platform/index.js';
import { CITY, StaffedCity } from '../support/staffed-city.js';

let city: StaffedCity;
let county: string;
let made = 0;

class Killed extends Error {}

function person(): string {
  made += 1;
  const first17 = `37150219410203${String(made).padStart(3, '0')}`;
  return `张三,${first17}${checkDigit(first17)},古楼街道\n`;
}

async function handedIn(bytes: Buffer): Promise<string> {
  const fileId = randomUUID();
  await city.service.app.inject({ method: 'PUT', url: `/v1/roster-files/${fileId}?division=371502`, headers: { authorization: `Bearer ${county}`, 'content-type': 'application/octet-stream' }, payload: bytes });
  const { body, status } = await city.call('POST', '/v1/rosters', { token: county, body: { id: randomUUID(), fileId, purpose: 'elders', asOf: '2024-12-01', source: '民政局' } });
  expect(status).toBe(202);
  return body.rosterId;
}

/** Does a job as a worker does; a killed worker's transaction is rolled back by the database. */
async function work(job: 'roster.check' | 'roster.apply', rosterId: string, killed = false): Promise<void> {
  const request: JobRequest = { cityCode: CITY, job, key: rosterId, payload: { rosterId } };
  const handler = city.service.app.get(JobBoard).handlerOf(job);
  const done = city.service.parts.transactor.run(async (tx) => {
    await handler?.(tx, request);
    if (killed) throw new Killed();
  });
  if (killed) await expect(done).rejects.toThrow(Killed);
  else await done;
}

const state = async (rosterId: string) => (await city.call('GET', `/v1/rosters/${rosterId}`, { token: county })).body;
const ask = (rosterId: string) => city.call('POST', `/v1/rosters/${rosterId}/apply`, { token: county, body: { id: randomUUID(), skipWrong: true } });
const rows = <T>(sql: string, values: string[] = []): Promise<T[]> => city.service.parts.transactor.run((tx) => tx.query<T>(sql, values));
const found = (rosterId: string) => rows('SELECT row_no, outcome, code, column_title, notes, elder_id FROM roster_row WHERE roster_id = $1 ORDER BY row_no', [rosterId]);

beforeAll(async () => {
  city = await StaffedCity.start();
  await city.add('county', ['countyOfficer'], '371502');
  county = await city.tokenOf('county');
}, 60_000);

afterAll(() => city?.close());

const table = (lines: number): Buffer => Buffer.from(`姓名,身份证号,住址\n${Array.from({ length: lines }, person).join('')}李四,1,古楼街道\n`);

describe('a job that is killed', () => {
  it('leaves nothing of a check, and the next one comes to the same', async () => {
    const rosterId = await handedIn(table(120));
    await work('roster.check', rosterId, true);
    expect(await found(rosterId)).toEqual([]);
    expect(await state(rosterId)).toMatchObject({ state: 'checking', done: 121, total: 121 });
    await work('roster.check', rosterId);
    const first = await found(rosterId);
    expect(first).toHaveLength(121);
    await work('roster.check', rosterId);
    expect(await found(rosterId)).toEqual(first);
  });

  it('leaves nothing of an import, and the next one brings all in, once', async () => {
    const rosterId = await handedIn(table(80));
    await work('roster.check', rosterId);
    const before = (await rows('SELECT 1 FROM elder')).length;
    await ask(rosterId);
    await work('roster.apply', rosterId, true);
    expect(await rows('SELECT 1 FROM elder')).toHaveLength(before);
    expect(await state(rosterId)).toMatchObject({ state: 'applying' });
    await work('roster.apply', rosterId);
    await work('roster.apply', rosterId);
    expect(await rows('SELECT 1 FROM elder')).toHaveLength(before + 80);
    const ids = await rows<{ id: string }>(`SELECT e.elder_id AS id FROM elder e JOIN roster_row r ON r.city_code = e.city_code AND r.elder_id = e.elder_id WHERE r.roster_id = $1 AND r.outcome = 'new'`, [rosterId]);
    expect(ids).toHaveLength(80);
  });
});

describe('two imports of the same people at once', () => {
  it('bring them in once; the later one says that it is outdated', async () => {
    const bytes = table(40);
    const both = [await handedIn(bytes), await handedIn(bytes)];
    for (const rosterId of both) await work('roster.check', rosterId);
    for (const rosterId of both) await ask(rosterId);
    const before = (await rows('SELECT 1 FROM elder')).length;
    await Promise.all(both.map((rosterId) => work('roster.apply', rosterId)));
    expect((await Promise.all(both.map(state))).map((view) => view.state).toSorted()).toEqual(['applied', 'outdated']);
    expect(await rows('SELECT 1 FROM elder')).toHaveLength(before + 40);
  });
});

describe('what is kept', () => {
  it('names nobody in clear in any column, job or log', async () => {
    const line = person();
    const [, number = ''] = line.split(',');
    const rosterId = await handedIn(Buffer.from(`姓名,身份证号,住址\n${line}`));
    await work('roster.check', rosterId);
    const kept = await rows<{ text: string }>(
      `SELECT r::text AS text FROM roster_row r WHERE roster_id = $1 UNION ALL SELECT r::text FROM roster r UNION ALL SELECT f::text FROM roster_file f
       UNION ALL SELECT p::text FROM roster_file_piece p UNION ALL SELECT o::text FROM outbox o UNION ALL SELECT d::text FROM deed d`, [rosterId]);
    expect(kept.length).toBeGreaterThan(5);
    const hex = Buffer.from(number).toString('hex');
    expect(kept.filter(({ text }) => text.includes(number) || text.includes(hex) || text.includes('张三'))).toEqual([]);
  });

  it('cannot be moved from one row to another', async () => {
    const rosterId = await handedIn(table(2));
    await work('roster.check', rosterId);
    const { openRow } = await import('../../src/roster/sealed-row.js');
    const [first, second] = await rows<{ rowNo: number; sealed: Buffer }>(`SELECT row_no AS "rowNo", sealed FROM roster_row WHERE roster_id = $1 AND outcome = 'new' ORDER BY row_no`, [rosterId]);
    const { cipher } = city.service.parts;
    expect(openRow(cipher, CITY, rosterId, first?.rowNo ?? 0, first?.sealed as Buffer).elder).toBeDefined();
    expect(() => openRow(cipher, CITY, rosterId, first?.rowNo ?? 0, second?.sealed as Buffer)).toThrow();
  });
});
