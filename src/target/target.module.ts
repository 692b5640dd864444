import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { ReadCityOverview } from './city-overview.js';
import { LoadTargets } from './load-targets.js';
import { OverviewController } from './overview.controller.js';
import { ReportTarget } from './report-target.js';
import { TargetController } from './target.controller.js';
import './target.problems.js';

@Module({
  imports: [SubsidyModule],
  controllers: [TargetController, OverviewController],
  providers: [LoadTargets, ReportTarget, ReadCityOverview],
  exports: [LoadTargets, ReportTarget, ReadCityOverview],
})
export class TargetModule {}
