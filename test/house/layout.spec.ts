import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, roomFolders } from './tree.js';

interface Rule {
  readonly name: string;
  readonly from: { readonly path?: string };
  readonly to: { readonly path?: string };
}

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

interface Report {
  readonly summary: { readonly violations: Violation[]; readonly totalCruised: number; readonly error: number };
}

const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as { forbidden: Rule[] };
const DOWN_ONLY = 'down-only:';
const lower = config.forbidden.filter((rule) => rule.name.startsWith(DOWN_ONLY)).map((rule) => rule.name.slice(DOWN_ONLY.length));
/** The order of rooms as the rules have it: the last room has no rule of its own, only a place in those of others. */
const order = [...lower, config.forbidden[lower.length - 1]?.to.path?.replace(/^\^src\/\(|\)\/$/g, '') ?? ''];

function cruise(directory: string): Report {
  const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const run = spawnSync(process.execPath, [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'migrations'], {
    cwd: directory, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(run.stdout) as Report;
}

/** Files that each break one rule: path, text, and the rule that must see it. */
function violations(): [path: string, text: string, rule: string][] {
  const upward = lower.map((room, index): [string, string, string] => [`src/${room}/planted-up.ts`, `import '../${order[index + 1]}/planted/domain/index.js';`, `${DOWN_ONLY}${room}`]);
  const far = lower.map((room): [string, string, string] => [`src/${room}/planted-far.ts`, `import type { X } from '../${order.at(-1)}/planted/domain/index.js';`, `${DOWN_ONLY}${room}`]);
  return [
    ...upward,
    ...far,
    ['src/settlement/planted-back.ts', `import { inner } from '../ledger/planted-inner.js';`, 'front-door'],
    ['src/settlement/planted-type.ts', `import type { inner } from '../ledger/planted-inner.js';`, 'front-door'],
    ['src/settlement/planted-lazy.ts', `export const later = () => import('../ledger/planted-inner.js');`, 'front-door'],
    ['src/planted-assembly.ts', `import './ledger/planted-inner.js';`, 'front-door:assembly'],
    ['src/tap/planted-assembly.ts', `import '../app.js';`, 'rooms-below-assembly'],
    ['src/subsidy/domain/planted-nest.ts', `import { Injectable } from '@nestjs/common';`, 'pure-core'],
    ['src/subsidy/domain/planted-node.ts', `import { createHash } from 'node:crypto';`, 'pure-core'],
    ['src/subsidy/domain/planted-deep.ts', `import './planted-nest.js';`, 'pure-core'],
    ['src/kernel/planted-node.ts', `import fs from 'node:fs';`, 'pure-core'],
    ['src/tap/domain/planted-out.ts', `import '../planted-use-case.js';`, 'pure-core'],
    ['src/tap/domain/planted-door.ts', `import type { X } from '../../ledger/index.js';`, 'word-door'],
    ['src/tap/planted-typeorm.ts', `import { DataSource } from 'typeorm';`, 'sql-in-stores'],
    ['src/tap/planted-pg.store.ts', `import pg from 'pg';`, 'sql-in-stores'],
    ['src/tap/planted-migrates.ts', `import { migrations } from '../../migrations/index.js';`, 'migrations-by-platform'],
    ['migrations/9999999999999-planted.ts', `import { fen } from '../src/kernel/index.js';`, 'migrations-alone'],
    ['src/tap/planted-test.ts', `import '../../test/planted-maker.js';`, 'product-alone'],
    ['src/tap/planted-dev.ts', `import fc from 'fast-check';`, 'no-dev-packages'],
    ['src/tap/planted-nowhere.ts', `import './planted-nobody.js';`, 'no-unresolvable'],
    ['src/tap/planted-cycle-a.ts', `import './planted-cycle-b.js';`, 'no-cycles'],
    ['src/tap/planted-alone.ts', `export const alone = 1;`, 'no-orphans'],
  ];
}

/** Files that the planted ones look at. */
function props(): [path: string, text: string][] {
  return [
    ...order.map((room): [string, string] => [`src/${room}/planted/domain/index.ts`, 'export type X = 1;']),
    ['src/ledger/planted-inner.ts', `import '../kernel/index.js';\nexport const inner = 1;`],
    ['src/tap/planted-use-case.ts', `import '../kernel/index.js';`],
    ['src/tap/planted-cycle-b.ts', `import type { A } from './planted-cycle-a.js';`],
    ['test/planted-maker.ts', 'export const maker = 1;'],
  ];
}

/**
 * One look at a copy of the tree with the violations planted in it: no file of the tree's own enters by a planted one,
 * so what its own files break stands apart from what the planted ones do.
 */
let directory: string;
let report: Report;
const planted = violations();
const added = new Set([...props(), ...planted].map(([path]) => path));

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'xingfu-house-'));
  for (const name of ['src', 'migrations', 'test', 'tsconfig.json', 'package.json', '.dependency-cruiser.cjs']) cpSync(join(ROOT, name), join(directory, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  for (const [path, text] of [...props(), ...planted]) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), `${text}\n`);
  }
  report = cruise(directory);
}, 240_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the layout', () => {
  it('was looked at: a tool that reads no TypeScript says that all is well', () => {
    expect(report.summary.totalCruised - added.size).toBeGreaterThan(250);
  });

  it('has a place in the order for every room', () => {
    expect(order.length).toBeGreaterThan(10);
    expect(roomFolders().filter((room) => !order.includes(room))).toEqual([]);
  });

  it('holds', () => {
    expect(report.summary.violations.filter((one) => !added.has(one.from)).map((one) => `${one.rule.name}: ${one.from}`)).toEqual([]);
  });
});

describe('a planted violation', () => {
  it.each(planted)('in %s: %s breaks %s', (path, _, rule) => {
    expect(report.summary.violations.map((one) => `${one.rule.name} ${one.from}`)).toContain(`${rule} ${path}`);
  });

  it('stands here for every rule', () => {
    expect(new Set(planted.map(([, , rule]) => rule))).toEqual(new Set(config.forbidden.map((rule) => rule.name)));
  });

  it('makes the command fail', () => {
    const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    expect(() => execFileSync(process.execPath, [program, '--config', '.dependency-cruiser.cjs', 'src/tap/planted-typeorm.ts'], { cwd: directory, stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '' } })).toThrow();
  }, 60_000);
});
