import type { components } from '../../lib/api.gen.js';
import type { MealPeriod, TapItem, Tender } from '../journal/entry.js';

export type Price = components['schemas']['NamedPrice'];
export type PriceList = components['schemas']['PriceListAnswer'];

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
  readonly fen: number;
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

const lineOf = (price: Price, quantity: number): Line => ({ itemCode: price.itemCode, name: price.name, fen: price.fen, quantity });

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
  const others = cart.lines.filter((line) => line.itemCode !== itemCode);
  const quantity = Math.min(MOST_OF_ONE, (cart.lines.find((line) => line.itemCode === itemCode)?.quantity ?? 0) + 1);
  // What was chosen last stands last: the quantity key means it.
  return { ...cart, lines: [...others, lineOf(price, quantity)] };
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

export function turnTender(cart: Cart): Cart {
  return { ...cart, tender: cart.tender === 'cash' ? 'code' : 'cash' };
}

/** The bill at the prices of the list, in fen. */
export function totalFen(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.fen * line.quantity, 0);
}

/** How many meals or dishes the bill has. */
export function countOf(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** What the journal keeps of a cart. */
export function itemsOf(cart: Cart): TapItem[] {
  return cart.lines.map(({ itemCode, quantity }) => ({ itemCode, quantity }));
}
