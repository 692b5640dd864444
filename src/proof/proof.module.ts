import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { ProofJobs } from './proof.jobs.js';

/** Proves every night that the books and the rules still agree. */
@Module({ imports: [SubsidyModule], providers: [ProofJobs] })
export class ProofModule {}
