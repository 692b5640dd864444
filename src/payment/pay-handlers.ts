import { Injectable } from '@nestjs/common';
import { invariant, type Fen } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import type { PayOrder, PayPurpose } from './wechat-order.store.js';

/** What a room does when its order comes to an end, in the transaction that writes the end down. Each is called once for each end. */
export interface PayHandler {
  /** Locks what comes before orders in the order of locks; called before an order that may bring money is locked. */
  readonly lock?: (tx: Tx, order: PayOrder) => Promise<void>;
  /** The money is there. */
  readonly paid: (tx: Tx, order: PayOrder) => Promise<void>;
  /** It cannot be paid any more, and nothing was taken or all of it went back at once. */
  readonly closed?: (tx: Tx, order: PayOrder) => Promise<void>;
  /** Whether somebody may give money of it back by hand: not what is still kept for a meal. Without it, always. The order is locked. */
  readonly mayRefund?: (tx: Tx, order: PayOrder) => Promise<boolean>;
  /** Money has gone back to who paid. */
  readonly refunded?: (tx: Tx, order: PayOrder, refund: { readonly refundId: string; readonly fen: Fen }) => Promise<void>;
}

/** Which room hears of which orders. The rooms that sell come later in the order, so they write themselves in here. */
@Injectable()
export class PayHandlers {
  private readonly byPurpose = new Map<PayPurpose, PayHandler>();

  /** @throws InvariantBroken when somebody hears of these orders already */
  on(purpose: PayPurpose, handler: PayHandler): void {
    invariant(!this.byPurpose.has(purpose), `two who hear of orders for a ${purpose}`);
    this.byPurpose.set(purpose, handler);
  }

  of(purpose: PayPurpose): PayHandler | undefined {
    return this.byPurpose.get(purpose);
  }
}
