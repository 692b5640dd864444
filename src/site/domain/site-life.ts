import type { CivilDate } from '../../kernel/index.js';

/** What can happen to a site; each with its day. */
export const SITE_EVENTS = ['planned', 'building', 'accepted', 'open', 'suspended', 'resumed', 'closed'] as const;
export type SiteEventKind = (typeof SITE_EVENTS)[number];

/** What a site is on a day. */
export const SITE_STATES = ['planned', 'building', 'accepted', 'open', 'suspended', 'closed'] as const;
export type SiteState = (typeof SITE_STATES)[number];

export interface SiteEvent {
  readonly kind: SiteEventKind;
  readonly onDate: CivilDate;
}

/**
 * The allowed moves: what may follow what. A restaurant that signs up has nothing built; a plan may be given up.
 * Closed is the end: a place that is taken up again is a new site, since it is counted as one.
 */
export const SITE_MOVES: Readonly<Record<SiteEventKind | 'none', readonly SiteEventKind[]>> = {
  none: ['planned'],
  planned: ['building', 'accepted', 'closed'],
  building: ['accepted', 'closed'],
  accepted: ['open', 'closed'],
  open: ['suspended', 'closed'],
  suspended: ['resumed', 'closed'],
  resumed: ['suspended', 'closed'],
  closed: [],
};

/** Days ahead for which a suspension or closing may be announced: diners are told before. */
export const MOST_DAYS_AHEAD = 90;
const ANNOUNCED: readonly SiteEventKind[] = ['suspended', 'closed'];

/** The state that an event brings. */
export function stateAfter(kind: SiteEventKind): SiteState {
  return kind === 'resumed' ? 'open' : kind;
}

/**
 * The state on a day, from events in the order in which they were recorded.
 * A site is planned from its record on, so a day before its first event is `planned` too.
 */
export function stateOn(events: readonly SiteEvent[], date: CivilDate): SiteState {
  const last = events.findLast((event) => event.onDate <= date);
  return last ? stateAfter(last.kind) : 'planned';
}

export type MoveDecision = { readonly ok: true; readonly state: SiteState } | { readonly ok: false; readonly code: 'site-move-forbidden' | 'event-before-last' | 'event-in-future' };

/**
 * Decides whether an event may follow.
 * @param last the last event recorded, undefined for a new site
 * @param today the day on which it is recorded
 * @param latest the last day for which `suspended` and `closed` may be announced
 */
export function decideMove(last: SiteEvent | undefined, next: SiteEvent, today: CivilDate, latest: CivilDate): MoveDecision {
  if (!SITE_MOVES[last?.kind ?? 'none'].includes(next.kind)) return { ok: false, code: 'site-move-forbidden' };
  if (last && next.onDate < last.onDate) return { ok: false, code: 'event-before-last' };
  const bound = ANNOUNCED.includes(next.kind) ? latest : today;
  if (next.onDate > bound) return { ok: false, code: 'event-in-future' };
  return { ok: true, state: stateAfter(next.kind) };
}
