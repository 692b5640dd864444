import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { policyCommand } from './policy.cli.js';
import { productPacks } from './yaml-file.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'policy-'));
  cpSync(join(productPacks(), 'jurong'), join(root, 'jurong'), { recursive: true });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

async function run(...args: string[]): Promise<{ code: number; out: string[]; err: string }> {
  const [out, err]: string[][] = [[], []];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out?.push(String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (err?.push(String(text)), true));
  const code = await policyCommand(args);
  jest.restoreAllMocks();
  return { code, out: (out ?? []).join('').trimEnd().split('\n'), err: (err ?? []).join('') };
}

const last = (out: readonly string[]): Record<string, unknown> => JSON.parse(out.at(-1) ?? '') as Record<string, unknown>;

test('verify counts packs and cases of the product, and all hold', async () => {
  const { code, out } = await run('verify', '--json');
  expect(code).toBe(0);
  expect(last(out)).toMatchObject({ packs: 12, failed: 0 });
  expect(last(out)['cases']).toBeGreaterThanOrEqual(165);
});

test('a case that fails is listed with what was expected and got, and the exit code is 1', async () => {
  const file = join(root, 'jurong', 'cases', '2023.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('selfPayFen: 300, class: hardship', 'selfPayFen: 301, class: hardship'));
  const { code, out, err } = await run('verify', '--packs', root, '--json');
  expect([code, last(out)]).toEqual([1, { packs: 1, cases: 10, failed: 1 }]);
  expect(err).toContain('#2“70岁低保”：selfPayFen 应为 301，实为 300');
});

test('explain works on a pack outside the product with a case file of one case', async () => {
  const file = join(root, 'case.yaml');
  writeFileSync(file, "elder: {age: 96, hukou: '321181'}\nmeal: {date: 2023-10-12, period: lunch, priceFen: 1300, delivered: true}\n");
  const { code, out } = await run('explain', '--pack', join(root, 'jurong'), '--case', file, '--json');
  expect(code).toBe(0);
  expect(last(out)).toMatchObject({ subsidyFen: 900, selfPayFen: 400, deliveryFen: 0, deliveryFeeFen: 200, siteFen: 0, funding: [{ funder: 'county', fen: 900 }], refusal: null });
  expect(last(out)['reasons']).toHaveLength(2);
});

test('a table of cases is explained row by row', async () => {
  const args = ['explain', '--pack', join(root, 'jurong'), '--case', join(root, 'jurong', 'cases', '2023.yaml')];
  expect(last((await run(...args, '--row', '4', '--json')).out)).toMatchObject({ subsidyFen: 0, refusal: 'meal-period-not-covered' });
  expect((await run(...args)).out.join('\n')).toContain('原价13元，市补9元，您付4元，另付送餐费2元');
  expect(await run(...args, '--row', '99')).toMatchObject({ code: 2, err: expect.stringContaining('只有 10 个案例') });
});

test.each([
  [['explain'], '--pack'], [[], 'verify'], [['verfy'], 'verfy'], [['verify', '--jsn'], '--jsn'],
  [['explain', '--pack', '/nowhere', '--case', 'x'], 'pack.yaml'], [['verify', '--packs', '/nowhere'], '/nowhere'],
])('wrong use %j gives one line that names it, and exit code 2', async (args, named) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err).toContain(named);
});

test('--help tells the use', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out.join('\n')).toContain('policy explain --pack');
});

test('every file that cannot be used is told, and the others are checked all the same', async () => {
  for (const name of ['tianjin', 'zhengguo']) cpSync(join(productPacks(), name), join(root, name), { recursive: true });
  const spoil = (file: string, from: string, to: string): void => writeFileSync(join(root, file), readFileSync(join(root, file), 'utf8').replace(from, to));
  spoil('tianjin/2019-01-01-2019.yaml', 'rules:', 'rule:');
  spoil('tianjin/2022-01-01-2022.yaml', 'rules:', 'ruls:');
  spoil('zhengguo/cases/2020.yaml', 'cases:', 'case:');
  const { code, out, err } = await run('verify', '--packs', root, '--json');
  expect([code, last(out)]).toEqual([2, { packs: 2, cases: 10, failed: 0, unusable: 3 }]);
  expect(err.trimEnd().split('\n').map((line) => line.slice(root.length + 1).replace(/：.*/u, ''))).toEqual(['tianjin/2019-01-01-2019.yaml:4', 'tianjin/2022-01-01-2022.yaml:4', 'zhengguo/cases/2020.yaml:1']);
});

test('a meal on a day without a version is explained: not in force, every funder with nothing', async () => {
  const file = join(root, 'case.yaml');
  writeFileSync(file, "elder: {age: 96, hukou: '321181'}\nmeal: {date: 2018-10-12, period: lunch, priceFen: 1300}\n");
  const args = ['explain', '--pack', join(root, 'jurong'), '--case', file];
  expect(last((await run(...args, '--json')).out)).toMatchObject({ subsidyFen: 0, refusal: 'not-in-force', version: null, funding: expect.arrayContaining([{ funder: 'county', fen: 0 }]) });
  expect((await run(...args)).out.join('\n')).toContain('未补贴：当日没有生效的版本');
});
