import { fen, type CivilDate } from '../kernel/index.js';
import { factsOf } from '../elder/index.js';
import type { Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import type { SiteOn } from '../site/index.js';
import { decideMeal, divisionsNamed, elderFactsOn, MEAL_PERIODS, periodKeys } from '../subsidy/domain/index.js';
import type { PackLibrary } from '../subsidy/index.js';
import { readUses } from '../tap/index.js';
import type { SheetItem } from './sheet.store.js';

/**
 * What each elder would pay of one of each item on a day, by the rules of that day and by what was used up so far; in the
 * order of the items. Worked out when the sheet is printed: what is eaten elsewhere before the meal changes it, and is then the
 * site's difference, never the elder's.
 */
export async function ownShares(tx: Tx, library: PackLibrary, site: SiteOn, mealDate: CivilDate, items: readonly SheetItem[], cityCode: string, elderIds: readonly string[]): Promise<Map<string, number[]>> {
  const keys = [...new Set(MEAL_PERIODS.flatMap((period) => periodKeys(mealDate, period)))];
  const [records, used] = await Promise.all([factsOf(tx, cityCode, elderIds), readUses(tx, cityCode, elderIds, keys)]);
  const homes = await pathsOf(tx, cityCode, [...new Set([...records.values()].flatMap(divisionsNamed))]);
  const day = library.dayOf(mealDate);
  return new Map([...records].map(([elderId, record]) => {
    const elder = elderFactsOn(record, mealDate, homes);
    const version = library.packFor(elder, site.path, mealDate);
    const shares = items.map(({ mealPeriod, fen: price }) => decideMeal({
      version, elder, site: { kind: site.kind, supplyMode: site.supplyMode, division: site.path },
      meal: { date: mealDate, period: mealPeriod, priceFen: fen(price), ...day }, uses: used.get(elderId) ?? [],
    }).selfPayFen);
    return [elderId, shares] as const;
  }));
}
