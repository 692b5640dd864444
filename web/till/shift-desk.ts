import { chinaDate } from '../../src/kernel/civil-date.js';
import { newId } from '../lib/id.js';
import type { Device } from './device.js';
import { EMPTY, type Entry, type Head } from './journal/entry.js';
import type { Journal } from './journal/journal.js';
import { Away, Refused, type Link } from './journal/link.js';
import { ask } from './people/ask.js';
import {
  agree, clockCheck, journalCheck, owedFen, ownShift, pricesCheck, printerCheck, rosterCheck, soundCheck, storageCheck,
  type CheckKind, type Count, type ShiftFigures,
} from './shift.js';
import type { Board, ShiftView } from './view.js';

const ANSWER_MS = 10_000;

/** A shift as this device remembers it until it has ended. */
export interface Shift {
  readonly id: string;
  readonly openedAt: number;
  readonly cashier: { readonly id: string; readonly name: string } | null;
  /** Of the journal: the number that follows the shift before. */
  readonly firstNumber: number;
  readonly checks: readonly { readonly what: CheckKind; readonly is: 'good' | 'open' | 'bad' }[];
  /** Whether the service knows of it. */
  readonly told: boolean;
  /** What was counted, once somebody has: what is sent again is the same deed. */
  readonly closing: { readonly id: string; readonly closedAt: number; readonly lastNumber: number; readonly counted: Count; readonly owedCashFen: number } | null;
}

/** A closed shift as the service answers it. Amounts in fen. */
export interface ClosedShift {
  readonly label: string;
  readonly cashierName: string | null;
  readonly firstNumber: number;
  readonly lastNumber: number;
  readonly figures: { readonly meals: number; readonly voids: number; readonly priceFen: number; readonly selfPayFen: number; readonly tenders: { readonly cash: number; readonly code: number; readonly balance: number; readonly booked?: number }; readonly earlierBackFen: number };
  readonly countedFen: number;
  readonly expectedFen: number;
  readonly differenceFen: number;
  readonly gaps: readonly object[];
  readonly brokenAt: readonly number[];
  readonly sentence: string;
}

/** What the closing compares. */
export interface Compared {
  readonly closed: ClosedShift;
  readonly own: ShiftFigures;
  readonly served: ShiftFigures;
  readonly agrees: boolean;
  /** Taken too much while shares were not known, and not given back yet: in all, and in cash. */
  readonly owedFen: number;
  readonly owedCashFen: number;
}

/** `isFinal`: the service will never take this closing; the shift can be left uncounted. */
export type ClosingAnswer = { readonly ok: true; readonly compared: Compared } | { readonly ok: false; readonly sentence: string; readonly isFinal: boolean };

/** What the desk works with. */
export interface ShiftTools {
  readonly board: Board;
  readonly device: Device;
  readonly journal: Pick<Journal, 'entries'>;
  readonly link: Link;
  readonly now: () => number;
  /** Whether a sale is under way that is not in the journal yet. */
  readonly isBusy: () => boolean;
  readonly hasPaper: () => boolean;
  readonly prices: () => { readonly version: number; readonly at: number; readonly items: number } | null;
}

const AWAY = '连接不上服务器，暂时不能结班。网络恢复后再按一次，不用重点。';

/** Shifts at this till: the list before the first sale, who sells from which number on, and the count at the end. */
export class ShiftDesk {
  private shift: Shift | null = null;
  private heard: boolean | null = null;
  private printed: boolean | null = null;
  private wasAway = false;

  constructor(private readonly tools: ShiftTools) {
    tools.board.watch(() => {
      this.handOver();
      const isAway = tools.board.view().link.is !== 'online';
      if (this.wasAway && !isAway) void this.tell();
      this.wasAway = isAway;
    });
  }

  /** Takes up a shift that was cut off. @returns where the page goes on */
  async start(): Promise<'selling' | 'opening'> {
    const { device, now } = this.tools;
    const kept = await device.recall('shift');
    // An earlier page knew shifts by their hour alone: nothing can be counted of those.
    this.take(kept === undefined || typeof kept.id !== 'string' ? null : kept);
    return this.shift !== null && chinaDate(this.shift.openedAt) === chinaDate(now()) && this.shift.closing === null ? 'selling' : 'opening';
  }

  private take(shift: Shift | null): void {
    this.shift = shift;
    this.tools.board.show({ shift: shift === null ? null : this.shown(shift) });
  }

  private shown({ openedAt, cashier, firstNumber, closing }: Shift): ShiftView {
    return { openedAt, cashierName: cashier?.name ?? null, firstNumber, isLeft: closing !== null || chinaDate(openedAt) !== chinaDate(this.tools.now()), handsOver: false };
  }

  /** Goes through the opening list again. */
  async check(): Promise<void> {
    const { board, journal, link, prices, hasPaper, now } = this.tools;
    const entries = await journal.entries();
    const { kept, roster } = board.view();
    board.show({ checks: [
      clockCheck(link.skewMs), soundCheck(this.heard), printerCheck(hasPaper(), this.printed), storageCheck(kept), rosterCheck(roster, now()), journalCheck(entries), pricesCheck(prices(), now()),
    ] });
  }

  /** What somebody heard of the sounds, or saw on the printer's test page. */
  answered(what: 'sound' | 'printer', good: boolean): void {
    if (what === 'sound') this.heard = good;
    else this.printed = good;
    void this.check();
  }

  /** Begins a shift; the service is told as soon as it can be. A price list is all it needs. */
  async open(): Promise<void> {
    const { board, device, now, prices } = this.tools;
    if (prices() === null) return;
    const { cashier, checks } = board.view();
    const at = now();
    const shift: Shift = {
      id: newId(at), openedAt: at, cashier, firstNumber: await this.nextNumber(), checks: checks.map(({ kind, is }) => ({ what: kind, is })), told: false, closing: null,
    };
    // One that the service knows nothing of, or whose count has no answer yet, is told of all the same.
    if (this.shift !== null && (!this.shift.told || this.shift.closing !== null)) await device.remember('shiftsToTell', [...((await device.recall('shiftsToTell')) ?? []), this.shift]);
    await device.remember('shift', shift);
    this.take(shift);
    [this.heard, this.printed] = [null, null];
    board.show({ phase: 'selling', outcome: { is: 'none' }, mode: { is: 'sell' } });
    void this.tell();
  }

  /** Where the shift before ended in order, the next one begins right after it: no number is left between them. */
  private async nextNumber(): Promise<number> {
    const ended = await this.tools.device.recall('shiftEnd');
    const end = await this.journalEnd();
    return this.shift === null && ended !== undefined && ended <= end ? ended + 1 : end + 1;
  }

  private async journalEnd(): Promise<number> {
    return ((await this.tools.device.db.get<Head>('meta', 'head')) ?? EMPTY).number;
  }

  /** Tells the service of the shifts that it does not know of yet, the oldest first. @returns why not of the one that goes on, in words, or null */
  async tell(): Promise<ClosingAnswer | null> {
    const { shift } = this;
    try {
      await this.tellBefore();
      if (shift === null || shift.told) return null;
      await this.sendOpening(shift);
      await this.change(shift.id, { told: true });
      return null;
    } catch (error) {
      return refusalOf(error);
    }
  }

  private async tellBefore(): Promise<void> {
    const { device } = this.tools;
    for (let before = (await device.recall('shiftsToTell')) ?? []; before[0] !== undefined; before = (await device.recall('shiftsToTell')) ?? []) {
      const [first] = before;
      try {
        if (!first.told) await this.sendOpening(first);
        if (first.closing !== null) await this.sendClosing(first.id, first.closing);
      } catch (error) {
        // What the service refuses for good would hold up all that come after it.
        const refusal = refusalOf(error);
        if (refusal.ok || !refusal.isFinal) throw error;
      }
      // Another may have come in meanwhile.
      await device.remember('shiftsToTell', ((await device.recall('shiftsToTell')) ?? []).filter(({ id }) => id !== first.id));
    }
  }

  private sendOpening({ id, openedAt, cashier, firstNumber, checks }: Shift): Promise<unknown> {
    return ask(this.tools.link, 'POST', '/v1/till/shifts', { id, cashierId: cashier?.id ?? null, openedAt: new Date(openedAt).toISOString(), firstNumber, checks }, ANSWER_MS);
  }

  private sendClosing(id: string, { closedAt, ...closing }: NonNullable<Shift['closing']>): Promise<ClosedShift> {
    return ask<ClosedShift>(this.tools.link, 'POST', `/v1/till/shifts/${id}/close`, { ...closing, closedAt: new Date(closedAt).toISOString() }, ANSWER_MS);
  }

  private async change(id: string, change: Partial<Shift>): Promise<void> {
    if (this.shift?.id !== id) return;
    const shift = { ...this.shift, ...change };
    await this.tools.device.remember('shift', shift);
    this.shift = shift;
  }

  /** Another cashier than the one whose shift it is: that shift is counted first. */
  private handOver(): void {
    const { board } = this.tools;
    const { phase, role, cashier, people, shift } = board.view();
    if (phase !== 'selling' || role !== 'writer' || people.lock !== null || cashier === null || this.shift === null || shift === null) return;
    if (this.shift.cashier !== null && this.shift.cashier.id !== cashier.id) board.show({ phase: 'closing', shift: { ...shift, handsOver: true } });
  }

  goToClosing(): void {
    this.tools.board.show({ phase: 'closing' });
  }

  /** Back to the counter. Whoever took over, or goes on after a count, begins a shift of their own: the one before may stay uncounted. */
  async goOn(): Promise<void> {
    const { board } = this.tools;
    if (this.shift === null || board.view().shift?.isLeft === true) return board.show({ phase: 'opening' });
    if (board.view().shift?.handsOver === true || this.shift.closing !== null) return this.open();
    board.show({ phase: 'selling' });
  }

  /** Why a shift cannot be closed just now; null where it can. */
  async hindrance(): Promise<string | null> {
    const unsent = (await this.tools.journal.entries()).filter(({ fate }) => fate.is === 'unsent').length;
    if (unsent > 0) return `还有 ${unsent} 笔没有上传，不能结班。等网络恢复会自动上传。`;
    return this.tools.isBusy() ? '还有一笔正在收款，收完再结班。' : null;
  }

  /** Ends the shift with what was counted; refused while anything is unsent or under way. */
  async close(counted: Count): Promise<ClosingAnswer> {
    const { device, journal, now } = this.tools;
    const hindrance = await this.hindrance();
    if (hindrance !== null) return { ok: false, sentence: hindrance, isFinal: false };
    if (this.shift === null) return { ok: false, sentence: '没有开着的班。', isFinal: true };
    const { id } = this.shift;
    const entries = await journal.entries();
    const lastNumber = this.shift.closing?.lastNumber ?? (await this.journalEnd());
    const owedCashFen = owedFen(entries, this.shift.firstNumber, lastNumber, 'cash');
    const untold = await this.tell();
    if (untold !== null) return untold;
    // Counted once: what is sent again after a lost answer is the count that was made before anything was known.
    if (this.shift.closing === null) await this.change(id, { closing: { id: newId(now()), closedAt: now(), lastNumber, counted, owedCashFen } });
    try {
      const closed = await this.sendClosing(id, this.shift.closing as NonNullable<Shift['closing']>);
      await device.remember('shiftEnd', closed.lastNumber);
      await device.forget('shift');
      this.shift = null;
      return { ok: true, compared: compared(closed, entries) };
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** Ends a shift that the service will never take, without a count. */
  async abandon(): Promise<void> {
    await this.tools.device.remember('shiftEnd', await this.journalEnd());
    await this.tools.device.forget('shift');
    this.shift = null;
    await this.finish();
  }

  /** The page goes back to its opening list. */
  async finish(): Promise<void> {
    this.take(this.shift);
    this.tools.board.show({ phase: 'opening', group: null, outcome: { is: 'none' } });
    await this.check();
  }
}

function compared(closed: ClosedShift, entries: readonly Entry[]): Compared {
  const { figures: { meals, priceFen, selfPayFen, tenders }, firstNumber, lastNumber } = closed;
  const own = ownShift(entries, firstNumber, lastNumber);
  const served = { meals, priceFen, selfPayFen, cashFen: tenders.cash, codeFen: tenders.code, balanceFen: tenders.balance, bookedFen: tenders.booked ?? 0 };
  return { closed, own, served, agrees: agree(own, served), owedFen: owedFen(entries, firstNumber, lastNumber), owedCashFen: owedFen(entries, firstNumber, lastNumber, 'cash') };
}

/** A closing that the service has refused for good; everything else is tried again. */
const FINAL = ['shift-closed', 'shift-overlaps', 'shift-cashier-unknown', 'shift-range-wrong', 'shift-time-wrong', 'not-found', 'id-taken'];

function refusalOf(error: unknown): ClosingAnswer {
  if (error instanceof Refused) return { ok: false, sentence: error.sentence, isFinal: FINAL.includes(error.code) };
  if (error instanceof Away) return { ok: false, sentence: AWAY, isFinal: false };
  throw error;
}
