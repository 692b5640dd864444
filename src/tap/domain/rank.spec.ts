import { civilDate, fen, type Instant } from '../../kernel/index.js';
import type { Use } from '../../subsidy/domain/index.js';
import { rankMeals, type CountedMeal, type RankedMeal } from './rank.js';

const DAY = civilDate('2024-12-03');
const KEY = 'd:2024-12-03';
const use = (count: number, money = 300 * count): Use => ({ ruleId: 'rule', periodKey: KEY, count, fen: fen(money) });
const online = (from: Instant, until: Instant | null = null): CountedMeal => ({ from, until, uses: [use(1)] });

/** A meal of 300 fen, as long as `cap` turns a day are not used up. */
function offline(tapId: string, from: Instant, { cap = 1, until = null, terminalId = 'a', journalNumber = 1 }: { cap?: number; until?: Instant | null; terminalId?: string; journalNumber?: number } = {}): RankedMeal<{ uses: readonly Use[] }> {
  return {
    tapId, terminalId, journalNumber, deviceTime: from, from, until, mealDate: DAY, mealPeriod: 'lunch',
    decide: (uses) => ({ uses: uses.reduce((sum, one) => sum + one.count, 0) < cap ? [use(1)] : [] }),
  };
}

const given = (final: CountedMeal[], meals: RankedMeal<{ uses: readonly Use[] }>[]): string =>
  [...rankMeals(final, meals)].filter(([, { uses }]) => uses.length > 0).map(([tapId]) => tapId).sort().join(' ');

describe('rankMeals', () => {
  test.each<[string, CountedMeal[], RankedMeal<{ uses: readonly Use[] }>[], string]>([
    ['the earlier of two', [], [offline('b', 20), offline('a', 10)], 'a'],
    ['of two at one time the smaller terminal', [], [offline('b', 10, { terminalId: 'y' }), offline('a', 10, { terminalId: 'x' })], 'a'],
    ['of two of one terminal at one time the smaller number', [], [offline('b', 10, { journalNumber: 9 }), offline('a', 10, { journalNumber: 10 })], 'b'],
    ['nobody where an online meal was later', [online(99)], [offline('a', 10)], ''],
    ['nobody sold before the void of an online meal', [online(5, 30)], [offline('a', 10), offline('b', 20)], ''],
    ['the first sold after the void', [online(5, 30)], [offline('a', 10), offline('b', 30), offline('c', 40)], 'b'],
    ['the voided one until then, and one after it', [], [offline('a', 10, { until: 30 }), offline('b', 20), offline('c', 40)], 'a c'],
    ['nobody else for a void before all others', [], [offline('a', 10, { until: 15 }), offline('b', 20), offline('c', 30)], 'a b'],
    ['an online meal takes what a void freed, and the meal between keeps its turn', [online(50)], [offline('a', 10, { cap: 2, until: 40 }), offline('b', 20, { cap: 2 }), offline('c', 30, { cap: 2 })], 'a b'],
    ['two online meals that never stood together count once', [online(12, 30), online(30)], [offline('a', 10, { cap: 2 })], 'a'],
    ['two online meals that stood together count twice', [online(12, 31), online(30)], [offline('a', 10, { cap: 2 })], ''],
    ['a voided meal looks no further than its void', [online(40)], [offline('a', 10, { until: 30 })], 'a'],
  ])('gives %s its turn', (_, final, meals, expected) => {
    expect(given(final, meals)).toBe(expected);
    expect(given([...final].reverse(), [...meals].reverse())).toBe(expected);
  });

  test('hands each meal the most that a counter holds at any moment from its sale on', () => {
    const seen: Use[][] = [];
    const meal: RankedMeal<{ uses: readonly Use[] }> = { ...offline('a', 10), decide: (uses) => ({ uses: (seen.push([...uses]), []) }) };
    rankMeals([
      { from: 0, until: null, uses: [use(1, 100)] }, { from: 20, until: 30, uses: [use(2, 50)] }, { from: 40, until: null, uses: [use(1, 400)] },
      { from: 20, until: null, uses: [{ ...use(9), periodKey: 'd:2024-12-04' }] }, { from: 1, until: 10, uses: [use(9)] },
    ], [meal]);
    expect(seen).toEqual([[use(3, 500)]]);
  });
});
