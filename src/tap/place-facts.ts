import type { CivilDate } from '../kernel/index.js';
import { readPrices } from '../menu/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { readSitesOn, type SiteOn } from '../site/index.js';
import type { PriceFact, Tap } from './domain/index.js';
import { readPlaceHead } from './tap.store.js';

type Path = readonly string[];

/** What is known of a city's places under one mark; null for what is not there. */
interface Known {
  readonly head: string | null;
  readonly sites: Map<string, SiteOn | null>;
  readonly prices: Map<string, PriceFact | null>;
  readonly paths: Map<string, Path | null>;
}

/** The places of one batch. */
export interface BatchPlaces {
  site(date: CivilDate, siteId: string): SiteOn | null;
  prices(siteId: string, version: number): PriceFact | null;
}

/** Far more than the sites, lists and divisions of a province on some days. */
const MOST_KNOWN = 100_000;

/**
 * What tills' places are: sites on a day, price lists, paths of divisions. They change a few times a day and are asked
 * for with every sale, so they are read once for as long as the city's mark stands, which every batch reads anew in its
 * own transaction: a change that was committed before a sale came is seen by that sale, in every process.
 */
export class PlaceFacts {
  private readonly cities = new Map<string, Known>();

  /** What is known in a transaction: nothing yet after a change. */
  async known(tx: Tx, cityCode: string): Promise<Known> {
    const head = await readPlaceHead(tx, cityCode);
    const before = this.cities.get(cityCode);
    if (before !== undefined && head !== null && before.head === head && before.sites.size + before.prices.size + before.paths.size < MOST_KNOWN) return before;
    // What is read after the mark may be newer than it, never older; the next batch then finds another mark.
    const fresh: Known = { head, sites: new Map(), prices: new Map(), paths: new Map() };
    this.cities.set(cityCode, fresh);
    return fresh;
  }

  /** The places of some taps; one statement for each kind of which anything is not known. */
  async ofBatch(tx: Tx, cityCode: string, taps: readonly (Pick<Tap, 'siteId' | 'priceListVersion'> & { readonly mealDate: CivilDate })[], known: Known): Promise<BatchPlaces> {
    const newSites = new Map<CivilDate, Set<string>>();
    const newPrices = new Map<string, { siteId: string; version: number }>();
    for (const { mealDate, siteId, priceListVersion } of taps) {
      if (!known.sites.has(`${mealDate} ${siteId}`)) newSites.set(mealDate, (newSites.get(mealDate) ?? new Set()).add(siteId));
      if (!known.prices.has(`${siteId} ${priceListVersion}`)) newPrices.set(`${siteId} ${priceListVersion}`, { siteId, version: priceListVersion });
    }
    await Promise.all([
      ...[...newSites].map(async ([date, ids]) => {
        const rows = await readSitesOn(tx, cityCode, [...ids], date);
        for (const id of ids) known.sites.set(`${date} ${id}`, rows.get(id) ?? null);
      }),
      newPrices.size === 0 ? undefined : readPrices(tx, cityCode, [...newPrices.values()]).then((lists) => {
        for (const key of newPrices.keys()) known.prices.set(key, null);
        for (const list of lists) known.prices.set(`${list.siteId} ${list.version}`, list);
      }),
    ]);
    return {
      site: (date, siteId) => known.sites.get(`${date} ${siteId}`) ?? null,
      prices: (siteId, version) => known.prices.get(`${siteId} ${version}`) ?? null,
    };
  }

  /** Paths of divisions, as far as the city keeps them. */
  async paths(tx: Tx, cityCode: string, codes: readonly string[], known: Known): Promise<ReadonlyMap<string, Path>> {
    const missing = codes.filter((code) => !known.paths.has(code));
    if (missing.length > 0) {
      const rows = await pathsOf(tx, cityCode, missing);
      for (const code of missing) known.paths.set(code, rows.get(code) ?? null);
    }
    return new Map(codes.flatMap((code) => {
      const path = known.paths.get(code) ?? null;
      return path === null ? [] : [[code, path] as const];
    }));
  }
}
