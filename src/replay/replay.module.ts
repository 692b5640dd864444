import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { AskReplay } from './ask-replay.js';
import { DecideRestatement } from './decide-restatement.js';
import { LookForLateFacts } from './look-for-late-facts.js';
import { DecideAnew } from './decide-anew.js';
import { ReplayController } from './replay.controller.js';
import { ReplayJobs } from './replay.jobs.js';
import './replay.problems.js';
import { RestateElder } from './restate-elder.js';
import { RestatementController } from './restatement.controller.js';
import { RunReplay } from './run-replay.js';

/** Meals that were eaten, decided once more: by a draft, to know its price, and by what became known too late. */
@Module({
  imports: [SubsidyModule],
  controllers: [ReplayController, RestatementController],
  providers: [AskReplay, RunReplay, LookForLateFacts, RestateElder, DecideRestatement, DecideAnew, ReplayJobs],
})
export class ReplayModule {}
