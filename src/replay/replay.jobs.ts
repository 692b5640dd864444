import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { nightOf, type CivilDate, type Clock } from '../kernel/index.js';
import { CLOCK, derivedId, JobBoard, type JobRequest, type Tx } from '../platform/index.js';
import { PolicyNews } from '../subsidy/index.js';
import { LookForLateFacts, RESTATE, RESTATE_RULE } from './look-for-late-facts.js';
import { replaysUnderWay } from './replay.store.js';
import { RestateElder } from './restate-elder.js';
import { citiesWithoutLook } from './restatement.store.js';
import { RUN_REPLAY, RunReplay } from './run-replay.js';

const LOOK = 'replay.look';
/** Writes the room's jobs on the board, finds those that got lost, and looks for late facts once a night. */
@Injectable()
export class ReplayJobs implements OnModuleInit {
  constructor(
    private readonly board: JobBoard, private readonly news: PolicyNews, private readonly runReplay: RunReplay,
    private readonly lookForLateFacts: LookForLateFacts, private readonly restateElder: RestateElder, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.board.handle(RUN_REPLAY, (tx, job) => this.runReplay.step(tx, job));
    this.board.handle(RESTATE, (tx, job) => this.restateElder.run(tx, job));
    this.board.handle(RESTATE_RULE, (tx, job) => this.lookForLateFacts.spread(tx, job));
    this.board.handle(LOOK, async (tx, { cityCode, payload }) => {
      const date = String(payload['date']) as CivilDate;
      await this.lookForLateFacts.look(tx, cityCode, derivedId('restatement-look', cityCode, date), date, 'system');
    });
    this.news.heardBy((tx, published) => this.lookForLateFacts.heard(tx, published));
    this.board.sweep((tx) => replaysUnderWay(tx, RUN_REPLAY));
    this.board.sweep((tx) => this.due(tx));
  }

  /** Tonight's looks that are not done, while it is night. */
  private async due(tx: Tx): Promise<JobRequest[]> {
    const date = nightOf(this.clock);
    if (date === null) return [];
    return (await citiesWithoutLook(tx, date)).map((cityCode) => ({ cityCode, job: LOOK, key: date, payload: { date } }));
  }
}
