import { minusFen, type CivilDate, type Fen, type Instant } from '../kernel/index.js';
import { factsAsKnown } from '../elder/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { readSitesOn } from '../site/index.js';
import { decideMeal, divisionsNamed, elderFactsOn, type Use } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import { keepPaid, sharesOf } from './domain/index.js';
import type { RankRow } from './rank.store.js';

/** What a meal that is written down gets for a state of the counters; the elder's own share is what was paid. */
export interface KeptOutcome {
  readonly kind: 'kept';
  readonly uses: readonly Use[];
  readonly shares: readonly { readonly funderCode: string; readonly fen: Fen }[];
}

/**
 * Decides meals that arrived earlier as they were decided then, for other counters: by the version that decided and by
 * what was known of the elder at their arrival, so that nothing but the counters makes a difference.
 * @returns a decision, or null where the version or the elder is not to be found any more
 */
export async function keptDecider(tx: Tx, library: PackLibrary, cityCode: string, rows: readonly RankRow[]): Promise<(row: RankRow, uses: readonly Use[]) => KeptOutcome | null> {
  if (rows.length === 0) return () => null;
  const elders = new Map<Instant, Awaited<ReturnType<typeof factsAsKnown>>>();
  for (const moment of new Set(rows.map((row) => row.receivedAt))) {
    elders.set(moment, await factsAsKnown(tx, cityCode, [...new Set(rows.filter((row) => row.receivedAt === moment).map((row) => row.elderId))], moment));
  }
  const codes = [...new Set([...elders.values()].flatMap((known) => [...known.values()].flatMap(divisionsNamed)))];
  const homes = codes.length === 0 ? new Map() : await pathsOf(tx, cityCode, codes);
  const last = rows.reduce<CivilDate>((date, row) => (row.mealDate > date ? row.mealDate : date), (rows[0] as RankRow).mealDate);
  // Kind, mode of supply and place of a site are the same on every day.
  const sites = await readSitesOn(tx, cityCode, rows.map((row) => row.siteId), last);
  return (row, uses) => {
    const version = row.pack === null || row.packVersion === null ? null : library.version(row.pack, row.packVersion);
    const record = elders.get(row.receivedAt)?.get(row.elderId);
    const site = sites.get(row.siteId);
    if (version === null || record === undefined || site === undefined) return null;
    const decision = decideMeal({
      version, elder: elderFactsOn(record, row.mealDate, homes), site: { kind: site.kind, supplyMode: site.supplyMode, division: site.path },
      meal: { date: row.mealDate, period: row.mealPeriod, priceFen: minusFen(row.priceFen, row.othersFen), ...library.dayOf(row.mealDate) }, uses,
    });
    const { subsidyFen, uses: drawn } = keepPaid(row.selfPayFen, decision, row.othersFen);
    return { kind: 'kept', uses: drawn, shares: sharesOf(decision, version, site.path, subsidyFen) };
  };
}
