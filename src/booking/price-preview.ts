import type { CivilDate, Fen } from '../kernel/index.js';
import type { MealPeriod } from '../menu/domain/index.js';
import type { Tx } from '../platform/index.js';
import type { SiteOn } from '../site/index.js';

/** A meal that somebody wants to know the price of before it is eaten. */
export interface PreviewedMeal {
  readonly cityCode: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly date: CivilDate;
  readonly period: MealPeriod;
  /** By the price list, the whole bill of this elder. */
  readonly priceFen: Fen;
}

/** Who would pay what of it, by the same rules that decide at the till, with the turns used up so far. */
export interface PreviewedSplit {
  readonly selfPayFen: Fen;
}

/** What meals cost one elder, with all that hangs on read already. */
export interface ElderPreview {
  /**
   * The same for who may know neither what was eaten nor what the elder is: as if no turn were used up, and the
   * elder of no category.
   */
  withoutPrivateFacts(): ElderPreview;
  /** @returns the split, or null where the site does not serve that day */
  of(site: SiteOn | undefined, date: CivilDate, period: MealPeriod, priceFen: Fen): PreviewedSplit | null;
}

/** Says what an elder is going to pay. It promises nothing: the tap decides. A later room provides it. */
export interface PricePreview {
  /** @returns the split, or null where none can be told */
  of(tx: Tx, meal: PreviewedMeal): Promise<PreviewedSplit | null>;
  /** The same for whoever knows the site: reads what elders' prices on some days hang on. Elders whom the city does not have are left out. */
  pricesOf(tx: Tx, cityCode: string, elderIds: readonly string[], dates: readonly CivilDate[]): Promise<Map<string, ElderPreview>>;
}

/** Injects the `PricePreview`; without one an elder pays the whole price ahead, and gets back at the meal what the rules give. */
export const PRICE_PREVIEW = Symbol('price preview');
