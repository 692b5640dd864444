import type { CivilDate } from '../../kernel/index.js';
import { stateAfter, type SiteEvent, type SiteEventKind, type SiteState } from '../../site/domain/index.js';

/** A site with its whole life, as a target sees it. Events stand in the order in which they hold. */
export interface SiteLife {
  readonly siteId: string;
  readonly kind: string;
  readonly supplyMode: string;
  readonly countyCode: string;
  readonly countyName: string;
  readonly events: readonly SiteEvent[];
}

/** What a site is on a day by its events; null before its first one, when there was no such site yet. */
export function stateOf(life: SiteLife, day: CivilDate): SiteState | null {
  let state: SiteState | null = null;
  for (const event of life.events) {
    if (event.onDate > day) break;
    state = stateAfter(event.kind);
  }
  return state;
}

/** The day of a site's first event of a kind, or null. */
export function firstDayOf(life: SiteLife, kind: SiteEventKind): CivilDate | null {
  return life.events.find((event) => event.kind === kind)?.onDate ?? null;
}
