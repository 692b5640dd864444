import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { nightOf, type Clock } from '../kernel/index.js';
import { at, CLOCK, JobBoard, LOG, raiseAlerts, resolveAlerts, type JobRequest, type Log, type Tx } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { deadKinds } from './alert.store.js';
import type { Violation } from './invariant.js';
import { citiesWithoutRun, insertRun } from './invariants.store.js';
import { runInvariants } from './run-invariants.js';

export const NIGHTLY = 'proof.nightly';

/** Runs the invariants of each city once a night, keeps the result and raises the alarm: an alert, and a line of the log. */
@Injectable()
export class ProofJobs implements OnModuleInit {
  constructor(
    private readonly board: JobBoard, private readonly policies: PolicyLibrary,
    @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.board.handle(NIGHTLY, (tx, job) => this.prove(tx, job));
    this.board.sweep((tx) => this.due(tx));
  }

  /** Tonight's runs that are not done, while it is night. */
  private async due(tx: Tx): Promise<JobRequest[]> {
    const date = nightOf(this.clock);
    if (date === null) return [];
    return (await citiesWithoutRun(tx, date)).map((cityCode) => ({ cityCode, job: NIGHTLY, key: date, payload: { date } }));
  }

  private async prove(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const verdict = await runInvariants(tx, cityCode, this.policies);
    await insertRun(tx, { cityCode, ranFor: String(payload['date']), ranAt: at(this.clock.now()), ...verdict });
    await this.alert(tx, cityCode, verdict.violations);
    for (const { id, count } of verdict.violations) this.log.error({ cityCode, invariant: id, count }, 'invariant broken');
  }

  /** Opens an alert for each invariant that is broken, and ends those whose finding is gone. */
  private async alert(tx: Tx, cityCode: string, violations: readonly Violation[]): Promise<void> {
    const now = this.clock.now();
    await raiseAlerts(tx, now, violations.map(({ id, count }) => ({ cityCode, kind: 'invariant', subject: id, count })));
    await resolveAlerts(tx, now, cityCode, 'invariant', violations.map(({ id }) => id));
    await resolveAlerts(tx, now, cityCode, 'job', (await deadKinds(tx, cityCode)).map(({ job }) => job));
  }
}
