import { Inject, Injectable } from '@nestjs/common';
import { chinaDate, done, refuse, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type TerminalActor } from '../platform/index.js';
import { areDenominations, countedFen, holesOf, journalSentence, type Gap, type Pieces } from './domain/index.js';
import { edgesOf, figuresOf, insertClose, insertShift, isCashierOf, lockTill, numberTaken, readShift, type ShiftCheck, type ShiftFigures } from './shift.store.js';

const DAY_MS = 86_400_000;
/** A shift that was opened without a network may be told so much later. */
const LATEST_MS = 30 * DAY_MS;
/** Nobody sells so much in a shift: a range beyond it is a broken till. */
const MOST_NUMBERS = 100_000;

/** A shift that a till begins. */
export interface ShiftToOpen {
  readonly id: string;
  readonly cashierId: string | null;
  /** By the till's clock. */
  readonly openedAt: Instant;
  /** The number that the next entry of its journal will have. */
  readonly firstNumber: number;
  readonly checks: readonly ShiftCheck[];
}

/** What a cashier counted before knowing what should be there. */
export interface ShiftToClose {
  readonly id: string;
  readonly closedAt: Instant;
  /** The last number of the shift; one less than its first where nothing was sold. */
  readonly lastNumber: number;
  readonly counted: { readonly cashFen: number; readonly byDenomination: readonly Pieces[] };
  /** Cash that was taken too much while shares were not known and that still lies in the drawer, by the till's own list. */
  readonly owedCashFen: number;
}

/** A closed shift beside what the service has of it. Amounts in fen. */
export interface ClosedShift {
  readonly shiftId: string;
  readonly terminalId: string;
  readonly label: string;
  readonly cashierName: string | null;
  readonly firstNumber: number;
  readonly lastNumber: number;
  readonly figures: ShiftFigures;
  readonly countedFen: number;
  readonly expectedFen: number;
  readonly differenceFen: number;
  readonly gaps: readonly Gap[];
  readonly brokenAt: readonly number[];
  readonly sentence: string;
}

/** Shifts of a terminal: who sold from which number to which, and whether the drawer says the same. */
@Injectable()
export class Shifts {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `shift-time-wrong`, `shift-cashier-unknown`, `shift-overlaps`, `id-taken` */
  async open({ cityCode, terminalId, siteId }: TerminalActor, shift: ShiftToOpen): Promise<Outcome<{ shiftId: string; firstNumber: number }>> {
    const { id: shiftId, cashierId, openedAt, firstNumber, checks } = shift;
    return doDeed(this.transactor, this.clock, { cityCode, id: shiftId, kind: 'till.shift-open', body: { ...shift, terminalId } }, async (tx) => {
      if (!this.isPlausible(openedAt)) return refuse('shift-time-wrong');
      await lockTill(tx, cityCode, terminalId);
      if (cashierId !== null && !(await isCashierOf(tx, cityCode, terminalId, cashierId))) return refuse('shift-cashier-unknown');
      const taken = await numberTaken(tx, cityCode, terminalId, firstNumber);
      if (taken !== null) return refuse('shift-overlaps', { number: taken });
      await insertShift(tx, cityCode, { shiftId, terminalId, siteId, cashierId, openedAt, openedOn: chinaDate(openedAt), firstNumber }, checks, this.clock.now());
      return done({ shiftId, firstNumber });
    });
  }

  /**
   * Closes a shift with what was counted; only the answer tells what should have been there. Missing numbers are no reason
   * to refuse: they are named.
   * @returns `not-found`, `shift-closed`, `shift-count-wrong`, `shift-range-wrong`, `shift-overlaps`, `shift-time-wrong`, `id-taken`
   */
  async close({ cityCode, terminalId }: TerminalActor, shiftId: string, closing: ShiftToClose): Promise<Outcome<ClosedShift>> {
    const { id, closedAt, lastNumber, counted, owedCashFen } = closing;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'till.shift-close', body: { ...closing, shiftId, terminalId } }, async (tx) => {
      const label = await lockTill(tx, cityCode, terminalId);
      const shift = await readShift(tx, cityCode, terminalId, shiftId);
      if (shift === undefined) return refuse('not-found');
      const { firstNumber, cashierName, nextFirst } = shift;
      if (shift.isClosed) return refuse('shift-closed');
      if (!this.isPlausible(closedAt)) return refuse('shift-time-wrong');
      if (!areDenominations(counted.byDenomination) || countedFen(counted.byDenomination) !== counted.cashFen) return refuse('shift-count-wrong');
      if (lastNumber < firstNumber - 1 || lastNumber - firstNumber >= MOST_NUMBERS) return refuse('shift-range-wrong', { first: firstNumber });
      if (nextFirst !== null && lastNumber >= nextFirst) return refuse('shift-overlaps', { number: nextFirst });
      const range = { terminalId, first: firstNumber, last: lastNumber };
      const [{ expectedFen: sold, ...figures }, { edges, newest }] = await Promise.all([figuresOf(tx, cityCode, range), edgesOf(tx, cityCode, range)]);
      const { gaps, brokenAt } = holesOf(firstNumber, lastNumber, edges, newest);
      const expectedFen = sold + owedCashFen;
      await insertClose(tx, cityCode, {
        ...figures, shiftId, closeId: id, closedAt, lastNumber, owedCashFen, countedFen: counted.cashFen, pieces: counted.byDenomination, expectedFen, gaps, brokenAt,
      }, this.clock.now());
      return done({
        shiftId, terminalId, label, cashierName, firstNumber, lastNumber, figures, countedFen: counted.cashFen, expectedFen,
        differenceFen: counted.cashFen - expectedFen, gaps, brokenAt, sentence: journalSentence(label, gaps, brokenAt),
      });
    });
  }

  private isPlausible(moment: Instant): boolean {
    const off = this.clock.now() - moment;
    return off > -DAY_MS && off < LATEST_MS;
  }
}
