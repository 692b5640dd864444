import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Path of redis-server, or null where this machine has none. */
export function findRedis(): string | null {
  return (process.env['PATH'] ?? '').split(':').map((directory) => join(directory, 'redis-server')).find((path) => existsSync(path)) ?? null;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A Redis of the simulation's own, which keeps nothing on disk. */
export class ThrowAwayRedis {
  private constructor(private readonly child: ChildProcess, private readonly client: Redis, readonly url: string) {}

  static async start(program: string): Promise<ThrowAwayRedis> {
    const port = await freePort();
    const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'], { cwd: '/', stdio: 'ignore' });
    const url = `redis://127.0.0.1:${port}`;
    const client = new Redis(url, { retryStrategy: (times) => (times > 400 ? null : 25), maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.ping();
    return new ThrowAwayRedis(child, client, url);
  }

  /** Throws away everything that it holds. @returns how many keys that were */
  async wipe(): Promise<number> {
    const keys = await this.client.dbsize();
    await this.client.flushall();
    return keys;
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}
