import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { done, fen, invariant, refuse, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import { openidOf } from '../family/index.js';
import { PayHandlers, PayOrders, type PayOrder, type PayView } from '../payment/index.js';
import { CLOCK, derivedId, FieldCipher, JobBoard, Transactor, type JobRequest, type MiniActor, type RequestPayment, type Tx } from '../platform/index.js';
import { readBooking, type BookingRow } from './booking.store.js';
import { kinBooking } from './mini-reach.js';
import { holdPaid } from './money.store.js';
import { noteOrderPaid, REFUND, WITHDRAW } from './settle-money.js';

const SYSTEM = 'system';
/** An order that ends sooner could not be paid in time. */
const SHORTEST_MS = 2 * 60_000;

/** What the payer reads of a refund. */
const REASONS: Readonly<Record<string, string>> = { meal: '用餐结算，多付的退回', void: '用餐已撤销', cancelled: '预订已取消', noShow: '没有取餐，按规定退回', late: '预订已取消，原路退回' };

/** Bookings that are paid ahead, by orders of WeChat Pay: to the operator that cooks, each order for one booking and one payer. */
@Injectable()
export class PayAhead implements OnModuleInit {
  constructor(
    private readonly orders: PayOrders, private readonly handlers: PayHandlers, private readonly board: JobBoard, private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.handlers.on('booking', { paid: (tx, order) => this.paid(tx, order), mayRefund: (tx, order) => this.mayRefund(tx, order) });
    this.board.handle(REFUND, (tx, job) => this.refund(tx, job));
    this.board.handle(WITHDRAW, (tx, job) => this.withdraw(tx, job));
  }

  /** Writes the order of a new booking down, in its transaction. @returns `wechat-off`, `pay-not-here` */
  async open(tx: Tx, actor: MiniActor, booking: Pick<BookingRow, 'bookingId' | 'elderId' | 'siteId'> & { readonly expectedFen: Fen; readonly payBy: Instant | null }): Promise<Outcome<{ orderId: string }>> {
    const { cityCode, accountId } = actor;
    const { bookingId, elderId, siteId, expectedFen, payBy } = booking;
    const { orderId } = await this.ownOrder(tx, actor, bookingId);
    const until = Math.max(payBy ?? 0, this.clock.now() + SHORTEST_MS);
    const opened = await this.orders.open(tx, { cityCode, orderId, purpose: 'booking', referenceId: bookingId, elderId, siteId, fen: expectedFen, description: '预订餐费', accountId, until });
    return opened.ok ? done({ orderId }) : opened;
  }

  /** What the phone needs to show WeChat's sheet for a booking that this account opened an order for. @returns as `PayOrders.prepay` does */
  async sheet(actor: MiniActor, bookingId: string): Promise<Outcome<RequestPayment>> {
    const { cityCode, accountId } = actor;
    const [openid, { orderId }] = await this.transactor.read(async (tx) => [await openidOf(tx, this.cipher, cityCode, accountId), await this.ownOrder(tx, actor, bookingId)] as const);
    return openid === undefined ? refuse('not-found') : this.orders.prepay(cityCode, orderId, { accountId, openid });
  }

  /**
   * Pays for a booking that waits for it, by whoever may pay for the elder: somebody else's open order ends.
   * @returns `not-found`, `consent-missing`, `booking-not-open`, `booking-not-to-pay`, `booking-paid`, `booking-pay-over`, and those of the order and its sheet
   */
  async pay(actor: MiniActor, bookingId: string): Promise<Outcome<RequestPayment>> {
    const { cityCode, accountId } = actor;
    // Before anything is locked: whoever writes a payment down holds the order first and then its booking.
    const others = await this.transactor.run(async (tx) => {
      const found = await kinBooking(tx, this.clock, actor, bookingId, 'paying');
      return found.ok ? this.orders.of(tx, cityCode, 'booking', [bookingId]) : [];
    });
    // One that is paid in this moment stands: the booking holds it by then, and the answer below says so.
    for (const order of others) {
      if (order.accountId !== accountId && !isEnded(order)) await this.transactor.run((tx) => this.orders.withdrawUnpaid(tx, cityCode, order.orderId, REASONS['cancelled'] as string));
    }
    const ready = await this.transactor.run(async (tx): Promise<Outcome<null>> => {
      const found = await kinBooking(tx, this.clock, actor, bookingId, 'paying');
      if (!found.ok) return found;
      const { state, pay, orderId, payBy } = found.value;
      if (orderId !== null) return refuse('booking-paid');
      if (state !== 'open') return refuse('booking-not-open');
      if (pay !== 'now' || payBy === null) return refuse('booking-not-to-pay');
      if (this.clock.now() >= payBy) return refuse('booking-pay-over');
      if ((await this.ownOrder(tx, actor, bookingId)).isThere) return done(null);
      const opened = await this.open(tx, actor, found.value);
      return opened.ok ? done(null) : opened;
    });
    return ready.ok ? this.sheet(actor, bookingId) : ready;
  }

  /** The order by which an account pays for a booking: the one that has not ended, or the next. Whoever asks again gets the same. */
  private async ownOrder(tx: Tx, { cityCode, accountId }: MiniActor, bookingId: string): Promise<{ orderId: string; isThere: boolean }> {
    const own = (await this.orders.of(tx, cityCode, 'booking', [bookingId])).filter((order) => order.accountId === accountId);
    const live = own.find((order) => !isEnded(order));
    return { orderId: live?.orderId ?? derivedId('booking.order', bookingId, accountId, String(own.length)), isThere: live !== undefined };
  }

  /** The money came: for the booking, or where that is gone, or paid by somebody else, back at once. */
  private async paid(tx: Tx, { cityCode, orderId, referenceId: bookingId, fen: amount }: PayOrder): Promise<void> {
    const booking = await readBooking(tx, cityCode, bookingId, 'lock');
    invariant(booking, 'an order of a booking has its booking');
    const isUsable = booking.state === 'open' && booking.orderId === null;
    if (isUsable) await holdPaid(tx, cityCode, bookingId, orderId, amount);
    await noteOrderPaid(tx, this.clock, cityCode, { bookingId, orderId, fen: amount }, isUsable, SYSTEM);
  }

  /** Not by hand while the booking counts on it: cancelling gives it back. */
  private async mayRefund(tx: Tx, { cityCode, orderId, referenceId: bookingId }: PayOrder): Promise<boolean> {
    const booking = await readBooking(tx, cityCode, bookingId, 'lock');
    return booking === undefined || booking.orderId !== orderId || booking.heldFen === 0;
  }

  /** Nobody is to pay for a booking that is gone; of what was paid already the booking's own entries speak. */
  private async withdraw(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    for (const { orderId, state } of await this.orders.of(tx, cityCode, 'booking', [String(payload['bookingId'])])) {
      if (state !== 'paid' && state !== 'closed') await this.orders.withdrawUnpaid(tx, cityCode, orderId, REASONS['cancelled'] as string);
    }
  }

  /** Gives back what a booking's money came to; a withdrawn order may have given all of it back by itself, and staff a part by hand. */
  private async refund(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const [refundId, orderId, amount] = [String(payload['entryId']), String(payload['orderId']), fen(Number(payload['fen']))];
    const asked = await this.orders.refund(tx, { cityCode, refundId, orderId, fen: amount, reason: REASONS[String(payload['reason'])] ?? '原路退回', by: SYSTEM, atMost: true });
    const leftFen = asked.ok ? undefined : asked.detail?.['leftFen'];
    if (!asked.ok && !(asked.code === 'pay-refund-above-paid' && leftFen === 0)) throw new Error(`a refund was not taken: ${asked.code}`);
  }
}

/** An order by which nothing can be paid any more, or whose money went back. */
function isEnded({ state, withdrawn }: PayView): boolean {
  return withdrawn || state === 'closed';
}
