import { Module } from '@nestjs/common';
import { ReadCheckpoint } from './read-checkpoint.js';
import { SealController } from './seal.controller.js';
import { SealDays } from './seal-days.js';
import { SealJobs } from './seal.jobs.js';
import './seal.problems.js';

/** Days of sites under Merkle roots, and these under signed checkpoints. */
@Module({
  controllers: [SealController],
  providers: [SealDays, SealJobs, ReadCheckpoint],
  exports: [SealDays],
})
export class SealModule {}
