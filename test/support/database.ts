import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../src/platform/db/embedded-postgres.js';
import { migrateToHead } from '../../src/platform/db/index.js';

/** A database of one test alone. */
export interface TestDatabase {
  /** Connection string of its owner, who migrates. */
  readonly ownerUrl: string;
  /** Connection string of the server's superuser for this database, for planting what no role may do. */
  readonly adminUrl: string;
  drop(): Promise<void>;
}

/** The server of a run: what a suite needs to make databases on it. */
export interface TestServer {
  readonly url: string;
  readonly adminUrl: string;
}

const TEMPLATE = 'migrated';

/** Flushing to disk is left out: what these databases hold is thrown away. Durability has suites of its own. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '1min', max_connections: '200', shared_buffers: '128MB' };

/** The directory of this run, made by the global setup. */
export function runDirectory(): string {
  const directory = process.env['TEST_RUN_DIR'];
  if (directory === undefined) throw new Error('TEST_RUN_DIR is missing: tests run through jest.config.mjs');
  return directory;
}

/**
 * The run's one PostgreSQL. The first suite that asks starts it, the others wait for its record; the global teardown
 * ends it.
 */
async function sharedServer(): Promise<TestServer> {
  const record = join(runDirectory(), 'server.json');
  for (;;) {
    if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8')) as TestServer;
    try {
      mkdirSync(join(runDirectory(), 'starting'));
    } catch {
      await pause(50);
      continue;
    }
    try {
      const { url, adminUrl } = await startPostgres({ dataDir: join(runDirectory(), 'shared'), settings: FAST });
      writeFileSync(`${record}.new`, JSON.stringify({ url, adminUrl }), { mode: 0o600 });
      renameSync(`${record}.new`, record);
    } finally {
      rmSync(join(runDirectory(), 'starting'), { recursive: true });
    }
  }
}

function named(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes the migrated database that others are copied from, once a server. */
async function ensureTemplate(server: TestServer): Promise<void> {
  await onServer(server.url, async (client) => {
    await client.query('SELECT pg_advisory_lock(1)');
    const ready = await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [TEMPLATE]);
    if (ready.rowCount === 1) return;
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrateToHead(named(server.url, TEMPLATE));
    await client.query(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true`);
  });
}

async function databaseFrom(template: string, server: TestServer): Promise<TestDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await onServer(server.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    ownerUrl: named(server.url, name),
    adminUrl: named(server.adminUrl, name),
    // As superuser: the server's own autovacuum may be at work in it, and only a superuser may end that.
    drop: () => onServer(server.adminUrl, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

/**
 * A fresh database with every migration applied: a copy of the run's template, in some tens of milliseconds.
 * @param server another server than the run's own, such as one of PostgreSQL 15
 */
export async function freshDatabase(server?: TestServer): Promise<TestDatabase> {
  const where = server ?? (await sharedServer());
  await ensureTemplate(where);
  return databaseFrom(TEMPLATE, where);
}

/** A fresh database without a table, for tests of the migrations themselves. */
export async function emptyDatabase(server?: TestServer): Promise<TestDatabase> {
  return databaseFrom('template0', server ?? (await sharedServer()));
}
