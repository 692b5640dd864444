import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const SKIN = join('web', 'miniprogram');

/** Puts the mini-program together in `dist`, which opens in WeChat's own tools as it is: no bundler, no framework. @returns the folder */
export function build() {
  const dist = join(here, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [join(here, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the types do not hold');
  for (const name of readdirSync(join(here, 'pages'))) {
    for (const file of readdirSync(join(here, 'pages', name))) if (!file.endsWith('.ts')) copyFileSync(join(here, 'pages', name, file), join(dist, SKIN, 'pages', name, file));
  }
  for (const file of ['app.json', 'app.wxss']) copyFileSync(join(here, file), join(dist, file));
  writeFileSync(join(dist, 'app.js'), `require('./${SKIN}/app.js');\n`);
  // WeChat finds packages in this folder and nowhere else.
  const library = join(dist, 'miniprogram_npm', 'uqr');
  mkdirSync(library, { recursive: true });
  cpSync(join(here, 'node_modules', 'uqr', 'dist', 'index.cjs'), join(library, 'index.js'));
  return dist;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
