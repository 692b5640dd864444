import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, today, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { reachKin } from '../family/index.js';
import { CLOCK, FieldCipher, Transactor, type MiniActor } from '../platform/index.js';
import { closesAt, spacedCode } from './domain/index.js';
import { readHours } from './hours.store.js';
import { bookingsOfElder, type KinBookingRow } from './kin-bookings.store.js';
import { codeOf } from './pick-up-keys.js';

/** So many days back bookings are shown. */
const SHOWN_DAYS = 31;

/** A booking as its elder's family sees it. */
export interface KinBooking extends KinBookingRow {
  /** As it is printed; null for whoever may only see what was eaten. */
  readonly code: string | null;
  /** Until then it can be changed and cancelled. */
  readonly closes: Instant;
}

/** Shows an elder and the family what is booked. */
@Injectable()
export class ListForKin {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `consent-missing` for whoever may neither order nor see meals */
  run(actor: MiniActor, elderId: string): Promise<Outcome<KinBooking[]>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const on = today(this.clock);
      const mayOrder = await reachKin(tx, actor, elderId, 'ordering', on);
      const maySee = mayOrder.ok ? mayOrder : await reachKin(tx, actor, elderId, 'meals', on);
      if (!maySee.ok) return maySee;
      const rows = await bookingsOfElder(tx, cityCode, elderId, addDays(on, -SHOWN_DAYS));
      const hours = new Map<string, Awaited<ReturnType<typeof readHours>>>();
      for (const siteId of new Set(rows.map((row) => row.siteId))) hours.set(siteId, await readHours(tx, cityCode, siteId));
      return done(rows.flatMap((row): KinBooking[] => {
        const of = hours.get(row.siteId)?.[row.mealPeriod];
        const { siteId, mealDate, number } = row;
        return of === undefined ? [] : [{ ...row, closes: closesAt(of, mealDate), code: mayOrder.ok ? spacedCode(codeOf(this.cipher, { cityCode, siteId, mealDate, number })) : null }];
      }));
    });
  }
}
