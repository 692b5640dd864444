import { Module } from '@nestjs/common';
import { BookingModule } from '../booking/index.js';
import { PaymentModule } from '../payment/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { AdjustMeal } from './adjust-meal.js';
import { ReadTap } from './read-tap.js';
import { RecomputeTap } from './recompute-tap.js';
import { RecordSlips } from './record-slips.js';
import { TakeTaps } from './take-taps.js';
import { TapBatcher } from './tap-batcher.js';
import { TapController } from './tap.controller.js';
import { TellUnnamed } from './tell-unnamed.js';
import './quick-tap.js';
import './tap.problems.js';
import { VoidTap } from './void-tap.js';

/** Sales at the tills, taken back and corrected. */
@Module({
  imports: [SubsidyModule, PaymentModule, BookingModule],
  controllers: [TapController],
  providers: [TapBatcher, TakeTaps, VoidTap, AdjustMeal, ReadTap, RecomputeTap, RecordSlips, TellUnnamed],
  exports: [RecordSlips, TakeTaps, VoidTap],
})
export class TapModule {}
