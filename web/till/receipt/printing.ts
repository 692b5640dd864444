import { settings } from '../face.js';
import type { KinCode } from '../people/people-view.js';
import { lastSale, type Board, type Listed } from '../view.js';
import { printReceipt } from './paper.js';
import { kinCodeSlip, receiptOf, sharesReceipt, testReceipt, type Issuer, type Receipt } from './receipt.js';

const NAME = 'xingfu-till-printed';
/** So many sales are remembered as printed. */
const REMEMBERED = 1_000;
/** A browser that prints by itself is back at once; one that shows its window is not. */
const WINDOW_MS = 1_500;
/** The page first shows and says that the sale is done. */
const AFTER_MS = 150;

const WINDOW_SHOWN = '浏览器弹出了打印窗口，自动打印已关。要自动打印，请用 --kiosk-printing 启动浏览器。';
const NOT_PRINTED = '没有打印出来，不影响收款。请检查打印机，再从“记录”里补打。';

/** How often the sales of this till were printed, by number. */
function printed(): [number, number][] {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? '[]') as [number, number][];
  } catch {
    return [];
  }
}

/** Counts a print before it is made: a copy that failed half-way is a copy too. @returns how often it was printed before */
function count(number: number): number {
  const known = printed();
  const before = known.find(([of]) => of === number)?.[1] ?? 0;
  const others = known.filter(([of]) => of !== number).slice(-REMEMBERED);
  try {
    localStorage.setItem(NAME, JSON.stringify([...others, [number, before + 1]]));
  } catch {
    // Where nothing is kept, nothing can be counted; the receipt is printed all the same.
  }
  return before;
}

/** Prints receipts beside the sales: nothing of it is waited for, and no failure of it reaches a sale. */
export class Printing {
  private seen: number | null = null;
  private said: string | null = null;
  private readonly lookers = new Set<() => void>();

  /** @param issuer null as long as the device is no till */
  constructor(private readonly board: Board, private readonly issuer: () => Issuer | null) {
    board.watch(() => this.follow());
  }

  /** What a person should know of the last print; null where there is nothing. */
  readonly trouble = (): string | null => this.said;

  readonly watch = (look: () => void): (() => void) => {
    this.lookers.add(look);
    return () => this.lookers.delete(look);
  };

  /** Prints each new sale, where the till is set to. */
  private follow(): void {
    const { outcome, role } = this.board.view();
    if (outcome.is !== 'done' || outcome.number === this.seen || role !== 'writer') return;
    this.seen = outcome.number;
    const { paper, automatic } = settings.now();
    if (paper !== null && automatic) setTimeout(() => this.receipt(outcome.number, true), AFTER_MS);
  }

  /** Prints the receipt of the last sale that stands. */
  last(): void {
    const sale = lastSale(this.board.view());
    if (sale !== null) this.receipt(sale.number);
  }

  /** Prints the receipt of a sale; a copy says so. */
  receipt(number: number, byItself = false): void {
    const entry = this.entry(number);
    if (entry === undefined) return;
    this.print((issuer) => receiptOf(entry, issuer, count(number)), byItself);
  }

  /** Prints how the price of a sale was shared. */
  shares(number: number): void {
    const entry = this.entry(number);
    if (entry !== undefined) this.print((issuer) => sharesReceipt(entry, issuer), false);
  }

  /** Prints a code for the elder to take home. */
  kinCode(code: KinCode): void {
    this.print(({ siteName }) => kinCodeSlip(siteName, code), false);
  }

  test(now: number): void {
    this.print((issuer) => testReceipt(issuer.siteName, now), false);
  }

  private entry(number: number): Listed | undefined {
    return this.board.view().entries.find((entry) => entry.number === number);
  }

  private print(slipOf: (issuer: Issuer) => Receipt | null, byItself: boolean): void {
    const issuer = this.issuer();
    const { paper } = settings.now();
    if (issuer === null || paper === null) return;
    const begun = performance.now();
    try {
      const slip = slipOf(issuer);
      if (slip !== null) printReceipt(slip, paper);
      const stopped = byItself && performance.now() - begun > WINDOW_MS;
      if (stopped) settings.change({ automatic: false });
      this.say(stopped ? WINDOW_SHOWN : null);
    } catch {
      this.say(NOT_PRINTED);
    }
  }

  private say(trouble: string | null): void {
    this.said = trouble;
    for (const look of this.lookers) look();
  }
}
