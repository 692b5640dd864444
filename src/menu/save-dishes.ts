import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { findSite } from '../site/index.js';
import { dishesOf, saveDishes, type DishRow } from './menu.store.js';

/** Registers dishes and sets of a site, or corrects their names, marks and allergens. */
@Injectable()
export class SaveDishes {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `item-repeated`, `set-empty`, `item-unknown` (of a set's components), `item-kind-fixed` */
  async run(actor: StaffActor, siteId: string, id: string, dishes: readonly DishRow[]): Promise<Outcome<{ saved: number }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'menu.dishes', body: { siteId, dishes } }, async (tx) => {
      const site = await findSite(tx, actor, siteId, true);
      if (!site.ok) return site;
      const known = await dishesOf(tx, cityCode, siteId, dishes.flatMap((dish) => [dish.itemCode, ...dish.components]));
      const wrong = checkDishes(dishes, known);
      if (wrong) return wrong;
      await saveDishes(tx, this.clock, cityCode, dishes.map((dish) => ({ siteId, ...dish })), actorName(actor));
      return done({ saved: dishes.length });
    });
  }
}

function checkDishes(dishes: readonly DishRow[], known: ReadonlyMap<string, DishRow>): ReturnType<typeof refuse> | null {
  const codes = new Set<string>();
  for (const { itemCode } of dishes) {
    if (codes.has(itemCode)) return refuse('item-repeated', { itemCode });
    codes.add(itemCode);
  }
  for (const dish of dishes) {
    const before = known.get(dish.itemCode);
    if (before && before.kind !== dish.kind) return refuse('item-kind-fixed', { itemCode: dish.itemCode });
    if (dish.kind === 'set' && dish.components.length === 0) return refuse('set-empty', { itemCode: dish.itemCode });
    const missing = dish.components.find((code) => !codes.has(code) && !known.has(code));
    if (missing !== undefined) return refuse('item-unknown', { itemCode: missing });
  }
  return null;
}
