import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JobBoard, LOG, type JobRequest, type Log, type Tx } from '../platform/index.js';
import { DrawSamples } from './draw-samples.js';
import { citiesToDraw } from './draw.store.js';

/** Draws from the seals that are new. It follows the sealing by what stands in the log, whoever sealed. */
const DRAW = 'review.draw';

@Injectable()
export class ReviewJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly samples: DrawSamples, @Inject(LOG) private readonly log: Log) {}

  onModuleInit(): void {
    this.board.handle(DRAW, (tx, job) => this.draw(tx, job));
    this.board.sweep((tx) => citiesToDraw(tx, DRAW));
  }

  private async draw(tx: Tx, { cityCode }: JobRequest): Promise<void> {
    this.log.info({ cityCode, ...(await this.samples.run(tx, cityCode)) }, 'samples are drawn');
  }
}
