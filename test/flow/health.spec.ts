import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startApp, type TestApp } from '../support/app.js';
import { freshDatabase, runDirectory, type TestDatabase } from '../support/database.js';
import { ServiceProcess, stopProcesses } from '../support/processes.js';
import { describeWith, freePort } from '../support/servers.js';
import { makeSmallDisk, mayMount, type SmallDisk } from '../support/small-disk.js';

let database: TestDatabase;
let service: TestApp;
let owner: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  service = await startApp({ databaseUrl: database.ownerUrl });
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
}, 60_000);
afterAll(async () => {
  await stopProcesses();
  await owner?.end();
  await service?.close();
  await database?.drop();
});

const ready = async (app = service) => {
  const response = await app.app.inject({ method: 'GET', url: '/readyz' });
  return [response.statusCode, response.json().detail?.obstacle ?? null, response.headers['retry-after'] ?? null];
};
const alive = async (app = service) => (await app.app.inject({ method: 'GET', url: '/livez' })).statusCode;

describe('the probes', () => {
  it('are ready with a database at the head of the migrations', async () => {
    expect([await ready(), await alive()]).toEqual([[200, null, null], 200]);
  });

  it('are not ready while a migration of this release is missing, and alive all the same', async () => {
    await owner.query("UPDATE schema_migration SET name = 'Was' || name WHERE name LIKE 'Alert%'");
    expect([await ready(), await alive()]).toEqual([[503, 'migrations', '2'], 200]);
    await owner.query("UPDATE schema_migration SET name = substr(name, 4) WHERE name LIKE 'WasAlert%'");
    expect(await ready()).toEqual([200, null, null]);
  });

  it('are ready while a later release has migrated the database already', async () => {
    await owner.query(`INSERT INTO schema_migration (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    expect(await ready()).toEqual([200, null, null]);
    await owner.query(`DELETE FROM schema_migration WHERE timestamp = 9999999999999`);
  });

  it('are not ready within a second and a half when the database does not answer', async () => {
    await owner.query('BEGIN; LOCK TABLE schema_migration IN ACCESS EXCLUSIVE MODE');
    const begun = performance.now();
    expect([await ready(), await alive()]).toEqual([[503, 'database', '2'], 200]);
    expect(performance.now() - begun).toBeLessThan(1_500);
    await owner.query('ROLLBACK');
    expect(await ready()).toEqual([200, null, null]);
  });
});

describeWith('the right to mount a small disk', mayMount(), () => {
  it('is not ready with less than a tenth of the disk free', async () => {
    const disk = makeSmallDisk(4) as SmallDisk;
    const full = await startApp({ databaseUrl: database.ownerUrl, settings: { dataDir: service.ground.dataDir } });
    try {
      Object.assign(full.parts.settings, { dataDir: disk.path });
      expect(await ready(full)).toEqual([200, null, null]);
      writeFileSync(join(disk.path, 'filler'), Buffer.alloc(3_900_000));
      expect([await ready(full), await alive(full)]).toEqual([[503, 'disk', '2'], 200]);
    } finally {
      await full.close();
      disk.remove();
    }
  });
});

describe('F38: a database that a later release has migrated', () => {
  it('is refused by this release with one line, before anything is written', async () => {
    await owner.query(`INSERT INTO schema_migration (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    try {
      const process = ServiceProcess.start('main', { DATABASE_URL: database.ownerUrl, DATA_DIR: mkdtempSync(join(runDirectory(), 'old-')), PORT: '0' });
      expect(await process.end()).toEqual({ code: 1, signal: null });
      expect(process.complaints).toEqual([expect.stringMatching(/^DATABASE_URL .*newer schema \(Later9999999999999\)/)]);
    } finally {
      await owner.query(`DELETE FROM schema_migration WHERE timestamp = 9999999999999`);
    }
  }, 60_000);
});

describe('METRICS_PORT', () => {
  it('shows the figures of a process on a port of its own, and nothing of them on the public one', async () => {
    const port = String(await freePort());
    const settings = { DATABASE_URL: database.ownerUrl, DATA_DIR: service.ground.dataDir, PORT: '0', METRICS_PORT: port };
    const process = ServiceProcess.start('main', settings);
    const address = await process.address();
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('xingfu_pool_connections{pool="taps",state="used"}');
    expect((await fetch(`${address}/metrics`, { headers: { accept: 'application/json' } })).headers.get('content-type')).not.toContain('version=0.0.4');
    const second = ServiceProcess.start('main', settings);
    expect(await second.end()).toEqual({ code: 1, signal: null });
    expect(second.complaints).toEqual([expect.stringMatching(/^METRICS_PORT /)]);
    expect(await process.stop('SIGINT')).toEqual({ code: 0, signal: null });
  }, 60_000);
});
