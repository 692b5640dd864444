import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { readPgbench, readStat, type Stretch } from './tap-figures.js';

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const TICK_MS = 10;

function statOf(pid: number): ReturnType<typeof readStat> | null {
  try {
    return readStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** The processor time of a process with all its threads, and of all that it started, ended ones included; ms. */
export function processorMs(pid: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = new Map(all.flatMap((one) => {
    const stat = statOf(one);
    return stat === null ? [] : [[one, stat] as const];
  }));
  const below = (parent: number): number => {
    let ticks = (stats.get(parent)?.own ?? 0) + (stats.get(parent)?.children ?? 0);
    for (const [child, stat] of stats) if (stat.parent === parent) ticks += below(child);
    return ticks;
  };
  return below(pid) * TICK_MS;
}

/** The process that started another one, where that runs on this machine under a name; null where it does not. */
export function parentOf(pid: number, name: string): number | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name ? (statOf(pid)?.parent ?? null) : null;
  } catch {
    return null;
  }
}

/** The newest pgbench of this machine, or null. */
export function findPgbench(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin')) : [];
  const folders = [...versions, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'pgbench')).find((file) => existsSync(file)) ?? null;
}

const run = promisify(execFile);
const SCALE = 20;
const CLIENTS = 32;

/** TPC-B as PostgreSQL's own tool does it, on a database of its own. */
export class Pgbench {
  private constructor(private readonly program: string, private readonly url: URL) {}

  /** Fills the tables. @param url of an empty database */
  static async prepare(program: string, url: string): Promise<Pgbench> {
    const bench = new Pgbench(program, new URL(url));
    await bench.run(['-i', '-q', '-s', String(SCALE)]);
    return bench;
  }

  /** @param serverPid the server's first process, whose and whose children's time counts; pgbench's own does not */
  async measure(seconds: number, serverPid: number | null): Promise<Stretch> {
    const before = serverPid === null ? 0 : processorMs(serverPid);
    const { deeds, tps } = readPgbench(await this.run(['-n', '-M', 'prepared', '-c', String(CLIENTS), '-j', '2', '-T', String(seconds)]));
    const cpuMs = serverPid === null ? 0 : processorMs(serverPid) - before;
    return { seconds: deeds / tps, deeds, cpuMs };
  }

  private async run(args: readonly string[]): Promise<string> {
    const { hostname, port, username, password, pathname } = this.url;
    const env = { ...process.env, PGHOST: decodeURIComponent(hostname), PGPORT: port || '5432', PGUSER: decodeURIComponent(username), PGPASSWORD: decodeURIComponent(password), PGDATABASE: pathname.slice(1) };
    const { stdout } = await run(this.program, args, { env, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  }
}
