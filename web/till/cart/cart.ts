import { portionFen, type PriceKinds } from '../../../src/menu/domain/bill.js';
import type { components } from '../../lib/api.gen.js';
import type { MealPeriod, TapItem, Tender } from '../journal/entry.js';

export type Price = Omit<components['schemas']['NamedPrice'], keyof PriceKinds> & PriceKinds;
export type PriceList = Omit<components['schemas']['PriceListAnswer'], 'prices'> & { readonly prices: readonly Price[] };

/** Whose a line is, and how much of it: the whole or half of whoever stands there, a relative's or a guest's who eats along. */
export const PORTIONS = ['own', 'half', 'relative', 'guest'] as const;
export type Portion = (typeof PORTIONS)[number];

/** What stands beside a dish on the bill, on receipts and in lists; nothing for a whole portion of one's own. */
export const PORTION_WORDS: Readonly<Record<Portion, string>> = { own: '', half: '半份', relative: '亲属', guest: '散客' };

/** What a till sells at one meal. */
export interface Offer {
  readonly priceListVersion: number;
  readonly mealPeriod: MealPeriod;
  /** In the order of their keys. */
  readonly items: readonly Price[];
  /** Selected before anybody does anything: what most people eat. */
  readonly usual: string | null;
}

export interface Line extends TapItem {
  readonly name: string;
  /** Of one portion, where a card holder pays. */
  readonly fen: number;
  readonly price: Price;
}

/** What is being sold. */
export interface Cart {
  readonly lines: readonly Line[];
  /** Nobody chose anything yet: the usual set lies in it, and the first choice takes its place. */
  readonly untouched: boolean;
  readonly tender: Tender;
}

export const MOST_OF_ONE = 99;

const PERIOD_ORDER: readonly MealPeriod[] = ['breakfast', 'lunch', 'dinner'];

/** The meals that a price list sells, in the order of the day. */
export function periodsOf(list: PriceList): MealPeriod[] {
  return PERIOD_ORDER.filter((period) => list.prices.some((price) => price.mealPeriod === period));
}

/** The meal of the hour, among those that are sold. @param minute since midnight in China */
export function periodAt(list: PriceList, minute: number): MealPeriod | null {
  const sold = periodsOf(list);
  const wished: MealPeriod = minute < 10 * 60 ? 'breakfast' : minute < 15 * 60 + 30 ? 'lunch' : 'dinner';
  return sold.find((period) => period === wished) ?? sold.find((period) => period === 'lunch') ?? sold[0] ?? null;
}

/** What is sold at a meal: elders' sets first, the first of them preselected. */
export function offerOf(list: PriceList, mealPeriod: MealPeriod): Offer {
  const sold = list.prices.filter((price) => price.mealPeriod === mealPeriod);
  const items = [...sold.filter((price) => price.elderSet), ...sold.filter((price) => !price.elderSet)];
  return { priceListVersion: list.version, mealPeriod, items, usual: items[0]?.itemCode ?? null };
}

/** What the deed says of a portion. */
const saidOf = (portion: Portion): Pick<TapItem, 'half' | 'for'> => (portion === 'own' ? {} : portion === 'half' ? { half: true } : { for: portion });

/** Which portion an item of a sale is. */
export function portionOf({ half, for: eater }: Pick<TapItem, 'half' | 'for'>): Portion {
  return half === true ? 'half' : (eater ?? 'own');
}

function lineOf(price: Price, quantity: number, portion: Portion = 'own'): Line {
  const said = saidOf(portion);
  return { itemCode: price.itemCode, quantity, ...said, name: price.name, fen: portionFen(price, said, true) ?? price.fen, price };
}

const isSame = (a: TapItem, b: TapItem): boolean => a.itemCode === b.itemCode && portionOf(a) === portionOf(b);

/** A cart with the usual set in it. */
export function freshCart(offer: Offer, tender: Tender = 'cash'): Cart {
  const usual = offer.items.find((item) => item.itemCode === offer.usual);
  return { lines: usual === undefined ? [] : [lineOf(usual, 1)], untouched: true, tender };
}

/** One more of an item; the first choice takes the place of the preselected set. An item that is not sold changes nothing. */
export function addItem(cart: Cart, offer: Offer, itemCode: string): Cart {
  const price = offer.items.find((item) => item.itemCode === itemCode);
  if (price === undefined) return cart;
  if (cart.untouched) return { ...cart, untouched: false, lines: [lineOf(price, 1)] };
  return withLast(cart, cart.lines, lineOf(price, 1));
}

/** Puts a line last, together with what is there of the same: the keys for quantity and portion mean what was chosen last. */
function withLast(cart: Cart, lines: readonly Line[], line: Line): Cart {
  const same = lines.find((one) => isSame(one, line));
  const quantity = Math.min(MOST_OF_ONE, line.quantity + (same?.quantity ?? 0));
  return { ...cart, untouched: false, lines: [...lines.filter((one) => one !== same), { ...line, quantity }] };
}

/** The portions that the line chosen last may be, each with its price; null for one that is not sold. */
export function portionsOf(cart: Cart): { readonly portion: Portion; readonly fen: number | null }[] {
  const last = cart.lines.at(-1);
  return last === undefined ? [] : PORTIONS.map((portion) => ({ portion, fen: portionFen(last.price, saidOf(portion), true) }));
}

/** Makes the line chosen last another portion. One that is not sold changes nothing. */
export function setPortion(cart: Cart, portion: Portion): Cart {
  const last = cart.lines.at(-1);
  if (last === undefined || portionFen(last.price, saidOf(portion), true) === null) return cart;
  return withLast(cart, cart.lines.slice(0, -1), lineOf(last.price, last.quantity, portion));
}

/** Sets how many of the line chosen last; none takes it out. */
export function setQuantity(cart: Cart, quantity: number): Cart {
  const last = cart.lines.at(-1);
  if (last === undefined || !Number.isInteger(quantity) || quantity < 0) return cart;
  const before = cart.lines.slice(0, -1);
  const lines = quantity === 0 ? before : [...before, { ...last, quantity: Math.min(MOST_OF_ONE, quantity) }];
  return { ...cart, untouched: false, lines };
}

/** Takes a line out. */
export function dropLine(cart: Cart, itemCode: string): Cart {
  return { ...cart, untouched: false, lines: cart.lines.filter((line) => line.itemCode !== itemCode) };
}

/** The next tender. @param withBalance whether prepaid balances are offered, and the service can be asked */
export function turnTender(cart: Cart, withBalance = false): Cart {
  return { ...cart, tender: cart.tender === 'cash' ? 'code' : cart.tender === 'code' && withBalance ? 'balance' : 'cash' };
}

/** The bill at the prices of the list, in fen. @param holder who pays it; halves, which no guest gets, count as the card holder's */
export function totalFen(cart: Cart, holder: 'card' | 'guest' = 'card'): number {
  return cart.lines.reduce((sum, line) => sum + (holder === 'card' ? line.fen : (portionFen(line.price, line, false) ?? line.fen)) * line.quantity, 0);
}

/** What of the bill relatives and guests eat along with a card holder, in fen: it is paid whole, whatever the rules give. */
export function othersFen(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + (line.for === undefined ? 0 : line.fen * line.quantity), 0);
}

/** What keeps a bill from being sold like this, or null: a card needs a meal of its holder's, a guest gets no halves. */
export function wrongFor(cart: Cart, holder: 'card' | 'guest'): 'no-own-item' | 'half-not-sold' | null {
  if (holder === 'guest') return cart.lines.some((line) => line.half === true) ? 'half-not-sold' : null;
  return cart.lines.every((line) => line.for !== undefined) ? 'no-own-item' : null;
}

/** How many meals or dishes the bill has. */
export function countOf(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** What the journal keeps of a cart. */
export function itemsOf(cart: Cart): TapItem[] {
  return cart.lines.map((line) => ({ itemCode: line.itemCode, quantity: line.quantity, ...saidOf(portionOf(line)) }));
}
