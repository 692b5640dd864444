import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { runDirectory } from './database.js';

/** A disk of a few megabytes, for tests that fill it. */
export interface SmallDisk {
  readonly path: string;
  remove(): void;
}

/** Makes a small disk in memory. @returns null where this user may not mount */
export function makeSmallDisk(megabytes: number): SmallDisk | null {
  const path = mkdtempSync(join(runDirectory(), 'disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', path]);
  if (status !== 0) return null;
  chmodSync(path, 0o755);
  return { path, remove: () => void spawnSync('umount', ['-l', path]) };
}

/** Whether this user may mount such a disk. */
export function mayMount(): true | null {
  const disk = makeSmallDisk(1);
  disk?.remove();
  return disk === null ? null : true;
}
