import { spawnSync } from 'node:child_process';
import { WrongSetting } from '../config/index.js';

/** The system user that the database server runs as; undefined means the user of this process. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Made where the machine has no user for a database yet. */
const OWN_USER = 'xingfu-pg';

/** Users that a root process may hand the server to, in order of preference. */
const USERS = ['postgres', OWN_USER] as const;

function idOf(user: string, which: '-u' | '-g'): number | undefined {
  const answer = spawnSync('id', [which, user], { encoding: 'utf8' });
  return answer.status === 0 ? Number(answer.stdout) : undefined;
}

function find(): ServerAccount | undefined {
  for (const user of USERS) {
    const uid = idOf(user, '-u');
    const gid = idOf(user, '-g');
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  return undefined;
}

/**
 * The user that the server runs as. PostgreSQL refuses to run as root, so under root it gets a system user:
 * `postgres` where the machine has one, else one that is made here.
 * @throws WrongSetting with one line where none can be made
 */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = find();
  if (existing !== undefined) return existing;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', OWN_USER]);
  // Looked up again whatever useradd said: another process may have made the user in the same moment.
  const made = find();
  if (made !== undefined) return made;
  throw new WrongSetting(`PostgreSQL cannot run as root and the user “${OWN_USER}” could not be made; start as an ordinary user or set DATABASE_URL`);
}

/**
 * Whether the account may enter a directory. Asked of the system itself, since access lists and mounts also have a say.
 */
export function mayEnter(account: ServerAccount | undefined, directory: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}
