import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CivilDate, Clock } from '../kernel/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { JobBoard, stageJobs, type Tx } from '../platform/index.js';

/** The job that every no-show stages. */
const NEWS = 'booking.no-show-news';

/** A booked meal that nobody fetched. */
export interface NoShow {
  readonly cityCode: string;
  readonly bookingId: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
}

/** Acts on a no-show, in the transaction that marks the job as done. It may be called again after a failure. */
type NoShowListener = (tx: Tx, noShow: NoShow) => Promise<void>;

/** Tells later rooms of no-shows, some moments after they were noted: somebody who never misses a meal may need help. */
@Injectable()
export class NoShowNews implements OnModuleInit {
  private readonly listeners: NoShowListener[] = [];

  constructor(private readonly board: JobBoard) {}

  heardBy(listener: NoShowListener): void {
    this.listeners.push(listener);
  }

  onModuleInit(): void {
    this.board.handle(NEWS, async (tx, { cityCode, payload }) => {
      const { bookingId, elderId, siteId, mealDate, mealPeriod } = payload as unknown as Omit<NoShow, 'cityCode'>;
      for (const listener of this.listeners) await listener(tx, { cityCode, bookingId, elderId, siteId, mealDate, mealPeriod });
    });
  }
}

/** Stages the news in the transaction that notes the no-shows. */
export async function tellNoShows(tx: Tx, clock: Clock, noShows: readonly NoShow[]): Promise<void> {
  await stageJobs(tx, clock, noShows.map(({ cityCode, bookingId, elderId, siteId, mealDate, mealPeriod }) => ({ cityCode, job: NEWS, key: bookingId, payload: { bookingId, elderId, siteId, mealDate, mealPeriod } })));
}
