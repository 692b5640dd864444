import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePackTexts } from './cases.js';
import { loadPack } from './load-packs.js';
import { PackError, productPacks } from './yaml-file.js';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'packs-')), 'zhengguo');
  cpSync(join(productPacks(), 'zhengguo'), folder, { recursive: true });
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

function change(file: string, from: string, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

/** The message with which the pack is refused, without the folder's name. */
function refusal(): string {
  try {
    loadPack(folder);
  } catch (error) {
    if (error instanceof PackError) return error.message.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
    throw error;
  }
  return 'accepted';
}

test('the pack as shipped loads, from a folder outside the product', () => {
  expect(refusal()).toBe('accepted');
  expect(loadPack(folder).versions[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

const VERSION = '2020-01-01-2020.yaml';

test.each([
  [VERSION, 'limits:', 'limit:', /^2020-01-01-2020\.yaml:14：rules\.0 不认识的键“limit”，是否想写“limits”？$/],
  [VERSION, 'fen: 900', 'fen: 9.5', /:12：.*金额写整数分/],
  [VERSION, 'fen: 900', 'yuan: 9', /:12：.*不认识的键“yuan”，是否想写“fen”？/],
  [VERSION, "    clause: 每餐12元；困难老年人补11元，80周岁及以上补9元，60至79周岁补7元\n", '', /缺少“clause”，请补上/],
  [VERSION, '    note: 餐次', '    name: 餐次', /键“name”写了两次/],
  [VERSION, '    note: 餐次（午餐、晚餐各一次）和“困难老年人”的具体类别未公布，此处为取值。\n', '', /:5：rules\.0 写了 assumed: true 就要用 note 说明/],
  [VERSION, 'funder: county, fen: 300', 'funder: district, fen: 300', /资金方“district”没有在 pack\.yaml 的 funders 中列出/],
  [VERSION, 'rest: true', 'fen: 300', /有且只有一行 rest: true/],
  [VERSION, 'cut: [township, county, city]', 'cut: [township, county]', /削减顺序要列出每个资金方/],
  [VERSION, 'lowIncome]', 'lowIncomes]', /类别“lowIncomes”没有在 pack\.yaml 的 categories 中列出/],
  [VERSION, 'document: zg-2020', 'document: zg-2021', /文件“zg-2021”没有在 pack\.yaml 的 documents 中列出/],
  [VERSION, 'age: {from: 60, to: 79}', 'age: {from: 80, to: 79}', /from 大于 to/],
  [VERSION, 'from: 2020-01-01', 'from: 2020-13-01', /不是真实的日期|文件名应以生效日期开头/],
  [VERSION, 'id: age60', 'id: age80', /档次编号“age80”重复/],
  [VERSION, '{per: period, count: 1}', '{per: period, count: 1, fen: 5}', /两者只写一个/],
  [VERSION, "hukou: [pack]", 'hukou: [440118104]', /:9：.*加引号/],
  ['pack.yaml', 'pack: zhengguo', 'pack: zhengcheng', /应与文件夹同名/],
  ['pack.yaml', "division: '440118104'", 'division: 440118104', /行政区划代码要加引号/],
])('%s: "%s" changed to "%s" is refused', (file, from, to, expected) => {
  change(file, from, to);
  expect(refusal()).toMatch(expected);
});

test('versions that overlap are refused', () => {
  const text = readFileSync(join(folder, VERSION), 'utf8');
  writeFileSync(join(folder, '2021-01-01-2021.yaml'), text.replace("version: '2020'", "version: '2021'").replace('from: 2020-01-01', 'from: 2021-01-01'));
  expect(refusal()).toBe('accepted');
  change(VERSION, 'from: 2020-01-01', 'from: 2020-01-01\nto: 2021-01-01');
  expect(refusal()).toMatch(/有效期重叠/);
});

test('a folder without pack.yaml, or without versions, says so', () => {
  rmSync(join(folder, VERSION));
  expect(refusal()).toMatch(/没有版本文件/);
  rmSync(join(folder, 'pack.yaml'));
  expect(refusal()).toMatch(/没有 pack\.yaml/);
});

test('a pack from texts is the pack from files, and its errors name file and line', () => {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const texts = { packYaml: read('pack.yaml'), versionYamls: [{ name: VERSION, text: read(VERSION) }], caseYamls: [{ name: 'cases/2020.yaml', text: read('cases/2020.yaml') }] };
  const { pack, cases } = compilePackTexts(texts);
  expect(pack.versions).toEqual(loadPack(folder).versions);
  expect(cases.length).toBeGreaterThan(5);
  const broken = { ...texts, versionYamls: [{ name: VERSION, text: read(VERSION).replace('limits:', 'limit:') }] };
  expect(() => compilePackTexts(broken)).toThrow(/^2020-01-01-2020\.yaml:14：rules\.0 不认识的键“limit”/);
});

test('the SHA-256 of a paper that lies beside the pack is computed, and one that differs is refused', () => {
  writeFileSync(join(folder, 'paper.txt'), '正果镇');
  change('pack.yaml', 'url: not published}', 'url: not published, file: paper.txt}');
  expect(loadPack(folder).versions[0]?.documents[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  change('pack.yaml', 'file: paper.txt}', `file: paper.txt, sha256: '${'0'.repeat(64)}'}`);
  expect(refusal()).toMatch(/pack\.yaml:\d+：documents\.0\.sha256 与文件“paper\.txt”不符/);
});
