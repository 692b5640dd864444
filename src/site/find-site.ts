import { siteInScope } from '../access/index.js';
import { done, refuse, type Outcome } from '../kernel/index.js';
import type { Actor, Tx } from '../platform/index.js';
import { lockSite, readSite, type SiteRow } from './site.store.js';

/**
 * The site that a member of staff or a till asks for.
 * @param change locks the site's row, so that two changes of one site wait for each other
 * @returns `not-found` for a site that the city does not have, `outside-scope` for another's
 */
export async function findSite(tx: Tx, actor: Actor, siteId: string, change: boolean): Promise<Outcome<SiteRow>> {
  const site = await (change ? lockSite : readSite)(tx, actor.cityCode, siteId);
  if (!site) return refuse('not-found');
  return (await siteInScope(tx, actor, siteId, site.divisionCode)) ? done(site) : refuse('outside-scope');
}
