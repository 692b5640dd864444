import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { TapModule } from '../tap/index.js';
import { CloseDay } from './close-day.js';
import { SlipDayController } from './day.controller.js';
import { EnterBatch } from './enter-batch.js';
import { KeepPhoto } from './keep-photo.js';
import { MakeSheet } from './make-sheet.js';
import { PrintSheet } from './print-sheet.js';
import { PutOnPaper } from './put-on-paper.js';
import { SetSlipLimits } from './set-limits.js';
import { SlipController } from './slip.controller.js';
import { SlipJobs } from './slip.jobs.js';
import './slip.problems.js';

/** Canteens without a device: sheets and numbered slips on paper. */
@Module({
  imports: [SubsidyModule, TapModule],
  controllers: [SlipController, SlipDayController],
  providers: [PutOnPaper, SetSlipLimits, MakeSheet, PrintSheet, KeepPhoto, EnterBatch, CloseDay, SlipJobs],
})
export class SlipModule {}
