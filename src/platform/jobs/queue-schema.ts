import { createPostgresBackend, runMigrations, type PgQueryable, type PostgresPoolConfig } from 'bullmq';
import pg from 'pg';

/** Where BullMQ keeps its jobs when there is no Redis: a schema of its own in the same database. */
export const QUEUE_SCHEMA = 'bullmq';

export { createPostgresBackend };

/**
 * Brings BullMQ's schema to the version this release knows; a step of every deploy, and of the repair after the schema
 * was wiped. An advisory lock lets one process at a time do it.
 * @param ownerUrl connection string of the database's owner
 */
export async function migrateQueue(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, options: '-c client_min_messages=warning' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(4712)');
    await runMigrations(client as unknown as PgQueryable, QUEUE_SCHEMA);
    await client.query(`
      GRANT USAGE, CREATE ON SCHEMA ${QUEUE_SCHEMA} TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO xingfu_app;
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO xingfu_app;
    `);
  } finally {
    await client.end();
  }
}

/** How BullMQ connects to that schema: under the weaker role, with a small pool. */
export function queueConnection(ownerUrl: string, role: string): PostgresPoolConfig {
  return { connectionString: ownerUrl, schema: QUEUE_SCHEMA, max: 3, options: `-c role=${role} -c lock_timeout=10s` };
}
