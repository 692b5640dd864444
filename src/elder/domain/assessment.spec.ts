import { civilDate, type CivilDate } from '../../kernel/index.js';
import { ABILITY_LEVELS, levelChanges, levelSpans, type Assessed, type HeldLevel } from './assessment.js';

const assessed = (level: number, on: string, until: string): Assessed => ({ level, institution: '评估中心', evidence: `报告-${on}`, assessedOn: civilDate(on), validUntil: civilDate(until) });
const held = (entryId: string, level: number, from: string, to: string): HeldLevel => ({ entryId, grade: String(level), from: civilDate(from), to: civilDate(to), source: '评估中心', evidence: `报告-${from}` });

test('there are the five levels of GB/T 42195-2022', () => expect(ABILITY_LEVELS).toHaveLength(5));

test('a level holds until it expires or the next assessment, whichever comes first', () => {
  const spans = levelSpans([assessed(3, '2024-06-01', '2026-05-31'), assessed(1, '2022-01-01', '2023-12-31'), assessed(2, '2023-06-01', '2025-05-31')]);
  expect(spans.map(({ grade, from, to }) => [grade, from, to])).toEqual([
    ['1', '2022-01-01', '2023-05-31'], ['2', '2023-06-01', '2024-05-31'], ['3', '2024-06-01', '2026-05-31'],
  ]);
  const apart = levelSpans([assessed(1, '2020-01-01', '2020-12-31'), assessed(2, '2023-01-01', '2024-12-31')]);
  expect(apart[0]?.to).toBe('2020-12-31');
});

test('a new assessment cuts the one before, and its withdrawal gives the days back', () => {
  const first = assessed(1, '2023-01-01', '2024-12-31' as CivilDate);
  const second = assessed(3, '2024-03-01', '2026-02-28');
  expect(levelChanges([held('a', 1, '2023-01-01', '2024-12-31')], levelSpans([first, second])).map(({ corrects, withdrawn, from, to }) => [corrects, withdrawn, from, to])).toEqual([
    ['a', false, '2023-01-01', '2024-02-29'], [null, false, '2024-03-01', '2026-02-28'],
  ]);
  expect(levelChanges([held('b', 1, '2023-01-01', '2024-02-29'), held('c', 3, '2024-03-01', '2026-02-28')], levelSpans([first])).map(({ corrects, withdrawn, to }) => [corrects, withdrawn, to])).toEqual([
    ['c', true, '2026-02-28'], ['b', false, '2024-12-31'],
  ]);
});

test('what stands already is left alone', () => expect(levelChanges([held('a', 1, '2023-01-01', '2024-12-31')], levelSpans([assessed(1, '2023-01-01', '2024-12-31')]))).toEqual([]));
