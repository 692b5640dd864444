import { Injectable } from '@nestjs/common';
import { done, type CivilDate, type Outcome } from '../kernel/index.js';
import { SitePlaces } from '../access/index.js';
import { FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import { bookingsOfDay, type BookingRow } from './booking.store.js';
import { spacedCode, type BookingState, type BookingWay } from './domain/index.js';
import { eatersFor, UNKNOWN_EATER, type Eater } from './eater.store.js';
import { codeOf } from './pick-up-keys.js';

/** How many portions of an item the kitchen is to cook, and to hand out in which way. */
export interface KitchenLine {
  readonly mealPeriod: MealPeriod;
  readonly itemCode: string;
  readonly name: string;
  readonly portions: number;
  readonly dineIn: number;
  readonly collect: number;
  readonly deliver: number;
}

/** A booking on a site's list. Whose it is is told of those that can still be cancelled alone, to whoever takes calls. */
export interface ListedBooking extends Eater, Pick<BookingRow, 'bookingId' | 'number' | 'mealPeriod' | 'state' | 'way' | 'items' | 'portions' | 'priceFen' | 'note' | 'channel'> {
  /** As it is printed. */
  readonly code: string;
  /** What it holds of what was paid ahead. */
  readonly paidFen: number;
}

/** A site's day. */
export interface BookedDay {
  readonly kitchen: readonly KitchenLine[];
  readonly bookings: readonly ListedBooking[];
}

/** Lists what is booked at a site on a day: the kitchen's list, and the numbers. */
@Injectable()
export class ViewBookings {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher) {}

  /** @returns `not-found`, `outside-scope` */
  ofDay(actor: StaffActor, siteId: string, mealDate: CivilDate): Promise<Outcome<BookedDay>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      const rows = await bookingsOfDay(tx, cityCode, siteId, mealDate);
      const eaterOf = await eatersFor(tx, this.cipher, actor, rows.filter(({ state }) => state === 'open').map(({ elderId }) => elderId));
      return done({
        kitchen: kitchenOf(rows),
        bookings: rows.map(({ elderId, bookingId, number, mealPeriod, state, way, items, portions, priceFen, note, channel, heldFen }) =>
          ({ ...(state === 'open' ? eaterOf(elderId) : UNKNOWN_EATER), bookingId, number, mealPeriod, state, way, items, portions, priceFen, note, channel, paidFen: heldFen, code: spacedCode(codeOf(this.cipher, { cityCode, siteId, mealDate, number })) })),
      });
    });
  }
}

/** Portions by meal and item; cancelled bookings are not cooked. */
function kitchenOf(rows: readonly { readonly mealPeriod: MealPeriod; readonly state: BookingState; readonly way: BookingWay; readonly items: BookingRow['items'] }[]): KitchenLine[] {
  const lines = new Map<string, KitchenLine>();
  for (const { mealPeriod, way, items } of rows.filter(({ state }) => state !== 'cancelled')) {
    for (const { itemCode, name, quantity } of items) {
      const key = `${mealPeriod} ${itemCode}`;
      const line = lines.get(key) ?? { mealPeriod, itemCode, name, portions: 0, dineIn: 0, collect: 0, deliver: 0 };
      lines.set(key, { ...line, portions: line.portions + quantity, [way]: line[way] + quantity });
    }
  }
  return [...lines.values()];
}
