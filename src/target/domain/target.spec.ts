import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readTarget, WrongTarget } from './target.js';

const FOLDER = new URL('../../../packs/targets/', import.meta.url);
const liaocheng = (): Record<string, unknown> => parse(readFileSync(new URL('liaocheng-2024-new-canteens.yaml', FOLDER), 'utf8')) as Record<string, unknown>;

describe('the files of targets', () => {
  it.each(readdirSync(FOLDER))('%s is a target whose file is named after it', (file) => {
    expect(`${readTarget(parse(readFileSync(new URL(file, FOLDER), 'utf8'))).code}.yaml`).toBe(file);
  });

  it('hold what the papers ask', () => {
    const target = readTarget(liaocheng());
    expect(target).toMatchObject({ required: 100, deadline: '2024-12-31', divisionCode: '371500', baseline: { number: 220, assumed: true } });
    expect(target.document).toMatchObject({ number: '聊政办字〔2024〕11号', clause: '三(三)' });
    const baoshan = readTarget(parse(readFileSync(new URL('baoshan-2021-canteens.yaml', FOLDER), 'utf8')));
    expect(baoshan).toMatchObject({ required: 5, deadline: '2021-12-31', divisionCode: '530500', baseline: null });
  });
});

describe('readTarget', () => {
  it.each([
    ['an unknown key', (raw: Record<string, unknown>) => ({ ...raw, requried: 1 }), /target\.requried/],
    ['a day that does not exist', (raw: Record<string, unknown>) => ({ ...raw, deadline: '2024-02-30' }), /target\.deadline/],
    ['nothing required', (raw: Record<string, unknown>) => ({ ...raw, required: 0 }), /target\.required/],
    ['an event that nobody counts', (raw: Record<string, unknown>) => ({ ...raw, rule: { ...(raw['rule'] as object), event: 'painted' } }), /rule\.event/],
    ['a window that ends before it begins', (raw: Record<string, unknown>) => ({ ...raw, rule: { ...(raw['rule'] as object), to: '2023-01-01' } }), /rule\.to/],
    ['a code read as a number', (raw: Record<string, unknown>) => ({ ...raw, divisionCode: 371500 }), /target\.divisionCode/],
    ['a baseline that hides whether it is assumed', (raw: Record<string, unknown>) => ({ ...raw, baseline: { number: 1, on: '2023-12-31', note: 'x' } }), /baseline\.assumed/],
  ])('refuses %s and says where', (_, change, place) => {
    expect(() => readTarget(change(liaocheng()))).toThrow(WrongTarget);
    expect(() => readTarget(change(liaocheng()))).toThrow(place);
  });
});
