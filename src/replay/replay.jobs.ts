import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { derivedId } from '../elder/index.js';
import { chinaMinute, today, type CivilDate, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, type JobRequest, type Tx } from '../platform/index.js';
import { PolicyNews } from '../subsidy/index.js';
import { LookForLateFacts, RESTATE, RESTATE_RULE } from './look-for-late-facts.js';
import { replaysUnderWay } from './replay.store.js';
import { RestateElder } from './restate-elder.js';
import { citiesWithoutLook } from './restatement.store.js';
import { RUN_REPLAY, RunReplay } from './run-replay.js';

const LOOK = 'replay.look';
/** The hours in which no canteen of China serves, in minutes since midnight. */
const NIGHT = { from: 60, to: 5 * 60 };

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
    const minute = chinaMinute(this.clock.now());
    if (minute < NIGHT.from || minute >= NIGHT.to) return [];
    const date = today(this.clock);
    return (await citiesWithoutLook(tx, date)).map((cityCode) => ({ cityCode, job: LOOK, key: date, payload: { date } }));
  }
}
