import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { Apply } from './apply.js';
import { DecideApplication } from './decide-application.js';
import { EligibilityController } from './eligibility.controller.js';
import { EligibilityJobs } from './eligibility.jobs.js';
import './eligibility.problems.js';
import { StepApplication } from './step-application.js';
import { StopApplication } from './stop-application.js';

/** Who may draw a subsidy that has to be applied for. */
@Module({
  imports: [SubsidyModule],
  controllers: [EligibilityController],
  providers: [Apply, StepApplication, DecideApplication, StopApplication, EligibilityJobs],
})
export class EligibilityModule {}
