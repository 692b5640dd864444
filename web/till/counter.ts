import { addItem, dropLine, freshCart, itemsOf, setQuantity, totalFen, turnTender, type Cart, type Offer } from './cart/cart.js';
import type { Decide } from './decide.js';
import type { Entry, MealPeriod, Sale } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import type { Journal } from './journal/journal.js';
import type { Sender } from './journal/sender.js';
import type { Sounds } from './sound.js';
import { lastSale, type Board, type Outcome } from './view.js';
import { CARD_TROUBLE, VOID_REASONS } from './words.js';

/** So long an answer is waited for while somebody stands at the counter. */
const PATIENCE_MS = 3_000;
/** So long a good outcome stays in sight. */
const SHOWN_MS = 6_000;

const NOT_KEPT: Outcome = { is: 'wait', sentence: '断网，本机又不能长期保存，暂时不能收款', next: '请等网络恢复，或把本页安装到桌面。' };

const NOT_WRITTEN: Outcome = { is: 'wait', sentence: '本机没有存下这一笔，没有记账', next: '请重试；再不行，换一台收银机并联系管理员。' };

/** What a counter works with. */
export interface Tools {
  readonly board: Board;
  readonly journal: Journal;
  readonly sender: Sender;
  readonly sounds: Pick<Sounds, 'play'>;
  readonly decide: Decide;
}

/** The counter: what keys, cards and touches do while a till sells. */
export class Counter {
  private line: Promise<unknown> = Promise.resolve();
  private before: Cart | null = null;
  private freed: (() => void) | undefined;
  private clearing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tools: Tools) {}

  private get view() {
    return this.tools.board.view();
  }

  private get isSelling(): boolean {
    return this.view.phase === 'selling' && this.view.role === 'writer';
  }

  /** A key of the number pad or of the screen. */
  press(key: string): void {
    if (!this.isSelling) return;
    const { mode, outcome, cart, offer } = this.view;
    if (outcome.is === 'wait') {
      if (key === 'Enter') this.dismiss();
      return;
    }
    if (mode.is === 'void') return this.pressVoid(key);
    if (mode.is === 'quantity' && this.pressQuantity(key, mode.typed)) return;
    if (cart === null || offer === null) return;
    if (/^[1-9]$/.test(key)) return this.pick(offer.items[Number(key) - 1]?.itemCode ?? '');
    if (key === '0') return this.tools.board.show({ cart: turnTender(cart) });
    if (key === '*') return this.tools.board.show({ mode: { is: 'quantity', typed: '' } });
    if (key === '.') return this.repeat();
    if (key === '-') return this.askVoid();
    if (key === '+') return this.turnGroup();
    if (key === 'Escape' || key === 'Backspace') return this.reset();
    if (key === 'Enter') this.sell({ kind: 'guest' });
  }

  /** A card was read. */
  scan(number: string): void {
    if (!this.isSelling) return;
    if (this.view.outcome.is === 'wait') return this.tools.sounds.play('wait');
    this.sell({ kind: 'card', number });
  }

  /** A card was taken away too early: nothing was sold. */
  torn(): void {
    if (this.isSelling && this.view.outcome.is !== 'wait') this.end({ is: 'wait', sentence: '没有读完整', next: '没有记账。按“确认”，再刷一次。' });
  }

  pick(itemCode: string): void {
    const { cart, offer } = this.view;
    if (cart !== null && offer !== null) this.tools.board.show({ cart: addItem(cart, offer, itemCode), mode: { is: 'sell' } });
  }

  drop(itemCode: string): void {
    if (this.view.cart !== null) this.tools.board.show({ cart: dropLine(this.view.cart, itemCode) });
  }

  turnPeriod(): void {
    const { periods, offer } = this.view;
    const next = periods[(periods.indexOf(offer?.mealPeriod ?? 'lunch') + 1) % Math.max(1, periods.length)];
    if (next !== undefined) this.onPeriod(next);
  }

  /** Called with the period to turn to; the till knows the price list. */
  onPeriod: (period: MealPeriod) => void = () => undefined;

  /** Sells by another list or meal from now on. */
  offer(offer: Offer): void {
    this.tools.board.show({ offer, cart: freshCart(offer) });
  }

  dismiss(): void {
    this.tools.board.show({ outcome: { is: 'none' } });
    this.freed?.();
    this.freed = undefined;
  }

  private reset(): void {
    const { offer, cart } = this.view;
    if (offer !== null) this.tools.board.show({ cart: freshCart(offer, cart?.tender), mode: { is: 'sell' } });
  }

  private repeat(): void {
    if (this.before !== null) this.tools.board.show({ cart: { ...this.before, untouched: false }, mode: { is: 'sell' } });
  }

  private turnGroup(): void {
    this.tools.board.show({ group: this.view.group === null ? 0 : null });
    if (this.view.group === null) this.reset();
  }

  private askVoid(): void {
    if (lastSale(this.view) !== null) this.tools.board.show({ mode: { is: 'void' } });
  }

  private pressVoid(key: string): void {
    const reason = VOID_REASONS[Number(key) - 1];
    if (reason !== undefined) this.takeBack(reason);
    else if (['-', 'Escape', 'Backspace'].includes(key)) this.tools.board.show({ mode: { is: 'sell' } });
  }

  /** @returns whether the key belonged to the quantity */
  private pressQuantity(key: string, typed: string): boolean {
    if (/^\d$/.test(key)) {
      if (typed.length < 2) this.tools.board.show({ mode: { is: 'quantity', typed: typed + key } });
      return true;
    }
    const { cart } = this.view;
    this.tools.board.show({ mode: { is: 'sell' }, ...(cart === null || typed === '' ? {} : { cart: setQuantity(cart, Number(typed)) }) });
    return ['Enter', '*', 'Escape', 'Backspace'].includes(key);
  }

  /** One after the other: while one is answered, the next card may be read already. Nothing passes who has to wait. */
  private inLine(work: () => Promise<void>): void {
    this.line = this.line.then(() => this.free()).then(work).catch(() => this.end(NOT_WRITTEN));
  }

  private free(): Promise<void> {
    return this.view.outcome.is === 'wait' ? new Promise((done) => (this.freed = done)) : Promise.resolve();
  }

  private sell(credential: Sale['credential']): void {
    const { cart, offer, link, kept } = this.view;
    if (cart === null || offer === null || cart.lines.length === 0) return;
    if (link.is === 'stopped') return this.end({ is: 'wait', sentence: link.sentence, next: '没有记账。处理好之前不能收款。' });
    if (link.is !== 'online' && !kept) return this.end(NOT_KEPT);
    this.before = cart;
    if (this.view.group === null) this.reset();
    this.inLine(() => this.sellNow(credential, cart, offer));
  }

  private async sellNow(credential: Sale['credential'], cart: Cart, offer: Offer): Promise<void> {
    const { board, journal, decide } = this.tools;
    const priceFen = totalFen(cart);
    const holder = credential.kind;
    const asked = { credential, items: itemsOf(cart), priceListVersion: offer.priceListVersion, mealPeriod: offer.mealPeriod, tender: cart.tender };
    const shown = await decide(asked, priceFen);
    board.show({ outcome: { is: 'busy' } });
    const about = { kind: 'sale', holder, items: asked.items, mealPeriod: asked.mealPeriod, tender: asked.tender, priceFen } as const;
    const entry = await journal.sell({ ...asked, ...(shown === null ? {} : { shown }) }, about);
    this.add(entry);
    const fate = await this.answer(entry);
    const payFen = fate.is === 'accepted' ? fate.selfPayFen : (shown?.selfPayFen ?? priceFen);
    if (fate.is === 'refused') return this.end({ is: 'wait', sentence: fate.sentence, next: '按“确认”继续。' });
    if (fate.is === 'blocked') return this.end({ is: 'wait', sentence: fate.sentence, next: '这一笔留在本机，请联系负责人。' });
    // The sale stands on the disk whether this note does or not.
    await journal.note(entry.number, { takenFen: payFen }).catch(() => undefined);
    this.add({ ...entry, takenFen: payFen });
    if (board.view().group !== null) board.show({ group: (board.view().group ?? 0) + 1 });
    const trouble = fate.is === 'accepted' && fate.code !== null ? CARD_TROUBLE[fate.code] : undefined;
    if (trouble !== undefined) return this.end({ is: 'wait', ...trouble, payFen });
    this.end({ is: 'done', number: entry.number, payFen, open: fate.is === 'unsent' && shown === null, tender: cart.tender, holder, second: false });
  }

  /** What the service says to an entry, or that it says nothing for the moment. */
  private async answer(entry: Entry): Promise<Fate> {
    const { sender } = this.tools;
    if (sender.state.is !== 'online') return entry.fate;
    const fate = sender.fateOf(entry.number, PATIENCE_MS);
    void sender.kick();
    return (await fate) ?? entry.fate;
  }

  /** Takes the last sale back. */
  takeBack(reason: string): void {
    const sale = lastSale(this.view);
    this.tools.board.show({ mode: { is: 'sell' } });
    if (sale === null) return;
    this.inLine(async () => {
      this.tools.board.show({ outcome: { is: 'busy' } });
      const entry = await this.tools.journal.takeBack({ tapId: sale.id, reason });
      this.add(entry);
      const fate = await this.answer(entry);
      if (fate.is === 'blocked') return this.end({ is: 'wait', sentence: fate.sentence, next: '没有撤销。请联系负责人。' });
      const returnFen = sale.takenFen ?? (fate.is === 'taken-back' ? fate.returnedFen : 0);
      this.end({ is: 'back', number: sale.number, returnFen });
    });
  }

  private end(outcome: Outcome): void {
    const { board, sounds } = this.tools;
    clearTimeout(this.clearing);
    board.show({ outcome });
    sounds.play(outcome.is === 'wait' ? 'wait' : 'ok');
    if (outcome.is !== 'wait') this.clearing = setTimeout(() => board.view().outcome === outcome && this.dismiss(), SHOWN_MS);
  }

  /** Puts an entry into the list, or what is known of it now in its place. */
  add(entry: Entry): void {
    const { board } = this.tools;
    const { sealed: _sealed, ...listed } = entry;
    const { entries } = board.view();
    const known = entries.find((one) => one.number === entry.number);
    if (known === undefined) return board.show({ entries: [...entries, listed] });
    // A fate once told is not taken back by an older copy, nor is what was noted at the counter.
    const fate = known.fate.is !== 'unsent' && listed.fate.is === 'unsent' ? known.fate : listed.fate;
    const merged = { ...listed, fate, takenFen: listed.takenFen ?? known.takenFen, returned: listed.returned || known.returned };
    board.show({ entries: entries.map((one) => (one.number === entry.number ? merged : one)) });
  }
}
