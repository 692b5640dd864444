import fc from 'fast-check';
import { billOf } from '../../../src/menu/domain/bill.js';
import {
  addItem, countOf, dropLine, freshCart, itemsOf, offerOf, othersFen, periodAt, periodsOf, PORTIONS, portionsOf, setPortion, setQuantity, totalFen, turnTender, wrongFor, type Cart, type PriceList,
} from './cart.js';

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

describe('portions', () => {
  const kinds: PriceList = { ...list, prices: [{ ...price('set', 'lunch', 1200, true), guestFen: 1800, relativeFen: 1500, halfFen: 700 }, { ...price('soup', 'lunch', 300), guestFen: null, relativeFen: null, halfFen: null }] };
  const sold = offerOf(kinds, 'lunch');

  it('are offered with their prices for the line chosen last', () => {
    expect(portionsOf(freshCart(sold))).toEqual([{ portion: 'own', fen: 1200 }, { portion: 'half', fen: 700 }, { portion: 'relative', fen: 1500 }, { portion: 'guest', fen: 1800 }]);
    expect(portionsOf(addItem(freshCart(sold), sold, 'soup')).map(({ fen }) => fen)).toEqual([300, null, 300, 300]);
    expect(portionsOf({ ...freshCart(sold), lines: [] })).toEqual([]);
  });

  it('make an elder’s meal and a relative’s one bill', () => {
    const cart = addItem(setPortion(freshCart(sold), 'relative'), sold, 'set');
    expect(itemsOf(cart)).toEqual([{ itemCode: 'set', quantity: 1, for: 'relative' }, { itemCode: 'set', quantity: 1 }]);
    expect([totalFen(cart), othersFen(cart), totalFen(cart, 'guest')]).toEqual([2700, 1500, 3300]);
    expect(itemsOf(setPortion(cart, 'relative'))).toEqual([{ itemCode: 'set', quantity: 2, for: 'relative' }]);
    expect(itemsOf(setPortion(setPortion(cart, 'half'), 'own'))).toEqual(itemsOf(cart));
  });

  it('are not sold where the list has none, nor to guests, nor by a card that eats nothing', () => {
    const soup = addItem(freshCart(sold), sold, 'soup');
    expect(setPortion(soup, 'half')).toBe(soup);
    expect(wrongFor(setPortion(freshCart(sold), 'half'), 'guest')).toBe('half-not-sold');
    expect(wrongFor(setPortion(freshCart(sold), 'half'), 'card')).toBeNull();
    expect(wrongFor(setPortion(freshCart(sold), 'guest'), 'card')).toBe('no-own-item');
    expect(wrongFor(setPortion(freshCart(sold), 'guest'), 'guest')).toBeNull();
  });

  it('come to what the service makes of the same bill, whatever keys were pressed', () => {
    const step = fc.oneof(
      fc.constantFrom('set', 'soup', 'fish').map((code) => (cart: Cart) => addItem(cart, sold, code)),
      fc.constantFrom(...PORTIONS).map((portion) => (cart: Cart) => setPortion(cart, portion)),
      fc.integer({ min: 1, max: 4 }).map((quantity) => (cart: Cart) => setQuantity(cart, quantity)),
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const cart = steps.reduce((before, next) => next(before), freshCart(sold));
      expect(billOf(itemsOf(cart), 'lunch', true, kinds.prices)).toEqual({ ownFen: totalFen(cart) - othersFen(cart), othersFen: othersFen(cart) });
      expect(new Set(itemsOf(cart).map(({ quantity: _quantity, ...rest }) => JSON.stringify(rest))).size).toBe(cart.lines.length);
      const byGuest = billOf(itemsOf(cart), 'lunch', false, kinds.prices);
      expect(byGuest === 'half-not-sold').toBe(wrongFor(cart, 'guest') !== null);
      if (typeof byGuest !== 'string') expect(byGuest.ownFen + byGuest.othersFen).toBe(totalFen(cart, 'guest'));
    }), { numRuns: 500 });
  });
});
