import type { Fen } from '../../kernel/index.js';

/** A line of a bill, as it is kept: with the order and the refund of ours that it names. */
export interface BillLine {
  readonly kind: 'paid' | 'refund' | 'reversed';
  /** Null where its number is none of ours. */
  readonly orderId: string | null;
  readonly refundId: string | null;
  /** The number as it stands in the bill. */
  readonly number: string;
  readonly transactionId: string;
  readonly fen: Fen;
}

/** An order of ours that the bill names, or should. */
export interface OwnOrder {
  readonly orderId: string;
  readonly fen: Fen;
  readonly state: string;
  readonly closedBy: string | null;
  readonly transactionId: string | null;
  /** Paid on the day of the bill, by our books. */
  readonly isOfDay: boolean;
  /** Whether it may have been taken back only after this day: the next bill tells. */
  readonly mayEndLater: boolean;
}

/** A refund of ours that the bill names, or should. */
export interface OwnRefund {
  readonly refundId: string;
  readonly orderId: string;
  readonly fen: Fen;
  readonly state: string;
  /** Done on the day of the bill, and in no bill before it. */
  readonly isOfDay: boolean;
}

/**
 * How a line and our books differ: WeChat has what we have never heard of, or has not what we count on; another amount
 * or transaction; paid there and not here; taken back there and not here, or the other way round.
 */
export const DIFFERENCES = ['unknownHere', 'missingThere', 'amountDiffers', 'notPaidHere', 'notReversedHere', 'notReversedThere', 'failedHere'] as const;
export type DifferenceKind = (typeof DIFFERENCES)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  readonly orderId: string | null;
  readonly refundId: string | null;
  readonly number: string;
  /** Fen in the bill; null where it has no such line. */
  readonly theirFen: Fen | null;
  /** Fen in our books; null where they have nothing of it. */
  readonly ownFen: Fen | null;
}

/** Compares a day's bill with our books, line by line and both ways round. */
export function compareBill(lines: readonly BillLine[], orders: readonly OwnOrder[], refunds: readonly OwnRefund[]): Difference[] {
  const [ownOrders, ownRefunds] = [new Map(orders.map((one) => [one.orderId, one])), new Map(refunds.map((one) => [one.refundId, one]))];
  const reversed = new Set(lines.filter(({ kind }) => kind === 'reversed').map(({ orderId }) => orderId));
  const found: Difference[] = [];
  for (const line of lines) {
    const kind = line.kind === 'refund' ? refundDiffers(line, ownRefunds.get(line.refundId ?? '')) : orderDiffers(line, ownOrders.get(line.orderId ?? ''), reversed.has(line.orderId));
    if (kind === null) continue;
    const own = line.kind === 'refund' ? ownRefunds.get(line.refundId ?? '') : ownOrders.get(line.orderId ?? '');
    found.push({ kind, orderId: line.orderId, refundId: line.refundId, number: line.number, theirFen: line.fen, ownFen: own?.fen ?? null });
  }
  const [paidThere, backThere] = [new Set(lines.filter(({ kind }) => kind === 'paid').map(({ orderId }) => orderId)), new Set(lines.map(({ refundId }) => refundId))];
  for (const one of orders) if (one.isOfDay && !paidThere.has(one.orderId)) found.push({ kind: 'missingThere', orderId: one.orderId, refundId: null, number: '', theirFen: null, ownFen: one.fen });
  for (const one of refunds) if (one.isOfDay && !backThere.has(one.refundId)) found.push({ kind: 'missingThere', orderId: one.orderId, refundId: one.refundId, number: '', theirFen: null, ownFen: one.fen });
  return found;
}

function orderDiffers(line: BillLine, own: OwnOrder | undefined, isReversed: boolean): DifferenceKind | null {
  if (own === undefined) return 'unknownHere';
  if (own.fen !== line.fen) return 'amountDiffers';
  const takenBack = own.state === 'closed' && own.closedBy === 'reversed';
  if (line.kind === 'reversed') return takenBack ? null : 'notReversedHere';
  if (takenBack) return isReversed || own.mayEndLater ? null : 'notReversedThere';
  // Of what is reversed there the line of the reversal tells.
  if (isReversed) return null;
  if (own.state !== 'paid') return 'notPaidHere';
  return own.transactionId === line.transactionId ? null : 'amountDiffers';
}

function refundDiffers(line: BillLine, own: OwnRefund | undefined): DifferenceKind | null {
  if (own === undefined || own.orderId !== line.orderId) return 'unknownHere';
  if (own.fen !== line.fen) return 'amountDiffers';
  return own.state === 'failed' ? 'failedHere' : null;
}
