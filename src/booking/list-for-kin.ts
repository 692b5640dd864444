import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, today, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import { accountsToTell, reachAll, type KinReach } from '../family/index.js';
import { CLOCK, FieldCipher, Transactor, type MiniActor } from '../platform/index.js';
import { phonesOf } from '../site/index.js';
import { closesAt, spacedCode } from './domain/index.js';
import { readHours } from './hours.store.js';
import { bookingsOfElder, type KinBookingRow } from './kin-bookings.store.js';
import { knowsMoney } from './mini-reach.js';
import { codeOf } from './pick-up-keys.js';

/** So many days back bookings are shown. */
const SHOWN_DAYS = 31;

const MONEY = ['expectedFen', 'paidFen', 'usedFen', 'refundFen', 'keptFen'] as const;
type Money = (typeof MONEY)[number];
const HIDDEN = Object.fromEntries(MONEY.map((what) => [what, null])) as Record<Money, null>;

/**
 * A booking as its elder's family sees it. What was paid is null for whoever neither sees meals nor pays for them.
 */
export interface KinBooking extends Omit<KinBookingRow, Money>, Readonly<Record<Money, Fen | null>> {
  /** As it is printed; null for whoever may only see what was eaten. */
  readonly code: string | null;
  readonly sitePhone: string | null;
  /** Whether it was booked on another's telephone than the elder's own. */
  readonly byKin: boolean;
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
      const [may] = (await reachAll(tx, cityCode, [{ accountId: actor.accountId, elderId }], on)) as [KinReach];
      const [mayOrder, maySee] = [may('ordering'), may('meals')];
      if (!mayOrder.ok && !maySee.ok) return maySee;
      const shown = knowsMoney(may) ? {} : HIDDEN;
      const rows = await bookingsOfElder(tx, cityCode, elderId, addDays(on, -SHOWN_DAYS));
      const own = (await accountsToTell(tx, cityCode, elderId, on)).find(({ isSelf }) => isSelf)?.accountId;
      const phones = await phonesOf(tx, cityCode, [...new Set(rows.map((row) => row.siteId))]);
      const hours = new Map<string, Awaited<ReturnType<typeof readHours>>>();
      for (const siteId of new Set(rows.map((row) => row.siteId))) hours.set(siteId, await readHours(tx, cityCode, siteId));
      return done(rows.flatMap((row): KinBooking[] => {
        const of = hours.get(row.siteId)?.[row.mealPeriod];
        const { siteId, mealDate, number, accountId, channel } = row;
        return of === undefined ? [] : [{ ...row, ...shown, sitePhone: phones.get(siteId) ?? null, byKin: channel === 'mini' && accountId !== null && accountId !== own, closes: closesAt(of, mealDate), code: mayOrder.ok ? spacedCode(codeOf(this.cipher, { cityCode, siteId, mealDate, number })) : null }];
      }));
    });
  }
}
