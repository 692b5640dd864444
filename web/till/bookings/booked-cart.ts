import { setQuantity, addItem, type Cart, type Offer } from '../cart/cart.js';
import type { TillBooking } from '../../../src/till/domain/booked.js';
import type { Outcome } from '../view.js';
import type { Found } from './bookings.js';

/** The bill of a booking at this till's prices; null where something of it is not sold here now. */
export function bookedCart({ i, p }: Pick<TillBooking, 'i' | 'p'>, offer: Offer, tender: Cart['tender']): Cart | null {
  if (p !== offer.mealPeriod || i.some(({ itemCode }) => !offer.items.some((item) => item.itemCode === itemCode))) return null;
  const empty: Cart = { lines: [], untouched: false, tender };
  return i.reduce((cart, { itemCode, quantity }) => setQuantity(addItem(cart, offer, itemCode), quantity), empty);
}

const NEXT = '没有记账。按“确认”，请老人刷卡，或在“今日预订”里核对取餐号。';

/** What a code that cannot be used comes to, in one sentence. */
export const CODE_TROUBLE: Readonly<Record<Exclude<Found, { ok: true }>['why'], Outcome>> = {
  unread: { is: 'wait', sentence: '取餐码没有读对', next: '没有记账。按“确认”，再扫一次或核对印着的码。' },
  unknown: { is: 'wait', sentence: '没有找到这份预订', next: NEXT },
  used: { is: 'wait', sentence: '这份预订已经取过了', next: '没有记账。按“确认”；要另买一份，请刷卡或按散客收。' },
  'given-up': { is: 'wait', sentence: '这份预订已过取餐时间', next: '没有记账。按“确认”，还有餐就请老人刷卡购买。' },
  'other-day': { is: 'wait', sentence: '这份预订不是今天的', next: NEXT },
};

export const NOT_THIS_MEAL: Outcome = { is: 'wait', sentence: '这份预订不是这一餐的，或价目已变', next: '没有记账。按“确认”，先切换餐次，或按订的餐品点好再刷卡。' };
