import { transformFileSync } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runDirectory } from './database.js';
import { until, within } from './signal.js';

const CHECKOUT = join(import.meta.dirname, '../..');

function compileInto(target: string, folder: string): void {
  for (const entry of readdirSync(join(CHECKOUT, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compileInto(target, path);
    if (!entry.name.endsWith('.ts') || entry.name.endsWith('.spec.ts')) continue;
    const { code } = transformFileSync(join(CHECKOUT, path), {
      swcrc: false, module: { type: 'es6' },
      jsc: { target: 'es2022', keepClassNames: true, parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false } },
    });
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path.replace(/\.ts$/, '.js')), code);
  }
}

/** The service compiled for a plain Node, once a run: the folder that its programs run in. */
function compiled(): string {
  const place = join(runDirectory(), 'compiled');
  if (existsSync(place)) return place;
  const making = `${place}.${process.pid}`;
  for (const folder of ['src', 'migrations']) compileInto(making, folder);
  for (const name of ['node_modules', 'packs']) symlinkSync(join(CHECKOUT, name), join(making, name));
  copyFileSync(join(CHECKOUT, 'package.json'), join(making, 'package.json'));
  try {
    renameSync(making, place);
  } catch {
    // Another suite was faster.
    rmSync(making, { recursive: true });
  }
  return place;
}

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ServiceProcess>();

/** A program of the service in a process of its own, with everything that it says. */
export class ServiceProcess {
  /** What came on standard output, and on standard error. */
  out = '';
  err = '';
  readonly ended: Promise<End>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (part: Buffer) => (this.out += part.toString()));
    child.stderr?.on('data', (part: Buffer) => (this.err += part.toString()));
    this.ended = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
    running.add(this);
    void this.ended.then(() => running.delete(this));
  }

  /** @param words the program of `src` and its arguments, such as `main --demo` @param settings the environment; `stderr` is an open file in place of what `err` collects */
  static start(words: string, settings: Readonly<Record<string, string>> = {}, { stderr = 'pipe', ...user }: { uid?: number; gid?: number; stderr?: 'pipe' | number } = {}): ServiceProcess {
    const [program, ...args] = words.split(' ');
    const path = join(compiled(), 'src', `${program}.js`);
    return new ServiceProcess(spawn(process.execPath, [path, ...args], { ...user, cwd: '/', stdio: ['ignore', 'pipe', stderr], env: { PATH: process.env['PATH'], ...settings } }));
  }

  /** Lines of standard error. */
  get complaints(): string[] {
    return this.err.split('\n').filter((line) => line !== '');
  }

  /** Waits for a word on either output; fails at once when the process ends without it. */
  async says(word: string, milliseconds = 120_000): Promise<void> {
    let over = false;
    void this.ended.then(() => (over = true));
    const heard = (): boolean => this.out.includes(word) || this.err.includes(word);
    await until(() => heard() || over, `the process says “${word}”`, milliseconds);
    if (!heard()) throw new Error(`the process ended without saying “${word}”:\n${this.out}${this.err}`);
  }

  /** Waits until it listens. @returns its address without a slash at the end */
  async address(): Promise<string> {
    await this.says('接口说明');
    return /http:\/\/[\d.]+:\d+/.exec(this.out)?.[0] ?? '';
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it and waits. */
  stop(name: NodeJS.Signals = 'SIGTERM'): Promise<End> {
    this.signal(name);
    return this.end();
  }

  end(milliseconds = 40_000): Promise<End> {
    return within(this.ended, milliseconds, 'the end of the process');
  }
}

/** Ends what a failed test left running. */
export async function stopProcesses(): Promise<void> {
  await Promise.all([...running].map((process) => process.stop('SIGKILL')));
}

/** Whether an embedded database stands in a data directory, by its own records. */
export function databaseStands(dataDir: string): boolean {
  return existsSync(join(dataDir, 'postgres', 'postmaster.pid')) || existsSync(join(dataDir, 'postgres.owner.json'));
}

/** Ends the database that a killed process left. */
export async function endOrphan(dataDir: string): Promise<void> {
  const record = join(dataDir, 'postgres', 'postmaster.pid');
  if (!existsSync(record)) return;
  process.kill(Number(readFileSync(record, 'utf8').split('\n', 1)[0]), 'SIGQUIT');
  await until(() => !existsSync(record), 'the orphaned database ends', 30_000);
}
