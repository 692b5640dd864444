import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sumFen, type Clock, type Instant } from '../kernel/index.js';
import { CLOCK, LOG, stageJobs, Transactor, WECHAT, type Log, type PayAnswer, type Tx, type Wechat } from '../platform/index.js';
import { billDays, compareBill, readTradeBill, readTradeNumber, type BillLine, type Difference, type OwnOrder, type OwnRefund, type TradeLine } from './domain/index.js';
import { LOOK_AT_ORDER } from './look-at-order.js';
import { hasBill, insertBill, ownOrders, ownRefunds, readBillLines, type BillDay } from './reconcile.store.js';
import { tellHanging } from './tell-hanging.js';

type KeptLine = BillLine & { readonly at: Instant };

/** A line with the order and refund of this city that it names; null for another city's, whose own bill it is. */
function keptLine(line: TradeLine, cityCode: string): KeptLine | null {
  const [order, refund] = [readTradeNumber(line.outTradeNo), line.outRefundNo === null ? null : readTradeNumber(line.outRefundNo)];
  if (order !== null && order.cityCode !== cityCode) return null;
  return { kind: line.kind, orderId: order?.id ?? null, refundId: refund?.id ?? null, number: line.outRefundNo ?? line.outTradeNo, transactionId: line.transactionId, fen: line.fen, at: line.at };
}

/** Compares a kept or a new bill with the books as they are now. */
export async function compareDay(tx: Tx, day: BillDay, lines: readonly BillLine[]): Promise<{ orders: OwnOrder[]; refunds: OwnRefund[]; differences: Difference[] }> {
  const ids = (pick: (line: BillLine) => string | null): string[] => [...new Set(lines.map(pick).filter((id) => id !== null))];
  const orders = await ownOrders(tx, day, ids(({ orderId }) => orderId));
  const refunds = await ownRefunds(tx, day, ids(({ refundId }) => refundId));
  return { orders, refunds, differences: compareBill(lines, orders, refunds) };
}

/** What of a kept bill still differs. */
export async function stillDiffers(tx: Tx, day: BillDay): Promise<Difference[]> {
  return (await compareDay(tx, day, await readBillLines(tx, day))).differences;
}

/** Fetches a sub-merchant's bill of a day, keeps it, and keeps where it differs from our books. */
@Injectable()
export class ReconcileDay {
  constructor(@Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log, private readonly transactor: Transactor) {}

  /** Asks WeChat for the bill. @returns null where nothing is to be asked */
  async ask(day: BillDay): Promise<PayAnswer<string | null> | null> {
    if (this.wechat === null || (await this.transactor.read((tx) => hasBill(tx, day)))) return null;
    return this.wechat.pay.tradeBill(day.date, day.subMchId);
  }

  /** Keeps what was told. Nothing where it was kept before, or where the bill cannot be had yet: it is asked for again later. */
  async write(tx: Tx, day: BillDay, answer: PayAnswer<string | null> | null): Promise<void> {
    if (answer === null) return;
    const { cityCode, date } = day;
    const told = answer.ok ? (answer.value === null ? [] : readTradeBill(answer.value)) : null;
    if (!answer.ok || told === null) this.log.warn({ cityCode, date, code: answer.ok ? 'UNREADABLE' : answer.code }, 'a trade bill could not be had, it is asked for again');
    else await this.keep(tx, day, answer.value, told);
    // One that is late by days opens an alert, and the last of those ends it.
    if (date <= billDays(this.clock.now()).late) await tellHanging(tx, this.log, cityCode, this.clock.now());
  }

  private async keep(tx: Tx, day: BillDay, text: string | null, told: readonly TradeLine[]): Promise<void> {
    const { cityCode, date } = day;
    const lines = told.map((line) => keptLine(line, cityCode)).filter((line) => line !== null);
    const { orders, refunds, differences } = await compareDay(tx, day, lines);
    const sum = (kind: BillLine['kind']) => sumFen(lines.filter((line) => line.kind === kind).map(({ fen }) => fen));
    const inBill = new Set(lines.map(({ refundId }) => refundId));
    const bill = {
      sha256: text === null ? null : createHash('sha256').update(text).digest('hex'), fetchedAt: this.clock.now(),
      paidFen: sum('paid'), reversedFen: sum('reversed'), refundFen: sum('refund'),
      ownPaidFen: sumFen(orders.filter(({ isOfDay }) => isOfDay).map(({ fen }) => fen)),
      ownRefundFen: sumFen(refunds.filter(({ refundId, state, isOfDay }) => isOfDay || (inBill.has(refundId) && state !== 'failed')).map(({ fen }) => fen)),
    };
    if (!(await insertBill(tx, day, bill, lines, differences))) return;
    if (differences.length === 0) return;
    this.log.error({ cityCode, date, differences: differences.length, alarm: 'trade-bill' }, 'a trade bill and our books differ');
    // WeChat knows of payments that we do not, or that we took back: ask it about each, which mends what a lost word left behind.
    const unpaid = [...new Set(differences.filter(({ kind }) => kind === 'notPaidHere' || kind === 'notReversedThere').map(({ orderId }) => orderId))].filter((id) => id !== null);
    await stageJobs(tx, this.clock, unpaid.map((id) => ({ cityCode, job: LOOK_AT_ORDER, key: `bill ${date} ${id}`, payload: { id } })));
  }
}
