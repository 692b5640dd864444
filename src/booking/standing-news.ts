import { Injectable, type OnModuleInit } from '@nestjs/common';
import { civilDate, type CivilDate, type Clock } from '../kernel/index.js';
import { JobBoard, stageJobs, type Tx } from '../platform/index.js';
import { readStanding, type StandingRow } from './standing.store.js';

/** The job that every day stages that could not be booked. */
const NEWS = 'booking.standing-failed';

/** A day of a standing order that could not be booked. */
export interface FailedDay {
  readonly cityCode: string;
  readonly order: StandingRow;
  readonly date: CivilDate;
  /** Why: the code of what booking refused it with. */
  readonly code: string;
}

/** Acts on such a day, in the transaction that marks the job as done. It may be called again after a failure. */
type FailedDayListener = (tx: Tx, day: FailedDay) => Promise<void>;

/** Tells later rooms of days that standing orders could not book: somebody counts on a meal that will not be there. */
@Injectable()
export class StandingNews implements OnModuleInit {
  private readonly listeners: FailedDayListener[] = [];

  constructor(private readonly board: JobBoard) {}

  heardBy(listener: FailedDayListener): void {
    this.listeners.push(listener);
  }

  onModuleInit(): void {
    this.board.handle(NEWS, async (tx, { cityCode, payload }) => {
      const [order, date] = [await readStanding(tx, cityCode, String(payload['standingId'])), civilDate(String(payload['date']))];
      if (order === undefined) return;
      for (const listener of this.listeners) await listener(tx, { cityCode, order, date, code: String(payload['code']) });
    });
  }
}

/** Stages the news in the transaction that notes the day. */
export async function tellFailedDay(tx: Tx, clock: Clock, cityCode: string, standingId: string, date: CivilDate, code: string): Promise<void> {
  await stageJobs(tx, clock, [{ cityCode, job: NEWS, key: `${standingId} ${date}`, payload: { standingId, date, code } }]);
}
