import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, civilDate, nightOf, today, type CivilDate, type Clock } from '../kernel/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../menu/domain/index.js';
import { CLOCK, JobBoard, type JobRequest, type Tx } from '../platform/index.js';
import { citiesWithNoShows, mealsWithOpen, noShowsSince, unpaidSince } from './booking.store.js';
import { giveUpMeal, giveUpUnpaid } from './end-bookings.js';
import { givenUpAt } from './domain/index.js';
import { readHours } from './hours.store.js';
import { UnnamedMeals } from './unnamed-meals.js';

const NO_SHOW = 'booking.no-show';
const UNPAID = 'booking.unpaid';
const EATEN = 'booking.eaten-after-all';
const SYSTEM = 'system';
/** A till that had no network that long is looked after by somebody. */
const LATEST_SALE_DAYS = 31;

/** Gives up what nobody fetched, a while after the meal, and what nobody paid in time. Every night it looks whose sale came late. */
@Injectable()
export class BookingJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly unnamed: UnnamedMeals, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.board.handle(NO_SHOW, (tx, job) => this.giveUp(tx, job));
    this.board.handle(UNPAID, (tx, { cityCode, payload }) => giveUpUnpaid(tx, this.clock, cityCode, String(payload['bookingId']), SYSTEM));
    this.board.handle(EATEN, (tx, job) => this.excuse(tx, job));
    this.board.sweep((tx) => this.due(tx));
    this.board.sweep((tx) => this.nightly(tx));
    this.board.sweep(async (tx) => (await unpaidSince(tx, this.clock.now())).map(({ cityCode, bookingId }) => ({ cityCode, job: UNPAID, key: bookingId, payload: { bookingId } })));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    const due: JobRequest[] = [];
    for (const { cityCode, siteId, mealDate, mealPeriod, events } of await mealsWithOpen(tx, today(this.clock))) {
      const hours = (await readHours(tx, cityCode, siteId))[mealPeriod];
      // A booking that was opened again after a void has one event more: another piece of work.
      if (this.clock.now() >= givenUpAt(hours, mealDate)) due.push({ cityCode, job: NO_SHOW, key: `${siteId} ${mealDate} ${mealPeriod} ${events}`, payload: { siteId, mealDate, mealPeriod } });
    }
    return due;
  }

  private async giveUp(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const [siteId, mealDate] = [String(payload['siteId']), civilDate(String(payload['mealDate']))];
    const mealPeriod = MEAL_PERIODS.find((period) => period === payload['mealPeriod']) as MealPeriod;
    await giveUpMeal(tx, this.clock, this.unnamed, { cityCode, siteId, mealDate, mealPeriod }, SYSTEM);
  }

  private async nightly(tx: Tx): Promise<JobRequest[]> {
    const night = nightOf(this.clock);
    return night === null ? [] : (await citiesWithNoShows(tx, lookedAtFrom(night))).map((cityCode) => ({ cityCode, job: EATEN, key: night, payload: { date: night } }));
  }

  /** Whoever ate at a till without a network missed nothing, once its sales are there. */
  private async excuse(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const missed = await noShowsSince(tx, cityCode, lookedAtFrom(civilDate(String(payload['date']))));
    await this.unnamed.handOut(tx, this.clock, cityCode, await this.unnamed.among(tx, cityCode, missed), SYSTEM);
  }
}

function lookedAtFrom(night: CivilDate): CivilDate {
  return addDays(night, -LATEST_SALE_DAYS);
}
