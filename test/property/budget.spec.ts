import fc from 'fast-check';
import { basisOf, figuresOf, forecast, overrunOf, type ClaimSum } from '../../src/budget/domain/index.js';
import { addDays, civilDate, daysBetween, fen, weekday, type CivilDate } from '../../src/kernel/index.js';

const YEARS = [2023, 2024, 2025];
const amount = fc.integer({ min: 0, max: 1_000_000 });

/** Claims of which no more is cut than was claimed, and approved either whole or not yet. */
const claim: fc.Arbitrary<ClaimSum> = fc.record({ mealYear: fc.constantFrom(...YEARS), payYear: fc.constantFrom(...YEARS), claimedFen: amount, cutShare: fc.double({ min: 0, max: 1, noNaN: true }), approved: fc.boolean() })
  .map(({ mealYear, payYear, claimedFen, cutShare, approved }) => {
    const cutFen = Math.floor(claimedFen * cutShare);
    return { mealYear, payYear, claimedFen, cutFen, approvedFen: approved ? claimedFen - cutFen : 0 };
  });

describe('figures of budgets', () => {
  it('add up in every year, and over all years to what meals took less what was cut', () => {
    fc.assert(fc.property(fc.array(claim), fc.array(amount, { minLength: 3, maxLength: 3 }), fc.array(amount, { minLength: 3, maxLength: 3 }), (claims, unclaimed, budgets) => {
      const figures = YEARS.map((year, index) => {
        const own = claims.filter(({ mealYear }) => mealYear === year).reduce((sum, row) => sum + row.claimedFen, 0);
        return figuresOf({ budgetFen: budgets[index] as number, committedFen: own + (unclaimed[index] as number), claims, paidFen: 0 }, year);
      });
      figures.forEach((one, index) => {
        expect(one.unclaimedFen + one.inReviewFen + one.unpaidFen + one.paidFen).toBe(one.usedFen);
        expect(one.remainingFen + one.usedFen).toBe(one.budgetFen);
        expect(one.unclaimedFen).toBe(unclaimed[index]);
        for (const ordered of [true, false]) {
          const { overrunFen, unfundedPayableFen } = overrunOf(one, ordered);
          expect(Math.max(0, one.usedFen - one.budgetFen)).toBe(overrunFen + unfundedPayableFen);
          expect(ordered ? overrunFen : unfundedPayableFen).toBe(0);
        }
      });
      const total = (pick: (one: (typeof figures)[number]) => number) => figures.reduce((sum, one) => sum + pick(one), 0);
      expect(total((one) => one.usedFen)).toBe(total((one) => one.committedFen) - claims.reduce((sum, row) => sum + row.cutFen, 0));
      expect(total((one) => one.carriedInFen)).toBe(total((one) => one.carriedOutFen));
    }));
  });
});

/** The first day that whole uses of the days from one on no longer leave anything for, one day at a time. */
function walk(left: number, asOf: CivilDate, last: CivilDate, perWeekday: number, perWeekend: number): CivilDate | null {
  let rest = left;
  for (let ahead = 0; ahead <= daysBetween(asOf, last); ahead += 1) {
    const date = addDays(asOf, ahead);
    rest -= weekday(date) >= 6 ? perWeekend : perWeekday;
    if (rest < 0) return date;
  }
  return null;
}

describe('the forecast', () => {
  it('is the day that one reaches by walking, at any even pace', () => {
    const [first, last] = [civilDate('2024-01-01'), civilDate('2024-12-31')];
    fc.assert(fc.property(fc.integer({ min: 60, max: 365 }), fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }), (offset, left, perWeekday, perWeekend) => {
      const asOf = addDays(first, offset);
      const days = Array.from({ length: 40 }, (_, index) => addDays(asOf, index - 40)).map((date) => ({ date, fen: weekday(date) >= 6 ? perWeekend : perWeekday }));
      const made = forecast(fen(left), basisOf(days, asOf), asOf, last);
      const walked = walk(left, asOf, last, perWeekday, perWeekend);
      expect(made.endsOn).toBe(walked);
      expect(made.kind).toBe(walked === null ? 'lasts' : 'ends');
    }));
  });
});
