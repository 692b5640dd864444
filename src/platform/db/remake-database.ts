import pg from 'pg';
import type { EmbeddedPostgres } from './embedded-postgres.js';

/** Throws the product's database of an embedded server away and makes an empty one in its place. */
export async function remakeDatabase(server: EmbeddedPostgres): Promise<void> {
  const { username, pathname } = new URL(server.url);
  const [owner, database] = [username, pathname.slice(1)];
  const client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${database} OWNER ${owner}`);
  } finally {
    await client.end();
  }
}
