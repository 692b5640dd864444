import { Inject, Injectable } from '@nestjs/common';
import { clockWords, done, today, type Clock, type Outcome } from '../kernel/index.js';
import { factsOf } from '../elder/index.js';
import { homeOn } from '../elder/domain/index.js';
import { CLOCK, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { hoursOfSites, phonesOf, readSitesOn } from '../site/index.js';
import type { MealHours } from '../site/domain/index.js';
import { metresBetween, type Point } from '../till/domain/index.js';
import { distanceWords, PERIOD_WORDS } from './domain/index.js';
import { placesOf, type SitePlace } from './mini.store.js';
import { reachOrderer } from './reach-orderer.js';

/** Looked at in one go, nearest first, until enough are open. */
const CHUNK = 60;

/** A canteen as whoever wants to eat there sees it. */
export interface NearSite {
  readonly siteId: string;
  readonly name: string;
  readonly address: string;
  readonly phone: string | null;
  readonly isOpen: boolean;
  readonly hours: readonly (MealHours & { readonly words: string })[];
  /** null where nobody said where they are, or nobody knows where the canteen is. */
  readonly distanceMetres: number | null;
  readonly distanceWords: string | null;
}

interface Ranked {
  readonly place: SitePlace;
  readonly metres: number | null;
  /** How many digits of the elder's home it shares. */
  readonly near: number;
}

/** Finds canteens near a position, or near an elder's home where no position is sent. The position is compared and forgotten. */
@Injectable()
export class ListNearSites {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @param elderId whose home counts where no position is sent. @returns `not-found`, `consent-missing` */
  run(actor: MiniActor, elderId: string | null, position: Point | null, limit: number): Promise<Outcome<NearSite[]>> {
    const { cityCode } = actor;
    return this.transactor.read(async (tx) => {
      const kin = elderId === null ? done(null) : await reachOrderer(tx, this.clock, actor, elderId);
      if (!kin.ok) return kin;
      const home = elderId === null || position !== null ? null : await this.homeOf(tx, cityCode, elderId);
      const ranked = rank(await placesOf(tx, cityCode), position, home);
      return done(await this.serving(tx, cityCode, ranked, limit));
    });
  }

  private async homeOf(tx: Tx, cityCode: string, elderId: string): Promise<string | null> {
    const record = (await factsOf(tx, cityCode, [elderId])).get(elderId);
    return record === undefined ? null : (homeOn(record, 'residence', today(this.clock)) ?? homeOn(record, 'hukou', today(this.clock)));
  }

  /** The first of them that serve, or did until lately and will again. */
  private async serving(tx: Tx, cityCode: string, ranked: readonly Ranked[], limit: number): Promise<NearSite[]> {
    const date = today(this.clock);
    const found: (Ranked & { readonly isOpen: boolean })[] = [];
    for (let start = 0; start < ranked.length && found.length < limit; start += CHUNK) {
      const chunk = ranked.slice(start, start + CHUNK);
      const sites = await readSitesOn(tx, cityCode, chunk.map(({ place }) => place.siteId), date);
      for (const one of chunk) {
        const site = sites.get(one.place.siteId);
        if (site?.state === 'open' || site?.state === 'suspended') found.push({ ...one, isOpen: site.state === 'open' && site.licenceValid });
      }
    }
    const ids = found.slice(0, limit).map(({ place }) => place.siteId);
    const [hours, phones] = await Promise.all([hoursOfSites(tx, cityCode, ids, date), phonesOf(tx, cityCode, ids)]);
    return found.slice(0, limit).map(({ place, metres, isOpen }) => ({
      siteId: place.siteId, name: place.name, address: place.address, phone: phones.get(place.siteId) ?? null, isOpen, distanceMetres: metres,
      hours: (hours.get(place.siteId) ?? []).map((entry) => ({ ...entry, words: hoursWords(entry) })),
      distanceWords: metres === null ? null : distanceWords(metres),
    }));
  }
}

/** When a meal is served: 午餐 11:00 到 13:30. */
function hoursWords({ mealPeriod, fromMinute, toMinute }: MealHours): string {
  return `${PERIOD_WORDS[mealPeriod]} ${clockWords(fromMinute)} 到 ${clockWords(toMinute)}`;
}

function sharedDigits(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** Nearest first; sites that nobody has put on the map come last, then by name. */
function rank(places: readonly SitePlace[], position: Point | null, home: string | null): Ranked[] {
  const ranked = places.map((place): Ranked => {
    const { longitude, latitude } = place;
    const metres = position === null || longitude === null || latitude === null ? null : metresBetween(position, { longitude, latitude });
    return { place, metres, near: home === null ? 0 : sharedDigits(home, place.divisionCode) };
  });
  const far = (metres: number | null): number => metres ?? Number.MAX_SAFE_INTEGER;
  return ranked.sort((a, b) => far(a.metres) - far(b.metres) || b.near - a.near || (a.place.name < b.place.name ? -1 : 1));
}
