import { Module } from '@nestjs/common';
import { SealDays } from './seal-days.js';
import { SealJobs } from './seal.jobs.js';

/** Days of sites under Merkle roots, and these under signed checkpoints. */
@Module({
  providers: [SealDays, SealJobs],
  exports: [SealDays],
})
export class SealModule {}
