import { civilDate, type CivilDate } from '../../kernel/index.js';
import { isCreditCode } from './credit-code.js';
import { checkHours, type MealHours } from './hours.js';
import { tenuresBetween } from './tenure.js';
import { needsFireApproval } from './words.js';

const day = (text: string): CivilDate => civilDate(text);

describe('a unified social credit code', () => {
  it.each([
    ['91350100M000100Y43', true], // the example of GB 32100-2015
    ['91350100M000100Y44', false],
    ['91350100M000100Y34', false],
    ['91350100m000100y43', false],
    ['9135010OM000100Y43', false], // a letter O
    ['91350100M000100Y4', false],
    ['', false],
  ])('%s: %s', (code, expected) => expect(isCreditCode(code)).toBe(expected));

  it('notices every single wrong character', () => {
    const good = '91350100M000100Y43';
    for (let index = 0; index < good.length; index += 1) {
      const wrong = good.slice(0, index) + (good[index] === '7' ? '8' : '7') + good.slice(index + 1);
      expect([wrong, isCreditCode(wrong)]).toEqual([wrong, false]);
    }
  });
});

describe('opening hours', () => {
  const breakfast: MealHours = { mealPeriod: 'breakfast', fromMinute: 360, toMinute: 540 };
  const lunch: MealHours = { mealPeriod: 'lunch', fromMinute: 660, toMinute: 810 };
  const dinner: MealHours = { mealPeriod: 'dinner', fromMinute: 1020, toMinute: 1170 };

  it('may be any of the three, in any order, touching each other', () => {
    expect(checkHours([dinner, breakfast, lunch])).toBeNull();
    expect(checkHours([])).toBeNull();
    expect(checkHours([{ ...breakfast, toMinute: 660 }, lunch])).toBeNull();
  });

  it('never overlap, stand once each and have some length', () => {
    expect(checkHours([{ ...breakfast, toMinute: 661 }, lunch])).toBe('hours-overlap');
    expect(checkHours([lunch, { ...breakfast, fromMinute: 900, toMinute: 960 }])).toBe('hours-overlap');
    expect(checkHours([lunch, { ...lunch, fromMinute: 900, toMinute: 960 }])).toBe('hours-repeated');
    expect(checkHours([{ ...lunch, toMinute: 660 }])).toBe('hours-backwards');
  });
});

describe('who runs a site and who is paid', () => {
  const operators = [{ from: day('2024-01-01'), id: 'A' }, { from: day('2024-12-16'), id: 'B' }];
  const payees = [{ from: day('2024-12-11'), id: 'P' }];

  it('is cut where either changes', () => {
    expect(tenuresBetween(operators, payees, day('2024-12-01'), day('2024-12-31'))).toEqual([
      { from: '2024-12-01', to: '2024-12-10', operatorId: 'A', payeeId: null },
      { from: '2024-12-11', to: '2024-12-15', operatorId: 'A', payeeId: 'P' },
      { from: '2024-12-16', to: '2024-12-31', operatorId: 'B', payeeId: 'P' },
    ]);
  });

  it('is one piece where nothing changes, and nobody before the first', () => {
    expect(tenuresBetween(operators, payees, day('2025-01-01'), day('2025-01-31'))).toEqual([{ from: '2025-01-01', to: '2025-01-31', operatorId: 'B', payeeId: 'P' }]);
    expect(tenuresBetween(operators, [], day('2023-12-31'), day('2023-12-31'))).toEqual([{ from: '2023-12-31', to: '2023-12-31', operatorId: null, payeeId: null }]);
    expect(tenuresBetween([], [], day('2024-12-01'), day('2024-12-02'))).toHaveLength(1);
  });
});

it('asks for a fire approval where something was built to cook in', () => {
  expect(needsFireApproval('canteen', 'newOrConverted')).toBe(true);
  expect(needsFireApproval('diningTable', 'newOrConverted')).toBe(false);
  expect(needsFireApproval('canteen', 'hungPlate')).toBe(false);
});
