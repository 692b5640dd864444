import { jest } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { JobBoard, openDataSource, openLog, Transactor } from '../../src/platform/index.js';
import { invariantsCommand } from '../../src/proof/index.js';
import { INVARIANTS } from '../../src/proof/invariants.store.js';
import { NIGHTLY, ProofJobs } from '../../src/proof/proof.jobs.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { freshDatabase, runDirectory, type TestDatabase } from '../support/database.js';

const CITY = '371500';
let database: TestDatabase;
let transactor: Transactor;
let planter: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  transactor = new Transactor(await openDataSource(database.ownerUrl, 2));
  planter = new pg.Client({ connectionString: database.adminUrl });
  await planter.connect();
  await planter.query(`INSERT INTO region_city (city_code, name, province_name, chain, loaded_at) VALUES ('${CITY}', '聊城市', '山东省', '[]', now())`);
});

afterAll(async () => {
  await planter?.end();
  await transactor?.dataSource.destroy();
  await database?.drop();
});

describe('the nightly run', () => {
  const clock = SettableClock.at(civilDate('2024-12-04'), 11 * 60);
  const board = new JobBoard();
  const lines: string[] = [];
  new ProofJobs(board, new PolicyLibrary(), clock, openLog('info', (line) => void lines.push(line))).onModuleInit();
  const due = async () => transactor.run(async (tx) => (await Promise.all(board.finders.map((finder) => finder(tx)))).flat());

  it('is due at night alone, once for each city', async () => {
    expect(await due()).toEqual([]);
    clock.setTo(civilDate('2024-12-05'), 2 * 60);
    const [job, ...others] = await due();
    expect(job).toEqual({ cityCode: CITY, job: NIGHTLY, key: '2024-12-05', payload: { date: '2024-12-05' } });
    expect(others).toEqual([]);
    await transactor.run(async (tx) => board.handlerOf(NIGHTLY)?.(tx, job as NonNullable<typeof job>));
    expect(await due()).toEqual([]);
    expect((await planter.query('SELECT ran_for::text, checked, violations FROM proof_run')).rows).toEqual([{ ran_for: '2024-12-05', checked: INVARIANTS.length, violations: [] }]);
    expect(lines).toEqual([]);
  });

  it('F37: is made up for by day when no process was up at night, but not while tills are busy, and not after a week', async () => {
    for (const [date, minute, expected] of [['2024-12-05', 9 * 60, []], ['2024-12-06', 9 * 60, ['2024-12-06']], ['2024-12-06', 12 * 60, []], ['2024-12-06', 17 * 60, []], ['2024-12-12', 15 * 60, ['2024-12-12']], ['2024-12-13', 15 * 60, []]] as const) {
      clock.setTo(civilDate(date), minute);
      expect([date, minute, (await due()).map(({ key }) => key)]).toEqual([date, minute, expected]);
    }
  });

  it('raises the alarm and keeps what it found', async () => {
    await planter.query(`INSERT INTO ledger_balance VALUES ('${CITY}', '2024-12', 'cash/x', 5, 0, 1)`);
    clock.setTo(civilDate('2024-12-06'), 3 * 60);
    const [job] = await due();
    await transactor.run(async (tx) => board.handlerOf(NIGHTLY)?.(tx, job as NonNullable<typeof job>));
    expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ invariant: 'I01', count: 1 }), expect.objectContaining({ invariant: 'I02', count: 1 })]);
    await planter.query('DELETE FROM ledger_balance');
  });
});

describe('the command', () => {
  const environment = { ...process.env };
  let printed = '';

  beforeEach(() => {
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    Object.assign(process.env, { DATABASE_URL: database.ownerUrl, DATA_DIR: mkdtempSync(join(runDirectory(), 'proof-')), LOG_LEVEL: 'silent' });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    process.env = { ...environment };
    await planter.query('DELETE FROM installation');
  });

  it('prints a table, and one JSON object as its last line', async () => {
    expect(await invariantsCommand(['--json'])).toBe(0);
    expect(JSON.parse(printed.trim().split('\n').at(-1) as string)).toEqual({ checked: INVARIANTS.length, violations: 0, list: [] });
    expect(printed).toMatch(/✓ I01 {2}复式记账/);
  });

  it('ends with 1 where something is broken, and with 2 for arguments it does not know', async () => {
    await planter.query(`INSERT INTO ledger_balance VALUES ('${CITY}', '2024-12', 'cash/x', 5, 0, 1)`);
    expect(await invariantsCommand(['--city', CITY])).toBe(1);
    expect(printed).toMatch(/✗ I02 .*：1 处\n {10}account cash\/x 2024-12/);
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    expect(await invariantsCommand(['--city', 'x'])).toBe(2);
    expect(await invariantsCommand(['--what'])).toBe(2);
  });
});
