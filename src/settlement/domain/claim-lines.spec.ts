import { civilMonth, fen } from '../../kernel/index.js';
import { approvedLines, compare, differenceFen, hashedText, isClean, legsOf, type ClaimLine } from './claim-lines.js';

const month = civilMonth('2024-12');
const line = (lineNo: number, funderCode: string, amount: number, payeeId: string | null = 'p'): ClaimLine =>
  ({ lineNo, operatorId: 'o', payeeId, funderCode, mealMonth: month, meals: 1, claimedFen: fen(amount) });

describe('meals against money', () => {
  it('shows errors of two funders that hide each other in the total', () => {
    const found = compare([line(1, 'city', 300), line(2, 'county', 200)], new Map([['city', fen(200)], ['county', fen(300)]]));
    expect(found).toEqual([{ funderCode: 'city', mealsFen: 300, bookedFen: 200 }, { funderCode: 'county', mealsFen: 200, bookedFen: 300 }]);
    expect(differenceFen(found)).toBe(200);
  });

  it('sees money that no meal explains, and nothing where both agree', () => {
    expect(compare([], new Map([['city', fen(5)]]))).toHaveLength(1);
    expect(compare([line(1, 'city', 2), line(2, 'city', 3)], new Map([['city', fen(5)], ['county', fen(0)]]))).toEqual([]);
  });
});

it('cuts lines and pays what is left by funder and payee', () => {
  const lines = approvedLines([line(1, 'city', 300), line(2, 'county', 200), line(3, 'city', -50, 'q'), line(4, 'county', 10)], [{ lineNo: 1, fen: fen(100) }, { lineNo: 1, fen: fen(50) }, { lineNo: 4, fen: fen(10) }]);
  expect(lines.map((l) => [l.claimedFen, l.cutFen, l.approvedFen])).toEqual([[300, 150, 150], [200, 0, 200], [-50, 0, -50], [10, 10, 0]]);
  expect(legsOf(lines)).toEqual([{ funderCode: 'city', payeeId: 'p', fen: 150 }, { funderCode: 'city', payeeId: 'q', fen: -50 }, { funderCode: 'county', payeeId: 'p', fen: 200 }]);
});

it('calls clean only what nobody had to look at twice', () => {
  const clean = { differenceFen: fen(0), cutFen: fen(0), revision: 1, hasDeduction: false };
  expect(isClean(clean)).toBe(true);
  for (const spoilt of [{ differenceFen: fen(1) }, { cutFen: fen(1) }, { revision: 2 }, { hasDeduction: true }]) expect(isClean({ ...clean, ...spoilt })).toBe(false);
});

it('hashes every field of every line', () => {
  expect(hashedText([line(1, 'city', 3), line(2, 'city', 4, null)])).toBe('1|o|p|city|2024-12|1|3\n2|o||city|2024-12|1|4');
});
