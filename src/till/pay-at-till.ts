import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { done, fen, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { PayHandlers, PayOrders, type PayView } from '../payment/index.js';
import { CLOCK, Transactor, type TerminalActor } from '../platform/index.js';
import { isTakenBack, lockTapIds } from '../tap/index.js';
import { readSale, takeTurn } from './payment.store.js';

/** What the payer reads on the phone. */
const DESCRIPTION = '幸福食堂助餐';

/** How the payment of a sale stands, for whoever waits at the counter. */
export interface TillPayment {
  /** `open`: of the money nothing is known yet; it is neither counted on nor asked for again. */
  readonly state: 'paid' | 'open' | 'failed';
  readonly sentence: string;
}

const WHY: Readonly<Record<NonNullable<PayView['why']>, string>> = {
  'not-enough': '老人微信里的钱不够，没有扣款。请换一张银行卡的付款码再扫，或作废后收现金。',
  code: '付款码已过期或用过，没有扣款。请老人刷新付款码，再扫一次。',
  other: '微信没有付成，没有扣款。请老人刷新付款码，再扫一次，或作废后收现金。',
};
const NOTHING_YET: TillPayment = { state: 'failed', sentence: '还没有收到付款码，请再扫一次。' };
const GOES_BACK: TillPayment = { state: 'failed', sentence: '微信没有付成，扣的钱已原路退回。请老人刷新付款码，再扫一次，或作废后收现金。' };

/**
 * Own shares that are paid by WeChat's payment code: the sale first, the money after it. A sale has one order at
 * a time that may bring money (`takeTurn`), so whatever a till sends twice is charged once; a sale that is taken back gives
 * everything back, whenever the money comes.
 */
@Injectable()
export class PayAtTill implements OnModuleInit {
  constructor(private readonly orders: PayOrders, private readonly handlers: PayHandlers, private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.handlers.on('tap', {
      lock: async (tx, { cityCode, referenceId }) => void (await lockTapIds(tx, cityCode, [referenceId])),
      // Taken back while the payer still typed: nobody wants the money any more.
      paid: async (tx, { cityCode, orderId, referenceId }) => {
        if (await isTakenBack(tx, cityCode, referenceId)) await this.orders.withdraw(tx, cityCode, orderId, '餐已撤销，原路退回');
      },
    });
  }

  /**
   * Charges a sale of this terminal by a code that was scanned. The same id again is the same charge.
   * @returns `not-found`, `tap-refused-already`, `already-voided`, `pay-not-due`, `pay-under-way`, `pay-code-form`, `wechat-off`, `pay-not-here`, `id-taken`
   */
  async charge(actor: TerminalActor, tapId: string, { id, authCode }: { readonly id: string; readonly authCode: string }): Promise<Outcome<TillPayment>> {
    const { cityCode, terminalId, siteId } = actor;
    const ready = await this.transactor.run(async (tx) => {
      const sale = await readSale(tx, cityCode, tapId);
      if (sale === undefined || sale.terminalId !== terminalId) return refuse('not-found');
      if (sale.outcome === 'refused') return refuse('tap-refused-already');
      if (sale.voided) return refuse('already-voided');
      if (sale.tender !== 'code' || sale.selfPayFen === 0 || sale.mealDate !== today(this.clock)) return refuse('pay-not-due');
      const paid = (await this.orders.of(tx, cityCode, 'tap', [tapId])).find((order) => order.state === 'paid' && !goesBack(order));
      if (paid === undefined && !(await takeTurn(tx, cityCode, tapId, id, this.clock.now()))) return refuse('pay-under-way');
      return done({ sale, paid });
    });
    if (!ready.ok) return ready;
    const { sale, paid } = ready.value;
    if (paid !== undefined) return done(paymentOf(paid));
    const charged = await this.orders.charge({
      cityCode, orderId: id, purpose: 'tap', referenceId: tapId, elderId: sale.elderId, siteId, fen: fen(sale.selfPayFen), description: DESCRIPTION, authCode, deviceId: terminalId.replaceAll('-', ''),
    });
    return charged.ok ? done(paymentOf(charged.value)) : charged;
  }

  /** How the payment of a sale of this terminal stands; WeChat is asked where it is time to. @returns `not-found` */
  async state(actor: TerminalActor, tapId: string): Promise<Outcome<TillPayment>> {
    const { cityCode, terminalId } = actor;
    const found = await this.transactor.run(async (tx) => {
      const sale = await readSale(tx, cityCode, tapId);
      return sale === undefined || sale.terminalId !== terminalId ? refuse('not-found') : done(await this.orders.of(tx, cityCode, 'tap', [tapId]));
    });
    if (!found.ok) return found;
    const order = found.value.find((one) => one.state !== 'closed' && !goesBack(one)) ?? found.value[0];
    if (order === undefined) return done(NOTHING_YET);
    const now = await this.orders.follow(cityCode, order.orderId);
    return now.ok ? done(paymentOf(now.value)) : now;
  }
}

/** Paid in truth, after we had given it up: what was taken is on its way back. */
function goesBack({ state, withdrawn }: PayView): boolean {
  return state === 'paid' && withdrawn;
}

function paymentOf(order: PayView): TillPayment {
  const { state, why } = order;
  if (goesBack(order)) return GOES_BACK;
  if (state === 'paid') return { state: 'paid', sentence: '微信已付。' };
  if (state === 'closed') return { state: 'failed', sentence: WHY[why ?? 'other'] };
  return { state: 'open', sentence: state === 'paying' ? '等待老人在手机上输入密码，不要重复扫。' : '正在向微信核对这一笔，请稍等，不要重复扫。' };
}
