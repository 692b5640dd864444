import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { today, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, type JobRequest, type Tx } from '../platform/index.js';
import { ApplyRoster } from './apply-roster.js';
import { APPLY } from './ask-apply.js';
import { CHECK } from './ask-check.js';
import { CheckRoster } from './check-roster.js';
import { filesToPurge, purgeFile } from './file.store.js';
import { rostersUnderWay } from './roster.store.js';

const PURGE = 'roster.purge';

/** Writes the room's jobs on the board, finds those that got lost, and throws files away when their time is over. */
@Injectable()
export class RosterJobs implements OnModuleInit {
  constructor(
    private readonly board: JobBoard, private readonly checkRoster: CheckRoster, private readonly applyRoster: ApplyRoster,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.board.handle(CHECK, (tx, job) => this.checkRoster.handle(tx, job));
    this.board.handle(APPLY, (tx, job) => this.applyRoster.handle(tx, job));
    this.board.handle(PURGE, (tx, job) => purgeFile(tx, job.cityCode, String(job.payload['fileId']), this.clock.now()));
    this.board.sweep((tx) => this.due(tx));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    const jobs = (await rostersUnderWay(tx)).map(({ cityCode, rosterId, state }) => ({ cityCode, job: state === 'checking' ? CHECK : APPLY, key: rosterId, payload: { rosterId } }));
    const old = (await filesToPurge(tx, today(this.clock))).map(({ cityCode, fileId }) => ({ cityCode, job: PURGE, key: fileId, payload: { fileId } }));
    return [...jobs, ...old];
  }
}
