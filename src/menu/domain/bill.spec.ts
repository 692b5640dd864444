import { billOf, type BillItem, type PriceRow } from './bill.js';

const set: PriceRow = { itemCode: 'set', mealPeriod: 'lunch', fen: 1200, guestFen: 1800, relativeFen: 1500, halfFen: 700 };
const prices: PriceRow[] = [set, { itemCode: 'set', mealPeriod: null, fen: 900 }, { itemCode: 'soup', mealPeriod: null, fen: 300, guestFen: null, relativeFen: 0, halfFen: null }];
const bill = (items: readonly BillItem[], byCard = true, period = 'lunch') => billOf(items, period, byCard, prices);

describe('a bill', () => {
  it('asks of each eater his own price', () => {
    expect(bill([{ itemCode: 'set', quantity: 1 }])).toEqual({ ownFen: 1200, othersFen: 0 });
    expect(bill([{ itemCode: 'set', quantity: 1 }], false)).toEqual({ ownFen: 1800, othersFen: 0 });
    expect(bill([{ itemCode: 'set', quantity: 1 }, { itemCode: 'set', quantity: 2, for: 'relative' }, { itemCode: 'set', quantity: 1, for: 'guest' }])).toEqual({ ownFen: 1200, othersFen: 4800 });
    expect(bill([{ itemCode: 'set', quantity: 1, for: 'relative' }], false)).toEqual({ ownFen: 0, othersFen: 1500 });
  });

  it('asks the same of all where the list says nothing else', () => {
    expect(bill([{ itemCode: 'soup', quantity: 1 }, { itemCode: 'soup', quantity: 1, for: 'guest' }])).toEqual({ ownFen: 300, othersFen: 300 });
    expect(bill([{ itemCode: 'soup', quantity: 3, for: 'relative' }])).toEqual({ ownFen: 0, othersFen: 0 });
    expect(bill([{ itemCode: 'set', quantity: 1 }, { itemCode: 'set', quantity: 1, for: 'guest' }], true, 'dinner')).toEqual({ ownFen: 900, othersFen: 900 });
  });

  it('has halves for card holders alone, where they are sold', () => {
    expect(bill([{ itemCode: 'set', quantity: 2, half: true }, { itemCode: 'soup', quantity: 1 }])).toEqual({ ownFen: 1700, othersFen: 0 });
    expect(bill([{ itemCode: 'soup', quantity: 1, half: true }])).toBe('half-not-sold');
    expect(bill([{ itemCode: 'set', quantity: 1, half: true }], false)).toBe('half-not-sold');
    expect(bill([{ itemCode: 'set', quantity: 1, half: true, for: 'relative' }])).toBe('half-not-sold');
    expect(bill([{ itemCode: 'fish', quantity: 1, half: true }])).toBe('item-unknown');
  });
});
