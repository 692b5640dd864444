import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, chinaMinute, civilDate, today, type Clock } from '../kernel/index.js';
import { CLOCK, derivedId, JobBoard, LOG, type JobRequest, type Log, type Tx } from '../platform/index.js';
import { MakeSheet } from './make-sheet.js';
import { sitesToPrint } from './paper-site.store.js';

const PRINT = 'slip.print';
/** From this minute of the day on tomorrow's sheets are made; until that one, today's that were not made the evening before. */
const EVENING = 18 * 60;
const MORNING_ENDS = 10 * 60;
const SYSTEM = 'system';

/** Makes the sheets of the next day in the evening: whoever drives out in the morning has them. */
@Injectable()
export class SlipJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly sheets: MakeSheet, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log) {}

  onModuleInit(): void {
    this.board.handle(PRINT, (tx, job) => this.print(tx, job));
    this.board.sweep((tx) => this.due(tx));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    const minute = chinaMinute(this.clock.now());
    if (minute >= MORNING_ENDS && minute < EVENING) return [];
    const mealDate = minute >= EVENING ? addDays(today(this.clock), 1) : today(this.clock);
    return (await sitesToPrint(tx, mealDate)).map(({ cityCode, siteId }) => ({ cityCode, job: PRINT, key: `${siteId} ${mealDate}`, payload: { siteId, mealDate } }));
  }

  private async print(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const [siteId, mealDate] = [String(payload['siteId']), civilDate(String(payload['mealDate']))];
    const made = await this.sheets.make(tx, { cityCode, sheetId: derivedId('slip-sheet', cityCode, siteId, mealDate), siteId, mealDate, wish: { kind: 'first' }, actor: SYSTEM, by: SYSTEM });
    if (!made.ok) this.log.warn({ cityCode, siteId, mealDate, code: made.code }, 'a canteen on paper gets no sheet for this day');
  }
}
