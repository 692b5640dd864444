import fc from 'fast-check';
import { civilDate } from '../../src/kernel/index.js';
import { CATEGORY_CODES, checkDigit, maskIdentityNumber, maskName, maskPhone, readIdentityNumber } from '../../src/elder/domain/index.js';
import { PackLibrary } from '../../src/subsidy/index.js';

const TODAY = civilDate('2024-12-03');
const dates = fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2024-12-03T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const numbers = fc.tuple(fc.integer({ min: 100_000, max: 999_999 }), dates, fc.integer({ min: 0, max: 999 })).map(([area, born, sequence]) => {
  const first17 = `${area}${born.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  return { number: first17 + checkDigit(first17), born, male: sequence % 2 === 1 };
});

describe('identity numbers', () => {
  it('every well-made number is read, with its birth date and sex', () => {
    fc.assert(fc.property(numbers, ({ number, born, male }) => {
      expect(readIdentityNumber(number, TODAY)).toEqual({ ok: true, value: { number, born, sex: male ? 'male' : 'female' } });
    }));
  });

  it('one wrong digit, or two neighbours swapped, is always seen', () => {
    fc.assert(fc.property(numbers, fc.nat(16), fc.integer({ min: 1, max: 9 }), ({ number }, place, by) => {
      const digits = [...number];
      const typo = digits.with(place, String((Number(digits[place]) + by) % 10)).join('');
      expect(readIdentityNumber(typo, TODAY).ok).toBe(false);
      const swapped = digits.with(place, digits[place + 1] as string).with(place + 1, digits[place] as string).join('');
      if (swapped !== number) expect(readIdentityNumber(swapped, TODAY).ok).toBe(false);
    }));
  });

  it('any text is answered, and what is read is in its one form', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const outcome = readIdentityNumber(text, TODAY);
      if (outcome.ok) expect(outcome.value.number).toMatch(/^\d{17}[\dX]$/);
    }));
  });
});

/** How many characters of the original stand where they stood. */
function shown(original: string, masked: string): number {
  return [...original].filter((character, index) => [...masked][index] === character && character !== '*').length;
}

describe('masking never shows more than it may', () => {
  it('two characters of an identity number', () => {
    fc.assert(fc.property(numbers, ({ number }) => {
      const masked = maskIdentityNumber(number);
      expect(masked).toHaveLength(18);
      expect(masked.slice(1, -1)).toBe('*'.repeat(16));
    }));
  });

  it('the surname, and not the length of the name', () => {
    const names = fc.string({ unit: fc.constantFrom(...'张王李欧阳诸葛司马三四五·'), minLength: 1, maxLength: 12 });
    fc.assert(fc.property(names, (name) => {
      const masked = maskName(name);
      expect(masked).toMatch(/^.{1,2}\*\*$/u);
      if ([...name].length === 2) expect(shown(name, masked)).toBe(1);
      expect(maskName(`${name}四`).length - masked.length).toBeLessThanOrEqual(1);
    }));
  });

  it('seven digits of a telephone number at most', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 7, maxLength: 12 }), (phone) => {
      expect(maskPhone(phone).replaceAll('*', '').length).toBeLessThanOrEqual(7);
      expect(maskPhone(phone).replaceAll('*', '').length).toBeLessThan(phone.length);
    }));
  });
});

it('every category that a pack asks for can be recorded', () => {
  const asked = PackLibrary.load().all().flatMap((pack) => pack.versions).flatMap((version) => Object.keys(version.categories));
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((code) => !(CATEGORY_CODES as readonly string[]).includes(code))).toEqual([]);
});
