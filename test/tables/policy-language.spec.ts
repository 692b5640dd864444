import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { casesOf, decideCase, differences } from '../../src/subsidy/cases.js';
import { REFUSAL_CODES } from '../../src/subsidy/domain/index.js';
import { loadCalendars, loadPack } from '../../src/subsidy/load-packs.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';

const text = readFileSync(new URL('../../docs/policy-language.md', import.meta.url), 'utf8');

test("the example city of the manual is a pack that loads, and its cases hold", () => {
  const [head, version, , cases] = [...text.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');
  const root = mkdtempSync(join(tmpdir(), 'manual-'));
  const folder = join(root, 'anping');
  mkdirSync(join(folder, 'cases'), { recursive: true });
  writeFileSync(join(folder, 'pack.yaml'), head ?? '');
  writeFileSync(join(folder, '2024-05-17-2024.yaml'), version ?? '');
  writeFileSync(join(folder, 'cases', '2024.yaml'), cases ?? '');
  const pack = loadPack(folder);
  const library = new PackLibrary([pack], loadCalendars());
  const found = casesOf(pack).map((each) => differences(each.facts.expect ?? {}, decideCase(pack, library, each)));
  rmSync(root, { recursive: true });
  expect(found).toEqual([[], []]);
});

test('the manual names every refusal', () => {
  expect(REFUSAL_CODES.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
});
