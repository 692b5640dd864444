import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the checkout, with its path from the root. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export const ROOT = join(import.meta.dirname, '..', '..');

const WRITTEN = /\.(ts|tsx|mjs|cjs|css|html)$/;

/** All files below some folders of the checkout that people write, generated ones left out. */
export function filesBelow(...folders: string[]): TextFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => WRITTEN.test(name) && !name.endsWith('.gen.ts') && !name.includes('node_modules'))
      .map((name) => ({ path: join(folder, name), text: readFileSync(join(ROOT, folder, name), 'utf8') })));
}

/** The folders of `src/`: the rooms that exist. */
export function roomFolders(): string[] {
  return readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
