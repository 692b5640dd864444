import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { serverAccount } from '../../src/platform/db/embedded-account.js';
import { defaultDataDir, startPostgres, type EmbeddedPostgres, type StartPostgres } from '../../src/platform/db/index.js';
import { makeCheckout } from '../support/checkout.js';
import { runDirectory } from '../support/database.js';
import { describeWith, findPostgres15 } from '../support/servers.js';
import { within } from '../support/signal.js';

const ROOT = process.getuid?.() === 0;
/** A user that every system has and that owns nothing. */
const NOBODY = 65_534;
const started: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

async function start(options: StartPostgres): Promise<EmbeddedPostgres> {
  const server = await startPostgres(options);
  started.push(server);
  return server;
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of started.splice(0)) await server.stop('immediate');
});

function fresh(): string {
  const directory = mkdtempSync(join(runDirectory(), 'kept-'));
  chmodSync(directory, 0o711);
  return join(directory, 'data');
}

async function query(server: { readonly url: string }, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    const result = await client.query({ text: sql, rowMode: 'array' });
    return result.rows as unknown[][];
  } finally {
    await client.end();
  }
}

interface Answer {
  readonly url: string;
  readonly pid: number;
  readonly error?: string;
}

/** Runs the start in a process of its own. */
function startIn(script: string, options: StartPostgres, user: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { ...user, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] } });
  children.push(child);
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const answer = new Promise<Answer>((done) => createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line) as Answer)));
  return {
    ready: () => within(Promise.race([answer, exited.then((): Answer => ({ url: '', pid: 0, error: 'it ended without an answer' }))]), 25_000, 'an answer of the other process'),
    async stop() {
      child.stdin.end();
      await exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const write = (server: { readonly url: string }): Promise<unknown[][]> => query(server, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
const readBack = (server: { readonly url: string }): Promise<unknown[][]> => query(server, 'SELECT n FROM kept');

describe('the embedded database', () => {
  it('is durable, in UTF-8, sorts by code point, and its owner is no superuser', async () => {
    const server = await start({ dataDir: fresh() });
    const rows = await query(server, `SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_encoding'), current_setting('data_checksums'),
      (SELECT datcollate FROM pg_database WHERE datname = current_database()), (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)`);
    expect(rows).toEqual([['on', 'on', 'UTF8', 'on', 'C', false]]);
  });

  it('listens on this machine alone and refuses a wrong password', async () => {
    const server = await start({ dataDir: fresh() });
    expect(await query({ url: server.adminUrl }, `SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')`)).toEqual([['127.0.0.1', '']]);
    const wrong = new URL(server.url);
    wrong.password = 'guess';
    await expect(query({ url: wrong.href }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its password from other users and out of the log', async () => {
    const dataDir = fresh();
    const server = await start({ dataDir });
    const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8');
    expect(new URL(server.url).password).toBe(password);
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(dataDir, 'postgres.new.password'))).toBe(false);
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(password);
  });

  it('writes neither statements nor the values of refused rows to its log', async () => {
    const dataDir = fresh();
    const server = await start({ dataDir });
    await query(server, 'CREATE TABLE person (name text PRIMARY KEY)');
    await query(server, `INSERT INTO person VALUES ('张三')`);
    await expect(query(server, `INSERT INTO person VALUES ('张三')`)).rejects.toMatchObject({ code: '23505' });
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toMatch(/张三|INSERT/);
  });

  it('keeps its data over a restart, on the port that is asked for', async () => {
    const dataDir = fresh();
    const first = await start({ dataDir });
    await write(first);
    await first.stop();
    const second = await start({ dataDir, port: first.port });
    expect(second.port).toBe(first.port);
    expect(await readBack(second)).toEqual([[7]]);
  });

  it('keeps what was committed when the server is killed', async () => {
    const dataDir = fresh();
    const first = await start({ dataDir });
    await write(first);
    process.kill(first.pid, 'SIGKILL');
    await within(first.exited, 5_000, 'the end of the killed server');
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(true);
    expect(await readBack(await start({ dataDir }))).toEqual([[7]]);
  });

  it('takes the record of a dead server whose number went to another program for what it is', async () => {
    const dataDir = fresh();
    const first = await start({ dataDir });
    await write(first);
    const record = readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8');
    await first.stop();
    // Of the server's own user: PostgreSQL itself sees that another user's process is no server of it.
    const stranger = spawn('sleep', ['60'], { ...serverAccount(), cwd: '/', stdio: 'ignore' });
    children.push(stranger);
    writeFileSync(join(dataDir, 'postgres/postmaster.pid'), record.replace(/^\d+/, String(stranger.pid)));
    expect(await readBack(await start({ dataDir }))).toEqual([[7]]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('refuses a second start on one directory with one line', async () => {
    const dataDir = fresh();
    await start({ dataDir });
    await expect(startPostgres({ dataDir })).rejects.toThrow(new RegExp(`^The data directory .* is in use by process ${process.pid}; .*DATA_DIR$`));
  });

  it('refuses the directory of another version with one line', async () => {
    const dataDir = fresh();
    await (await start({ dataDir })).stop();
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '14\n');
    await expect(startPostgres({ dataDir })).rejects.toThrow(/^The database in .* was made by PostgreSQL 14, but this is PostgreSQL 18; .*DATA_DIR$/);
  });

  it('begins again where the first start was killed while it made the database', async () => {
    const dataDir = fresh();
    mkdirSync(join(dataDir, 'postgres.new'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new/half'), '');
    await write(await start({ dataDir }));
    expect(existsSync(join(dataDir, 'postgres.new'))).toBe(false);
  });

  it('says why a server does not start', async () => {
    await expect(startPostgres({ dataDir: fresh(), settings: { shared_buffers: 'plenty' } })).rejects.toThrow(/did not start: .*shared_buffers/s);
  });
});

const itAsRoot = ROOT ? it : it.skip;

describe('in another process', () => {
  const home = mkdtempSync(join(runDirectory(), 'home-'));
  const script = makeCheckout(join(home, 'checkout'));
  chmodSync(home, 0o755);

  it('ends the server of a starter that was killed, and keeps its data', async () => {
    const dataDir = fresh();
    const other = startIn(script, { dataDir });
    const orphan = await other.ready();
    await write(orphan);
    await other.kill();
    expect(await readBack(orphan)).toEqual([[7]]);
    const lines: string[] = [];
    const server = await start({ dataDir, onLine: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringContaining(`process ${orphan.pid}`)]);
    expect(await readBack(server)).toEqual([[7]]);
    await expect(query(orphan, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('refuses the directory of another living process, and leaves its server alone', async () => {
    const dataDir = fresh();
    const server = await start({ dataDir });
    expect((await startIn(script, { dataDir }).ready()).error).toMatch(new RegExp(`^The data directory .* is in use by process ${process.pid};`));
    expect(await query(server, 'SELECT 1')).toEqual([[1]]);
  });

  it('refuses a directory whose server was started by other means', async () => {
    const dataDir = fresh();
    const server = await start({ dataDir });
    rmSync(join(dataDir, 'postgres.owner.json'));
    expect((await startIn(script, { dataDir }).ready()).error).toMatch(new RegExp(`is in use by process ${server.pid};`));
    expect(await query(server, 'SELECT 1')).toEqual([[1]]);
  });

  itAsRoot('works as an ordinary user', async () => {
    const dataDir = fresh();
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const other = startIn(script, { dataDir }, { uid: NOBODY, gid: NOBODY });
    const server = await other.ready();
    expect(server.error).toBeUndefined();
    await write(server);
    expect(await readBack(server)).toEqual([[7]]);
    expect(statSync(`/proc/${server.pid}`).uid).toBe(NOBODY);
    await other.stop();
    await expect(startPostgres({ dataDir })).rejects.toThrow(/^The database in .* belongs to another user; .*DATA_DIR$/);
  });

  itAsRoot('works as root in a checkout that only root may enter', async () => {
    const closed = mkdtempSync(join(runDirectory(), 'root-'));
    const store = join(runDirectory(), 'state');
    const inside = makeCheckout(join(closed, 'checkout'));
    expect(statSync(closed).mode & 0o777).toBe(0o700);
    const dataDir = join(store, 'checkout-1234');
    const other = startIn(inside, { dataDir, store });
    const server = await other.ready();
    expect(server.error).toBeUndefined();
    await write(server);
    expect(await readBack(server)).toEqual([[7]]);
    expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
    expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8').startsWith(join(store, 'postgresql-18'))).toBe(true);
    await other.stop();
    const again = startIn(inside, { dataDir, store });
    expect(await readBack(await again.ready())).toEqual([[7]]);
    await again.stop();
    const refused = await startIn(inside, { dataDir: join(closed, 'data'), store }).ready();
    expect(refused.error).toMatch(/^The data directory .*data lies where the database's user may not go; .*DATA_DIR$/);
  });

  itAsRoot('lets the server through a closed directory that is named itself, and no further', async () => {
    const dataDir = mkdtempSync(join(runDirectory(), 'given-'));
    await start({ dataDir });
    expect(statSync(dataDir)).toMatchObject({ uid: 0 });
    expect(statSync(dataDir).mode & 0o777).toBe(0o710);
  });
});

describeWith('PostgreSQL 15', findPostgres15(), (binDir) => {
  it('runs it, and refuses its data to version 18', async () => {
    const dataDir = fresh();
    const server = await start({ dataDir, binDir });
    expect(server.major).toBe(15);
    expect(await query(server, `SELECT current_setting('server_version_num')::int / 10000, current_setting('data_checksums')`)).toEqual([[15, 'on']]);
    await server.stop();
    await expect(startPostgres({ dataDir })).rejects.toThrow(/made by PostgreSQL 15, but this is PostgreSQL 18/);
  });
});

describe('where the data lie', () => {
  it('is what DATA_DIR says', () => expect(defaultDataDir('/srv/canteen', { DATA_DIR: 'elsewhere' })).toBe('/srv/canteen/elsewhere'));
  it('is the checkout for an ordinary user', () => expect(defaultDataDir('/srv/canteen', {}, false)).toBe('/srv/canteen/.data'));
  it('is a directory of the system for root, one for each checkout', () => {
    const [first, second] = ['/root/a/canteen', '/root/b/canteen'].map((checkout) => defaultDataDir(checkout, {}, true));
    expect(first).toMatch(/^\/var\/lib\/xingfu-canteen\/canteen-[0-9a-f]{8}$/);
    expect(second).not.toBe(first);
  });
});
