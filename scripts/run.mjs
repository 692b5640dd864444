/**
 * Runs a program of the service, built first where its sources have changed: `node scripts/run.mjs main`, or
 * `node scripts/run.mjs cli demo --json`. In this very process, so that signals reach it.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT, ensureBuilt } from './build.mjs';

const [name, ...rest] = process.argv.slice(2);
try {
  await ensureBuilt();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const program = join(CHECKOUT, 'dist/src', `${name}.js`);
process.argv = [process.argv[0], program, ...rest];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(program).href);
