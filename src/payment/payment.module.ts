import { Module } from '@nestjs/common';
import { ImportStatement } from './import-statement.js';
import { LookAtOrder } from './look-at-order.js';
import { LookAtRefund } from './look-at-refund.js';
import { PayHandlers } from './pay-handlers.js';
import { PayOrders } from './pay-orders.js';
import { PaymentController } from './payment.controller.js';
import './payment.problems.js';
import { ReadStatement } from './read-statement.js';
import { ReconcileDay } from './reconcile-day.js';
import { ReconcileController } from './reconcile.controller.js';
import { ReconcileJobs } from './reconcile.jobs.js';
import { RefundBalance } from './refund-balance.js';
import { RefundOrder } from './refund-order.js';
import { SetMerchant } from './set-merchant.js';
import { SetPrepayment } from './set-prepayment.js';
import { TakeNotice } from './take-notice.js';
import { WechatAbsence } from './wechat-absence.js';
import { WechatController } from './wechat.controller.js';
import { WechatJobs } from './wechat.jobs.js';

/** Prepaid balances, as mirrors of what a bank holds, and payments by WeChat. */
@Module({
  controllers: [PaymentController, WechatController, ReconcileController],
  providers: [SetPrepayment, ImportStatement, RefundBalance, ReadStatement, SetMerchant, PayHandlers, WechatAbsence, LookAtOrder, LookAtRefund, PayOrders, RefundOrder, TakeNotice, WechatJobs, ReconcileDay, ReconcileJobs],
  exports: [PayOrders, PayHandlers],
})
export class PaymentModule {}
