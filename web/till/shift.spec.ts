import type { About, Entry } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import { agree, clockCheck, journalCheck, ownDay, owedFen, servedDay, storageCheck, type MealLine } from './shift.js';

const NOON = Date.UTC(2024, 11, 3, 4);
const DAY = '2024-12-03';
const paid = (selfPayFen: number): Fate => ({ is: 'accepted', repeated: false, code: null, review: [], priceFen: 1500, selfPayFen });

function entry(number: number, fate: Fate, about: Partial<About> = {}, more: Partial<Entry> = {}): Entry {
  const sale = { kind: 'sale', holder: 'card', items: [], mealPeriod: 'lunch', tender: 'cash', priceFen: 1500, ...about } as About;
  return { number, id: `id-${number}`, madeAt: NOON, about: sale, prevHash: `h${number - 1}`, hash: `h${number}`, sealed: null, fate, takenFen: null, returned: false, ...more };
}

const served = (tapId: string, selfPayFen: number, more: Partial<MealLine> = {}): MealLine => ({
  tapId, selfPayFen, deviceTime: '', mealPeriod: 'lunch', outcome: 'accepted', code: null, priceFen: 1500, subsidyFen: 1500 - selfPayFen, siteBorneFen: 0,
  tender: 'cash', offline: false, flags: [], voided: false, bookedMonth: '2024-12', ...more,
});

const day = [
  entry(1, paid(1200)), entry(2, paid(1500), { tender: 'code' } as Partial<About>), entry(3, { is: 'refused', code: 'x', sentence: '' }),
  entry(4, paid(1200)), entry(5, { is: 'taken-back', returnedFen: 1200 }, { kind: 'void', tapId: 'id-4' } as Partial<About>), entry(6, paid(1200), {}, { madeAt: NOON - 86_400_000 }),
];

describe('the figures of a day', () => {
  it('count what stands, by how it was paid', () => {
    expect(ownDay(day, DAY)).toEqual({ meals: 2, priceFen: 3000, selfPayFen: 2700, byTender: { cash: 1200, code: 1500 } });
  });

  it('agree with the service’s to the fen, or say that they do not; other tills are left out', () => {
    const lines = [served('id-1', 1200), served('id-2', 1500, { tender: 'code' }), served('id-3', 0, { outcome: 'refused' }), served('id-4', 1200, { voided: true }), served('another', 1)];
    expect(agree(ownDay(day, DAY), servedDay(lines, day))).toBe(true);
    expect(agree(ownDay(day, DAY), servedDay(lines.slice(1), day))).toBe(false);
    expect(agree(ownDay(day, DAY), servedDay([served('id-1', 1201), ...lines.slice(1)], day))).toBe(false);
    expect(agree(ownDay(day, DAY), servedDay([served('id-1', 1200, { tender: 'code' }), ...lines.slice(1)], day))).toBe(false);
  });

  it('say what is still to be given back', () => {
    const offline = [entry(1, paid(1200), {}, { takenFen: 1500 }), entry(2, paid(1200), {}, { takenFen: 1500, returned: true }), entry(3, paid(1200), {}, { takenFen: 1200 })];
    expect(owedFen(offline, DAY)).toBe(300);
    expect(owedFen([...offline, entry(4, { is: 'taken-back', returnedFen: 1200 }, { kind: 'void', tapId: 'id-1' } as Partial<About>)], DAY)).toBe(0);
  });
});

describe('the opening list', () => {
  it.each([[null, 'open'], [300, 'good'], [-59_000, 'good'], [90_000, 'open'], [-300_000, 'bad']] as const)('judges a clock that is %p ms off as %s', (skew, is) => {
    expect(clockCheck(skew).is).toBe(is);
  });

  it('names the number where the journal breaks, and what waits', () => {
    expect(journalCheck([])).toMatchObject({ is: 'good' });
    expect(journalCheck(day.slice(0, 3))).toMatchObject({ is: 'good', says: '连续到第 3 号，全部已上传' });
    expect(journalCheck([entry(1, { is: 'unsent', tries: 0 })])).toMatchObject({ is: 'open', says: expect.stringContaining('1 笔') });
    expect(journalCheck([entry(1, paid(1)), entry(3, paid(1))])).toMatchObject({ is: 'bad', says: expect.stringContaining('第 3 号') });
  });

  it('says what a browser that keeps nothing may not do', () => {
    expect(storageCheck(true).is).toBe('good');
    expect(storageCheck(false)).toMatchObject({ is: 'bad', says: expect.stringContaining('断网时不能收款') });
  });
});
