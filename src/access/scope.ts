import { isWithin } from '../region/index.js';
import { done, refuse, type Outcome } from '../kernel/index.js';
import type { Actor, StaffActor, Tx } from '../platform/index.js';

/**
 * Whether a division lies in what an actor may see: their own division and everything below it.
 * A terminal sees no division, only its site.
 */
export async function inScope(tx: Tx, actor: Actor, divisionCode: string): Promise<boolean> {
  return actor.kind === 'staff' && (actor.divisionCode === divisionCode || isWithin(tx, actor.cityCode, actor.divisionCode, divisionCode));
}

/**
 * Whether an actor may see a site: staff of a site and terminals only their own, everybody else by its division.
 * @param divisionCode the site's community or township
 */
export async function siteInScope(tx: Tx, actor: Actor, siteId: string, divisionCode: string): Promise<boolean> {
  if (actor.siteId !== null) return actor.siteId === siteId;
  return inScope(tx, actor, divisionCode);
}

/** Finds the division of a site, or null where the city has no such site. */
export type SitePlaceFinder = (tx: Tx, cityCode: string, siteId: string) => Promise<string | null>;

/** Tells where a site lies. The rooms of sites come later in the order, so they write themselves in here. */
export class SitePlaces {
  private finder: SitePlaceFinder = async () => null;

  answeredBy(finder: SitePlaceFinder): void {
    this.finder = finder;
  }

  /**
   * The site's division, for a member of staff who may work on that site.
   * @returns `not-found` for a site that the city does not have, `outside-scope` for another's
   */
  async openTo(tx: Tx, actor: StaffActor, siteId: string): Promise<Outcome<string>> {
    const divisionCode = await this.finder(tx, actor.cityCode, siteId);
    if (divisionCode === null) return refuse('not-found');
    return (await siteInScope(tx, actor, siteId, divisionCode)) ? done(divisionCode) : refuse('outside-scope');
  }
}
