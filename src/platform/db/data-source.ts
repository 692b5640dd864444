import { DataSource } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { WrongSetting } from '../config/index.js';
import { migrateQueue } from '../jobs/queue-schema.js';
import { setColumnTypes } from './pg-types.js';

/** The role that all work runs under: it can neither update nor delete money. Migrations run as the owner. */
export const APP_ROLE = 'xingfu_app';

/** What the connections of one pool may take; times in milliseconds. */
export interface PoolLimits {
  /** Connections at most. */
  readonly size: number;
  /** How long one statement may run. */
  readonly statementMs: number;
  /** How long a statement waits for a lock that somebody else holds. */
  readonly lockMs: number;
  /** How long a transaction may stand still between two statements. */
  readonly idleMs: number;
  /** How long work waits for a free connection, or for a new one to open. */
  readonly waitMs: number;
}

/**
 * Three pools that cannot starve each other: tills, everybody else's requests, jobs. What is over its limit fails
 * with an error that asks the caller to come back.
 */
export const POOLS: Readonly<Record<'taps' | 'work' | 'jobs', PoolLimits>> = {
  taps: { size: 6, statementMs: 10_000, lockMs: 3_000, idleMs: 10_000, waitMs: 5_000 },
  work: { size: 12, statementMs: 60_000, lockMs: 10_000, idleMs: 30_000, waitMs: 10_000 },
  jobs: { size: 8, statementMs: 1_800_000, lockMs: 10_000, idleMs: 60_000, waitMs: 10_000 },
};

function sessionOf({ statementMs, lockMs, idleMs }: PoolLimits): string {
  return `-c timezone=Asia/Shanghai -c statement_timeout=${statementMs} -c lock_timeout=${lockMs} -c idle_in_transaction_session_timeout=${idleMs}`;
}

/**
 * Brings a database to the newest version of the schema, as its owner. A database that a newer release has migrated is
 * left alone: code that does not know what a table means must not write into it.
 * @param ownerUrl connection string of the database's owner
 * @throws WrongSetting when the schema is newer than this release
 */
export async function migrateToHead(ownerUrl: string): Promise<void> {
  setColumnTypes();
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    extra: { max: 1, options: '-c timezone=Asia/Shanghai', connectionTimeoutMillis: 10_000 },
  });
  await source.initialize();
  try {
    // Two processes may start at once; the second waits and finds nothing left to do.
    await source.query('SELECT pg_advisory_lock(4711)');
    await refuseNewer(source);
    await source.runMigrations();
    await migrateQueue(ownerUrl);
  } finally {
    await source.destroy();
  }
}

const NAMES: readonly string[] = migrations.map((migration) => new migration().name);

/** Names of this release's migrations that a database lacks. @param run names of those it has run */
export function missingMigrations(run: readonly string[]): string[] {
  return NAMES.filter((name) => !run.includes(name));
}

async function refuseNewer(source: DataSource): Promise<void> {
  const [table] = (await source.query("SELECT to_regclass('schema_migration') IS NOT NULL AS stands")) as { stands: boolean }[];
  if (table?.stands !== true) return;
  const run = (await source.query('SELECT name FROM schema_migration ORDER BY timestamp')) as { name: string }[];
  const unknown = run.map(({ name }) => name).filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new WrongSetting(`DATABASE_URL names a database with a newer schema (${unknown.at(-1) ?? ''}): start the release that made it, or a later one`);
}

/**
 * Opens a pool that use cases work on, under the weaker role.
 * @param ownerUrl connection string of the database's owner
 * @param limits of the pool; a number stands for the usual ones with so many connections
 */
export async function openDataSource(ownerUrl: string, limits: PoolLimits | number): Promise<DataSource> {
  const pool = typeof limits === 'number' ? { ...POOLS.work, size: limits } : limits;
  setColumnTypes();
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    synchronize: false,
    // With `pipeline`, statements that do not wait for each other's rows share a way to the server; it still runs them
    // in the order in which they were sent.
    extra: { max: pool.size, options: `${sessionOf(pool)} -c role=${APP_ROLE}`, connectionTimeoutMillis: pool.waitMs, pipeline: true },
    poolErrorHandler: () => undefined,
  });
  return source.initialize();
}
