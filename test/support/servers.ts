import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startPostgres, type StartPostgres } from '../../src/platform/db/embedded-postgres.js';
import { runDirectory, type TestServer } from './database.js';

function inPath(program: string): string | null {
  for (const directory of (process.env['PATH'] ?? '').split(':')) if (existsSync(join(directory, program))) return join(directory, program);
  return null;
}

/** Directory of PostgreSQL 15's programs, or null where this machine has none. */
export function findPostgres15(): string | null {
  const candidates = ['/usr/lib/postgresql/15/bin', inPath('postgres')?.replace(/\/postgres$/, '') ?? ''];
  const is15 = (directory: string): boolean => /\(PostgreSQL\) 15\./.test(spawnSync(join(directory, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout ?? '') && existsSync(join(directory, 'initdb'));
  return candidates.find((directory) => directory !== '' && is15(directory)) ?? null;
}

/** Path of redis-server, or null where this machine has none. */
export function findRedis(): string | null {
  return inPath('redis-server');
}

/**
 * A suite that needs a server which npm cannot bring. Where it is missing the suite is skipped and a line says so; in
 * CI a missing server fails.
 */
export function describeWith<T>(server: string, found: T | null, body: (found: T) => void): void {
  if (found !== null) return describe(`with ${server}`, () => body(found));
  if (process.env['CI'] === 'true') {
    it(`has ${server}`, () => {
      throw new Error(`${server} is missing, and in CI no suite may be skipped`);
    });
    return;
  }
  process.stderr.write(`${server} was not found on this machine: its tests are skipped\n`);
  describe.skip(`with ${server}`, () => it('is not installed here', () => undefined));
}

/** A throw-away PostgreSQL of other programs than npm's, such as version 15. */
export async function startOtherPostgres(binDir: string, options: Partial<StartPostgres> = {}): Promise<OtherPostgres> {
  const dataDir = options.dataDir ?? mkdtempSync(join(runDirectory(), 'other-'));
  const server = await startPostgres({ ...options, dataDir, binDir, settings: { fsync: 'off', synchronous_commit: 'off', ...options.settings } });
  return { url: server.url, adminUrl: server.adminUrl, port: server.port, dataDir, stop: () => server.stop('immediate') };
}

/** Such a server: `stop` is a power cut. */
export interface OtherPostgres extends TestServer {
  readonly port: number;
  readonly dataDir: string;
  stop(): Promise<void>;
}

export interface TestRedis {
  readonly url: string;
  /** Ends it at once, as a crash would, and removes what it held. */
  stop(): Promise<void>;
}

/** Starts a throw-away Redis on a free port that keeps nothing on disk. */
export async function startRedis(program: string): Promise<TestRedis> {
  const port = await freePort();
  const directory = mkdtempSync(join(runDirectory(), 'redis-'));
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction', '--dir', directory], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: (times) => (times > 200 ? null : 25), maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A port of 127.0.0.1 that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
