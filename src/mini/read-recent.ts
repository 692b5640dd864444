import { Inject, Injectable } from '@nestjs/common';
import { addMonths, done, monthOf, today, type CivilMonth, type Clock, type Outcome } from '../kernel/index.js';
import { reachKin } from '../family/index.js';
import { CLOCK, Transactor, type MiniActor } from '../platform/index.js';
import { phonesOf, readSitesOn } from '../site/index.js';
import { monthsEaten, siteEatenAt } from './mini.store.js';

/** Looked back at, this month included. */
const MONTHS = 24;

/** Where an elder ate last, and when there is something to read of. */
export interface RecentMeals {
  /** null where it is given up, or nothing was eaten. */
  readonly lastSite: { readonly siteId: string; readonly name: string; readonly phone: string | null } | null;
  /** With meals, the latest first. */
  readonly months: readonly CivilMonth[];
}

/** Finds what an elder's pages open with: the canteen of the last meal and the months that hold any, so that nobody has to search. */
@Injectable()
export class ReadRecent {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `consent-missing` */
  run(actor: MiniActor, elderId: string): Promise<Outcome<RecentMeals>> {
    const { cityCode } = actor;
    return this.transactor.read(async (tx) => {
      const day = today(this.clock);
      const kin = await reachKin(tx, actor, elderId, 'meals', day);
      if (!kin.ok) return kin;
      const past = Array.from({ length: MONTHS }, (_, ago) => addMonths(monthOf(day), -ago));
      const [siteId, months] = await Promise.all([siteEatenAt(tx, cityCode, elderId, past.at(-1) ?? monthOf(day)), monthsEaten(tx, cityCode, elderId, past)]);
      if (siteId === undefined) return done({ lastSite: null, months });
      const [sites, phones] = await Promise.all([readSitesOn(tx, cityCode, [siteId], day), phonesOf(tx, cityCode, [siteId])]);
      const site = sites.get(siteId);
      const serves = site?.state === 'open' || site?.state === 'suspended';
      return done({ lastSite: serves ? { siteId, name: site.name, phone: phones.get(siteId) ?? null } : null, months });
    });
  }
}
