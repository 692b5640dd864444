import { Inject, Injectable } from '@nestjs/common';
import { recordAudit, SitePlaces } from '../access/index.js';
import { fen, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { PayHandlers } from './pay-handlers.js';
import { PayOrders } from './pay-orders.js';
import { lockOrder } from './wechat-order.store.js';

/** Gives money of an order back on somebody's word, such as for a meal that was spoiled: never more than was paid. */
@Injectable()
export class RefundOrder {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock, private readonly orders: PayOrders, private readonly handlers: PayHandlers, private readonly places: SitePlaces) {}

  /** @returns `not-found`, `outside-scope`, `pay-not-paid`, `pay-held` (for a booking, which is to be cancelled instead), `pay-refund-above-paid`, `id-taken` */
  run(actor: StaffActor, orderId: string, form: { readonly id: string; readonly fen: number; readonly reason: string }): Promise<Outcome<{ refundId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'payment.refund', body: { orderId, ...form, by: actor.staffId } }, async (tx) => {
      const order = await lockOrder(tx, cityCode, orderId);
      if (order === null) return refuse('not-found');
      const place = await this.places.openTo(tx, actor, order.siteId);
      if (!place.ok) return place;
      if ((await this.handlers.of(order.purpose)?.mayRefund?.(tx, order)) === false) return refuse('pay-held');
      const asked = await this.orders.refund(tx, { cityCode, refundId: form.id, orderId, fen: fen(form.fen), reason: form.reason, by: actorName(actor) });
      if (asked.ok) await recordAudit(tx, this.clock, { cityCode, actor, action: 'payment.refund', objectKind: 'payOrder', objectId: orderId, reason: form.reason, after: { refundId: form.id, fen: form.fen } });
      return asked;
    });
  }
}
