import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { civilDate, nightOf, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, type JobRequest, type Tx } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { citiesToSweep, insertSweep } from './decision.store.js';
import { proposeStops } from './propose-stops.js';

/** Compares a city's approvals with the registry, once a night. */
export const STOP_SWEEP = 'eligibility.stop-sweep';

@Injectable()
export class EligibilityJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.board.handle(STOP_SWEEP, (tx, job) => this.sweep(tx, job));
    this.board.sweep((tx) => this.due(tx));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    const date = nightOf(this.clock);
    if (date === null) return [];
    return (await citiesToSweep(tx, date)).map((cityCode) => ({ cityCode, job: STOP_SWEEP, key: date, payload: { date } }));
  }

  private async sweep(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const date = civilDate(String(payload['date']));
    await insertSweep(tx, cityCode, date, await proposeStops(tx, this.clock, this.policies, cityCode, date));
  }
}
