import { addDays, chinaDate, type CivilDate } from '../kernel/index.js';
import type { StaffCaller } from './callers.js';
import type { DemoSite } from './domain/index.js';
import type { Bureaus } from './play-sites.js';
import { inParallel, type Stage } from './stage.js';

const AT_ONCE = 8;

/** Gives every serving canteen its sets and a filed price list. */
export async function furnishMenus(stage: Stage, bureaus: Bureaus, sites: readonly DemoSite[]): Promise<void> {
  const day = addDays(chinaDate(stage.clock.now()), -1);
  await inParallel(sites, AT_ONCE, (site) => furnish(stage, bureaus.townships.get(site.community.townshipCode) as StaffCaller, site, day), (done) => stage.progress('价目备案', done, sites.length));
}

async function furnish(stage: Stage, officer: StaffCaller, site: DemoSite, day: CivilDate): Promise<void> {
  const random = stage.random.branch(`menu ${site.id}`);
  await officer.post(`/v1/sites/${site.id}/price-lists`, {
    id: random.id(), version: 1, effectiveFrom: day, filingNumber: `示例备${site.id.slice(0, 6)}`, filedOn: day,
    prices: [{ itemCode: 'set-lunch', mealPeriod: 'lunch', fen: site.lunchFen }, ...(site.servesDinner ? [{ itemCode: 'set-dinner', mealPeriod: 'dinner', fen: site.dinnerFen }] : [])],
  });
}
