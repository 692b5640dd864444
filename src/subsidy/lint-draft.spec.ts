import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { civilDate } from '../kernel/index.js';
import { checkDraft } from './check-draft.js';
import type { DraftTexts } from './draft-texts.js';
import { PackLibrary } from './pack-library.js';
import { productPacks } from './yaml-file.js';

const read = (...path: string[]): string => readFileSync(join(productPacks(), 'jurong', ...path), 'utf8');

function draft(change: (text: string) => string): DraftTexts {
  const name = readdirSync(join(productPacks(), 'jurong')).find((file) => /^\d/.test(file)) ?? '';
  return { packYaml: read('pack.yaml'), versionYaml: { name, text: change(read(name)) }, caseYamls: [{ name: 'cases/2023.yaml', text: read('cases', '2023.yaml') }] };
}

const check = (texts: DraftTexts): ReturnType<typeof checkDraft> => checkDraft(texts, new PackLibrary([], new Map()), civilDate('2022-12-01'));

test('a draft without a defect is ready', () => {
  expect(check(draft((text) => text))).toMatchObject({ ready: true, failed: 0, findings: [] });
});

test('a draft with a gap between two bands is not ready, though its cases hold; the finding shows an elder, file and line', () => {
  const { ready, failed, findings } = check(draft((text) => text.replace('{from: 75, to: 84}', '{from: 75, to: 83}')));
  expect([ready, failed]).toEqual([false, 0]);
  expect(findings).toEqual([expect.objectContaining({ code: 'age-gap', severity: 'error', file: expect.stringContaining('2023-01-01'), line: expect.any(Number), example: expect.objectContaining({ elder: expect.anything() }) })]);
});
