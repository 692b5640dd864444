import type { About, Entry } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import {
  agree, clockCheck, countSoFar, journalCheck, ownShift, owedFen, pricesCheck, printerCheck, readCount, rosterCheck, soundCheck, storageCheck,
} from './shift.js';

const NOON = Date.UTC(2024, 11, 3, 4);
const HOUR = 3_600_000;
const paid = (selfPayFen: number): Fate => ({ is: 'accepted', repeated: false, code: null, review: [], priceFen: 1500, selfPayFen });

function entry(number: number, fate: Fate, about: Partial<About> = {}, more: Partial<Entry> = {}): Entry {
  const sale = { kind: 'sale', holder: 'card', items: [], mealPeriod: 'lunch', tender: 'cash', priceFen: 1500, ...about } as About;
  return { number, id: `id-${number}`, madeAt: NOON, about: sale, prevHash: `h${number - 1}`, hash: `h${number}`, sealed: null, fate, takenFen: null, returned: false, ...more };
}

const journal = [
  entry(1, paid(1200)), entry(2, paid(1500), { tender: 'code' } as Partial<About>), entry(3, { is: 'refused', code: 'x', sentence: '' }),
  entry(4, paid(1200)), entry(5, { is: 'taken-back', returnedFen: 1200 }, { kind: 'void', tapId: 'id-4' } as Partial<About>), entry(6, paid(1200)),
];

describe('the figures of a shift', () => {
  it('count what stands of its numbers, by how it was paid', () => {
    expect(ownShift(journal, 1, 5)).toEqual({ meals: 2, priceFen: 3000, selfPayFen: 2700, cashFen: 1200, codeFen: 1500, balanceFen: 0, bookedFen: 0 });
    expect(ownShift(journal, 6, 6)).toEqual({ meals: 1, priceFen: 1500, selfPayFen: 1200, cashFen: 1200, codeFen: 0, balanceFen: 0, bookedFen: 0 });
    expect(ownShift(journal, 7, 6).meals).toBe(0);
  });

  it('count what was due beside a booking’s money as cash', () => {
    const booked = entry(1, { ...paid(1500), dueFen: 300 } as Fate, { tender: 'booked' } as Partial<About>, { takenFen: 500 });
    expect(ownShift([booked], 1, 1)).toMatchObject({ selfPayFen: 1500, cashFen: 300, codeFen: 0, bookedFen: 1200 });
    expect([owedFen([booked], 1, 1), owedFen([booked], 1, 1, 'cash')]).toEqual([200, 200]);
  });

  it('agree with the service’s to the fen, or say that they do not', () => {
    const own = ownShift(journal, 1, 5);
    expect(agree(own, { ...own })).toBe(true);
    for (const change of [{ meals: 3 }, { priceFen: 3001 }, { selfPayFen: 2699 }, { cashFen: 1201 }, { codeFen: 1499 }, { balanceFen: 1 }, { bookedFen: 1 }]) expect(agree(own, { ...own, ...change })).toBe(false);
  });

  it('say what is still to be given back', () => {
    const offline = [entry(1, paid(1200), {}, { takenFen: 1500 }), entry(2, paid(1200), {}, { takenFen: 1500, returned: true }), entry(3, paid(1200), { tender: 'code' } as Partial<About>, { takenFen: 1600 })];
    expect([owedFen(offline, 1, 3), owedFen(offline, 1, 3, 'cash'), owedFen(offline, 2, 3)]).toEqual([700, 300, 400]);
    expect(owedFen([...offline, entry(4, { is: 'taken-back', returnedFen: 1200 }, { kind: 'void', tapId: 'id-1' } as Partial<About>)], 1, 4, 'cash')).toBe(0);
  });
});

describe('a count', () => {
  it('is what the pieces come to', () => {
    expect(readCount({ 10_000: '2', 500: ' 3 ', 50: '1', 10: '', 100: '0' }, '215.5')).toEqual({ ok: true, count: { cashFen: 21_550, byDenomination: [{ fen: 10_000, count: 2 }, { fen: 500, count: 3 }, { fen: 50, count: 1 }] } });
    expect(readCount({}, '')).toEqual({ ok: true, count: { cashFen: 0, byDenomination: [] } });
    expect(countSoFar({ 1_000: '3', 500: 'x', 100: '1.5' })).toBe(3_000);
  });

  it.each([
    [{ 1_000: '1.5' }, '', '10 元写的不是张数'], [{ 50: 'abc' }, '', '5 角写的不是张数'], [{ 100: '-1' }, '', '1 元写的不是张数'], [{ 100: '10000' }, '', '张数'],
    [{ 1_000: '1' }, '10.005', '最多两位小数'], [{ 1_000: '1' }, '十元', '合计请写成'], [{ 1_000: '1' }, '12', '加起来是 10 元，合计写的是 12 元'],
  ])('%j with the total %p is refused in one sentence', (pieces, total, words) => {
    expect(readCount(pieces, total)).toMatchObject({ ok: false, sentence: expect.stringContaining(words) });
  });
});

describe('the opening list', () => {
  it.each([[null, 'open'], [300, 'good'], [-59_000, 'good'], [90_000, 'open'], [-300_000, 'bad']] as const)('judges a clock that is %p ms off as %s', (skew, is) => {
    expect(clockCheck(skew).is).toBe(is);
  });

  it('names the number where the journal breaks, and what waits', () => {
    expect(journalCheck([])).toMatchObject({ is: 'good' });
    expect(journalCheck(journal.slice(0, 3))).toMatchObject({ is: 'good', says: '连续到第 3 号，全部已上传' });
    expect(journalCheck([entry(1, { is: 'unsent', tries: 0 })])).toMatchObject({ is: 'open', says: expect.stringContaining('1 笔') });
    expect(journalCheck([entry(1, paid(1)), entry(3, paid(1))])).toMatchObject({ is: 'bad', says: expect.stringContaining('第 3 号') });
  });

  it('says what a browser that keeps nothing may not do', () => {
    expect(storageCheck(true).is).toBe('good');
    expect(storageCheck(false)).toMatchObject({ is: 'bad', says: expect.stringContaining('断网时不能收款') });
  });

  it.each([['none', null, 'open'], ['guaranteed', 2, 'good'], ['review', 30, 'open'], ['full-price', 80, 'bad']] as const)('judges a roster that is %s', (standing, hours, is) => {
    expect(rosterCheck({ asOf: hours === null ? null : NOON - hours * HOUR, standing, rows: 120, coveredUntil: null }, NOON).is).toBe(is);
  });

  it('asks a person what only a person hears and sees', () => {
    expect([soundCheck(null).is, soundCheck(true).is, soundCheck(false).is]).toEqual(['open', 'good', 'bad']);
    expect([printerCheck(false, null).is, printerCheck(true, null).is, printerCheck(true, true).is, printerCheck(true, false).is]).toEqual(['good', 'open', 'good', 'bad']);
    expect([pricesCheck(null, NOON).is, pricesCheck({ version: 1, at: NOON, items: 3 }, NOON).is, pricesCheck({ version: 1, at: NOON - 24 * HOUR, items: 3 }, NOON).is]).toEqual(['bad', 'good', 'open']);
  });
});
