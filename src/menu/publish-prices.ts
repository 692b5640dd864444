import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, today, yuanText, type Clock, type Outcome, type Refusal } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { pathOf } from '../region/index.js';
import { findSite } from '../site/index.js';
import { checkPriceList, type NewPriceList, type PriceListProblem } from './domain/index.js';
import { capsOn, dishesOf } from './menu.store.js';
import { insertPriceLists, latestVersion } from './price.store.js';

/** Publishes a new version of a site's prices, in force from a day on. */
@Injectable()
export class PublishPrices {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns `not-found`, `outside-scope`, `item-unknown`, `elder-set-not-set`, `price-repeated`, `half-above-whole`, `filing-missing`, `filing-incomplete`,
   *   `filing-too-late`, `price-above-cap`, `price-list-not-after`, `price-list-backdated`
   */
  async run(actor: StaffActor, siteId: string, id: string, list: NewPriceList): Promise<Outcome<{ version: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'menu.prices', body: { siteId, ...list } }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      const wrongItem = await this.checkItems(tx, cityCode, siteId, list);
      if (wrongItem) return wrongItem;
      const last = await latestVersion(tx, cityCode, siteId);
      const caps = await capsOn(tx, cityCode, await pathOf(tx, cityCode, site.value.divisionCode), list.effectiveFrom);
      const problem = checkPriceList(list, caps, last?.effectiveFrom ?? null, today(this.clock));
      if (problem) return worded(problem);
      const version = (last?.version ?? 0) + 1;
      await insertPriceLists(tx, this.clock, cityCode, [{ siteId, version, ...list }], actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'menu.prices', objectKind: 'site', objectId: siteId, before: last ?? null, after: { version, ...list } });
      return done({ version });
    });
  }

  private async checkItems(tx: Tx, cityCode: string, siteId: string, list: NewPriceList): Promise<Refusal | null> {
    const dishes = await dishesOf(tx, cityCode, siteId, list.prices.map((price) => price.itemCode));
    for (const { itemCode, elderSet } of list.prices) {
      const dish = dishes.get(itemCode);
      if (!dish) return refuse('item-unknown', { itemCode });
      if (elderSet && dish.kind !== 'set') return refuse('elder-set-not-set', { itemCode });
    }
    return null;
  }
}

function worded(problem: PriceListProblem): Refusal {
  const { code, ...detail } = problem;
  if (problem.code === 'price-above-cap') return refuse(code, { ...detail, capYuan: yuanText(problem.capFen) });
  return Object.keys(detail).length === 0 ? refuse(code) : refuse(code, detail as Refusal['detail']);
}
