import fc from 'fast-check';
import {
  addDays, addMonths, ageOn, chinaDate, chinaInstant, chinaMinute, chinaTime, civilDate, daysBetween, fen, firstDay, isCivilDate, isCivilMonth, isId, InvariantBroken,
  lastDay, minusFen, mondayOf, civilMonth, SettableClock, share, sumFen, timesFen, today, uuidV7, weekday, yuanText,
} from './index.js';

describe('fen', () => {
  it.each([0.5, NaN, Infinity, 2 ** 53])('refuses %p, which is no whole safe number', (value) => {
    expect(() => fen(value)).toThrow(InvariantBroken);
  });

  it('guards every sum and product', () => {
    const most = fen(Number.MAX_SAFE_INTEGER);
    expect(() => sumFen([most, fen(1)])).toThrow(InvariantBroken);
    expect(() => timesFen(most, 2)).toThrow(InvariantBroken);
    expect(() => timesFen(fen(100), 0.5)).toThrow(InvariantBroken);
    expect(minusFen(fen(1), fen(3))).toBe(-2);
  });

  it('knows one zero only, so that equal amounts are equal in every comparison', () => {
    expect(Object.is(fen(-0), 0)).toBe(true);
  });

  it.each([[0, '0.00'], [5, '0.05'], [1250, '12.50'], [-1, '-0.01'], [-100, '-1.00'], [123456789, '1234567.89']])('writes %p fen as %p yuan', (amount, text) => {
    expect(yuanText(fen(amount))).toBe(text);
  });
});

describe('share', () => {
  it('gives what is left over to the largest remainders, then by position', () => {
    expect(share(fen(100), [1, 1, 1])).toEqual([34, 33, 33]);
    expect(share(fen(100), [1, 2, 3])).toEqual([17, 33, 50]);
    expect(share(fen(-100), [1, 1, 1])).toEqual([-34, -33, -33]);
    expect(share(fen(7), [0, 0])).toEqual([7, 0]);
  });

  it('adds up, stays within one fen of the exact part, and gives nothing to a weight of zero', () => {
    fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.array(fc.nat(1e6), { minLength: 1, maxLength: 8 }), (amount, weights) => {
      const parts = share(fen(amount), weights);
      expect(sumFen(parts)).toBe(fen(amount));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      if (total === 0) return;
      parts.forEach((part, index) => {
        expect(Math.abs(part - (amount * (weights[index] as number)) / total)).toBeLessThan(1);
        if (weights[index] === 0) expect(part).toBe(0);
      });
    }));
  });

  it.each([[[]], [[-1]], [[0.5]]])('refuses the weights %p', (weights: number[]) => {
    expect(() => share(fen(1), weights)).toThrow(InvariantBroken);
  });
});

describe('civil dates', () => {
  it.each(['2023-02-29', '2024-13-01', '2024-00-01', '2024-04-31', '24-01-01', '2024-1-1', '2024-01-01T00:00', '', null, 20240101, '1900-02-29'])('knows that %p is no day', (text) => {
    expect(isCivilDate(text)).toBe(false);
  });

  it.each(['2024-02-29', '2000-02-29', '1919-06-15', '1944-08-01'])('knows that %p is a day', (text) => {
    expect(isCivilDate(text)).toBe(true);
  });

  it('counts days, weeks and months', () => {
    expect(addDays(civilDate('2024-02-28'), 2)).toBe('2024-03-01');
    expect(daysBetween(civilDate('2024-01-01'), civilDate('2025-01-01'))).toBe(366);
    expect(weekday(civilDate('2023-06-05'))).toBe(1);
    expect(weekday(civilDate('1969-12-28'))).toBe(7);
    expect(mondayOf(civilDate('2023-06-11'))).toBe('2023-06-05');
    expect(mondayOf(civilDate('2023-06-12'))).toBe('2023-06-12');
    expect(addMonths(civilMonth('2024-12'), 1)).toBe('2025-01');
    expect(addMonths(civilMonth('2024-01'), -1)).toBe('2023-12');
    expect(firstDay(civilMonth('2024-02'))).toBe('2024-02-01');
    expect(lastDay(civilMonth('2024-02'))).toBe('2024-02-29');
    expect(isCivilMonth('2024-00')).toBe(false);
  });

  it('goes forth and back by the same days', () => {
    fc.assert(fc.property(fc.integer({ min: -40_000, max: 40_000 }), (days) => {
      const start = civilDate('1944-07-01');
      const end = addDays(start, days);
      expect(daysBetween(start, end)).toBe(days);
      expect(addDays(end, -days)).toBe(start);
    }));
  });

  // V8 has Asia/Shanghai at UTC+9 in the summers of 1940-1948 and 1986-1991 and at +8:05:43 in 1900 (F49).
  it.each([['1944-08-01', '2024-08-01', 80], ['1944-08-01', '2024-07-31', 79], ['1900-01-01', '2024-01-01', 124], ['1945-02-28', '2024-02-29', 79]])('born %p is on %p %p years old', (born, day, age) => {
    expect(ageOn(civilDate(born), civilDate(day))).toBe(age);
  });

  it('counts the birthday or the day after it, and 29 February, as the pack says (F50)', () => {
    const [born, eightieth] = [civilDate('1944-03-05'), civilDate('2024-03-05')];
    expect(ageOn(born, eightieth, 'birthday')).toBe(80);
    expect(ageOn(born, eightieth, 'day-after')).toBe(79);
    expect(ageOn(born, addDays(eightieth, 1), 'day-after')).toBe(80);
    for (let year = 2025; year <= 2035; year += 1) {
      const leap = civilDate('1944-02-29');
      const isLeap = isCivilDate(`${year}-02-29`);
      expect(ageOn(leap, civilDate(`${year}-02-28`), 'birthday', 'march-1')).toBe(year - 1945);
      expect(ageOn(leap, civilDate(`${year}-02-28`), 'birthday', 'february-28')).toBe(isLeap ? year - 1945 : year - 1944);
      expect(ageOn(leap, civilDate(`${year}-03-01`), 'birthday', 'march-1')).toBe(year - 1944);
    }
  });

  it('knows the day in China at any moment (F13)', () => {
    expect(chinaDate(Date.parse('2024-12-31T15:59:59Z'))).toBe('2024-12-31');
    expect(chinaDate(Date.parse('2024-12-31T16:00:01Z'))).toBe('2025-01-01');
    expect(chinaMinute(Date.parse('2024-12-31T16:00:01Z'))).toBe(0);
    expect(chinaInstant(civilDate('2024-12-03'), 11 * 60 + 42)).toBe(Date.parse('2024-12-03T11:42:00+08:00'));
    expect(chinaTime(Date.parse('2024-12-31T20:00:00.900Z'))).toBe('2025-01-01T04:00:00+08:00');
  });

  it('reads the day off a clock that is set', () => {
    const clock = SettableClock.at(civilDate('2024-12-03'), 23 * 60 + 59);
    expect(today(clock)).toBe('2024-12-03');
    clock.set(clock.now() + 60_000);
    expect(today(clock)).toBe('2024-12-04');
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that sort by their time', () => {
    const random = new Uint8Array(10).fill(255);
    const [earlier, later] = [uuidV7(1_700_000_000_000, random), uuidV7(1_700_000_000_001, new Uint8Array(10))];
    expect(isId(earlier)).toBe(true);
    expect(earlier[14]).toBe('7');
    expect(earlier < later).toBe(true);
    expect(isId(earlier.toUpperCase())).toBe(false);
  });
});
