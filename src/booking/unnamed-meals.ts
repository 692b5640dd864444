import { Injectable } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import { lockElders } from '../elder/index.js';
import type { Tx } from '../platform/index.js';
import type { BookedMeal } from './booking.store.js';
import { handOut, type HandOut } from './domain/index.js';
import { lockBookings } from './hand-out.store.js';
import { collectBookings } from './settle-money.js';

/** Why an event says that a booking was collected by a sale that did not name it. */
const UNNAMED = 'unnamed';

/** The sale by which a booked meal was eaten although it named no booking, or another one. */
interface UnnamedMeal {
  readonly bookingId: string;
  readonly tapId: string;
}

/**
 * Finds for bookings accepted sales of the same elder, site, day and meal that stand and handed no booking out; each for
 * one booking at most. Bookings without any are left out.
 */
export type MealFinder = (tx: Tx, cityCode: string, booked: readonly BookedMeal[]) => Promise<readonly UnnamedMeal[]>;

/**
 * Meals of those who booked, ate, and were sold to as if they had not: the till had not heard of the booking yet. The
 * room that keeps the meals writes itself in.
 */
@Injectable()
export class UnnamedMeals {
  private find: MealFinder = async () => [];

  foundBy(find: MealFinder): void {
    this.find = find;
  }

  /** The bookings among some whose meal was eaten so; a look, which holds nothing. */
  async among(tx: Tx, cityCode: string, booked: readonly BookedMeal[]): Promise<BookedMeal[]> {
    if (booked.length === 0) return [];
    const eaten = new Set((await this.find(tx, cityCode, booked)).map(({ bookingId }) => bookingId));
    return booked.filter(({ bookingId }) => eaten.has(bookingId));
  }

  /**
   * Hands bookings out by such sales. Their elders paid at the till, so all that was paid ahead goes back, with what a
   * no-show had cost. Nobody sells to the elders or takes a sale back meanwhile: they are locked, then their bookings.
   */
  async handOut(tx: Tx, clock: Clock, cityCode: string, booked: readonly BookedMeal[], by: string): Promise<void> {
    if (booked.length === 0) return;
    await lockElders(tx, cityCode, booked.map(({ elderId }) => elderId));
    const taps = new Map((await this.find(tx, cityCode, booked)).map(({ bookingId, tapId }) => [bookingId, tapId]));
    const sales = booked.flatMap(({ bookingId, elderId, siteId, mealDate }): HandOut[] => {
      const tapId = taps.get(bookingId);
      return tapId === undefined ? [] : [{ tapId, bookingId, elderId, siteId, mealDate, ahead: null }];
    });
    if (sales.length === 0) return;
    const { collected } = handOut(await lockBookings(tx, cityCode, sales.map(({ bookingId }) => bookingId)), sales);
    await collectBookings(tx, clock, cityCode, collected, by, UNNAMED);
  }
}
