import { Module } from '@nestjs/common';
import { PaymentModule } from '../payment/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { TapModule } from '../tap/index.js';
import { CashierController } from './cashier.controller.js';
import { Cashiers } from './cashiers.js';
import { BookingsController } from './bookings.controller.js';
import { CodeController } from './code.controller.js';
import { CodeJobs } from './code.jobs.js';
import { ServeCatalogue } from './catalogue.js';
import { ImportJournal } from './import-journal.js';
import { IssuePass } from './issue-pass.js';
import { JournalController } from './journal.controller.js';
import { LogInCashier } from './log-in-cashier.js';
import { LookUpCard } from './look-up-card.js';
import { MakeRoster } from './make-roster.js';
import { MiniCodeController } from './mini-code.controller.js';
import { OpenTill } from './open-till.js';
import { PayAtTill } from './pay-at-till.js';
import { TillPaymentController } from './payment.controller.js';
import { TillPhotoController } from './photo.controller.js';
import { PrintedCodes } from './printed-codes.js';
import { ReceiptController } from './receipt.controller.js';
import { RedeemCode } from './redeem-code.js';
import { SearchElder } from './search-elder.js';
import { ServeBookings } from './serve-bookings.js';
import { ServeLostCards } from './serve-lost-cards.js';
import { ServeRoster } from './serve-roster.js';
import { SetLimits } from './set-limits.js';
import { ShiftController } from './shift.controller.js';
import { Shifts } from './shifts.js';
import { ShowBalance } from './show-balance.js';
import { ShowCode } from './show-code.js';
import { ShowPhoto } from './show-photo.js';
import { TillController } from './till.controller.js';
import './till.problems.js';

/** What a till needs to go on without a network, and who works at it. */
@Module({
  imports: [SubsidyModule, TapModule, PaymentModule],
  controllers: [TillController, CashierController, ReceiptController, JournalController, ShiftController, BookingsController, TillPhotoController, CodeController, MiniCodeController, TillPaymentController],
  providers: [MakeRoster, ServeRoster, ServeLostCards, ServeCatalogue, ServeBookings, OpenTill, LookUpCard, SearchElder, ShowBalance, ShowPhoto, Cashiers, LogInCashier, SetLimits, Shifts, ImportJournal, RedeemCode, ShowCode, IssuePass, PrintedCodes, PayAtTill, CodeJobs],
})
export class TillModule {}
