import { countText, yuanAtAGlance, yuanWords } from './money.js';

describe('amounts in words', () => {
  it.each([
    [0, '0.00 元'], [5, '0.05 元'], [123_450, '1,234.50 元'], [-5, '-0.05 元'], [-1_234_567, '-12,345.67 元'],
  ])('%d fen are %s', (amount, words) => expect(yuanWords(amount)).toBe(words));

  it('goes over to ten thousands where the fen no longer matter, for the eye only', () => {
    expect(yuanAtAGlance(999_999)).toBe('9,999.99 元');
    expect(yuanAtAGlance(1_000_000)).toBe('1.00 万元');
    expect(yuanAtAGlance(7_315_000)).toBe('7.32 万元');
  });

  it('refuses a fraction of a fen instead of rounding it', () => {
    expect(() => yuanWords(1.5)).toThrow('not a whole number of fen');
  });

  it('sets thousands apart', () => expect(countText(212_000)).toBe('212,000'));
});
