import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, Transactor, type StaffActor } from '../platform/index.js';
import type { MealHours } from './domain/index.js';
import { findSite } from './find-site.js';
import { operationsOf, operatorsOf, payeesOf, routesOf, type OperationRow, type OperatorRow, type PayeeRow, type RouteRow } from './party.store.js';
import { readSitesOn, type SiteOn } from './sites-on.store.js';
import { eventsOf, hoursOfSites, inspectionsOf, papersOf, phonesOf, type InspectionRow, type PaperRow, type SiteEventRow, type SiteRow } from './site.store.js';

const MOST_INSPECTIONS = 100;

/** Everything that is known of one site. */
export interface SiteFile extends SiteRow, SiteOn {
  readonly events: readonly SiteEventRow[];
  readonly operations: readonly OperationRow[];
  readonly operators: readonly OperatorRow[];
  readonly routes: readonly RouteRow[];
  readonly payees: readonly PayeeRow[];
  readonly papers: readonly PaperRow[];
  /** The latest hundred, newest first. */
  readonly inspections: readonly InspectionRow[];
  readonly hours: readonly MealHours[];
  readonly phone: string | null;
}

/** Reads one site with its history, as of a day. */
@Injectable()
export class ReadSite {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope` */
  async run(actor: StaffActor, siteId: string, date: CivilDate = today(this.clock)): Promise<Outcome<SiteFile>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const site = await findSite(tx, actor, siteId, false);
      if (!site.ok) return site;
      const on = (await readSitesOn(tx, cityCode, [siteId], date)).get(siteId);
      invariant(on, 'a site that was just read is there');
      const operations = await operationsOf(tx, cityCode, siteId);
      const routes = await routesOf(tx, cityCode, siteId);
      const operators = await operatorsOf(tx, cityCode, operations.flatMap((row) => row.operatorId ?? []));
      const payees = await payeesOf(tx, cityCode, routes.map((row) => row.payeeId));
      return done({
        ...site.value, ...on, operations, routes, operators: [...operators.values()], payees: [...payees.values()],
        events: await eventsOf(tx, cityCode, siteId), papers: await papersOf(tx, cityCode, siteId),
        inspections: await inspectionsOf(tx, cityCode, siteId, MOST_INSPECTIONS), hours: (await hoursOfSites(tx, cityCode, [siteId], date)).get(siteId) ?? [],
        phone: (await phonesOf(tx, cityCode, [siteId])).get(siteId) ?? null,
      });
    });
  }
}
