import { chinaDate, type CivilDate } from '../kernel/index.js';
import { lockEldersByCard, type CardHolder } from '../elder/index.js';
import { readPrices } from '../menu/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { readSitesOn, type SiteOn } from '../site/index.js';
import { divisionsNamed, elderFactsOn, periodKeys, type Paths, type Use } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import type { HolderFact, PriceFact, Tap, TapFacts } from './domain/index.js';
import { readUses } from './tap.store.js';

/** Everything a batch is decided on. The elders behind its cards are locked from here to the commit. */
export interface BatchFacts {
  /** In the order of the taps. */
  readonly facts: readonly Omit<TapFacts, 'chainHolds'>[];
  readonly used: ReadonlyMap<string, readonly Use[]>;
}

/**
 * Reads the facts for a whole batch in a few statements, whatever its size. Those that do not need each other's rows are
 * sent together: the lock of the elders first, and what hangs on it after it.
 */
export async function gatherFacts(tx: Tx, library: Promise<PackLibrary>, cityCode: string, taps: readonly Tap[]): Promise<BatchFacts> {
  const [{ holders, used, homes }, sites, prices, packs] = await Promise.all([lockHolders(tx, cityCode, taps), sitesOn(tx, cityCode, taps), pricesOf(tx, cityCode, taps), library]);
  const byHandle = new Map(holders.map((holder) => [holder.handle, holder]));
  const facts = taps.map((tap) => {
    const mealDate = dayOf(tap);
    const site = sites.get(`${mealDate} ${tap.siteId}`) ?? null;
    const found = tap.handle === null ? undefined : byHandle.get(tap.handle);
    const holder = found === undefined ? null : holderFact(found, homes, mealDate);
    return {
      site, holder, prices: prices.get(`${tap.siteId} ${tap.priceListVersion}`) ?? null,
      version: site === null || holder === null ? null : packs.packFor(holder.elder, site.path, mealDate),
      ...packs.dayOf(mealDate),
    };
  });
  return { facts, used };
}

async function lockHolders(tx: Tx, cityCode: string, taps: readonly Tap[]): Promise<{ holders: CardHolder[]; used: Map<string, Use[]>; homes: Paths }> {
  const holders = await lockEldersByCard(tx, cityCode, unique(taps.flatMap(({ handle }) => (handle === null ? [] : [handle]))));
  const [used, homes] = await Promise.all([
    readUses(tx, cityCode, unique(holders.map((holder) => holder.elderId)), unique(taps.flatMap((tap) => periodKeys(dayOf(tap), tap.mealPeriod)))),
    homePaths(tx, cityCode, holders),
  ]);
  return { holders, used, homes };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function dayOf(tap: Tap): CivilDate {
  return chinaDate(tap.deviceTime);
}

/** Paths of the elders' homes, as far as this city keeps them. */
async function homePaths(tx: Tx, cityCode: string, holders: readonly CardHolder[]): Promise<Paths> {
  const codes = unique(holders.flatMap(({ facts }) => divisionsNamed(facts)));
  return codes.length === 0 ? new Map() : pathsOf(tx, cityCode, codes);
}

/** The elder behind a card as of the meal. */
function holderFact({ cardId, cardState, stateSince, lostAt, elderId, facts }: CardHolder, homes: Paths, mealDate: CivilDate): HolderFact {
  return { cardId, cardState, stateSince, lostAt, elderId, elder: elderFactsOn(facts, mealDate, homes) };
}

/** Sites by date and id: the meal's date decides whether a site is open. */
async function sitesOn(tx: Tx, cityCode: string, taps: readonly Tap[]): Promise<Map<string, SiteOn>> {
  const found = await Promise.all(unique(taps.map(dayOf)).map(async (date) => {
    const siteIds = unique(taps.filter((tap) => dayOf(tap) === date).map((tap) => tap.siteId));
    return [...(await readSitesOn(tx, cityCode, siteIds, date))].map(([siteId, site]) => [`${date} ${siteId}`, site] as const);
  }));
  return new Map(found.flat());
}

async function pricesOf(tx: Tx, cityCode: string, taps: readonly Tap[]): Promise<Map<string, PriceFact>> {
  const wanted = new Map(taps.map(({ siteId, priceListVersion }) => [`${siteId} ${priceListVersion}`, { siteId, version: priceListVersion }]));
  const lists = await readPrices(tx, cityCode, [...wanted.values()]);
  return new Map(lists.map((list) => [`${list.siteId} ${list.version}`, list]));
}
