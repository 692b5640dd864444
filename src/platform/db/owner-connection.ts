import pg from 'pg';
import { setColumnTypes } from './pg-types.js';
import type { SqlValue, Tx } from './tx.js';

/** One connection as the database's owner, each statement for itself. */
export interface OwnerConnection extends Tx {
  close(): Promise<void>;
}

/**
 * Opens a connection for work on tables themselves, which no transaction may hold and the weaker role may not do.
 * @param ownerUrl connection string of the database's owner
 * @param lockMs how long a statement may wait for a lock before it gives up
 */
export async function openOwner(ownerUrl: string, lockMs: number): Promise<OwnerConnection> {
  setColumnTypes();
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000, options: `-c timezone=Asia/Shanghai -c lock_timeout=${lockMs}` });
  client.on('error', () => undefined);
  await client.connect();
  return {
    query: async <Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> => (await client.query(sql, parameters as unknown[])).rows as Row[],
    close: () => client.end(),
  };
}
