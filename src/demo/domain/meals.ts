import { addDays, daysBetween, weekday, type CivilDate } from '../../kernel/index.js';
import type { DemoElder } from './elders.js';
import type { Random } from './random.js';
import type { Scale } from './scale.js';
import { isOpenOn, type DemoSite } from './sites.js';

/** One meal that somebody asks for at a till. */
export interface DemoMeal {
  readonly id: string;
  readonly site: number;
  /** Undefined for a guest. */
  readonly elder: number | undefined;
  readonly period: 'lunch' | 'dinner';
  /** Minute since midnight. */
  readonly minute: number;
  /** Voided some minutes later, by the till, for a wrong key. */
  readonly voided: boolean;
  /** The till asks with an old price list, which is refused. */
  readonly oldPriceList: boolean;
}

/** The meals of one day, in order of time. */
export interface DemoDay {
  readonly date: CivilDate;
  readonly meals: readonly DemoMeal[];
}

const GUEST_SHARE = 0.03;
const VOID_SHARE = 0.002;
const REFUSED_SHARE = 0.001;
const DINNER_SHARE = 0.22;
/** Of a hundred diners, those of 70 and over whom the subsidy brings: they eat more often than the younger ones. */
const SENIOR_SHARE = 0.68;

/** Weights of the days: canteens are fuller from Monday to Friday. */
function weightOf(date: CivilDate): number {
  return weekday(date) <= 5 ? 1.05 : 0.875;
}

/** Tells who eats where on each day. Elders eat near home as a rule, and now and then anywhere in the city. */
export class MealStory {
  private readonly dayMeals: number[];
  private readonly near = new Map<string, { seniors: number[]; others: number[] }>();
  private readonly everybody: { seniors: number[]; others: number[] } = { seniors: [], others: [] };

  constructor(
    private readonly random: Random,
    private readonly scale: Scale,
    private readonly sites: readonly DemoSite[],
    elders: readonly DemoElder[],
    townshipOf: ReadonlyMap<string, string>,
  ) {
    const days = Array.from({ length: daysBetween(scale.from, scale.to) + 1 }, (_, day) => weightOf(addDays(scale.from, day)));
    const total = days.reduce((sum, weight) => sum + weight, 0);
    this.dayMeals = days.map((weight) => Math.round((scale.meals * weight) / total));
    elders.forEach((elder, index) => {
      const list = elder.born <= '1954-12-31' ? 'seniors' : 'others';
      this.everybody[list].push(index);
      const township = townshipOf.get(elder.communityCode) ?? '';
      const neighbours = this.near.get(township) ?? { seniors: [], others: [] };
      neighbours[list].push(index);
      this.near.set(township, neighbours);
    });
  }

  /** The days of the story, one after another, so that a month never lies in memory whole. */
  *days(): Generator<DemoDay> {
    for (let day = 0; day < this.dayMeals.length; day += 1) {
      const date = addDays(this.scale.from, day);
      const open = this.sites.flatMap((site, index) => (isOpenOn(site, date) ? [index] : [])).slice(0, this.scale.tills);
      const eaten = new Set<string>();
      const meals = Array.from({ length: this.dayMeals[day] as number }, () => this.meal(open, eaten));
      meals.sort((a, b) => a.minute - b.minute);
      yield { date, meals };
    }
  }

  private meal(open: readonly number[], eaten: Set<string>): DemoMeal {
    const random = this.random;
    const site = random.pick(open);
    const dinner = (this.sites[site] as DemoSite).servesDinner && random.happens(DINNER_SHARE * 2);
    const period = dinner ? 'dinner' : 'lunch';
    return {
      id: random.id(),
      site,
      elder: random.happens(GUEST_SHARE) ? undefined : this.hungry(site, period, eaten),
      period,
      minute: dinner ? random.whole(17 * 60 + 5, 18 * 60 + 50) : random.whole(11 * 60 + 5, 12 * 60 + 50),
      voided: random.happens(VOID_SHARE),
      oldPriceList: random.happens(REFUSED_SHARE),
    };
  }

  /** An elder who has not eaten in this period yet, as far as a few draws find one: a second lunch is rare. */
  private hungry(site: number, period: string, eaten: Set<string>): number {
    let elder = this.diner(site);
    for (let draw = 0; draw < 8 && eaten.has(`${period} ${elder}`); draw += 1) elder = this.diner(site);
    eaten.add(`${period} ${elder}`);
    return elder;
  }

  private diner(site: number): number {
    const random = this.random;
    const list = random.happens(SENIOR_SHARE) ? 'seniors' : 'others';
    const near = this.near.get((this.sites[site] as DemoSite).community.townshipCode)?.[list] ?? [];
    return random.pick(near.length > 0 && !random.happens(0.1) ? near : this.everybody[list]);
  }
}
