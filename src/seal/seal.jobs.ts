import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, civilDate, nightOf, type Clock } from '../kernel/index.js';
import { endDays } from '../ledger/index.js';
import { CLOCK, JobBoard, LOG, raiseAlerts, stageJobs, type JobRequest, type Log, type Tx } from '../platform/index.js';
import { SealDays } from './seal-days.js';
import { citiesToSeal } from './unsealed.store.js';

/** Declares yesterday's meals over: whoever books for that day from now on marks it for a new seal. */
const END_DAY = 'seal.end-day';
/** Seals what is over. A job of its own, since it must begin after everybody knows that the day is over. */
const SEAL = 'seal.days';

/** The room's work of every night. */
@Injectable()
export class SealJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly sealDays: SealDays, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log) {}

  onModuleInit(): void {
    this.board.handle(END_DAY, (tx, job) => this.endDay(tx, job));
    this.board.handle(SEAL, (tx, job) => this.seal(tx, job));
    this.board.sweep((tx) => this.due(tx));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    const date = nightOf(this.clock);
    return date === null ? [] : citiesToSeal(tx, END_DAY, date);
  }

  private async endDay(tx: Tx, { cityCode, key, payload }: JobRequest): Promise<void> {
    await endDays(tx, cityCode, addDays(civilDate(String(payload['date'])), -1));
    await stageJobs(tx, this.clock, [{ cityCode, job: SEAL, key, payload }]);
  }

  private async seal(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const { findings, ...done } = await this.sealDays.allOver(tx, cityCode);
    if (findings > 0) await raiseAlerts(tx, this.clock.now(), [{ cityCode, kind: 'seal', subject: `journals-${String(payload['date'])}`, count: findings }]);
    if (findings > 0) this.log.warn({ cityCode, ...done, findings, alarm: 'seal-findings' }, 'sealing found journals that somebody should look into');
    else this.log.info({ cityCode, ...done }, 'days are sealed');
  }
}
