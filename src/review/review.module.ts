import { Module } from '@nestjs/common';
import { DrawSamples } from './draw-samples.js';
import { ReadReviews } from './read-reviews.js';
import { RecordFinding } from './record-finding.js';
import { ReviewController } from './review.controller.js';
import { ReviewJobs } from './review.jobs.js';
import './review.problems.js';
import { SetRule } from './set-rule.js';

/** Meals that a person looks at, drawn from sealed days so that nobody can choose them. */
@Module({
  controllers: [ReviewController],
  providers: [DrawSamples, ReadReviews, RecordFinding, SetRule, ReviewJobs],
})
export class ReviewModule {}
