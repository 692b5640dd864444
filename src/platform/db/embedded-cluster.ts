import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WrongSetting } from '../config/index.js';
import { SYSTEM_STATE } from './data-dir.js';
import { mayEnter, type ServerAccount } from './embedded-account.js';
import type { Binaries } from './embedded-binaries.js';

/** The files of one data directory. */
export interface Layout {
  /** The server's own directory. */
  readonly cluster: string;
  /** The random password of both roles, for this user's eyes only. */
  readonly password: string;
  readonly owner: string;
  readonly log: string;
}

export function layoutOf(dataDir: string): Layout {
  return {
    cluster: join(dataDir, 'postgres'),
    password: join(dataDir, 'postgres.password'),
    owner: join(dataDir, 'postgres.owner.json'),
    log: join(dataDir, 'postgres.log'),
  };
}

/**
 * Makes the data directory and lets the server's user through it, without showing that user what else it holds.
 * @returns its path free of symbolic links, so that one directory has one name
 * @throws WrongSetting with one line where it cannot be made, or lies where the server's user may not go
 */
export function prepareDataDir(dataDir: string, account: ServerAccount | undefined): string {
  try {
    // Whatever mask the process that made the shared parent had.
    if (account !== undefined && dirname(dataDir) === SYSTEM_STATE) {
      mkdirSync(SYSTEM_STATE, { recursive: true });
      chmodSync(SYSTEM_STATE, 0o755);
    }
    const first = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Only what was made here is opened, and whatever the mask of this process is.
    if (first !== undefined && account !== undefined) for (let made = dataDir; made.startsWith(first); made = dirname(made)) chmodSync(made, 0o711);
  } catch (error) {
    throw new WrongSetting(`The data directory ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code}); name another one with DATA_DIR`);
  }
  if (account !== undefined && !mayEnter(account, dataDir) && mayEnter(account, dirname(dataDir))) {
    chownSync(dataDir, statSync(dataDir).uid, account.gid);
    chmodSync(dataDir, (statSync(dataDir).mode & 0o777) | 0o010);
  }
  if (mayEnter(account, dataDir)) return realpathSync(dataDir);
  throw new WrongSetting(`The data directory ${dataDir} lies where the database's user may not go; name an open directory with DATA_DIR`);
}

function run(program: string, args: readonly string[], account: ServerAccount | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done() : fail(new Error(`${program} failed: ${said.trim().slice(-2_000)}`))));
  });
}

/**
 * Makes an empty cluster, or finds the one that is there. A cluster gets its name only when it is whole, so a first
 * start that is killed half way is simply begun again.
 * @param durable false leaves out the flush to disk, for servers that tests throw away
 * @returns the password of the roles
 * @throws WrongSetting with one line where the cluster belongs to another version or another user
 */
export async function prepareCluster(layout: Layout, binaries: Binaries, account: ServerAccount | undefined, durable: boolean, onLine: (line: string) => void): Promise<string> {
  const { cluster } = layout;
  if (existsSync(cluster)) {
    const owner = statSync(cluster).uid;
    if (owner !== (account?.uid ?? process.getuid?.() ?? owner)) throw new WrongSetting(`The database in ${cluster} belongs to another user; start as that user, or name another directory with DATA_DIR`);
    const major = Number(readFileSync(join(cluster, 'PG_VERSION'), 'utf8'));
    if (major !== binaries.major) throw new WrongSetting(`The database in ${cluster} was made by PostgreSQL ${major}, but this is PostgreSQL ${binaries.major}; carry it over with pg_upgrade or pg_dump, or name another directory with DATA_DIR`);
    if (!existsSync(layout.password)) throw new WrongSetting(`${layout.password} is missing, so the database beside it cannot be opened; put it back, or name another directory with DATA_DIR`);
    return readFileSync(layout.password, 'utf8');
  }
  onLine(`Making a new database in ${cluster}`);
  const [parent, name] = [dirname(cluster), `${cluster}.new`];
  for (const entry of readdirSync(parent)) if (entry.startsWith('postgres.new')) rmSync(join(parent, entry), { recursive: true, force: true });
  mkdirSync(name, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(layout.password, password, { mode: 0o600 });
  const forInitdb = `${name}.password`;
  writeFileSync(forInitdb, password, { mode: 0o600 });
  if (account !== undefined) for (const path of [name, forInitdb]) chownSync(path, account.uid, account.gid);
  try {
    await run(binaries.initdb, [`--pgdata=${name}`, '--username=postgres', `--pwfile=${forInitdb}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--data-checksums', ...(durable ? [] : ['--no-sync'])], account);
  } finally {
    rmSync(forInitdb, { force: true });
  }
  renameSync(name, cluster);
  return password;
}
