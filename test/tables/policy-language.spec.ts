import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { casesOf, compilePackTexts, decideCase, differences } from '../../src/subsidy/cases.js';
import { GRANT_REFUSALS } from '../../src/subsidy/domain/decide-grant.js';
import { REFUSAL_CODES } from '../../src/subsidy/domain/index.js';
import { lintVersion } from '../../src/subsidy/lint/lint-version.js';
import { loadCalendars, loadPack } from '../../src/subsidy/load-packs.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';
import { MAIN as main, MANUAL as text, RECIPES as recipes, casesText, fence, versionOf } from '../support/manual-pack.js';

const found = [...recipes.matchAll(/```yaml rule\n(.*?)```\n```yaml cases\n(.*?)```/gs)];
const titles = found.map((match) => {
  const before = recipes.slice(0, match.index);
  return `${before.slice(before.lastIndexOf('\n**') + 3).split('**')[0] ?? ''} #${before.split('```yaml rule').length}`;
});

function differencesIn(packYaml: string, version: string, cases: string): unknown[] {
  const { pack, cases: rows } = compilePackTexts({ packYaml, versionYamls: [{ name: '2020-01-01-1.yaml', text: version }], caseYamls: [{ name: 'cases.yaml', text: cases }] });
  const library = new PackLibrary([pack], loadCalendars());
  return rows.map((row) => differences(row.facts.expect ?? {}, decideCase(pack, library, row)));
}

test("the example city of the manual is a pack that loads, and its cases hold", () => {
  const root = mkdtempSync(join(tmpdir(), 'manual-'));
  const folder = join(root, 'anping');
  mkdirSync(join(folder, 'cases'), { recursive: true });
  writeFileSync(join(folder, 'pack.yaml'), fence('pack: anping'));
  writeFileSync(join(folder, '2024-05-17-2024.yaml'), `${fence("version: '2024'")}${fence('siteGrants:')}${fence('application:').replace(/application: .*\n/u, '')}`);
  writeFileSync(join(folder, 'cases', '2024.yaml'), fence('about: 安平2024'));
  const pack = loadPack(folder);
  const library = new PackLibrary([pack], loadCalendars());
  const all = casesOf(pack).map((each) => differences(each.facts.expect ?? {}, decideCase(pack, library, each)));
  rmSync(root, { recursive: true });
  expect(all).toEqual([[], []]);
  expect(pack.versions[0]?.whenFundsEnd?.noticeDays).toBe(30);
  expect(pack.versions[0]?.backdated?.clause).toBe('第十五条：自2024年1月1日起执行');
});

test('there is a recipe for every shape of real rules', () => {
  expect(found.length).toBeGreaterThanOrEqual(40);
});

test('the lint takes no shape of the manual for an error', () => {
  const errors = found.flatMap((match, index) => {
    const packYaml = titles[index]?.includes('Hukou, residence, both') === true ? fence('pack: anping').replace('elder: {of: hukou', 'elder: {of: either') : fence('pack: anping');
    const { pack } = compilePackTexts({ packYaml, versionYamls: [{ name: '2020-01-01-1.yaml', text: versionOf(parse(match[1] ?? '') as Record<string, unknown>) }], caseYamls: [] });
    const [version] = pack.versions;
    // The recipes are of 2020 and the example's paper of 2024.
    const findings = version === undefined ? [] : lintVersion(pack, version).filter(({ code }) => code !== 'before-document');
    return findings.filter(({ severity }) => severity === 'error').map(({ code, sentence }) => `${titles[index] ?? ''}: ${code} ${sentence}`);
  });
  expect(errors).toEqual([]);
});

test.each(found.map((match, index) => [titles[index] ?? '', match[1] ?? '', match[2] ?? ''] as const))('recipe: %s', (title, rule, cases) => {
  const either = title.includes('Hukou, residence, both');
  const packYaml = either ? fence('pack: anping').replace('elder: {of: hukou', 'elder: {of: either') : fence('pack: anping');
  const rows = parse(cases) as object[];
  expect(differencesIn(packYaml, versionOf(parse(rule) as Record<string, unknown>), casesText(rows))).toEqual(rows.map(() => []));
});

test('the manual names every refusal, and every key of the grammar', () => {
  expect([...REFUSAL_CODES, ...GRANT_REFUSALS].filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  const schema = JSON.parse(readFileSync(new URL('../../packs/schema.json', import.meta.url), 'utf8')) as { definitions: Record<string, unknown> };
  const keys = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') Object.keys(value as object).forEach((name) => keys.add(name));
      walk(value);
    }
  };
  for (const name of ['pack', 'category', 'condition', 'amounts', 'limits', 'fundingPart', 'funding', 'rule', 'grantCondition', 'grantAmount', 'grant', 'version', 'elder', 'site', 'meal', 'grantFacts', 'expect', 'case']) walk(schema.definitions[name]);
  expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`, 'u').test(text))).toEqual([]);
});

test('the table of refusals keeps the order of the checks, as the manual says', () => {
  const table = main.slice(main.indexOf('## 11. Refusals'));
  const rows = table.slice(0, table.indexOf('For a grant:')).split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1] ?? '');
  expect(rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/gu)].map((match) => match[1]))).toEqual([...REFUSAL_CODES]);
});
