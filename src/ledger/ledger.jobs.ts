import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { addMonths, monthOf, today, type CivilMonth, type Clock } from '../kernel/index.js';
import { CLOCK, JobBoard, LOG, sqlState, type JobRequest, type Log, type Tx } from '../platform/index.js';
import { cityWithoutPartitions, makePartitions } from './partition.store.js';

const PARTITIONS = 'ledger.partitions';
/** Months that are ready before their first day, this one included. */
const MONTHS_READY = 4;

/** Makes the partitions of this month and the next ones, so that no tap is the one that has to. */
@Injectable()
export class LedgerJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log) {}

  onModuleInit(): void {
    this.board.handle(PARTITIONS, (tx) => this.make(tx));
    this.board.sweep((tx) => this.due(tx));
  }

  private monthsReady(): CivilMonth[] {
    const first = monthOf(today(this.clock));
    return Array.from({ length: MONTHS_READY }, (_, index) => addMonths(first, index));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    const cityCode = await cityWithoutPartitions(tx, this.monthsReady());
    const date = today(this.clock);
    return cityCode === null ? [] : [{ cityCode, job: PARTITIONS, key: date, payload: { date } }];
  }

  private async make(tx: Tx): Promise<void> {
    const months = this.monthsReady();
    try {
      const made = await makePartitions(tx, months);
      if (made > 0) this.log.info({ months, made }, 'partitions of months were made ahead');
    } catch (error) {
      this.log.error({ months, alarm: 'partitions-missing', sqlState: sqlState(error) }, 'partitions of months cannot be made ahead');
      throw error;
    }
  }
}
