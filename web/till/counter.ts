import { NOT_BY_BALANCE, takeBackUnanswered, tellBalance } from './balance.js';
import { bookedCart, CODE_TROUBLE, NOT_THIS_MEAL } from './bookings/booked-cart.js';
import { isPickUp, type Bookings } from './bookings/bookings.js';
import { addItem, freshCart, PORTIONS, setPortion, setQuantity, turnTender, wrongFor, type Cart, type Offer } from './cart/cart.js';
import { PASS_HEAD } from './cart/wedge.js';
import { CODE_NEEDS_NETWORK, eaterByCode, eaterByPass, type Eating, type Redeemed } from './codes.js';
import type { Entry, MealPeriod, Sale } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import type { Journal } from './journal/journal.js';
import type { Sender } from './journal/sender.js';
import { isPayCode, NOT_BY_WECHAT, PAY_CODE_FIRST, type PayDesk } from './paying.js';
import type { People } from './people/people.js';
import type { Roster } from './roster/roster.js';
import { SaleDesk, type SaleTools } from './sale.js';
import type { Sounds } from './sound.js';
import type { TillBooking } from '../../src/till/domain/booked.js';
import { lastSale, type Outcome } from './view.js';
import { VOID_REASONS } from './words.js';
import { looksLikeEatingCode } from '../../src/till/domain/eating-code.js';

/** So long an answer is waited for while somebody stands at the counter. */
const PATIENCE_MS = 3_000;
/** So long a good outcome stays in sight. */
const SHOWN_MS = 6_000;

const NOT_KEPT: Outcome = { is: 'wait', sentence: '断网，本机又不能长期保存，暂时不能收款', next: '请等网络恢复，或把本页安装到桌面。' };

/** The longest code that is typed; see `readEatingCode`. */
const MOST_CODE_DIGITS = 16;

const NOT_ENTERED: Outcome = { is: 'wait', sentence: '断网时不能代记', next: '没有记账。可以按原价收，或等网络恢复后再查找。' };

const NOT_WRITTEN: Outcome = { is: 'wait', sentence: '本机没有存下这一笔，没有记账', next: '请重试；再不行，换一台收银机并联系管理员。' };

/** What keeps a bill from being sold to whoever stands there. */
const WRONG_BILL: Readonly<Record<'no-own-item' | 'half-not-sold', Outcome>> = {
  'no-own-item': { is: 'wait', sentence: '账单里没有持卡人自己的餐', next: '没有记账。按“确认”，再按 / 0 把一份改成本人的；都是旁人的就不刷卡，直接按“确认”收款。' },
  'half-not-sold': { is: 'wait', sentence: '半份只卖给持卡老人', next: '没有记账。按“确认”，再按 / 0 改成整份。' },
};

/** What a counter works with. */
export interface Tools extends SaleTools {
  readonly journal: Journal;
  readonly sender: Sender;
  readonly sounds: Pick<Sounds, 'play'>;
  readonly people: Pick<People, 'press' | 'scanned' | 'presenceFor' | 'behind'>;
  readonly roster: Pick<Roster, 'readPass' | 'siteTrouble'>;
  readonly bookings: Pick<Bookings, 'byCode' | 'byCard' | 'byHandle' | 'refresh' | 'lines'>;
  readonly paying: Pick<PayDesk, 'collect' | 'scan' | 'giveUp'>;
  /** Whose an elder's code is. @throws Away, and Refused with the reason */
  readonly redeem: (code: string, mealPeriod: MealPeriod) => Promise<Redeemed>;
  /** What a card's balance holds, in fen. @throws Away, and Refused with the reason */
  readonly balanceOf: (number: string) => Promise<number>;
}

/** The counter: what keys, cards and touches do while a till sells. */
export class Counter {
  private line: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private before: Cart | null = null;
  private freed: (() => void) | undefined;
  private clearing: ReturnType<typeof setTimeout> | undefined;

  private readonly desk: SaleDesk;

  constructor(private readonly tools: Tools) {
    this.desk = new SaleDesk(tools, (entry) => this.add(entry));
  }

  private get view() {
    return this.tools.board.view();
  }

  /** Whether a sale or a void is under way. */
  get isBusy(): boolean {
    return this.waiting > 0;
  }

  private get isSelling(): boolean {
    return this.view.phase === 'selling' && this.view.role === 'writer' && this.view.people.lock === null;
  }

  /** A key of the number pad or of the screen. */
  press(key: string): void {
    if (!this.isSelling) return;
    const { mode, outcome, cart, offer, paying } = this.view;
    if (paying !== null) return ['Escape', 'Backspace'].includes(key) ? this.tools.paying.giveUp() : undefined;
    if (outcome.is === 'wait') {
      if (key === 'Enter') this.dismiss();
      return;
    }
    if (this.tools.people.press(key)) return;
    if (mode.is === 'void') return this.pressVoid(key);
    if (mode.is === 'portion') return this.pressPortion(key);
    if (mode.is === 'code') return this.pressCode(key, mode.typed);
    if (mode.is === 'balance') return this.tools.board.show({ mode: { is: 'sell' } });
    if (mode.is === 'quantity' && this.pressQuantity(key, mode.typed)) return;
    if (cart === null || offer === null) return;
    if (/^[1-9]$/.test(key)) return this.pick(offer.items[Number(key) - 1]?.itemCode ?? '');
    if (key === '0') return this.tools.board.show({ cart: turnTender(cart, this.view.prepayment && this.view.link.is === 'online') });
    if (key === '*') return this.tools.board.show({ mode: { is: 'quantity', typed: '' } });
    if (key === '/') return this.askPortion();
    if (key === '.') return this.repeat();
    if (key === '-') return this.askVoid();
    if (key === '+') return this.turnGroup();
    if (key === 'Escape' || key === 'Backspace') return this.reset();
    if (key === 'Enter' && cart.tender === 'balance') return this.tools.board.show({ mode: { is: 'balance', says: null } });
    if (key === 'Enter') this.sell({ kind: 'guest' });
  }

  /** A card was read. */
  scan(number: string): void {
    if (!this.isSelling) return;
    if (this.view.outcome.is === 'wait') return this.tools.sounds.play('wait');
    if (this.view.paying !== null) return this.tools.paying.scan(number) ? undefined : this.tools.sounds.play('wait');
    if (this.tools.people.scanned(number)) return;
    if (this.view.mode.is === 'balance') return this.inLine(() => tellBalance(this.tools.board, this.tools.balanceOf, number));
    if (number.startsWith(PASS_HEAD)) return this.inLine(() => this.showPass(number));
    if (isPickUp(number)) return this.handOut(number);
    if (looksLikeEatingCode(number)) return this.sellByCode(number);
    if (this.view.payCode && isPayCode(number)) return this.end(PAY_CODE_FIRST);
    this.sell({ kind: 'card', number });
  }

  /** An elder's code was read or typed: it is sold to like to the card. */
  private sellByCode(code: string): void {
    const { offer, link } = this.view;
    if (offer === null) return;
    if (link.is !== 'online') return this.end(CODE_NEEDS_NETWORK);
    this.sellOnce('code', () => eaterByCode(this.tools.redeem, code, offer.mealPeriod));
  }

  /** Opens the digits of a code, for whoever cannot be scanned. */
  typeCode(): void {
    if (this.isSelling && this.view.outcome.is !== 'wait' && this.view.paying === null) this.tools.board.show({ mode: { is: 'code', typed: '' } });
  }

  private pressCode(key: string, typed: string): void {
    if (/^\d$/.test(key)) return this.tools.board.show({ mode: { is: 'code', typed: (typed + key).slice(0, MOST_CODE_DIGITS) } });
    if (key === '-' || key === 'Backspace') return this.tools.board.show({ mode: { is: 'code', typed: typed.slice(0, -1) } });
    if (key !== 'Enter' && key !== 'Escape') return;
    this.tools.board.show({ mode: { is: 'sell' } });
    if (key === 'Enter' && typed !== '') this.sellByCode(typed);
  }

  /** A signed pass stands for the card of its holder; one that does not makes a stranger's card known, which comes after it. */
  private async showPass(text: string): Promise<void> {
    const eater = eaterByPass(await this.tools.roster.readPass(text), this.view.entries);
    if ('is' in eater) return this.end(eater);
    if ('credential' in eater) return this.sellOnce('code', async () => eater);
    this.tools.board.show({ person: eater, outcome: { is: 'none' } });
    this.tools.sounds.play('ok');
  }

  /** A card was taken away too early: nothing was sold. */
  torn(): void {
    if (this.isSelling && this.view.outcome.is !== 'wait') this.end({ is: 'wait', sentence: '没有读完整', next: '没有记账。按“确认”，再刷一次。' });
  }

  pick(itemCode: string): void {
    const { cart, offer } = this.view;
    if (cart !== null && offer !== null) this.tools.board.show({ cart: addItem(cart, offer, itemCode), mode: { is: 'sell' } });
  }

  turnPeriod(): void {
    const { periods, offer } = this.view;
    const next = periods[(periods.indexOf(offer?.mealPeriod ?? 'lunch') + 1) % Math.max(1, periods.length)];
    if (next !== undefined) this.onPeriod(next);
  }

  /** Called with the period to turn to; the till knows the price list. */
  onPeriod: (period: MealPeriod) => void = () => undefined;

  dismiss(): void {
    this.tools.board.show({ outcome: { is: 'none' }, person: null });
    this.freed?.();
    this.freed = undefined;
  }

  private reset(): void {
    const { offer, cart } = this.view;
    if (offer !== null) this.tools.board.show({ cart: freshCart(offer, cart?.tender === 'balance' ? 'cash' : cart?.tender), mode: { is: 'sell' } });
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

  private askPortion(): void {
    if ((this.view.cart?.lines.length ?? 0) > 0) this.tools.board.show({ mode: { is: 'portion' } });
  }

  private pressPortion(key: string): void {
    const portion = /^\d$/.test(key) ? PORTIONS[Number(key)] : undefined;
    const { cart } = this.view;
    if (portion !== undefined && cart !== null) this.tools.board.show({ cart: setPortion(cart, portion), mode: { is: 'sell' } });
    else if (['/', 'Enter', 'Escape', 'Backspace'].includes(key)) this.tools.board.show({ mode: { is: 'sell' } });
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
    this.waiting += 1;
    this.line = this.line.then(() => this.free()).then(work).catch(() => this.end(NOT_WRITTEN)).finally(() => {
      this.waiting -= 1;
    });
  }

  private free(): Promise<void> {
    return this.view.outcome.is === 'wait' ? new Promise((done) => (this.freed = done)) : Promise.resolve();
  }

  /** Sells what is on the bill to somebody who was found without a card. */
  sellEntered(credential: Sale['credential']): void {
    // What stands for the card holds for ten minutes and is looked at afterwards: it is no matter for a till by itself.
    if (this.view.link.is !== 'online') return this.end(NOT_ENTERED);
    this.sell(credential);
  }

  private sell(credential: Sale['credential']): void {
    this.sellOnce(credential.kind, async () => ({ credential }));
  }

  /** @param who found once it is their turn; the bill is theirs from now on */
  private sellOnce(kind: Sale['credential']['kind'], who: () => Promise<Eating | Outcome>): void {
    const { cart, offer } = this.view;
    if (cart === null || offer === null || cart.lines.length === 0) return;
    const wrong = wrongFor(cart, kind === 'guest' ? 'guest' : 'card');
    const trouble = wrong === null ? this.hindrance() : WRONG_BILL[wrong];
    if (trouble !== null) return this.end(trouble);
    if (cart.tender === 'balance' && this.view.link.is !== 'online') {
      this.tools.board.show({ cart: { ...cart, tender: 'cash' } });
      return this.end(NOT_BY_BALANCE);
    }
    if (cart.tender === 'code' && this.view.payCode && this.view.link.is !== 'online') {
      this.tools.board.show({ cart: { ...cart, tender: 'cash' } });
      return this.end(NOT_BY_WECHAT);
    }
    this.before = { ...cart, tender: cart.tender === 'balance' ? 'cash' : cart.tender };
    // A balance is asked for each time anew: nobody pays by one because whoever came before did.
    if (this.view.group === null || cart.tender === 'balance') this.reset();
    this.inLine(async () => {
      this.tools.board.show({ outcome: { is: 'busy' }, handed: null });
      const eating = await who();
      if ('credential' in eating) return this.sellNow(eating, cart, offer);
      this.tools.board.show({ cart });
      this.end(eating);
    });
  }

  /** What keeps this till from selling at all just now, or null. */
  private hindrance(): Outcome | null {
    const { link, kept } = this.view;
    if (link.is === 'stopped') return { is: 'wait', sentence: link.sentence, next: '没有记账。处理好之前不能收款。' };
    if (link.is !== 'online' && !kept) return NOT_KEPT;
    const closed = link.is === 'online' ? null : this.tools.roster.siteTrouble;
    return closed === null ? null : { is: 'wait', sentence: closed, next: '没有记账。请联系食堂负责人。' };
  }

  /** A pick-up code was read: what was booked goes onto the bill, and is sold to whoever booked it. */
  private handOut(code: string): void {
    const { offer, cart } = this.view;
    if (offer === null || cart === null) return;
    const trouble = this.hindrance();
    if (trouble !== null) return this.end(trouble);
    this.inLine(async () => {
      const { bookings } = this.tools;
      let found = await bookings.byCode(code);
      // Booked since the list was read.
      if (!found.ok && found.why === 'unknown' && this.view.link.is === 'online') {
        await bookings.refresh(PATIENCE_MS).catch(() => undefined);
        found = await bookings.byCode(code);
      }
      if (!found.ok) return this.end(CODE_TROUBLE[found.why]);
      const isCash = cart.tender === 'balance' || (this.view.payCode && this.view.link.is !== 'online');
      const booked = bookedCart(found.booking, offer, isCash ? 'cash' : cart.tender);
      if (booked === null) return this.end(NOT_THIS_MEAL);
      this.tools.board.show({ handed: null });
      const outcome = await this.desk.sell({ credential: { kind: 'booking', note: found.booking.n } }, booked, offer, found.booking);
      this.handedOut(found.booking, booked, outcome);
      this.end(outcome);
    });
  }

  private async sellNow(eating: Eating, cart: Cart, offer: Offer): Promise<void> {
    const booking = this.view.group === null ? await this.bookedBy(eating, offer.mealPeriod) : null;
    // What the cashier chose by hand stands: people change their minds at the counter.
    const booked = booking === null || !cart.untouched ? null : bookedCart(booking, offer, cart.tender);
    const outcome = await this.desk.sell(eating, booked ?? cart, offer, booking);
    if (booking !== null) this.handedOut(booking, booked ?? cart, outcome);
    const { group } = this.view;
    if (group !== null && (outcome.is === 'done' || (outcome.is === 'wait' && outcome.payFen !== undefined))) this.tools.board.show({ group: group + 1 });
    this.end(outcome);
  }

  private async bookedBy({ credential, row }: Eating, period: MealPeriod): Promise<TillBooking | null> {
    const { bookings, people } = this.tools;
    if (credential.kind === 'card') return bookings.byCard(credential.number, period);
    const handle = (credential.kind === 'entered' ? people.behind(credential.note)?.row : row)?.h;
    if (handle === undefined) return null;
    // Whoever shows a telephone may have booked with it a moment ago.
    if (this.view.link.is === 'online') await bookings.refresh(PATIENCE_MS).catch(() => undefined);
    return bookings.byHandle(handle, period);
  }

  private handedOut({ no }: TillBooking, { lines }: Cart, outcome: Outcome): void {
    const stands = outcome.is === 'done' || (outcome.is === 'wait' && outcome.payFen !== undefined);
    this.tools.board.show({ bookings: this.tools.bookings.lines(), handed: stands ? { number: no, items: lines } : null });
  }

  /** What the service says to a void, or that it says nothing for the moment. */
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
      this.tools.board.show({ outcome: { is: 'busy' }, handed: null });
      const entry = await this.tools.journal.takeBack({ tapId: sale.id, reason });
      this.add(entry);
      const fate = await this.answer(entry);
      if (fate.is === 'blocked') return this.end({ is: 'wait', sentence: fate.sentence, next: '没有撤销。请联系负责人。' });
      const returnFen = sale.takenFen ?? (fate.is === 'taken-back' ? fate.returnedFen : 0);
      this.end({ is: 'back', number: sale.number, returnFen, intoBalance: sale.about.kind === 'sale' && sale.about.tender === 'balance', ...(sale.about.kind === 'sale' && sale.about.tender === 'booked' ? { stays: true as const } : {}) });
    });
  }

  /** See `takeBackUnanswered`. */
  async takeBackUnanswered(): Promise<void> {
    for (const entry of await takeBackUnanswered(this.tools.journal, this.view.entries)) this.add(entry);
  }

  private end(outcome: Outcome): void {
    const { board, sounds } = this.tools;
    clearTimeout(this.clearing);
    board.show({ outcome });
    sounds.play(outcome.is === 'wait' ? 'wait' : outcome.is === 'done' && outcome.second ? 'again' : 'ok');
    if (outcome.is !== 'wait') this.clearing = setTimeout(() => board.view().outcome === outcome && this.dismiss(), SHOWN_MS);
  }

  /** Puts an entry into the list, or what is known of it now in its place. */
  add(entry: Entry): void {
    const { board } = this.tools;
    const { sealed: _sealed, trace: _trace, ...listed } = entry;
    const { entries } = board.view();
    const known = entries.find((one) => one.number === entry.number);
    if (known === undefined) return board.show({ entries: [...entries, listed] });
    // A fate once told is not taken back by an older copy, nor is what was noted at the counter.
    const fate = known.fate.is !== 'unsent' && listed.fate.is === 'unsent' ? known.fate : listed.fate;
    const merged = { ...listed, fate, takenFen: listed.takenFen ?? known.takenFen, returned: listed.returned || known.returned };
    board.show({ entries: entries.map((one) => (one.number === entry.number ? merged : one)) });
  }
}
