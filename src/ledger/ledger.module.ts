import { Module } from '@nestjs/common';
import { LedgerJobs } from './ledger.jobs.js';

/** The books. */
@Module({ providers: [LedgerJobs] })
export class LedgerModule {}
