import { Module } from '@nestjs/common';
import { ImportStatement } from './import-statement.js';
import { PaymentController } from './payment.controller.js';
import './payment.problems.js';
import { ReadStatement } from './read-statement.js';
import { RefundBalance } from './refund-balance.js';
import { SetPrepayment } from './set-prepayment.js';

/** Prepaid balances, as mirrors of what a bank holds. */
@Module({
  controllers: [PaymentController],
  providers: [SetPrepayment, ImportStatement, RefundBalance, ReadStatement],
})
export class PaymentModule {}
