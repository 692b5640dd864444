import { Inject, Injectable } from '@nestjs/common';
import { done, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { lockElders } from '../elder/index.js';
import { actorName, CLOCK, derivedId, doDeed, FieldCipher, problemBody, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { bookMeal, type BookingMade } from './book-meal.js';
import { BookingPlaces } from './booking-places.js';
import { holderOf } from './booking.store.js';
import type { MealWished, Wish } from './price-booking.js';
import { elderToBookFor, siteToBookAt, type ForWhom } from './reach-booking.js';

/** The meals of an estate, each for somebody of its own. */
export interface GroupAsked extends MealWished {
  readonly id: string;
  readonly rows: readonly (Wish & { readonly who: ForWhom })[];
}

/** What became of a row: booked, or why not. Rows are counted from 1, as they came. */
export interface GroupRow {
  readonly row: number;
  readonly booked: BookingMade | null;
  readonly problem: { readonly code: string; readonly title: string } | null;
}

/** Books one meal for many, in one deed; a row that cannot be booked stops no other. */
@Injectable()
export class BookGroup {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher, private readonly bookable: BookingPlaces, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`; rows say for themselves what `MakeBooking` says */
  run(actor: StaffActor, { id, rows, ...meal }: GroupAsked): Promise<Outcome<{ rows: GroupRow[]; bookedRows: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'booking.group', body: { ...meal, rows, by: actorName(actor) } }, async (tx) => {
      const place = await siteToBookAt(tx, this.places, actor, meal.siteId);
      if (!place.ok) return place;
      await this.lockAll(tx, cityCode, rows.map(({ who }) => who));
      const answers: GroupRow[] = [];
      for (const [index, { who, ...wish }] of rows.entries()) {
        const made = await this.bookRow(tx, actor, { ...meal, ...wish }, who, derivedId('booking.group', id, String(index)));
        answers.push(made.ok
          ? { row: index + 1, booked: made.value, problem: null }
          : { row: index + 1, booked: null, problem: (({ code, title }) => ({ code, title }))(problemBody(made.code, made.detail)) });
      }
      const bookedRows = answers.filter(({ booked }) => booked !== null).length;
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'booking.group', objectKind: 'bookingGroup', objectId: id, after: { ...meal, bookedRows, bookings: answers.map(({ booked }) => booked?.bookingId ?? null) } });
      return done({ rows: answers, bookedRows });
    });
  }

  private async bookRow(tx: Tx, actor: StaffActor, meal: MealWished & Wish, who: ForWhom, bookingId: string): Promise<Outcome<BookingMade>> {
    const elder = await elderToBookFor(tx, this.places, actor, meal.siteId, who);
    if (!elder.ok) return elder;
    const made = await bookMeal(tx, { clock: this.clock, cipher: this.cipher, places: this.bookable }, actor.cityCode, { ...meal, bookingId, elderId: elder.value, channel: 'group', accountId: null, by: actorName(actor) });
    if (!made.ok) return made;
    const { number, code, portions, priceFen } = made.value;
    return done({ bookingId, number, code, portions, priceFen });
  }

  /** All elders before the first lock of the day, in the order of their ids: two groups never wait for each other crosswise. */
  private async lockAll(tx: Tx, cityCode: string, all: readonly ForWhom[]): Promise<void> {
    const ids = new Set<string>();
    for (const who of all) {
      const elderId = 'elderId' in who ? who.elderId : await holderOf(tx, cityCode, who.handle);
      if (elderId !== undefined) ids.add(elderId);
    }
    await lockElders(tx, cityCode, [...ids]);
  }
}
