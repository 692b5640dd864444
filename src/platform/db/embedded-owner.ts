import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { WrongSetting } from '../config/index.js';

/** A process that cannot be mistaken for a later one with the same number. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * When a process started, in the system's own notation; undefined where there is no such process or it is dead and
 * only waits to be collected.
 */
function startOf(pid: number): string | undefined {
  if (!existsSync('/proc/self/stat')) {
    const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return answer.status === 0 ? answer.stdout.trim() : undefined;
  }
  try {
    // The name, in brackets, may hold anything; the fields after it begin with the state, the 20th is the start.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  return startOf(holder.pid) === holder.startedAt;
}

/** Whether a process with this number lives. */
export function isRunning(pid: number): boolean {
  return startOf(pid) !== undefined;
}

/** The command line of a process, its words divided by spaces; empty where there is none. */
export function commandOf(pid: number): string {
  if (!existsSync('/proc/self/cmdline')) return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function read(file: string): { readonly text: string; readonly holder: Holder | undefined } {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  try {
    return { text, holder: JSON.parse(text) as Holder };
  } catch {
    return { text, holder: undefined };
  }
}

/**
 * Takes away the record of a dead holder, unless someone else did so first: then what was moved is the other's new
 * record, and it is put back.
 */
function removeStale(file: string, seen: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== seen) linkSync(aside, file);
  } catch {
    // The record vanished or came back in between: the next attempt to write it decides.
  }
  rmSync(aside, { force: true });
}

/**
 * Makes this process the only one that works on a data directory, by a record of its number and start.
 * @returns whether a dead process left its record here, so that its server may still run
 * @throws WrongSetting with one line where another living process holds the directory
 */
export function claimDirectory(file: string, dataDir: string): boolean {
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) });
  let left = false;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      return left;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const { text, holder } = read(file);
    if (text === mine) return true;
    if (holder !== undefined && isAlive(holder)) throw inUse(dataDir, holder.pid);
    left = true;
    removeStale(file, text);
  }
  throw inUse(dataDir, undefined);
}

/** The one line for a directory that is taken. */
export function inUse(dataDir: string, pid: number | undefined): WrongSetting {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new WrongSetting(`The data directory ${dataDir} is in use by ${who}; stop it, or name another directory with DATA_DIR`);
}
