import { chinaInstant, civilDate } from '../../kernel/index.js';
import { billDays } from './bill-days.js';

describe('days whose bills should be there', () => {
  it.each([
    [10 * 60 + 14, '2024-12-03', '2024-12-01'],
    [10 * 60 + 15, '2024-12-04', '2024-12-02'],
  ])('are at minute %i of 2024-12-05 those until %s, late until %s', (minute, last, late) => {
    expect(billDays(chinaInstant(civilDate('2024-12-05'), minute))).toMatchObject({ last, late });
  });

  it('begin where WeChat has none any more', () => {
    expect(billDays(chinaInstant(civilDate('2024-12-05'), 12 * 60)).first).toBe('2024-09-10');
  });
});
