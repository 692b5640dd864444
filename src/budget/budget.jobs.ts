import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { civilMonth, nightOf, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, LOG, type JobRequest, type Log, type Tx } from '../platform/index.js';
import { budgetedYears } from './entry.store.js';
import { makeStatement } from './make-statement.js';
import { raiseAlarms } from './raise-alarms.js';
import { keepBases } from './read-figures.js';
import { statementsToMake } from './statement.store.js';

/** Sums up the pace of a city's funds and looks at every one of a budget year, once a night. */
const WATCH = 'budget.watch';
/** Makes the statement between counties of a closed month. */
const STATEMENT = 'budget.county-statement';

/** The room's work that nobody asks for: alarms at night, statements after a month is closed. */
@Injectable()
export class BudgetJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log) {}

  onModuleInit(): void {
    this.board.handle(WATCH, (tx, job) => this.watch(tx, job));
    this.board.sweep((tx) => this.due(tx));
    this.board.handle(STATEMENT, async (tx, { cityCode, payload }) => {
      await makeStatement(tx, this.clock, cityCode, civilMonth(String(payload['month'])));
    });
    this.board.sweep((tx) => statementsToMake(tx, STATEMENT));
  }

  /** Tonight's looks, at this year's budgets and, for late corrections and claims on their way, last year's. */
  private async due(tx: Tx): Promise<JobRequest[]> {
    const date = nightOf(this.clock);
    if (date === null) return [];
    const years = await budgetedYears(tx, Number(date.slice(0, 4)) - 1);
    return years.map(({ cityCode, year }) => ({ cityCode, job: WATCH, key: `${year} ${date}`, payload: { year, date } }));
  }

  private async watch(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    await keepBases(tx, this.clock, cityCode);
    for (const { funderCode, budgetYear, threshold } of await raiseAlarms(tx, this.clock, cityCode, Number(payload['year']), null)) {
      this.log.warn({ cityCode, funderCode, budgetYear, threshold, alarm: 'budget' }, 'a budget has reached a threshold');
    }
  }
}
