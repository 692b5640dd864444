import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { policyCommand } from './policy.cli.js';
import { productPacks } from './yaml-file.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lint-'));
  cpSync(join(productPacks(), 'jurong'), join(root, 'jurong'), { recursive: true });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out.push(String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (err.push(String(text)), true));
  return { code: await policyCommand(['lint', ...args]), out: out.join(''), err: err.join('') };
}

function plant(from: string, to: string): string {
  const file = join(root, 'jurong', '2023-01-01-2023.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
  return `${file}:${readFileSync(file, 'utf8').split('\n').findIndex((line) => line.includes('id: meal')) + 1}`;
}

test('a pack without a defect gives no finding, and exit code 0', async () => {
  const { code, out, err } = await run('--pack', join(root, 'jurong'), '--json');
  expect([code, JSON.parse(out), err]).toEqual([0, { packs: 1, findings: [], errors: 0, warnings: 0 }, '']);
});

test('an error gives exit code 1, and its file, line, remedy and example are told', async () => {
  const place = plant('{from: 75, to: 84}', '{from: 75, to: 83}');
  const { code, out, err } = await run('--pack', join(root, 'jurong'), '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ packs: 1, errors: 1, warnings: 0, findings: [{ code: 'age-gap', severity: 'error' }] });
  expect(err).toContain(`${place}：错误 age-gap`);
  expect(err).toMatch(/请检查.*\n +例：\d{4}-\d{2}-\d{2} 出生/);
});

test('an example of a finding can be handed to explain as it stands', async () => {
  plant('{from: 75, to: 84}', '{from: 75, to: 83}');
  const { out } = await run('--pack', join(root, 'jurong'), '--json');
  const file = join(root, 'example.json');
  writeFileSync(file, JSON.stringify((JSON.parse(out) as { findings: { example: object }[] }).findings[0]?.example));
  jest.restoreAllMocks();
  const told: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (told.push(String(text)), true));
  expect(await policyCommand(['explain', '--pack', join(root, 'jurong'), '--case', file, '--json'])).toBe(0);
  expect(JSON.parse(told.join('').trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ subsidyFen: 0, refusal: expect.any(String) });
});

test('a warning alone leaves exit code 0', async () => {
  plant('amount: {fen: 900}', 'amount: {fen: 9}');
  expect(await run('--packs', root)).toMatchObject({ code: 0, out: expect.stringContaining('提醒'), err: expect.stringContaining('amount-unit') });
});

test.each([[['--jsn'], '--jsn'], [['--pack', '/nowhere'], 'pack.yaml'], [['--pack', 'a', '--packs', 'b'], '--packs']])('wrong use %j gives one line that names it, and exit code 2', async (args, named) => {
  const { code, err } = await run(...args);
  expect([code, err.trimEnd().split('\n').length]).toEqual([2, 1]);
  expect(err).toContain(named);
});

test('--help tells the use', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('policy lint') });
});
