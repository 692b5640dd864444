import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { AnnounceEnd } from './announce-end.js';
import { BudgetController } from './budget.controller.js';
import { BudgetJobs } from './budget.jobs.js';
import { CloseAdjustment } from './close-adjustment.js';
import { DecideEntry } from './decide-entry.js';
import { RecordEntry } from './record-entry.js';
import { StatementController } from './statement.controller.js';

/** Budgets of funds, their alarms and ends, and what counties owe each other. */
@Module({
  imports: [SubsidyModule],
  controllers: [BudgetController, StatementController],
  providers: [RecordEntry, DecideEntry, CloseAdjustment, AnnounceEnd, BudgetJobs],
})
export class BudgetModule {}
