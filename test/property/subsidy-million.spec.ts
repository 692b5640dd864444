import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { transformFileSync } from '@swc/core';
import { PackLibrary } from '../../src/subsidy/pack-library.js';
import type { MillionMeals } from '../support/million-meals.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SUPPORT = ['million-meals', 'own-arithmetic', 'random-packs', 'make-version'].map((name) => `test/support/${name}.ts`);
let folder: string;

function sources(below: string): string[] {
  return readdirSync(join(ROOT, below)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts')).map((name) => `${below}/${name}`);
}

/** The engine and the loop as plain JavaScript: inside the test's own sandbox a million meals take five times as long. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'million-'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  for (const file of [...sources('src/kernel'), ...sources('src/elder/domain'), ...sources('src/subsidy/domain'), ...SUPPORT]) {
    const { code } = transformFileSync(join(ROOT, file), { swcrc: false, module: { type: 'es6' }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } });
    const out = join(folder, file.replace(/\.ts$/u, '.js'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, code);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function decideMany(count: number, seed: number): Promise<MillionMeals> {
  const shipped = PackLibrary.load().all().flatMap((pack) => pack.versions);
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(folder, 'test/support/million-meals.js'), { workerData: { shipped, count, seed } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

test('a million random meals: parts add up, and every reason gives its fen again from itself alone', async () => {
  const { meals, paid, reasons, forms, caps, fault } = await decideMany(1_000_000, 20_241_122);
  expect(fault).toBeNull();
  expect(meals).toBe(1_000_000);
  expect(forms).toEqual(['fixed', 'percentage', 'rest', 'slices', 'steps', 'voucher']);
  expect(caps).toEqual(['allowance', 'bill', 'funder-withdrawn', 'percentage', 'self-pay']);
  expect(paid).toBeGreaterThan(150_000);
  expect(reasons).toBeGreaterThan(paid);
}, 240_000);
