import { Inject, Injectable } from '@nestjs/common';
import { addDays, civilDate, invariant, today, type CivilDate, type Clock } from '../kernel/index.js';
import { priceListInForce } from '../menu/index.js';
import { merchantOfSite, offeredDays } from '../payment/index.js';
import { CLOCK, Transactor, WECHAT, type TerminalActor, type Tx, type Wechat } from '../platform/index.js';
import { readSitesOn } from '../site/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { readLimits } from './limit.store.js';
import { MakeRoster } from './make-roster.js';
import { DAYS_AHEAD, siteFactsOf } from './roster-kitchen.js';
import { readVersions } from './roster.store.js';

/** Hands a terminal everything that it decides with and that names nobody: versions, prices, days, limits. */
@Injectable()
export class ServeCatalogue {
  constructor(private readonly transactor: Transactor, private readonly roster: MakeRoster, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock, @Inject(WECHAT) private readonly wechat: Wechat | null) {}

  /** JSON text; the same as long as nothing in it changes. */
  async text({ cityCode, siteId }: TerminalActor): Promise<string> {
    const { versionKeys } = await this.roster.fresh(cityCode, siteId);
    const from = today(this.clock);
    return this.transactor.run(async (tx) => {
      const site = (await readSitesOn(tx, cityCode, [siteId], from)).get(siteId);
      invariant(site !== undefined, 'a terminal belongs to a site');
      const library = await this.policies.of(tx, cityCode);
      const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, index) => addDays(from, index)).map((date) => ({ date, ...library.dayOf(date) }));
      const rest = {
        format: 1, site: { siteId, name: site.name, state: site.state, licenceValid: site.licenceValid, facts: siteFactsOf(site) },
        // Left out where there is none, so that a till that has the same otherwise gets nothing new.
        ...((await offeredDays(tx, cityCode, [from])).has(from) ? { prepayment: true } : {}),
        ...(this.wechat !== null && (await merchantOfSite(tx, cityCode, siteId, from)) !== null ? { payCode: true } : {}),
        days, priceLists: await priceListsAhead(tx, cityCode, siteId, from), limits: await readLimits(tx, cityCode),
      };
      const versions = (await readVersions(tx, cityCode, versionKeys)).map(({ key, body }) => `${JSON.stringify(key)}:${body}`);
      return `${JSON.stringify(rest).slice(0, -1)},"versions":{${versions.join(',')}}}`;
    });
  }
}

/** The price list in force, and those that follow it in the coming weeks. */
async function priceListsAhead(tx: Tx, cityCode: string, siteId: string, from: CivilDate): Promise<object[]> {
  const lists: object[] = [];
  const to = addDays(from, DAYS_AHEAD);
  for (let date: CivilDate | null = from; date !== null && date <= to; ) {
    const list: Awaited<ReturnType<typeof priceListInForce>> = await priceListInForce(tx, cityCode, siteId, date);
    if (list === null) break;
    const { version, effectiveFrom, effectiveTo, prices } = list;
    lists.push({ version, effectiveFrom, effectiveTo, prices });
    date = effectiveTo === null ? null : addDays(civilDate(effectiveTo), 1);
  }
  return lists;
}
