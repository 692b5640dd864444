import pg from 'pg';
import { inScope, recordAudit, recordAudits, siteInScope, verifyAuditChain, type AuditEntry } from '../../src/access/index.js';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { APP_ROLE, openDataSource, Transactor, type StaffActor, type TerminalActor, type Tx } from '../../src/platform/index.js';
import { loadCity } from '../../src/region/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const clock = SettableClock.at(civilDate('2024-12-03'), 600);

let database: TestDatabase;
let transactor: Transactor;

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => transactor.run(work);
const entry = (cityCode: string, objectId: string): AuditEntry => ({ cityCode, actor: 'cli', action: 'thing.change', objectKind: 'thing', objectId, before: { a: 1 }, after: { a: 2 } });

/** Does to the database what no role of the product may, as somebody with the superuser's password could. */
async function tamper(city: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(`ALTER TABLE audit DISABLE TRIGGER USER; ${sql.replaceAll(':city', `'${city}'`)}; ALTER TABLE audit ENABLE TRIGGER USER`);
  await client.end();
}

beforeAll(async () => {
  database = await freshDatabase();
  transactor = new Transactor(await openDataSource(database.ownerUrl, 12));
}, 120_000);

afterAll(async () => {
  await transactor.dataSource.destroy();
  await database.drop();
});

describe('the audit chain', () => {
  let [city, otherCity] = ['100000', '100100'];

  beforeEach(() => {
    [city, otherCity] = [String(Number(city) + 200), String(Number(otherCity) + 200)];
  });

  it('is one per city, without gaps, whoever writes at the same time', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => run((tx) => recordAudit(tx, clock, entry(index % 2 === 0 ? city : otherCity, `n${index}`)))));
    await run((tx) => recordAudits(tx, clock, city, [entry(city, 'x'), entry(city, 'y')]));
    expect(await run((tx) => verifyAuditChain(tx, city))).toMatchObject({ checked: 22, brokenAt: null });
    expect(await run((tx) => verifyAuditChain(tx, otherCity))).toMatchObject({ checked: 20, brokenAt: null });
  });

  it('is walked over page after page', async () => {
    await run((tx) => recordAudits(tx, clock, city, Array.from({ length: 2500 }, (_, index) => entry(city, `n${index}`))));
    expect(await run((tx) => verifyAuditChain(tx, city))).toMatchObject({ checked: 2500, brokenAt: null });
    await tamper(city, `UPDATE audit SET actor = 'nobody' WHERE city_code = :city AND seq = 1700`);
    expect(await run((tx) => verifyAuditChain(tx, city))).toMatchObject({ checked: 1699, brokenAt: 1700 });
  });

  it.each([
    ['UPDATE', `UPDATE audit SET actor = 'x'`],
    ['DELETE', 'DELETE FROM audit'],
    ['TRUNCATE', 'TRUNCATE audit'],
  ])('refuses %s to the owner as to the service', async (_, sql) => {
    await run((tx) => recordAudit(tx, clock, entry(city, 'n')));
    for (const role of ['NONE', APP_ROLE]) {
      const client = new pg.Client({ connectionString: database.ownerUrl });
      await client.connect();
      await client.query(`SET ROLE ${role}`);
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
      await client.end();
    }
  });

  it.each([
    ['a value', `UPDATE audit SET after_hash = before_hash WHERE city_code = :city AND seq = 3`, 3],
    ['a time', `UPDATE audit SET at = at + interval '1 second' WHERE city_code = :city AND seq = 2`, 2],
    ['a reason', `UPDATE audit SET reason = '补记' WHERE city_code = :city AND seq = 5`, 5],
    ['a row taken out', `DELETE FROM audit WHERE city_code = :city AND seq = 4`, 4],
    ['the first row taken out', `DELETE FROM audit WHERE city_code = :city AND seq = 1`, 1],
    ['two rows swapped', `UPDATE audit SET seq = CASE seq WHEN 2 THEN 103 ELSE 102 END WHERE city_code = :city AND seq IN (2, 3); UPDATE audit SET seq = seq - 100 WHERE city_code = :city AND seq > 100`, 2],
    ['the city of a row', `UPDATE audit SET city_code = '999900' WHERE city_code = :city AND seq = 1`, 1],
  ])('shows %s that was changed behind its back', async (_, sql, brokenAt) => {
    await run((tx) => recordAudits(tx, clock, city, Array.from({ length: 6 }, (_value, index) => entry(city, `n${index}`))));
    await tamper(city, sql);
    expect(await run((tx) => verifyAuditChain(tx, city))).toMatchObject({ brokenAt });
  });

  it('takes no row back when the change that it tells of is', async () => {
    await expect(run(async (tx) => {
      await recordAudit(tx, clock, entry(city, 'n'));
      throw new Error('the change failed');
    })).rejects.toThrow('the change failed');
    expect(await run((tx) => verifyAuditChain(tx, city))).toMatchObject({ checked: 0, brokenAt: null });
  });
});

describe('scope', () => {
  const staff = (divisionCode: string, siteId: string | null = null): StaffActor =>
    ({ kind: 'staff', cityCode: CITY, staffId: 's', sessionId: 's', roles: ['countyOfficer'], divisionCode, siteId });
  const terminal: TerminalActor = { kind: 'terminal', cityCode: CITY, terminalId: 't', siteId: 'here' };

  beforeAll(() => run((tx) => loadCity(tx, CITY, clock)));

  it.each([
    ['371500', '371500', true],
    ['371500', '371502', true],
    ['371502', '371502001', true],
    ['371502', '371500', false],
    ['371502', '371521', false],
    ['371502', '371521100', false],
    ['371502', '370102', false],
    ['3715', '371502', false],
  ])('of %s holds %s: %s', async (own, asked, held) => {
    expect(await run((tx) => inScope(tx, staff(own), asked))).toBe(held);
  });

  it('of who works at a site is that site, and of a terminal no division', async () => {
    expect(await run((tx) => siteInScope(tx, staff('371502', 'here'), 'here', '371502'))).toBe(true);
    expect(await run((tx) => siteInScope(tx, staff('371502', 'here'), 'there', '371502'))).toBe(false);
    expect(await run((tx) => siteInScope(tx, staff('371502'), 'there', '371502'))).toBe(true);
    expect(await run((tx) => siteInScope(tx, terminal, 'here', '371502'))).toBe(true);
    expect(await run((tx) => siteInScope(tx, terminal, 'there', '371502'))).toBe(false);
    expect(await run((tx) => inScope(tx, terminal, '371502'))).toBe(false);
  });
});
