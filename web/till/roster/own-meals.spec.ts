import { fen } from '../../../src/kernel/fen.js';
import type { Listed } from '../view.js';
import { isAboveLimits, journalled, ownUses, type OwnMeal } from './own-meals.js';

const use = { ruleId: 'meal', periodKey: 'd:2024-12-03', count: 1, fen: fen(300) };
const meal = (number: number, handle = 'a', subsidyFen = 300): OwnMeal => ({ number, handle, mealDate: '2024-12-03', uses: subsidyFen > 0 ? [use] : [], subsidyFen });
const unsent = { is: 'unsent', tries: 0 } as const;
const accepted = (selfPayFen: number) => ({ is: 'accepted', repeated: false, code: null, review: [], priceFen: 1500, selfPayFen }) as const;
const sale = (number: number, fate: Listed['fate'] = unsent): Listed => ({
  number, id: `s${number}`, madeAt: 0, prevHash: '', hash: '', takenFen: null, returned: false, fate,
  about: { kind: 'sale', holder: 'card', items: [], mealPeriod: 'lunch', tender: 'cash', priceFen: 1500 },
});
const back = (number: number, tapId: string, fate: Listed['fate'] = unsent): Listed => ({ ...sale(number, fate), about: { kind: 'void', tapId } });
const times = (entries: readonly Listed[], meals: readonly OwnMeal[], countedTo = 0): number => ownUses(meals, journalled(entries), 'a', countedTo).reduce((sum, { count }) => sum + count, 0);

describe('what own sales change of an elder’s counters', () => {
  it('is what was sold after the roster counted, to this elder', () => {
    expect(times([sale(1), sale(2), sale(3)], [meal(1), meal(2, 'b'), meal(3)])).toBe(2);
    expect(times([sale(1), sale(2), sale(3)], [meal(1), meal(2, 'b'), meal(3)], 1)).toBe(1);
  });

  it('is nothing of a sale that was taken back, refused, or got no subsidy after all', () => {
    expect(times([sale(1), back(2, 's1')], [meal(1)])).toBe(0);
    expect(times([sale(1, { is: 'refused', code: 'x', sentence: '' })], [meal(1)])).toBe(0);
    expect(times([sale(1, accepted(1500))], [meal(1)])).toBe(0);
    expect(times([sale(1, accepted(1200))], [meal(1)])).toBe(1);
  });

  it('stands where the void itself was refused', () => {
    expect(times([sale(1), back(2, 's1', { is: 'blocked', code: 'void-too-late', sentence: '' })], [meal(1)])).toBe(1);
  });

  it('takes away what the roster counted and was taken back since', () => {
    expect(times([sale(1, accepted(1200)), back(2, 's1')], [meal(1)], 1)).toBe(-1);
    // Both are counted: the roster knows.
    expect(times([sale(1, accepted(1200)), back(2, 's1')], [meal(1)], 2)).toBe(0);
  });
});

describe('what a till may grant by itself', () => {
  const limits = { tapFen: 400, elderDayFen: 600, deviceDayFen: 900, deviceDayTaps: 4 };
  const above = (entries: readonly Listed[], meals: readonly OwnMeal[], next: Partial<OwnMeal> = {}): boolean => isAboveLimits(meals, journalled(entries), limits, { ...meal(9), ...next });

  it('ends at each limit, and not before it', () => {
    expect(above([], [], { subsidyFen: 400 })).toBe(false);
    expect(above([], [], { subsidyFen: 401 })).toBe(true);
    expect(above([sale(1)], [meal(1)])).toBe(false);
    expect(above([sale(1), sale(2)], [meal(1), meal(2)])).toBe(true);
    expect(above([sale(1), sale(2)], [meal(1, 'b'), meal(2, 'c')])).toBe(false);
    expect(above([sale(1), sale(2), sale(3)], [meal(1, 'b'), meal(2, 'c'), meal(3, 'd')])).toBe(true);
    expect(above([sale(1), sale(2), sale(3), sale(4)], [meal(1, 'b', 1), meal(2, 'c', 1), meal(3, 'd', 1), meal(4, 'e', 1)], { subsidyFen: 1 })).toBe(true);
  });

  it('counts nothing that the service has heard of, of another day, or that was taken back; and full prices are free', () => {
    expect(above([sale(1, accepted(1200)), sale(2, accepted(1200))], [meal(1), meal(2)])).toBe(false);
    expect(above([sale(1), sale(2)], [{ ...meal(1), mealDate: '2024-12-02' }, { ...meal(2), mealDate: '2024-12-02' }])).toBe(false);
    expect(above([sale(1), sale(2), back(3, 's2')], [meal(1), meal(2)])).toBe(false);
    expect(above([sale(1), sale(2)], [meal(1), meal(2)], { subsidyFen: 0, uses: [] })).toBe(false);
  });
});
