import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { serverAccount, type ServerAccount } from './embedded-account.js';
import { findBinaries, type Binaries } from './embedded-binaries.js';
import { layoutOf, prepareCluster, prepareDataDir, type Layout } from './embedded-cluster.js';
import { claimDirectory, commandOf, inUse, isRunning } from './embedded-owner.js';

export interface StartPostgres {
  /** Directory that holds the database; made where it is missing. */
  readonly dataDir: string;
  /** Directory of `initdb` and `postgres`; without it those that came with npm are used. */
  readonly binDir?: string;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** Server settings on top of the product's own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where npm's programs are copied when the server's user cannot reach them; the system's state directory by default. */
  readonly store?: string;
  /** Told about slow or unusual steps, one line each. */
  readonly onLine?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Connection string of the owner of database `xingfu`: may make databases and roles, is no superuser. Secret. */
  readonly url: string;
  /** Connection string of the superuser, for benches and fault tests. Secret. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  /** PostgreSQL's major version. */
  readonly major: number;
  /** Settles when the server has ended, whoever ended it. */
  readonly exited: Promise<void>;
  /** `fast` (default) writes everything down first; `immediate` is a power cut. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

const OWNER = 'xingfu';

/**
 * Statements and details of errors stay out of the server's log, since they hold personal data; the application logs
 * its own errors by code.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  // A new city fills empty tables within seconds. Every key begins with the city, so until a table is analysed the
  // planner takes any index for as good as another.
  autovacuum_naptime: '3s',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

const running = new Set<string>();

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

/** Waits until a process is gone. */
async function gone(pid: number, milliseconds: number): Promise<boolean> {
  for (const end = performance.now() + milliseconds; performance.now() < end; await pause(10)) if (!isRunning(pid)) return true;
  return !isRunning(pid);
}

async function end(pid: number, mode: 'fast' | 'immediate'): Promise<void> {
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  send(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  if (await gone(pid, 60_000)) return;
  send('SIGQUIT');
  if (!(await gone(pid, 20_000))) throw new Error(`PostgreSQL (process ${pid}) does not end`);
}

/**
 * Deals with what an earlier run left: a server whose starter was killed is ended in order, so that this start has the
 * port and the settings it asks for; a record whose number went to some other program is removed.
 * @param orphaned whether the starter is known to be dead
 */
async function clearLeftovers(cluster: string, dataDir: string, orphaned: boolean, onLine: (line: string) => void): Promise<void> {
  const record = join(cluster, 'postmaster.pid');
  if (!existsSync(record)) return;
  const pid = Number(readFileSync(record, 'utf8').split('\n', 1)[0]);
  const [program = '', ...words] = commandOf(pid).split(' ');
  // A dead number is cleared by PostgreSQL itself, after it has looked for surviving children.
  if (program === '' && !isRunning(pid)) return;
  const place = words[words.indexOf('-D') + 1];
  if (!/^postgres:?$|^postmaster$/.test(basename(program)) || (words.includes('-D') && place !== cluster)) {
    // A stranger that was given the number later. PostgreSQL would take it for a server.
    rmSync(record, { force: true });
    return;
  }
  if (!orphaned || place !== cluster) throw inUse(dataDir, pid);
  onLine(`The last run was killed and its database still runs (process ${pid}); ending it first`);
  await end(pid, 'fast');
}

/** The last lines of the server's log, since a position in it. */
function logSince(file: string, position: number): string {
  return readFileSync(file).subarray(position).toString('utf8').trim();
}

function rotate(file: string): void {
  if (existsSync(file) && statSync(file).size > 8_000_000) renameSync(file, `${file}.1`);
}

interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<void>;
  /** What the server has written since this launch. */
  said(): string;
}

function launch(layout: Layout, binaries: Binaries, account: ServerAccount | undefined, port: number, settings: Readonly<Record<string, string>>): Promise<Launched> {
  const log = openSync(layout.log, 'a', 0o600);
  const position = statSync(layout.log).size;
  const args = ['-D', layout.cluster, '-p', String(port)];
  for (const [name, value] of Object.entries({ ...SETTINGS, ...settings })) args.push('-c', `${name}=${value}`);
  // Its own session: Ctrl+C at the terminal must reach the application alone, which ends the database last. Its own
  // log file: a pipe would lose what the server says once this process is dead.
  const child = spawn(binaries.postgres, args, { ...account, cwd: '/', detached: true, stdio: ['ignore', log, log], env: { ...process.env, LC_ALL: 'C', PGTZ: 'UTC' } });
  closeSync(log);
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  child.unref();
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('spawn', () => done({ child, pid: child.pid ?? 0, port, exited, said: () => logSince(layout.log, position) }));
  });
}

async function tryConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Waits until the server takes connections; recovery after a crash may take minutes. @returns false where it ended */
async function accepts(server: Launched, adminUrl: string, onLine: (line: string) => void): Promise<boolean> {
  const begun = performance.now();
  for (let told = begun; ; await pause(40)) {
    if (server.child.exitCode !== null || server.child.signalCode !== null) return false;
    if (server.said().includes('ready to accept connections') && (await tryConnect(adminUrl))) return true;
    if (performance.now() - told > 10_000) {
      told = performance.now();
      onLine(`The database is still getting ready (${Math.round((told - begun) / 1000)} s)`);
    }
  }
}

/** Makes the owner's role and database where they are missing. */
async function ensureDatabase(adminUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const roles = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [OWNER]);
    if (roles.rowCount === 0) await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEDB CREATEROLE PASSWORD ${client.escapeLiteral(password)}`);
    const databases = await client.query('SELECT FROM pg_database WHERE datname = $1', [OWNER]);
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${OWNER} OWNER ${OWNER}`);
  } finally {
    await client.end();
  }
}

const url = (role: string, password: string, port: number, database: string): string => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;

async function launchUntilReady(options: StartPostgres, layout: Layout, binaries: Binaries, account: ServerAccount | undefined, password: string): Promise<Launched> {
  const onLine = options.onLine ?? (() => undefined);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
    const server = await launch(layout, binaries, account, port, options.settings ?? {});
    if (await accepts(server, url('postgres', password, port, 'postgres'), onLine)) return server;
    const said = server.said();
    // A port may be taken in the moment between asking for it and using it; children of a killed server live on for
    // a moment.
    const passing = (/Address already in use/.test(said) && !options.port) || /shared memory block/.test(said);
    if (!passing || attempt >= 40) throw new Error(`PostgreSQL did not start: ${said.slice(-2_000)}`);
    await pause(250);
  }
}

function handleOf(server: Launched, adminUrl: string, ownerUrl: string, major: number, release: () => void): EmbeddedPostgres {
  const exited = server.exited.then(release);
  return {
    url: ownerUrl, adminUrl, port: server.port, pid: server.pid, major, exited,
    async stop(mode = 'fast') {
      server.child.ref();
      await end(server.pid, mode);
      await exited;
    },
  };
}

/**
 * Starts the database of a data directory: makes it where there is none, ends what a killed run left of it, and
 * answers when it takes connections. It listens on 127.0.0.1 alone, with a random password kept beside the data.
 * Under root the server runs as a system user of its own.
 * @throws WrongSetting with one line: directory in use, closed to the server's user, of another version or another user
 */
export async function startPostgres(options: StartPostgres): Promise<EmbeddedPostgres> {
  const onLine = options.onLine ?? (() => undefined);
  const account = serverAccount();
  const dataDir = prepareDataDir(options.dataDir, account);
  if (running.has(dataDir)) throw inUse(dataDir, process.pid);
  const layout = layoutOf(dataDir);
  const binaries = findBinaries(account, options.binDir, options.store);
  const orphaned = claimDirectory(layout.owner, dataDir);
  running.add(dataDir);
  const release = (): void => {
    running.delete(dataDir);
    rmSync(layout.owner, { force: true });
  };
  let server: Launched | undefined;
  try {
    await clearLeftovers(layout.cluster, dataDir, orphaned, onLine);
    const password = await prepareCluster(layout, binaries, account, options.settings?.['fsync'] !== 'off', onLine);
    rotate(layout.log);
    server = await launchUntilReady(options, layout, binaries, account, password);
    const adminUrl = url('postgres', password, server.port, 'postgres');
    await ensureDatabase(adminUrl, password);
    return handleOf(server, adminUrl, url(OWNER, password, server.port, OWNER), binaries.major, release);
  } catch (error) {
    if (server !== undefined) await end(server.pid, 'fast');
    release();
    throw error;
  }
}
