import { Module } from '@nestjs/common';
import { Metrics, Transactor } from '../platform/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { AcknowledgeAlert } from './acknowledge-alert.js';
import { AlertController } from './alert.controller.js';
import { readGauges } from './gauges.store.js';
import { ProofJobs } from './proof.jobs.js';
import './proof.problems.js';
import { ReviveJobs } from './revive-jobs.js';

/** Proves every night that the books and the rules still agree, and says what does not. */
@Module({ imports: [SubsidyModule], controllers: [AlertController], providers: [ProofJobs, AcknowledgeAlert, ReviveJobs] })
export class ProofModule {
  constructor(metrics: Metrics, transactor: Transactor) {
    metrics.gauge(() => transactor.read(readGauges));
  }
}
