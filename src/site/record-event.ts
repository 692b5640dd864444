import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { addDays, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type Role, type StaffActor, type Tx } from '../platform/index.js';
import {
  decideMove, LICENCE_FREE_KINDS, MOST_DAYS_AHEAD, needsFireApproval, stateAfter, type SiteEventKind, type SiteState,
} from './domain/index.js';
import { findSite } from './find-site.js';
import { operationsOf } from './party.store.js';
import { LIFE_WORDS } from './site.problems.js';
import { eventsOf, insertEvent, validPapersOn, type SiteRow } from './site.store.js';

/** An event that shall be recorded. */
export interface NewEvent {
  readonly kind: SiteEventKind;
  readonly onDate: CivilDate;
  readonly reason: string | null;
  readonly document: string | null;
}

export interface EventRecorded {
  readonly eventNo: number;
  /** What the site is from the event's day on. */
  readonly state: SiteState;
}

const OFFICERS: readonly Role[] = ['countyOfficer', 'cityOfficer'];
/** Who may record which event: a township prepares, the county and the city admit and end, the market regulator suspends. */
const RECORDERS: Readonly<Record<SiteEventKind, readonly Role[]>> = {
  planned: [...OFFICERS, 'townshipOfficer'],
  building: [...OFFICERS, 'townshipOfficer'],
  accepted: OFFICERS,
  open: OFFICERS,
  suspended: [...OFFICERS, 'marketRegulator'],
  resumed: OFFICERS,
  closed: OFFICERS,
};

/** Records what happened to a site: built, accepted, opened, suspended, resumed, closed. */
@Injectable()
export class RecordEvent {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `site-event-role`, or why the event may not follow (see `addEvent`) */
  async run(actor: StaffActor, siteId: string, id: string, event: NewEvent): Promise<Outcome<EventRecorded>> {
    const deed = { cityCode: actor.cityCode, id, kind: 'site.event', body: { siteId, ...event } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      return site.ok ? addEvent(tx, this.clock, actor, site.value, event) : site;
    });
  }
}

/**
 * Adds an event to the life of a site that this transaction has locked or made.
 * Opening and resuming need an operator, a valid food-business licence and, where something was built, the fire approval.
 * @returns `site-event-role`, `site-move-forbidden`, `event-before-last`, `event-in-future`, `operator-missing`, `licence-missing`, `fire-approval-missing`
 */
export async function addEvent(tx: Tx, clock: Clock, actor: StaffActor, site: SiteRow, event: NewEvent): Promise<Outcome<EventRecorded>> {
  if (!actor.roles.some((role) => RECORDERS[event.kind].includes(role))) return refuse('site-event-role', { event: LIFE_WORDS[event.kind] ?? '' });
  const events = await eventsOf(tx, actor.cityCode, site.siteId);
  const last = events.at(-1);
  const day = today(clock);
  const move = decideMove(last, event, day, addDays(day, MOST_DAYS_AHEAD));
  if (!move.ok) {
    const state = LIFE_WORDS[last ? stateAfter(last.kind) : 'none'] ?? '';
    return refuse(move.code, { state, event: LIFE_WORDS[event.kind] ?? '', ...(last ? { last: last.onDate } : {}) });
  }
  const ready = move.state === 'open' ? await readyToServe(tx, actor.cityCode, site, event.onDate) : done(null);
  if (!ready.ok) return ready;
  const eventNo = (last?.eventNo ?? 0) + 1;
  await insertEvent(tx, clock, actor.cityCode, site.siteId, { ...event, eventNo }, actorName(actor));
  await recordAudit(tx, clock, {
    cityCode: actor.cityCode, actor, action: `site.${event.kind}`, objectKind: 'site', objectId: site.siteId,
    ...(event.reason === null ? {} : { reason: event.reason }), before: last ?? null, after: event,
  });
  return done({ eventNo, state: move.state });
}

async function readyToServe(tx: Tx, cityCode: string, site: SiteRow, date: CivilDate): Promise<Outcome<null>> {
  const operation = (await operationsOf(tx, cityCode, site.siteId)).findLast((row) => row.fromDate <= date);
  if (!operation?.operatorId) return refuse('operator-missing', { date });
  const papers = await validPapersOn(tx, cityCode, site.siteId, date);
  if (!papers.has('foodLicence') && !LICENCE_FREE_KINDS.includes(site.kind)) return refuse('licence-missing', { date });
  if (needsFireApproval(site.kind, site.supplyMode) && !papers.has('fireApproval')) return refuse('fire-approval-missing', { date });
  return done(null);
}
