import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database that was made for one purpose and goes with it. */
export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * Makes a database of its own on a server, as work that must not touch what the server holds needs it.
 * @param serverUrl connection string of a role that may make databases
 * @param name what its name begins with, e.g. `xingfu_demo`
 * @param original connection string of a database of that server to copy, which nobody is connected to
 */
export async function makeOwnDatabase(serverUrl: string, name: string, original?: string): Promise<OwnDatabase> {
  const database = `${name}_${randomBytes(6).toString('hex')}`;
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await onServer(`CREATE DATABASE ${database}${original === undefined ? '' : ` TEMPLATE ${new URL(original).pathname.slice(1)}`}`);
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  // Without FORCE: that would want to end the server's own autovacuum too, which only a superuser may. Ours are closed.
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${database}`) };
}
