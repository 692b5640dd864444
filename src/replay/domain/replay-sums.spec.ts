import fc from 'fast-check';
import { civilDate } from '../../kernel/index.js';
import type { MealDecision } from '../../subsidy/domain/index.js';
import { addElder, emptySums, resultOf, type ComparedMeal } from './index.js';
import { maskedId, MOVERS_LISTED, NO_CLASS } from './replay-sums.js';

function compared(elderId: string, paid: number, draft: number, { month = '12', site = 'a', classId = 'age80' } = {}): ComparedMeal {
  const reasons = draft > 0 ? [{ pays: 'elder', ruleId: 'meal', classId, fen: draft }] : [];
  return {
    elderId, siteId: site, countyCode: '371502', mealDate: civilDate(`2024-${month}-03`), priceFen: 1500, paidCode: paid > 0 ? null : 'too-young',
    paid: paid > 0 ? [{ funderCode: 'city', fen: paid }] : [], draft: draft > 0 ? [{ funderCode: 'city', fen: draft }] : [],
    decision: { reasons, refusal: draft > 0 ? null : 'second-meal-today', siteFen: 100, deliveryFen: 0 } as unknown as MealDecision,
  };
}

function resultFor(elders: readonly (readonly ComparedMeal[])[]) {
  const sums = emptySums();
  for (const meals of elders) addElder(sums, meals);
  return resultOf(sums, {});
}

it('tells elders who gain from those who lose by the whole period, not by the meal', () => {
  const result = resultFor([
    [compared('1', 300, 100), compared('1', 0, 400)], [compared('2', 300, 100)], [compared('3', 300, 300)], [compared('4', 0, 0)],
  ]);
  expect(result.elders).toEqual({ all: 4, gain: 1, gainFen: 200, lose: 1, loseFen: 200, same: 2 });
  expect(result.all).toEqual({ meals: 5, paidMeals: 3, draftMeals: 4, priceFen: 7500, paidFen: 900, draftFen: 900 });
  expect(result.paidCodes).toEqual([{ key: 'too-young', meals: 2 }]);
  expect(result.draftCodes).toEqual([{ key: 'second-meal-today', meals: 1 }]);
  expect(result.siteFen).toBe(500);
});

it('puts an elder into the class that gives most, and those without into none', () => {
  const result = resultFor([[compared('1', 0, 100, { classId: 'b' }), compared('1', 0, 300, { classId: 'a' })], [compared('2', 100, 0)]]);
  expect(result.classes).toMatchObject([{ key: NO_CLASS, elders: 1, loseElders: 1, loseFen: 100 }, { key: 'meal/a', elders: 1, meals: 2, gainFen: 400 }]);
});

it('lists the largest differences, masked', () => {
  const id = (n: number): string => `${String(n).padStart(8, '0')}-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const result = resultFor(Array.from({ length: MOVERS_LISTED + 10 }, (_, n) => [compared(id(n), 0, 100 + n)]));
  expect(result.gainers).toHaveLength(MOVERS_LISTED);
  expect(result.gainers[0]).toMatchObject({ draftFen: 100 + MOVERS_LISTED + 9, elderId: maskedId(id(MOVERS_LISTED + 9)) });
  expect(result.gainers.every(({ elderId }) => elderId.length === 12)).toBe(true);
});

it('adds up the same in any order, and puts down and picks up its sums without a difference', () => {
  const one = fc.record({ paid: fc.nat(400), draft: fc.nat(400), month: fc.constantFrom('11', '12'), site: fc.constantFrom('a', 'b'), classId: fc.constantFrom('x', 'y') });
  fc.assert(fc.property(fc.array(fc.array(one, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), fc.nat(12), (lists, cut) => {
    const elders = lists.map((meals, index) => meals.map(({ paid, draft, ...rest }) => compared(`elder-${index}-${index}`, paid, draft, rest)));
    const result = resultFor(elders);
    expect(resultFor([...elders].reverse())).toEqual(result);
    let sums = emptySums();
    elders.forEach((meals, index) => {
      if (index === cut) sums = JSON.parse(JSON.stringify(sums));
      addElder(sums, meals);
    });
    expect(resultOf(sums, {})).toEqual(result);
    const flat = elders.flat();
    for (const cells of [result.sites, result.months, result.counties]) {
      expect(cells.reduce((sum, cell) => sum + cell.draftFen, 0)).toBe(flat.reduce((sum, meal) => sum + (meal.draft[0]?.fen ?? 0), 0));
    }
    expect(result.elders.gainFen - result.elders.loseFen).toBe(result.all.draftFen - result.all.paidFen);
  }));
});
