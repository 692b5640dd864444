import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** WeChat takes a package of so much. */
const MOST_BYTES = 2 * 1024 * 1024;
const wrong = [];

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)]));
}

const dist = build();
const files = filesOf(dist);

// WeChat's own compilers name the file and the line of what they do not take.
const { wxmlToJs, wxssToJs } = require('miniprogram-compiler');
for (const [what, compile] of [['WXML', wxmlToJs], ['WXSS', wxssToJs]]) {
  try {
    if (String(compile(dist)).length < 1_000) wrong.push(`${what}: nothing was compiled`);
  } catch (error) {
    wrong.push(`${what}: ${error.message}`);
  }
}

const app = JSON.parse(readFileSync(join(dist, 'app.json'), 'utf8'));
for (const page of app.pages) {
  for (const ending of ['js', 'json', 'wxml', 'wxss']) if (!existsSync(join(dist, `${page}.${ending}`))) wrong.push(`${page}.${ending} is missing`);
  const { usingComponents = {} } = JSON.parse(readFileSync(join(dist, `${page}.json`), 'utf8'));
  for (const path of Object.values(usingComponents)) if (!existsSync(join(dist, page, '..', `${path}.js`))) wrong.push(`${page} uses a component that is not there: ${path}`);
}

const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
if (bytes > MOST_BYTES) wrong.push(`the package has ${bytes} bytes, WeChat takes ${MOST_BYTES}`);

// One host alone: the city's service. Nothing of an elder goes anywhere else.
const service = /'(https:\/\/[^']+)'/.exec(readFileSync(join(here, 'service.ts'), 'utf8'))?.[1];
for (const file of files) {
  for (const [address] of readFileSync(file, 'utf8').matchAll(/\b(?:https?|wss?):\/\/[\w.-]+/g)) {
    // Names of formats are no addresses that anybody asks.
    if (address !== service && address !== 'http://www.w3.org') wrong.push(`${relative(dist, file)} names another host: ${address}`);
  }
}

const wxml = files.filter((file) => file.endsWith('.wxml')).map((file) => readFileSync(file, 'utf8')).join('\n');
if (/\drpx/.test(files.filter((file) => file.endsWith('.wxss')).map((file) => readFileSync(file, 'utf8')).join('\n'))) wrong.push('sizes in rpx follow the width of the telephone, not the size of text that was chosen');
for (const name of ['aria-role="alert"', 'aria-role="status"', 'aria-role="heading"']) if (!wxml.includes(name)) wrong.push(`the page says nothing to a screen reader by ${name}`);

if (spawnSync(process.execPath, [join(here, 'smoke.cjs')], { stdio: 'inherit' }).status !== 0) wrong.push('the smoke test does not hold');

for (const line of wrong) process.stderr.write(`${line}\n`);
if (wrong.length > 0) process.exit(1);
process.stdout.write(`The mini-program holds: ${files.length} files, ${Math.ceil(bytes / 1024)} KiB.\n`);
