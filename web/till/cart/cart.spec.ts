import { addItem, countOf, dropLine, freshCart, itemsOf, offerOf, periodAt, periodsOf, setQuantity, totalFen, turnTender, type PriceList } from './cart.js';

const price = (itemCode: string, mealPeriod: 'breakfast' | 'lunch' | 'dinner', fen: number, elderSet = false) => ({ itemCode, mealPeriod, fen, elderSet, name: itemCode.toUpperCase() });
const list: PriceList = {
  siteId: 's', version: 7, effectiveFrom: '2024-01-01', effectiveTo: null, filingNumber: null,
  prices: [price('fish', 'lunch', 800), price('set', 'lunch', 1500, true), price('set', 'dinner', 1300, true), price('bun', 'lunch', 100)],
};
const offer = offerOf(list, 'lunch');

describe('what is sold', () => {
  it('is the meal of the hour, or the nearest that is sold', () => {
    expect(periodsOf(list)).toEqual(['lunch', 'dinner']);
    expect(periodAt(list, 12 * 60)).toBe('lunch');
    expect(periodAt(list, 17 * 60)).toBe('dinner');
    expect(periodAt(list, 8 * 60)).toBe('lunch');
    expect(periodAt({ ...list, prices: [] }, 720)).toBeNull();
  });

  it('has the elders’ set first and in the cart already', () => {
    expect(offer.items.map((item) => item.itemCode)).toEqual(['set', 'fish', 'bun']);
    expect(freshCart(offer)).toMatchObject({ untouched: true, tender: 'cash', lines: [{ itemCode: 'set', quantity: 1 }] });
  });
});

describe('a cart', () => {
  it('gives the preselected set up for the first choice, and adds from then on', () => {
    let cart = addItem(freshCart(offer), offer, 'fish');
    expect(itemsOf(cart)).toEqual([{ itemCode: 'fish', quantity: 1 }]);
    cart = addItem(addItem(cart, offer, 'bun'), offer, 'fish');
    expect(itemsOf(cart)).toEqual([{ itemCode: 'bun', quantity: 1 }, { itemCode: 'fish', quantity: 2 }]);
    expect(totalFen(cart)).toBe(1700);
    expect(countOf(cart)).toBe(3);
    expect(addItem(cart, offer, 'unknown')).toBe(cart);
  });

  it('takes a quantity for the line chosen last, in bounds', () => {
    const cart = freshCart(offer);
    expect(totalFen(setQuantity(cart, 3))).toBe(4500);
    expect(setQuantity(cart, 3).untouched).toBe(false);
    expect(itemsOf(setQuantity(cart, 0))).toEqual([]);
    expect(itemsOf(setQuantity(cart, 1000))[0]?.quantity).toBe(99);
    expect(setQuantity(cart, 1.5)).toBe(cart);
    expect(itemsOf(dropLine(cart, 'set'))).toEqual([]);
  });

  it('is paid in cash or by code', () => {
    expect(turnTender(freshCart(offer)).tender).toBe('code');
    expect(turnTender(turnTender(freshCart(offer))).tender).toBe('cash');
  });
});
