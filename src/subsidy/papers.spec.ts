import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPacks } from './load-packs.js';
import { failedPaperCases, loadPapers } from './papers.js';
import { productPacks } from './yaml-file.js';

test('five papers stand with every quotation, each with cases that hold', () => {
  const papers = loadPapers(productPacks());
  expect(papers.map(({ paper }) => paper)).toEqual(['anshan-2019', 'baoshan-2021', 'guizhou-2023', 'haiyan-145', 'liaocheng-2024']);
  for (const paper of papers) {
    expect(paper.cases.length).toBeGreaterThanOrEqual(4);
    expect(failedPaperCases(paper)).toEqual([]);
  }
});

test('a pack that names a paper of the product names its very bytes', () => {
  const byFile = new Map(loadPapers(productPacks()).map(({ document }) => [document.file, document.sha256]));
  const named = loadPacks(productPacks()).flatMap(({ source }) => source.documents.filter(({ file }) => file !== undefined));
  expect(named.length).toBeGreaterThan(0);
  for (const { file, sha256 } of named) expect(sha256).toBe(byFile.get(file ?? ''));
});

describe('a paper that was changed', () => {
  let root: string;
  const file = (): string => join(root, 'papers', 'liaocheng-2024', 'paper.yaml');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'papers-'));
    cpSync(join(productPacks(), 'papers', 'liaocheng-2024'), join(root, 'papers', 'liaocheng-2024'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test.each([
    ['新增幸福食堂不少于100处', '新增幸福食堂不少于120处', /paper\.yaml:10：targets\.0\.quote 文件“000_.*中没有这句话/],
    ['id: care-homes', 'id: new-canteens-2024', /:11：targets\.1\.id 编号“new-canteens-2024”重复/],
    ['groups: [vulnerable]', 'groups: [others]', /人群“others”没有在 groups 中列出/],
    ['by: 2024-12-31', 'by: 2024-12-32', /:10：targets\.0\.by “2024-12-32”不是真实的日期/],
    ['item: monthly-visits', 'item: yearly-visits', /请写 item、on、value/],
    ['file: 000_34e7fcd593648802.txt', 'file: other.txt', /文件“other\.txt”不在同一文件夹中/],
    ['division:', 'divison:', /不认识的键“divison”，是否想写“division”/],
  ])('"%s" as "%s" is refused', (from, to, expected) => {
    writeFileSync(file(), readFileSync(file(), 'utf8').replace(from, to));
    expect(() => loadPapers(root)).toThrow(expected);
  });

  test('a case that does not hold is told', () => {
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('value: 99, expect: open', 'value: 99, expect: met'));
    expect(loadPapers(root).flatMap(failedPaperCases)).toEqual([{ name: '年底新增99处', expected: 'met', got: 'open' }]);
  });
});
