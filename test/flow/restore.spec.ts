import { spawnSync } from 'node:child_process';
import { chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { signSessionRequest } from '../../src/access/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { runDirectory } from '../support/database.js';
import { describeWith, findPostgres15, startOtherPostgres, type OtherPostgres } from '../support/servers.js';
import { until } from '../support/signal.js';
import { MINUTE, TappingCity, TestTill, type TapChange } from '../support/tapping-city.js';

/** What a till has sent and keeps for three days: the request, and the answer that it got. */
interface Kept {
  readonly path: string;
  readonly body: Record<string, unknown> & { id: string };
  readonly answer: Record<string, unknown>;
}

/** The money of a database, row by row, without the moments at which rows were written. */
const MONEY: Readonly<Record<string, string>> = {
  meals: 'SELECT tap_id, booked_month, site_id, elder_id, meal_date, price_fen, self_pay_fen, subsidy_fen, site_borne_fen, outcome, pack, pack_version FROM meal ORDER BY tap_id',
  shares: 'SELECT booked_month, tap_id, funder_code, fen FROM meal_share ORDER BY 2, 3',
  voids: 'SELECT void_id, tap_id, booked_month FROM meal_void ORDER BY 1',
  transfers: 'SELECT booked_month, transfer_id, leg, debit_account, credit_account, fen, kind, meal_date, cause_id FROM ledger_transfer ORDER BY 2, 3',
  balances: 'SELECT month, account, debit_fen, credit_fen, entries FROM ledger_balance ORDER BY 1, 2',
  uses: 'SELECT elder_id, rule_id, period_key, count, fen FROM subsidy_use WHERE count > 0 OR fen > 0 ORDER BY 1, 2, 3',
  journal: 'SELECT terminal_id, journal_number, tap_id, body_hash, prev_hash, entry_hash FROM tap_claim ORDER BY 1, 2',
};

async function moneyOf(url: string): Promise<Record<string, unknown[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found: Record<string, unknown[]> = {};
    for (const [name, sql] of Object.entries(MONEY)) found[name] = (await client.query(sql)).rows;
    return found;
  } finally {
    await client.end();
  }
}

function program(path: string, args: readonly string[], as: { uid?: number; gid?: number } = {}): void {
  const { status, stderr } = spawnSync(path, args, { encoding: 'utf8', cwd: '/', ...as });
  if (status !== 0) throw new Error(`${path} ended with ${status}: ${stderr.slice(-2_000)}`);
}

describeWith('PostgreSQL 15 and its client programs', findPostgres15(), (binDir) => {
  let archive: string;
  let dump: string;
  let base: string;
  let server: OtherPostgres;
  let city: TappingCity;
  let tills: TestTill[];
  /** By till. */
  const kept: Kept[][] = [[], []];
  let epoch: string;
  let lost: Record<string, unknown[]>;
  let databaseName: string;
  const opened: (() => Promise<void>)[] = [];

  async function sell(till: number, change: TapChange = {}): Promise<Kept> {
    city.clock.set(city.clock.now() + 20_000);
    const body = (tills[till] as TestTill).body(change);
    const { status, body: answer } = await (tills[till] as TestTill).send('/v1/taps', body);
    expect(status).toBe(200);
    const entry = { path: '/v1/taps', body, answer };
    kept[till]?.push(entry);
    return entry;
  }
  async function takeBack(till: number, { body: { id: tapId } }: Kept): Promise<void> {
    const at = tills[till] as TestTill;
    const body = { id: crypto.randomUUID(), reason: '多刷', deviceTime: new Date(city.clock.now()).toISOString(), journalNumber: (at.journal += 1), prevHash: at.previous };
    const path = `/v1/taps/${tapId}/void`;
    const { status, body: answer } = await at.send(path, body);
    expect(status).toBe(200);
    at.previous = (await city.rows<{ hash: string }>('SELECT entry_hash AS hash FROM tap_claim WHERE tap_id = $1', [body.id]))[0]?.hash as string;
    kept[till]?.push({ path, body, answer });
  }

  beforeAll(async () => {
    archive = mkdtempSync(join(runDirectory(), 'archive-'));
    dump = join(mkdtempSync(join(runDirectory(), 'backup-')), 'city.dump');
    server = await startOtherPostgres(binDir, { settings: { archive_mode: 'on', archive_command: `cp %p ${archive}/%f`, wal_level: 'replica', full_page_writes: 'on' } });
    const owner = statSync(join(server.dataDir, 'postgres'));
    chownSync(archive, owner.uid, owner.gid);
    city = await TappingCity.start(server);
    tills = [await city.till(0), await city.till(1)];
    epoch = ((tills[0] as TestTill).terminal.session as unknown as { epoch: string }).epoch;
    databaseName = new URL(city.service.ground.ownerUrl).pathname.slice(1);
    const elders = await Promise.all([city.elder(), city.elder(), city.elder(), city.elder()]);

    // Before the backup, while it is made, and after it.
    for (const [index, { card }] of elders.slice(0, 2).entries()) await sell(index, { card });
    await sell(0);
    const first = await sell(1, { card: elders[2]?.card as string });
    const dumping = Promise.resolve().then(() => program(join(binDir, 'pg_dump'), ['-Fc', '-f', dump, city.service.ground.ownerUrl]));
    await sell(0, { card: elders[0]?.card as string });
    await dumping;
    base = mkdtempSync(join(runDirectory(), 'base-'));
    program(join(binDir, 'pg_basebackup'), ['-D', join(base, 'postgres'), '-X', 'stream', '-c', 'fast', '-d', server.adminUrl.replace(/\/[^/]*$/, '/postgres')]);
    city.clock.set(city.clock.now() + 10 * MINUTE);
    await takeBack(1, first);
    for (const { card } of elders) await sell(0, { card });
    await city.rows('SELECT 1');
    const admin = new pg.Client({ connectionString: server.adminUrl });
    await admin.connect();
    const { rows: [segment] } = await admin.query<{ name: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS name');
    await until(() => existsSync(join(archive, segment?.name as string)), 'the log is archived', 30_000);
    await admin.end();
    for (const change of [{ card: elders[2]?.card as string }, {}, { card: elders[3]?.card as string, mealPeriod: 'dinner' }]) await sell(1, change);
    lost = await moneyOf(city.service.ground.ownerUrl);
    // A power cut, after which the disk is gone.
    await server.stop();
    city.clock.set(city.clock.now() + 30 * MINUTE);
  }, 120_000);

  afterAll(async () => {
    for (const close of opened.reverse()) await close();
    await city?.service.close().catch(() => undefined);
  }, 60_000);

  async function serve(on: OtherPostgres): Promise<TestApp> {
    const address = new URL(on.url);
    address.pathname = `/${databaseName}`;
    const app = await startApp({ databaseUrl: address.href, clock: city.clock });
    opened.push(() => on.stop(), () => app.close());
    return app;
  }

  /** A till comes back: opens a session, sees another epoch, and sends its journal of the last days again. */
  async function comeBack(index: number, app: TestApp): Promise<{ epoch: string; answers: unknown[] }> {
    const { siteId, terminal } = tills[index] as TestTill;
    city.clock.set(city.clock.now() + 1_000);
    const session = await app.app.inject({ method: 'POST', url: '/v1/terminals/sessions', payload: signSessionRequest(terminal.keys.privateKey, terminal.terminalId, city.clock.now()) });
    expect(session.statusCode).toBe(201);
    const till = new TestTill(city, siteId, { ...terminal, session: session.json() });
    const mine = kept[index] as Kept[];
    const taps = mine.filter(({ path }) => path === '/v1/taps');
    const uploaded = await till.send('/v1/taps/upload', { taps: taps.map(({ body, answer: { selfPayFen, subsidyFen } }) => ({ ...body, told: { selfPayFen, subsidyFen } })) }, app.app);
    expect([uploaded.status, uploaded.body.epoch]).toEqual([200, session.json().epoch]);
    expect(uploaded.body.results.map((result: { status: number }) => result.status)).toEqual(taps.map(() => 200));
    for (const { path, body } of mine.filter((entry) => entry.path !== '/v1/taps')) expect((await till.send(path, body, app.app)).status).toBe(200);
    return { epoch: session.json().epoch, answers: uploaded.body.results.map((result: { answer: unknown }) => result.answer) };
  }

  const violations = (app: TestApp) => app.parts.transactor.run(async (tx) => (await runInvariants(tx, 'all')).violations);

  /** Restored books hold by themselves; with the journals they are those of the server that was lost. */
  async function drill(app: TestApp): Promise<void> {
    const before = await moneyOf(app.ground.ownerUrl);
    expect(before['meals']?.length).toBeLessThan(lost['meals']?.length as number);
    expect(before['meals']?.length).toBeGreaterThan(3);
    expect(await violations(app)).toEqual([]);
    for (const index of [1, 0]) {
      const { epoch: now, answers } = await comeBack(index, app);
      expect(now).toMatch(/^[0-9a-f]{16}$/);
      expect(now).not.toBe(epoch);
      const told = (kept[index] as Kept[]).filter(({ path }) => path === '/v1/taps').map(({ answer: { tapId, outcome, priceFen, selfPayFen, subsidyFen, funding } }) => ({ tapId, outcome, priceFen, selfPayFen, subsidyFen, funding }));
      expect(answers).toMatchObject(told);
    }
    expect(await moneyOf(app.ground.ownerUrl)).toEqual(lost);
    expect(await violations(app)).toEqual([]);
    await comeBack(0, app);
    await comeBack(1, app);
    expect(await moneyOf(app.ground.ownerUrl)).toEqual(lost);
  }

  it('F46: pg_dump and pg_restore into a new server, I29: every invariant holds, and with the tills’ journals no acknowledged tap is missing', async () => {
    const other = await startOtherPostgres(binDir);
    const admin = new pg.Client({ connectionString: other.adminUrl });
    await admin.connect();
    await admin.query(`CREATE ROLE xingfu_app NOLOGIN; GRANT xingfu_app TO xingfu`);
    await admin.query(`CREATE DATABASE ${databaseName} OWNER xingfu`);
    await admin.end();
    const address = new URL(other.url);
    address.pathname = `/${databaseName}`;
    program(join(binDir, 'pg_restore'), ['--no-owner', '--exit-on-error', '-d', address.href, dump]);
    await drill(await serve(other));
  }, 120_000);

  it('F23: a base backup and the archived log, whose last piece is lost: another timeline, and the tills bring the rest', async () => {
    copyFileSync(join(server.dataDir, 'postgres.password'), join(base, 'postgres.password'));
    mkdirSync(join(base, 'postgres'), { recursive: true });
    writeFileSync(join(base, 'postgres', 'recovery.signal'), '');
    const { uid, gid } = statSync(join(server.dataDir, 'postgres'));
    const own = (path: string): void => {
      chownSync(path, uid, gid);
      if (statSync(path).isDirectory()) for (const name of readdirSync(path)) own(join(path, name));
    };
    own(join(base, 'postgres'));
    program('chmod', ['711', base]);
    expect(readdirSync(archive).length).toBeGreaterThan(0);
    await drill(await serve(await startOtherPostgres(binDir, { dataDir: base, settings: { restore_command: `cp ${archive}/%f %p` } })));
  }, 120_000);
});
