import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, civilDate, done, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import { reachKin } from '../family/index.js';
import { CLOCK, derivedId, FieldCipher, JobBoard, type JobRequest, type Tx } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { bookMeal } from './book-meal.js';
import { BookingPlaces } from './booking-places.js';
import { standsOn } from './domain/index.js';
import { canEat } from './reach-booking.js';
import { tellFailedDay } from './standing-news.js';
import { citiesOfStanding, daysToBook, insertDay, isDayDone, readStanding, type CityDay, type StandingRow } from './standing.store.js';

const STANDING = 'booking.standing';
const SYSTEM = 'system';
/** So many days ahead a day is booked: early enough for every cut-off, late enough for prices and holidays to be known. */
const AHEAD_DAYS = 3;

/** Books each day of the standing orders ahead, one piece of work a day, and tells what it could not book. */
@Injectable()
export class StandingJobs implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly policies: PolicyLibrary, private readonly cipher: FieldCipher, private readonly places: BookingPlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.board.handle(STANDING, (tx, job) => this.bookDay(tx, job));
    this.board.sweep((tx) => this.due(tx));
  }

  private async due(tx: Tx): Promise<JobRequest[]> {
    const from = today(this.clock);
    const days: CityDay[] = [];
    for (const cityCode of await citiesOfStanding(tx, from)) {
      const library = await this.policies.of(tx, cityCode);
      for (let ahead = 0; ahead <= AHEAD_DAYS; ahead += 1) {
        const date = addDays(from, ahead);
        days.push({ cityCode, date, isWorked: library.dayKind(date) === 'workday' });
      }
    }
    return (await daysToBook(tx, days)).map(({ cityCode, standingId, date }) => ({ cityCode, job: STANDING, key: `${standingId} ${date}`, payload: { standingId, date } }));
  }

  private async bookDay(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const [standingId, date] = [String(payload['standingId']), civilDate(String(payload['date']))];
    const seen = await readStanding(tx, cityCode, standingId);
    if (seen === undefined) return;
    const elder = await lockElder(tx, cityCode, seen.elderId);
    // Once more under the elder's lock: it may have been ended meanwhile.
    const order = await readStanding(tx, cityCode, standingId);
    if (order === undefined || order.endedAt !== null || (await isDayDone(tx, cityCode, standingId, date))) return;
    const library = await this.policies.of(tx, cityCode);
    if (standsOn(order.weekdays, date, library.dayKind(date)) !== 'book') {
      await insertDay(tx, cityCode, standingId, { date, outcome: 'dayOff', bookingId: null, code: null, detail: null }, this.clock.now());
      return;
    }
    const made = await this.bookFor(tx, cityCode, order, date, elder === undefined || elder.died !== null);
    if (made.ok) {
      await insertDay(tx, cityCode, standingId, { date, outcome: 'booked', bookingId: made.value.bookingId, code: null, detail: null }, this.clock.now());
      return;
    }
    await insertDay(tx, cityCode, standingId, { date, outcome: 'failed', bookingId: null, code: made.code, detail: (made.detail ?? null) as Readonly<Record<string, string | number>> | null }, this.clock.now());
    await tellFailedDay(tx, this.clock, cityCode, standingId, date, made.code);
  }

  private async bookFor(tx: Tx, cityCode: string, order: StandingRow, mealDate: CivilDate, isGone: boolean): Promise<Outcome<{ bookingId: string }>> {
    const { standingId, elderId, accountId, isSelf } = order;
    // A relative may have lost the consent since. An elder who has another telephone still eats.
    const may = accountId === null || isSelf ? done(null) : await reachKin(tx, { cityCode, accountId }, elderId, 'ordering', today(this.clock));
    if (!may.ok) return may;
    const fit = await canEat(tx, cityCode, elderId, isGone);
    if (!fit.ok) return fit;
    const { siteId, mealPeriod, items, way, note } = order;
    return bookMeal(tx, { clock: this.clock, cipher: this.cipher, places: this.places }, cityCode,
      { bookingId: derivedId('booking.standing', standingId, mealDate), elderId, siteId, mealDate, mealPeriod, items, way, note, channel: 'standing', accountId, by: SYSTEM });
  }
}
