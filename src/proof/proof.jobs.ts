import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, chinaMinute, nightOf, today, type Clock } from '../kernel/index.js';
import { at, CLOCK, JobBoard, LOG, raiseAlerts, resolveAlerts, type JobRequest, type Log, type Tx } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { deadKinds } from './alert.store.js';
import type { Violation } from './invariant.js';
import { citiesThatMissed, citiesWithoutRun, insertRun } from './invariants.store.js';
import { runInvariants } from './run-invariants.js';

export const NIGHTLY = 'proof.nightly';

/** A night that was missed longer ago than this waits for the next one. */
const MISSED_DAYS = 7;
/** When tills are busy, in minutes since midnight: no run that was missed is made up for then. */
const RUSHES = [[10 * 60 + 30, 13 * 60 + 30], [16 * 60 + 30, 18 * 60 + 30]] as const;

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

  /** Tonight's runs that are not done, while it is night; by day those of a night in which no process was up. */
  private async due(tx: Tx): Promise<JobRequest[]> {
    const date = nightOf(this.clock);
    const cities = date === null ? await this.missed(tx) : await citiesWithoutRun(tx, date);
    const key = date ?? today(this.clock);
    return cities.map((cityCode) => ({ cityCode, job: NIGHTLY, key, payload: { date: key } }));
  }

  private async missed(tx: Tx): Promise<string[]> {
    const minute = chinaMinute(this.clock.now());
    if (RUSHES.some(([from, to]) => minute >= from && minute < to)) return [];
    const date = today(this.clock);
    return citiesThatMissed(tx, date, addDays(date, -MISSED_DAYS));
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
