import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Runs statements on a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Makes a database anew as a copy of another; whoever is connected to the old one is cut off. By files: a copy by the log
 * takes a sequence's pages as they are, with numbers that were logged ahead in the template alone, so that after a crash
 * the copy would hand out numbers twice (PostgreSQL 15 to 18).
 */
export async function copyDatabase(adminUrl: string, name: string, template: string, owner: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await dropIt(client, name);
    const { rows: [server] } = await client.query<{ version: number }>("SELECT current_setting('server_version_num')::int AS version");
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${owner}${(server?.version ?? 0) >= 150_000 ? ' STRATEGY file_copy' : ''}`);
  });
}

export async function makeDatabase(adminUrl: string, name: string, owner: string): Promise<void> {
  await withClient(adminUrl, async (client) => void (await client.query(`CREATE DATABASE ${name} OWNER ${owner}`)));
}

export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) => dropIt(client, name));
}

/** Drops a database; where the server's own vacuum stands in it, which only a superuser may end, a moment later. */
async function dropIt(client: pg.Client, name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      if (tries === 50) throw error;
      await pause(200);
    }
  }
}

/** Whether the server tells when a row was committed: the order of the auditor's books. */
export async function tellsCommitTimes(adminUrl: string): Promise<boolean> {
  return withClient(adminUrl, async (client) => (await client.query<{ track_commit_timestamp: string }>('SHOW track_commit_timestamp')).rows[0]?.track_commit_timestamp === 'on');
}

/** Cuts every connection to a database but this one. @returns how many */
export async function cutConnections(adminUrl: string, name: string): Promise<number> {
  return withClient(adminUrl, async (client) => (await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()', [name])).rowCount ?? 0);
}

/** Throws the job queue's schema away. */
export async function wipeQueue(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("SET lock_timeout = '3s'");
    await client.query('DROP SCHEMA IF EXISTS bullmq CASCADE');
  });
}

/** What the planted lack of idempotency also lacks: keys that would refuse a second meal under the same id. */
export async function dropUniqueKeys(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ drop: string }>(
      `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) AS drop FROM pg_constraint
       WHERE contype IN ('p', 'u') AND conparentid = 0 AND conrelid::regclass::text IN ('tap_claim', 'meal', 'meal_share', 'ledger_transfer')
       UNION ALL
       SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index
       WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text IN ('tap_claim', 'meal', 'meal_share', 'ledger_transfer')
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`);
    for (const row of rows) await client.query(row.drop);
  });
}
