import { Injectable } from '@nestjs/common';
import type { CivilDate } from '../kernel/index.js';
import { priceListInForce } from '../menu/index.js';
import type { PriceList } from '../menu/domain/index.js';
import type { Tx } from '../platform/index.js';
import { readSitesOn, type SiteOn } from '../site/index.js';

/** A site on a day, as far as booking asks. */
export interface PlaceOn {
  readonly site: SiteOn | undefined;
  readonly isOpen: boolean;
  readonly prices: PriceList | null;
}

/** What is known of a city's places under one mark. */
interface Known {
  readonly head: string;
  readonly places: Map<string, PlaceOn>;
}

/** Far more than the canteens of a province on the days that are booked ahead. */
const MOST_KNOWN = 50_000;

/** Sites and price lists, read once for as long as the city's mark stands, which every booking reads anew: as for taps. */
@Injectable()
export class BookingPlaces {
  private readonly cities = new Map<string, Known>();

  /** @param head the mark as this transaction has read it; null: nothing is kept */
  async at(tx: Tx, cityCode: string, head: string | null, siteId: string, date: CivilDate): Promise<PlaceOn> {
    const known = this.known(cityCode, head);
    const key = `${siteId} ${date}`;
    const before = known?.places.get(key);
    if (before !== undefined) return before;
    const [sites, prices] = await Promise.all([readSitesOn(tx, cityCode, [siteId], date), priceListInForce(tx, cityCode, siteId, date)]);
    const place = { site: sites.get(siteId), isOpen: isOpenOn(sites, siteId), prices };
    // What is read after the mark may be newer than it, never older; the next one then finds another mark.
    known?.places.set(key, place);
    return place;
  }

  private known(cityCode: string, head: string | null): Known | undefined {
    if (head === null) return undefined;
    const before = this.cities.get(cityCode);
    if (before?.head === head && before.places.size < MOST_KNOWN) return before;
    const fresh = { head, places: new Map<string, PlaceOn>() };
    this.cities.set(cityCode, fresh);
    return fresh;
  }
}

/** Whether a site may sell on the day that it was read for. */
export function isOpenOn(sites: Awaited<ReturnType<typeof readSitesOn>>, siteId: string): boolean {
  const site = sites.get(siteId);
  return site?.state === 'open' && site.licenceValid;
}
