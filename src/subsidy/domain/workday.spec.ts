import { civilDate } from '../../kernel/index.js';
import { isWorkday, type Calendar } from './index.js';

const calendar: Calendar = { year: 2024, source: '国办发明电〔2023〕7号', holidays: [civilDate('2024-10-01')], workdays: [civilDate('2024-10-12')] };

test.each([
  ['2024-10-01', false], ['2024-10-12', true], ['2024-10-13', false], ['2024-10-14', true], ['2025-10-01', true],
] as const)('%s worked: %s; another year falls back to the plain week', (day, worked) => {
  expect(isWorkday(civilDate(day), calendar)).toBe(worked);
});
