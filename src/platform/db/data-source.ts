import { DataSource } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { migrateQueue } from '../jobs/queue-schema.js';
import { setColumnTypes } from './pg-types.js';

/** The role that all work runs under: it can neither update nor delete money. Migrations run as the owner. */
export const APP_ROLE = 'xingfu_app';

const SESSION = '-c timezone=Asia/Shanghai -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s';

/**
 * Brings a database to the newest version of the schema, as its owner.
 * @param ownerUrl connection string of the database's owner
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
    await source.runMigrations();
    await migrateQueue(ownerUrl);
  } finally {
    await source.destroy();
  }
}

/**
 * Opens the pool that use cases work on, under the weaker role.
 * @param ownerUrl connection string of the database's owner
 * @param poolSize connections at most
 */
export async function openDataSource(ownerUrl: string, poolSize: number): Promise<DataSource> {
  setColumnTypes();
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    synchronize: false,
    // With `pipeline`, statements that do not wait for each other's rows share a way to the server; it still runs them
    // in the order in which they were sent.
    extra: { max: poolSize, options: `${SESSION} -c role=${APP_ROLE}`, connectionTimeoutMillis: 10_000, pipeline: true },
    poolErrorHandler: () => undefined,
  });
  return source.initialize();
}
