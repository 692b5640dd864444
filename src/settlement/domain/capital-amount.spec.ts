import fc from 'fast-check';
import { fen, InvariantBroken } from '../../kernel/index.js';
import { capitalAmount } from './capital-amount.js';

/** Reads an amount in capitals back, by rules of its own. */
function readBack(text: string): number {
  const digits = '零壹贰叁肆伍陆柒捌玖';
  const small: Record<string, number> = { 拾: 10, 佰: 100, 仟: 1000 };
  const read = (part: string): number => {
    let [total, section, digit] = [0, 0, 0];
    for (const char of part) {
      if (digits.includes(char)) digit = digits.indexOf(char);
      else if (char in small) [section, digit] = [section + digit * (small[char] as number), 0];
      else if (char === '万') [total, section, digit] = [total + (section + digit) * 10_000, 0, 0];
      else if (char === '亿') [total, section, digit] = [(total + section + digit) * 100_000_000, 0, 0];
    }
    return total + section + digit;
  };
  const [, yuan = '', jiao = '', cents = ''] = /^人民币(?:(.+)元)?(?:零?(.)角)?(?:零?(.)分)?整?$/.exec(text) ?? [];
  return read(yuan) * 100 + read(jiao) * 10 + read(cents);
}

describe('amounts in capitals', () => {
  it.each([
    [140_950, '人民币壹仟肆佰零玖元伍角整'],
    [600_714, '人民币陆仟零柒元壹角肆分'],
    [168_032, '人民币壹仟陆佰捌拾元零叁角贰分'],
    [10_700_053, '人民币壹拾万柒仟元零伍角叁分'],
    [1_640_902, '人民币壹万陆仟肆佰零玖元零贰分'],
    [32_504, '人民币叁佰贰拾伍元零肆分'],
    [1_000, '人民币壹拾元整'],
    [0, '人民币零元整'],
    [5, '人民币伍分'],
    [50, '人民币伍角整'],
    [1_000_000_100, '人民币壹仟万零壹元整'],
    [10_000_000_000_000, '人民币壹仟亿元整'],
    [100_000_000_500_000, '人民币壹万亿零伍仟元整'],
  ])('%i fen', (amount, text) => {
    expect(capitalAmount(fen(amount))).toBe(text);
  });

  it('reads back as the same amount, never with two zeros in a row', () => {
    fc.assert(fc.property(fc.oneof(fc.nat(1_000_000), fc.nat(2_000_000_000), fc.maxSafeNat()), (amount) => {
      const text = capitalAmount(fen(amount));
      expect(text).not.toContain('零零');
      expect(readBack(text)).toBe(amount);
    }), { numRuns: 2_000 });
  });

  it('has no word for less than nothing', () => {
    expect(() => capitalAmount(fen(-1))).toThrow(InvariantBroken);
  });
});
