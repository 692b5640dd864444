import fc from 'fast-check';
import { chinaInstant, civilDate } from '../../kernel/index.js';
import { countDay, dueOn, dueUntil, eatenAt, handleText, readHandle, readSlipCode, slipCode, type SlipFate } from './index.js';

const place = fc.record({ siteNo: fc.integer({ min: 1, max: 9999 }), monthDay: fc.constantFrom('0101', '0229', '0930', '1204', '1231'), number: fc.integer({ min: 1, max: 999 }) });
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const SIGNS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

describe("a slip's code", () => {
  it('is read as people type it', () => {
    const code = slipCode({ siteNo: 7, monthDay: '1204', number: 12 }, 'a'.repeat(64));
    expect(code).toMatch(/^0007-1204-012-[A-Z]{5}$/);
    const read = readSlipCode(code);
    for (const typed of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `, code.replaceAll('-', '－').replace('0007', '０００７')]) expect(readSlipCode(typed)).toEqual(read);
    expect(read).toMatchObject({ siteNo: 7, monthDay: '1204', number: 12 });
    for (const none of ['', '0007-1204-012', `${code}A`, '餐券', code.replace('0007', '000I')]) expect(readSlipCode(none)).toBeNull();
  });

  it('shows every single wrong sign, for certain', () => {
    fc.assert(fc.property(place, digest, fc.nat(15), fc.constantFrom(...SIGNS), (at, hex, index, sign) => {
      const signs = [...slipCode(at, hex).replaceAll('-', '')];
      fc.pre(signs[index] !== sign);
      signs[index] = sign;
      expect(readSlipCode(signs.join(''))).toBeNull();
    }), { numRuns: 2_000 });
  });

  it('shows every swap of two signs, neighbours or not, for certain', () => {
    fc.assert(fc.property(place, digest, fc.nat(15), fc.nat(15), (at, hex, a, b) => {
      const signs = [...slipCode(at, hex).replaceAll('-', '')];
      fc.pre(signs[a] !== signs[b]);
      [signs[a], signs[b]] = [signs[b] as string, signs[a] as string];
      expect(readSlipCode(signs.join(''))).toBeNull();
    }), { numRuns: 2_000 });
  });

  it('is never that of another slip, whatever the digests', () => {
    fc.assert(fc.property(place, place, digest, digest, (a, b, x, y) => {
      fc.pre(a.siteNo !== b.siteNo || a.monthDay !== b.monthDay || a.number !== b.number);
      expect(slipCode(a, x)).not.toBe(slipCode(b, y));
    }));
  });

  it('has letters that differ for nearly all digests: one guess in 279,841 is right', () => {
    const letters = new Set(Array.from({ length: 2_000 }, (_, index) => readSlipCode(slipCode({ siteNo: 1, monthDay: '0101', number: 1 }, (index * 140_737_488).toString(16).padStart(12, '0')))?.secret));
    expect(letters.size).toBeGreaterThan(1_980);
  });
});

describe("an elder's number", () => {
  it('comes back as it was written', () => {
    expect(handleText(1)).toHaveLength(4);
    fc.assert(fc.property(fc.integer({ min: 1, max: 99_999 }), (no) => expect(readHandle(` ${handleText(no)}`)).toBe(no)));
    for (const none of ['', '12', '0000', 'abcd', '12345678']) expect(readHandle(none)).toBeNull();
  });

  it('shows a wrong digit and a swap of neighbours, for certain', () => {
    for (let no = 1; no <= 999; no += 1) {
      const digits = [...handleText(no)];
      for (const index of digits.keys()) {
        for (const other of '0123456789') if (other !== digits[index]) expect(readHandle(digits.with(index, other).join(''))).toBeNull();
        const next = digits[index + 1];
        if (next !== undefined && next !== digits[index]) expect(readHandle(digits.with(index, next).with(index + 1, digits[index] as string).join(''))).toBeNull();
      }
    }
  });
});

describe("a day's slips", () => {
  const DAY = civilDate('2024-12-03');

  it('are each a meal, spoilt, taken back or missing', () => {
    const kinds = ['meal', 'spoilt', 'refused', 'voided'] as const;
    fc.assert(fc.property(fc.nat(60), fc.array(fc.constantFrom(...kinds), { maxLength: 60 }), (printed, list) => {
      const fates = list.slice(0, printed).map((kind, index): SlipFate => ({ number: index + 1, kind }));
      const { meals, spoilt, voided, missing } = countDay(printed, fates);
      expect(meals + spoilt + voided + missing.length).toBe(printed);
    }));
    expect(countDay(5, [{ number: 2, kind: 'meal' }, { number: 4, kind: 'spoilt' }, { number: 5, kind: 'refused' }])).toEqual({ printed: 5, meals: 1, spoilt: 1, voided: 0, missing: [1, 3, 5] });
  });

  it('count in full until the end of the last day', () => {
    expect(dueOn(DAY, { entryDays: 3 })).toBe('2024-12-06');
    expect(dueUntil(DAY, { entryDays: 3 })).toBe(chinaInstant(civilDate('2024-12-07'), 0) - 1);
    expect(eatenAt(DAY, 'lunch', Number.MAX_SAFE_INTEGER)).toBe(chinaInstant(DAY, 720));
    expect(eatenAt(DAY, 'dinner', chinaInstant(DAY, 800))).toBe(chinaInstant(DAY, 800));
  });
});
