import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { findSite } from './find-site.js';
import { confirmRoute, insertRoute, payeesOf, routesOf, type RouteRow } from './party.store.js';

export interface NewRoute {
  readonly id: string;
  readonly siteId: string;
  readonly payeeId: string;
  readonly fromDate: CivilDate;
  readonly reason: string | null;
}

function lastConfirmed(routes: readonly RouteRow[]): RouteRow | undefined {
  return routes.findLast((route) => route.confirmedBy !== null);
}

/** Changes whose account a site's money goes to. It takes two people: one proposes, another confirms, the first payee included. */
@Injectable()
export class ChangePayee {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `payee-unknown`, `tenure-not-after` */
  async propose(actor: StaffActor, asked: NewRoute): Promise<Outcome<RouteRow>> {
    const { cityCode } = actor;
    const by = actorName(actor);
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'site.payee', body: { ...asked, by } }, async (tx) => {
      const site = await findSite(tx, actor, asked.siteId, true);
      if (!site.ok) return site;
      if ((await payeesOf(tx, cityCode, [asked.payeeId])).size === 0) return refuse('payee-unknown');
      const last = lastConfirmed(await routesOf(tx, cityCode, asked.siteId));
      if (last && asked.fromDate <= last.fromDate) return refuse('tenure-not-after', { last: last.fromDate });
      const { id: routeId, siteId, payeeId, fromDate, reason } = asked;
      const row = { routeId, siteId, payeeId, fromDate, reason, proposedBy: by };
      await insertRoute(tx, this.clock, cityCode, row);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'site.payee.propose', objectKind: 'site', objectId: siteId, before: last ?? null, after: row });
      return done({ ...row, confirmedBy: null });
    });
  }

  /** @returns `not-found`, `outside-scope`, `payee-not-proposed`, `payee-confirmed-already`, `maker-is-checker`, `tenure-not-after` */
  async confirm(actor: StaffActor, siteId: string, id: string, routeId: string): Promise<Outcome<RouteRow>> {
    const { cityCode } = actor;
    const by = actorName(actor);
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'site.payee.confirm', body: { siteId, routeId, by } }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      const routes = await routesOf(tx, cityCode, siteId);
      const route = routes.find((entry) => entry.routeId === routeId);
      if (!route) return refuse('payee-not-proposed');
      if (route.confirmedBy !== null) return refuse('payee-confirmed-already');
      if (route.proposedBy === by) return refuse('maker-is-checker');
      const last = lastConfirmed(routes);
      if (last && route.fromDate <= last.fromDate) return refuse('tenure-not-after', { last: last.fromDate });
      await confirmRoute(tx, this.clock, cityCode, routeId, by);
      const after = { ...route, confirmedBy: by };
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'site.payee.confirm', objectKind: 'site', objectId: siteId, before: last ?? null, after });
      return done(after);
    });
  }
}
