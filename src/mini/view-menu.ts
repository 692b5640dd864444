import { Inject, Injectable } from '@nestjs/common';
import { addDays, chinaDate, chinaMinute, clockWords, dayWords, done, mondayOf, refuse, today, type CivilDate, type Clock, type Fen, type Instant, type Outcome } from '../kernel/index.js';
import { kitchenDays, type KitchenDays } from '../booking/index.js';
import { closesAt } from '../booking/domain/index.js';
import { dishesOf, menuOn, priceListInForce, type DishRow } from '../menu/index.js';
import { ALLERGENS, MEAL_PERIODS, type ItemKind, type MealPeriod, type PriceList } from '../menu/domain/index.js';
import { CLOCK, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { hoursOfSites, phonesOf, readSitesOn, type SiteOn } from '../site/index.js';
import { leftWords, MARK_WORDS, PERIOD_WORDS, warningWords } from './domain/index.js';
import { PreviewSplit, type ElderPrices, type Split } from './preview-split.js';
import { reachOrderer } from './reach-orderer.js';

/** Something that can be eaten at a meal. */
export interface OfferedItem {
  readonly itemCode: string;
  readonly name: string;
  readonly kind: ItemKind;
  /** Names of what a set is made of. */
  readonly dishes: readonly string[];
  /** 少盐、软烂 … */
  readonly marks: readonly string[];
  /** 含花生; null where nothing is written down. */
  readonly warning: string | null;
  /** null where no price is in force. */
  readonly priceFen: Fen | null;
  /** What this elder would pay; null where nobody was named, or no price can be told. */
  readonly split: Split | null;
}

/** A meal of a day. */
export interface OfferedMeal {
  readonly mealPeriod: MealPeriod;
  readonly words: string;
  /** When it is served, minutes since midnight. */
  readonly beginsMinute: number;
  readonly endsMinute: number;
  /** Bookings, changes and cancellations end here. */
  readonly closesAt: Instant;
  readonly closesWords: string;
  readonly isBookable: boolean;
  readonly portionsLeft: number | null;
  readonly leftWords: string | null;
  readonly items: readonly OfferedItem[];
}

export interface OfferedDay {
  readonly date: CivilDate;
  readonly words: string;
  /** Whether the site serves on that day. */
  readonly isOpen: boolean;
  /** Whether a menu was published; where not, the price list is shown. */
  readonly isPublished: boolean;
  readonly meals: readonly OfferedMeal[];
}

export interface SiteMenu {
  readonly siteId: string;
  readonly name: string;
  readonly phone: string | null;
  readonly days: readonly OfferedDay[];
}

/** What a site offers between two days, at an elder's own prices. */
@Injectable()
export class ViewMenu {
  constructor(private readonly transactor: Transactor, private readonly preview: PreviewSplit, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @param days from `from` on. @returns `not-found`, `consent-missing`, `mini-menu-past`: what a past meal would cost tells what was eaten */
  run(actor: MiniActor, siteId: string, elderId: string | null, from: CivilDate, days: number): Promise<Outcome<SiteMenu>> {
    return this.transactor.read(async (tx) => {
      if (from < today(this.clock)) return refuse('mini-menu-past');
      const kin = elderId === null ? done({ knowsMeals: false }) : await reachOrderer(tx, this.clock, actor, elderId);
      if (!kin.ok) return kin;
      return this.offered(tx, actor.cityCode, siteId, from, days, elderId === null ? null : { elderId, ...kin.value });
    });
  }

  /** The same for whoever may look already. @param whose null: without anybody's split */
  async offered(tx: Tx, cityCode: string, siteId: string, from: CivilDate, days: number, whose: Whose | null): Promise<Outcome<SiteMenu>> {
    const dates = Array.from({ length: days }, (_, index) => addDays(from, index));
    const sites = await Promise.all(dates.map(async (date) => (await readSitesOn(tx, cityCode, [siteId], date)).get(siteId)));
    const name = sites[0]?.name;
    if (name === undefined) return refuse('not-found');
    const [kitchen, all, phones] = await Promise.all([
      kitchenDays(tx, cityCode, siteId, from, dates.at(-1) ?? from),
      whose === null ? null : this.preview.pricesOf(tx, cityCode, [whose.elderId], dates), phonesOf(tx, cityCode, [siteId])]);
    const known = (whose === null ? undefined : all?.get(whose.elderId)) ?? null;
    const prices = whose?.knowsMeals === false ? (known?.withoutPrivateFacts() ?? null) : known;
    const offered = await Promise.all(dates.map((date, index) => this.day(tx, cityCode, siteId, { date, site: sites[index], kitchen, prices })));
    return done({ siteId, name, phone: phones.get(siteId) ?? null, days: offered });
  }

  private async day(tx: Tx, cityCode: string, siteId: string, { date, site, kitchen, prices }: Around): Promise<OfferedDay> {
    const [table, list, hours] = await Promise.all([menuOn(tx, cityCode, siteId, mondayOf(date), date), priceListInForce(tx, cityCode, siteId, date), hoursOfSites(tx, cityCode, [siteId], date)]);
    const isOpen = site?.state === 'open' && site.licenceValid;
    const served = hours.get(siteId);
    const rows = table.length > 0 ? table : fromPrices(list);
    const codes = [...rows.map(({ itemCode }) => itemCode), ...table.flatMap(({ components }) => components)];
    const dishes = await dishesWithin(tx, cityCode, siteId, codes);
    const meals = MEAL_PERIODS.flatMap((mealPeriod): OfferedMeal[] => {
      const items = rows.filter((row) => row.mealPeriod === mealPeriod).map((row) => itemOf(row, dishes, list, (priceFen) => prices?.of(site, date, mealPeriod, priceFen) ?? null));
      if (items.length === 0) return [];
      const { beginsMinute, endsMinute } = kitchen.hours[mealPeriod];
      const mine = served?.find((entry) => entry.mealPeriod === mealPeriod);
      return [{ mealPeriod, words: PERIOD_WORDS[mealPeriod], beginsMinute: mine?.fromMinute ?? beginsMinute, endsMinute: mine?.toMinute ?? endsMinute, ...this.booking(kitchen, date, mealPeriod, isOpen), items }];
    });
    return { date, words: dayWords(date, today(this.clock)), isOpen, isPublished: table.length > 0, meals };
  }

  private booking(kitchen: KitchenDays, date: CivilDate, period: MealPeriod, isOpen: boolean): Pick<OfferedMeal, 'closesAt' | 'closesWords' | 'isBookable' | 'portionsLeft' | 'leftWords'> {
    const [closes, left] = [closesAt(kitchen.hours[period], date), kitchen.left(date, period)];
    const inTime = this.clock.now() < closes;
    const until = `${dayWords(chinaDate(closes), today(this.clock))} ${clockWords(chinaMinute(closes))}`;
    return {
      closesAt: closes, closesWords: inTime ? `请在${until}前预订` : '预订已经截止，可以打电话问食堂，或直接到店用餐',
      isBookable: isOpen && inTime && left !== 0, portionsLeft: left, leftWords: leftWords(left),
    };
  }
}

/** Whose prices are shown, and whether to somebody who may know what was eaten. */
interface Whose {
  readonly elderId: string;
  readonly knowsMeals: boolean;
}

interface Around {
  readonly date: CivilDate;
  readonly site: SiteOn | undefined;
  readonly kitchen: KitchenDays;
  readonly prices: ElderPrices | null;
}

interface Row {
  readonly itemCode: string;
  readonly name: string;
  readonly mealPeriod: MealPeriod;
}

/** Dishes by code, and those that they are made of: what a set holds has to be known on days without a menu too. */
async function dishesWithin(tx: Tx, cityCode: string, siteId: string, codes: readonly string[]): Promise<ReadonlyMap<string, DishRow>> {
  if (codes.length === 0) return new Map();
  const dishes = await dishesOf(tx, cityCode, siteId, codes);
  const inner = [...dishes.values()].flatMap(({ components }) => components).filter((code) => !dishes.has(code));
  return inner.length === 0 ? dishes : new Map([...dishes, ...(await dishesOf(tx, cityCode, siteId, inner))]);
}

/** What is sold where no menu was published. */
function fromPrices(list: PriceList | null): Row[] {
  return [...(list?.prices ?? [])].sort((a, b) => Number(b.elderSet) - Number(a.elderSet) || (a.itemCode < b.itemCode ? -1 : 1));
}

function itemOf({ itemCode, name, mealPeriod }: Row, dishes: ReadonlyMap<string, DishRow>, list: PriceList | null, split: (priceFen: Fen) => Split | null): OfferedItem {
  const priceFen = list?.prices.find((price) => price.itemCode === itemCode && price.mealPeriod === mealPeriod)?.fen ?? null;
  const dish = dishes.get(itemCode);
  const made = (dish?.components ?? []).flatMap((code) => dishes.get(code) ?? []);
  // A set holds what its dishes hold, also where nobody wrote it down for the set.
  const allergens = ALLERGENS.filter((one) => [dish, ...made].some((part) => part?.allergens.includes(one) === true));
  return {
    itemCode, name, kind: dish?.kind ?? 'dish', dishes: made.map((part) => part.name), marks: (dish?.marks ?? []).map((mark) => MARK_WORDS[mark]), warning: warningWords(allergens),
    priceFen, split: priceFen === null ? null : split(priceFen),
  };
}
