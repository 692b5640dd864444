import { recordAudit } from '../access/index.js';
import type { CivilDate, Clock } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import type { MenuEntry, NewPriceList } from './domain/index.js';
import { insertWeek, saveDishes, type DishRow } from './menu.store.js';
import { insertPriceLists } from './price.store.js';

/** The dishes, price lists (versions 1, 2, … by their days) and weekly menus of a site, as an older register has them. */
export interface ImportedMenu {
  readonly siteId: string;
  readonly dishes: readonly DishRow[];
  readonly priceLists: readonly NewPriceList[];
  readonly weeks: readonly { readonly monday: CivilDate; readonly entries: readonly MenuEntry[] }[];
}

/** Brings the menus and prices of sites in that have none yet. */
export async function importMenus(tx: Tx, clock: Clock, cityCode: string, menus: readonly ImportedMenu[], by: string): Promise<void> {
  await saveDishes(tx, clock, cityCode, menus.flatMap(({ siteId, dishes }) => dishes.map((dish) => ({ siteId, ...dish }))), by);
  const lists = menus.flatMap(({ siteId, priceLists }) => [...priceLists]
    .sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)).map((list, index) => ({ siteId, version: index + 1, ...list })));
  await insertPriceLists(tx, clock, cityCode, lists, by);
  for (const { siteId, weeks } of menus) for (const week of weeks) await insertWeek(tx, clock, cityCode, siteId, week.monday, week.entries, by);
  await recordAudit(tx, clock, { cityCode, actor: by, action: 'menu.import', objectKind: 'city', objectId: cityCode, after: menus });
}
