import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(CHECKOUT, 'dist');
const STAMP = join(DIST, 'stamp');
const LOCK = join(CHECKOUT, 'node_modules', '.build-lock');

/** All that the build is made from. */
const SOURCES = ['src', 'migrations', 'web', 'scripts/build.mjs', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];

function filesOf(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'miniprogram' && !entry.name.endsWith('.spec.ts'))
    .flatMap((entry) => filesOf(join(path, entry.name)));
}

/** What the sources are now: names and contents, since the times of files say nothing after a checkout. */
function stampOf() {
  const hash = createHash('sha256').update(process.version);
  for (const file of SOURCES.flatMap((name) => filesOf(join(CHECKOUT, name))).sort()) {
    hash.update(file.slice(CHECKOUT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

const isFresh = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stampOf();

/** Runs one program of the project's packages; its output, all of it, goes to standard error. */
function run(program, args) {
  return new Promise((done, fail) => {
    const child = spawn(join(CHECKOUT, 'node_modules/.bin', program), args, { cwd: CHECKOUT, stdio: ['ignore', 2, 2] });
    child.once('error', fail);
    child.once('exit', (code, signal) => (code === 0 ? done() : fail(new Error(`${program} ended with ${signal ?? code}`))));
  });
}

/** Does one step and says how long it took. Results of commands own standard output, so the build speaks on standard error. */
async function step(name, work) {
  const begun = performance.now();
  process.stderr.write(`构建 building ${name} …\n`);
  await work();
  process.stderr.write(`构建 built ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)\n`);
}

async function build() {
  rmSync(DIST, { recursive: true, force: true });
  const stamp = stampOf();
  const steps = [step('server', () => run('nest', ['build']))];
  if (existsSync(join(CHECKOUT, 'web/vite.config.ts'))) steps.push(step('pages', () => run('vite', ['build', 'web', '--config', 'web/vite.config.ts', '--logLevel', 'warn'])));
  await Promise.all(steps);
  writeFileSync(STAMP, stamp);
}

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const HOLDER = join(LOCK, 'pid');

/** Whether the build that took the lock was killed. */
function isAbandoned() {
  const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  const pid = existsSync(HOLDER) ? Number(readFileSync(HOLDER, 'utf8')) : 0;
  return pid > 0 ? !isAlive(pid) || age > 300_000 : age > 5_000;
}

/** One builds, others that start in the same moment wait for it. */
async function alone(work) {
  for (let waits = 0; ; waits += 1) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (waits === 1) process.stderr.write('构建 waiting for a build that runs already …\n');
    await pause(200);
    if (isAbandoned()) rmSync(LOCK, { recursive: true, force: true });
  }
  writeFileSync(HOLDER, String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/** Builds what is not built, or whose sources have changed since. */
export async function ensureBuilt() {
  if (isFresh()) return;
  await alone(async () => {
    if (!isFresh()) await build();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await alone(build).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
