import { chinaTime, done, minusFen, refuse, sumFen, type CivilDate, type Fen, type Outcome } from '../kernel/index.js';
import { billOf, type PriceRow } from '../menu/domain/index.js';
import type { FieldCipher } from '../platform/index.js';
import type { MealPeriod } from '../subsidy/domain/index.js';
import { readHandle, readSlipCode } from './domain/index.js';
import type { EnteredSlip } from './entry.store.js';
import type { PaperSite } from './paper-site.store.js';
import { codeOf, monthDayOf } from './slip-keys.js';

/** What the canteen wrote on a slip that was used. */
export interface WrittenMeal {
  /** Who ate: one of the number on the sheet, the card (by its digest), or a guest. */
  readonly handle: string | null;
  readonly card: string | null;
  readonly guest: boolean;
  readonly mealPeriod: MealPeriod;
  readonly items: readonly { readonly itemCode: string; readonly quantity: number }[];
  readonly takenFen: Fen;
}

/** A row of a batch; without a meal the slip was spoilt. */
export interface AskedRow {
  readonly code: string;
  readonly meal: WrittenMeal | null;
}

/** What rows are checked against. */
export interface RowFacts {
  readonly cityCode: string;
  readonly site: PaperSite;
  readonly mealDate: CivilDate;
  /** The last number that was printed. */
  readonly printed: number;
  readonly slips: ReadonlyMap<number, EnteredSlip>;
  /** Cards of the elders behind numbers of the sheet. */
  readonly handles: ReadonlyMap<number, string>;
  readonly cards: ReadonlySet<string>;
  readonly prices: readonly PriceRow[];
  /** The county may enter a slip that was called spoilt by mistake. */
  readonly isCounty: boolean;
}

/** A row that may be written. */
export interface GoodRow {
  readonly number: number;
  readonly attempt: number;
  readonly meal: (Pick<WrittenMeal, 'mealPeriod' | 'items' | 'takenFen'> & { readonly card: string | null; readonly openFen: Fen }) | null;
}

/**
 * Checks one row by itself.
 * @returns `slip-code-wrong`, `slip-other-sheet`, `slip-code-forged`, `slip-entered-before`, `slip-spoilt-before`, and why the meal is none
 */
export function checkRow(cipher: FieldCipher, facts: RowFacts, { code, meal }: AskedRow): Outcome<GoodRow> {
  const number = slipNumber(cipher, facts, code);
  if (!number.ok) return number;
  const before = facts.slips.get(number.value);
  if (before !== undefined) {
    const named = { number: before.number, batch: before.batchNo, at: enteredWords(before) };
    if (before.kind === 'meal') return refuse('slip-entered-before', named);
    if (before.kind === 'spoilt' && (meal === null || !facts.isCounty)) return refuse(meal === null ? 'slip-entered-before' : 'slip-spoilt-before', named);
  }
  const attempt = (before?.attempt ?? 0) + 1;
  if (meal === null) return done({ number: number.value, attempt, meal: null });
  const checked = checkMeal(facts, meal);
  return checked.ok ? done({ number: number.value, attempt, meal: checked.value }) : checked;
}

function slipNumber(cipher: FieldCipher, { cityCode, site, mealDate, printed }: RowFacts, code: string): Outcome<number> {
  const read = readSlipCode(code);
  if (read === null) return refuse('slip-code-wrong');
  if (read.siteNo !== site.siteNo || read.monthDay !== monthDayOf(mealDate)) return refuse('slip-other-sheet');
  const { number } = read;
  const real = readSlipCode(codeOf(cipher, { cityCode, site, mealDate, number }));
  return real?.secret !== read.secret || number < 1 || number > printed ? refuse('slip-code-forged') : done(number);
}

function checkMeal(facts: RowFacts, { mealPeriod, items, takenFen, ...who }: WrittenMeal): Outcome<GoodRow['meal']> {
  const card = cardOf(facts, who);
  if (!card.ok) return card;
  const bill = billOf(items, mealPeriod, card.value !== null, facts.prices);
  if (typeof bill === 'string') return refuse('slip-item-unknown');
  const priceFen = sumFen([bill.ownFen, bill.othersFen]);
  if (takenFen > priceFen) return refuse('slip-taken-too-much', { takenFen, priceFen });
  return done({ mealPeriod, items, takenFen, card: card.value, openFen: minusFen(priceFen, takenFen) });
}

function cardOf({ handles, cards }: RowFacts, { handle, card, guest }: Pick<WrittenMeal, 'handle' | 'card' | 'guest'>): Outcome<string | null> {
  if (Number(handle !== null) + Number(card !== null) + Number(guest) !== 1) return refuse('slip-who-wrong');
  if (card !== null) return cards.has(card) ? done(card) : refuse('slip-card-unknown');
  if (handle === null) return done(null);
  const handleNo = readHandle(handle);
  if (handleNo === null) return refuse('slip-handle-wrong');
  const found = handles.get(handleNo);
  return found === undefined ? refuse('slip-handle-unknown', { handle }) : done(found);
}

/** When it was entered, as people in China read it, to the minute. */
function enteredWords({ enteredAt }: Pick<EnteredSlip, 'enteredAt'>): string {
  return chinaTime(enteredAt).slice(0, 16).replace('T', ' ');
}

