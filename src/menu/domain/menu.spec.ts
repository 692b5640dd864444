import { civilDate, fen, type CivilDate, type Fen } from '../../kernel/index.js';
import { checkPriceList, type NewPriceList, type Price } from './price-list.js';
import { checkWeek, type MenuEntry } from './week.js';
import type { MealPeriod } from './words.js';

const day = (text: string): CivilDate => civilDate(text);
const today = day('2024-12-03');
const set: Price = { itemCode: 'set-a', mealPeriod: 'lunch', fen: fen(1300), elderSet: true };
const dish: Price = { itemCode: 'egg', mealPeriod: 'lunch', fen: fen(200), elderSet: false };
const list = (more: Partial<NewPriceList> = {}): NewPriceList => ({ effectiveFrom: day('2024-12-10'), filingNumber: '聊价备 1 号', filedOn: day('2024-12-02'), prices: [set, dish], ...more });
const caps = (capFen: number): Map<MealPeriod, Fen> => new Map([['lunch', fen(capFen)]]);
const check = (more: Partial<NewPriceList>, cap = caps(1300), last: CivilDate | null = null) => checkPriceList(list(more), cap, last, today)?.code ?? null;

describe('a price list', () => {
  it('takes effect with its filing', () => {
    expect(check({})).toBeNull();
    expect(check({ filingNumber: null, filedOn: null })).toBe('filing-missing');
    expect(check({ filingNumber: null, filedOn: null, prices: [dish] })).toBeNull();
    expect(check({ filedOn: null })).toBe('filing-incomplete');
    expect(check({ filedOn: day('2024-12-10') })).toBeNull();
    expect(check({ filedOn: day('2024-12-11') })).toBe('filing-too-late');
  });

  it('keeps elders’ sets, and only them, at or below the cap of their meal', () => {
    expect(check({}, caps(1299))).toBe('price-above-cap');
    expect(check({}, new Map([['dinner', fen(1)]]))).toBeNull();
    expect(check({ prices: [{ ...set, elderSet: false }] }, caps(1))).toBeNull();
  });

  it('names an item once a meal', () => {
    expect(check({ prices: [dish, { ...dish, mealPeriod: 'dinner' }] })).toBeNull();
    expect(check({ prices: [dish, { ...dish, fen: fen(250) }] })).toBe('price-repeated');
  });

  it('sells no half for more than the whole, whatever guests and relatives pay', () => {
    expect(check({ prices: [{ ...set, halfFen: fen(1300), guestFen: fen(0), relativeFen: fen(9900) }] })).toBeNull();
    expect(check({ prices: [{ ...set, halfFen: fen(1301) }] })).toBe('half-above-whole');
    expect(check({ prices: [{ ...set, halfFen: null, guestFen: null, relativeFen: null }] })).toBeNull();
  });

  it('follows the version before, from today on at the earliest', () => {
    const last = day('2024-12-01');
    expect(check({ effectiveFrom: day('2024-12-03') }, caps(1300), last)).toBeNull();
    expect(check({ effectiveFrom: day('2024-12-02') }, caps(1300), last)).toBe('price-list-backdated');
    expect(check({ effectiveFrom: day('2024-12-20') }, caps(1300), day('2024-12-20'))).toBe('price-list-not-after');
    expect(check({ effectiveFrom: day('2023-01-01'), filedOn: day('2022-12-01') })).toBeNull();
  });
});

describe('a week’s menu', () => {
  const entry = (mealDate: string, itemCode = 'egg'): MenuEntry => ({ mealDate: day(mealDate), mealPeriod: 'lunch', itemCode, portions: 30 });

  it('lies within its week, which is not over', () => {
    expect(checkWeek(day('2024-12-02'), [entry('2024-12-02'), entry('2024-12-08')], today)).toBeNull();
    expect(checkWeek(day('2024-12-03'), [entry('2024-12-03')], today)).toBe('menu-monday-wrong');
    expect(checkWeek(day('2024-12-02'), [entry('2024-12-09')], today)).toBe('menu-day-outside');
    expect(checkWeek(day('2024-11-25'), [entry('2024-11-25')], day('2024-12-01'))).toBeNull();
    expect(checkWeek(day('2024-11-25'), [entry('2024-11-25')], day('2024-12-02'))).toBe('menu-week-over');
  });

  it('names an item once a meal', () => {
    expect(checkWeek(day('2024-12-02'), [entry('2024-12-02'), entry('2024-12-02', 'rice')], today)).toBeNull();
    expect(checkWeek(day('2024-12-02'), [entry('2024-12-02'), entry('2024-12-02')], today)).toBe('menu-entry-repeated');
  });
});
