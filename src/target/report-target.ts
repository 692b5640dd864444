import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, Transactor } from '../platform/index.js';
import { reportOf, type Target, type TargetReport } from './domain/index.js';
import { siteLives } from './site-lives.js';
import { findTarget } from './target.store.js';

/** A target beside its count on a day. */
export interface CountedTarget {
  readonly target: Target;
  readonly report: TargetReport;
}

/** Counts a target for any day that is asked, from the histories of the sites as they are known now. */
@Injectable()
export class ReportTarget {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * The whole report: a target and its counties are public figures, so no scope cuts it.
   * Refuses `target-unknown`.
   * @param asOf the day that is asked; today when left out
   */
  async report(cityCode: string, code: string, asOf: CivilDate = today(this.clock)): Promise<Outcome<CountedTarget>> {
    return this.transactor.run(async (tx) => {
      const target = await findTarget(tx, cityCode, code);
      if (target === null) return refuse('target-unknown');
      return done({ target, report: reportOf(target, await siteLives(tx, cityCode, target.divisionCode), asOf) });
    });
  }
}
