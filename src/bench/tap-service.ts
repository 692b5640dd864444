import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PATIENCE_MS = 60_000;

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

/** The service as `npm start` starts it, in a process of its own. */
export class ServiceProcess {
  private constructor(private readonly child: ChildProcess, readonly port: number) {}

  /**
   * Starts it and waits until it is ready.
   * @param more settings beside the usual ones
   * @param profileDir where V8 writes what the process did with its time, once it ends; null: no profile
   */
  static async start(databaseUrl: string, dataDir: string, profileDir: string | null, more: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const port = await freePort();
    const flags = ['--max-semi-space-size=64', ...(profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`])];
    const env = { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...more };
    const child = spawn(process.execPath, [...flags, fileURLToPath(new URL('../main.js', import.meta.url))], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const service = new ServiceProcess(child, port);
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end && child.exitCode === null; await pause(50)) {
      if (await fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false)) return service;
    }
    await service.stop('SIGKILL');
    throw new Error('the service did not get ready');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise<void>((done) => this.child.once('exit', () => done()));
    this.child.kill(signal);
    await gone;
  }

  async post(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
    return { status: answer.status, body: await answer.json() };
  }
}
