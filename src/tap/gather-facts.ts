import { chinaDate, type CivilDate } from '../kernel/index.js';
import { lockEldersByCard, type CardHolder } from '../elder/index.js';
import type { Tx } from '../platform/index.js';
import { divisionsNamed, elderFactsOn, periodKeys, type Paths, type Use } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import type { HolderFact, Tap, TapFacts } from './domain/index.js';
import type { PlaceFacts } from './place-facts.js';
import { readUses } from './tap.store.js';

/** Everything a batch is decided on. The elders behind its cards are locked from here to the commit. */
export interface BatchFacts {
  /** In the order of the taps. */
  readonly facts: readonly Omit<TapFacts, 'chainHolds'>[];
  readonly used: ReadonlyMap<string, readonly Use[]>;
}

type Known = Awaited<ReturnType<PlaceFacts['known']>>;
type DatedTap = Tap & { readonly mealDate: CivilDate };

/**
 * Reads the facts for a whole batch in a few statements, whatever its size. Those that do not need each other's rows are
 * sent together: the lock of the elders first, and what hangs on it after it.
 */
export async function gatherFacts(tx: Tx, library: Promise<PackLibrary>, places: PlaceFacts, cityCode: string, arrived: readonly Tap[]): Promise<BatchFacts> {
  const taps = arrived.map((tap): DatedTap => ({ ...tap, mealDate: chinaDate(tap.deviceTime) }));
  const known = places.known(tx, cityCode);
  const [{ holders, used, homes }, here, packs] = await Promise.all([
    lockHolders(tx, cityCode, taps, places, known), known.then((found) => places.ofBatch(tx, cityCode, taps, found)), library]);
  const byHandle = new Map(holders.map((holder) => [holder.handle, holder]));
  const facts = taps.map(({ mealDate, siteId, handle, priceListVersion }) => {
    const site = here.site(mealDate, siteId);
    const found = handle === null ? undefined : byHandle.get(handle);
    const holder = found === undefined ? null : holderFact(found, homes, mealDate);
    return {
      site, holder, prices: here.prices(siteId, priceListVersion),
      version: site === null || holder === null ? null : packs.packFor(holder.elder, site.path, mealDate),
      ...packs.dayOf(mealDate),
    };
  });
  return { facts, used };
}

async function lockHolders(tx: Tx, cityCode: string, taps: readonly DatedTap[], places: PlaceFacts, known: Promise<Known>): Promise<{ holders: CardHolder[]; used: Map<string, Use[]>; homes: Paths }> {
  const holders = await lockEldersByCard(tx, cityCode, unique(taps.flatMap(({ handle }) => (handle === null ? [] : [handle]))));
  const [used, homes] = await Promise.all([
    readUses(tx, cityCode, unique(holders.map((holder) => holder.elderId)), unique(taps.flatMap((tap) => periodKeys(tap.mealDate, tap.mealPeriod)))),
    known.then((found) => places.paths(tx, cityCode, unique(holders.flatMap(({ facts }) => divisionsNamed(facts))), found)),
  ]);
  return { holders, used, homes };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** The elder behind a card as of the meal. */
function holderFact({ cardId, cardState, stateSince, lostAt, elderId, facts }: CardHolder, homes: Paths, mealDate: CivilDate): HolderFact {
  return { cardId, cardState, stateSince, lostAt, elderId, elder: elderFactsOn(facts, mealDate, homes) };
}
