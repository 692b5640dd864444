import { addDays, civilDate, daysBetween, type CivilDate } from '../../kernel/index.js';
import type { Random } from './random.js';
import type { Scale } from './scale.js';

/** A community of the city with the township and county above it. */
export interface DemoCommunity {
  readonly code: string;
  readonly name: string;
  readonly townshipCode: string;
  readonly countyCode: string;
}

/** An event in the life of an invented canteen. */
export interface DemoSiteEvent {
  readonly event: 'planned' | 'building' | 'accepted' | 'open' | 'suspended' | 'closed';
  readonly on: CivilDate;
}

/** An invented canteen of the demo city. */
export interface DemoSite {
  readonly id: string;
  readonly name: string;
  readonly community: DemoCommunity;
  readonly supplyMode: 'hungPlate' | 'newOrConverted' | 'ruralHappinessHome';
  readonly seats: number;
  readonly operator: number;
  readonly events: readonly DemoSiteEvent[];
  /** Price of the elders' set by meal period, fen. */
  readonly lunchFen: number;
  readonly dinnerFen: number;
  readonly servesDinner: boolean;
  /** Without a steady network a till holds its sales back and sends them every half an hour. */
  readonly steadyNetwork: boolean;
}

/** Number of invented operators; each runs several canteens. */
export const OPERATORS = 40;

const SUPPLY_MODES = ['hungPlate', 'newOrConverted', 'ruralHappinessHome'] as const;
const PRICES = [800, 1_000, 1_000, 1_200, 1_200, 1_300, 1_500];
/** How many of a hundred openings fall into each month: slow at first, with a push before the deadline. */
const OPENING_PACE = [2, 3, 5, 7, 8, 9, 9, 10, 11, 13, 12, 11];

function openingDay(random: Random): CivilDate {
  const month = random.weighted(OPENING_PACE) + 1;
  return civilDate(`2024-${String(month).padStart(2, '0')}-${String(random.whole(1, 28)).padStart(2, '0')}`);
}

function earlierDay(random: Random): CivilDate {
  const first = civilDate('2022-03-01');
  return addDays(first, random.whole(0, daysBetween(first, civilDate('2023-12-28'))));
}

function lifeOf(random: Random, opened: CivilDate, isNew: boolean): DemoSiteEvent[] {
  const life: DemoSiteEvent[] = [
    { event: 'planned', on: addDays(opened, -90) }, { event: 'building', on: addDays(opened, -60) },
    { event: 'accepted', on: addDays(opened, -10) }, { event: 'open', on: opened },
  ];
  // Some of those before 2024 and a few of the new ones closed again: built is not the same as open.
  if (opened < '2024-10-01' && random.happens(isNew ? 0.05 : 0.04)) {
    life.push({ event: 'closed', on: addDays(civilDate('2024-10-08'), random.whole(0, 40)) });
  }
  return life;
}

/** Invents the canteens of the city: those before 2024, then the openings through 2024. One a community at most. */
export function inventSites(random: Random, scale: Scale, communities: readonly DemoCommunity[]): DemoSite[] {
  const places = random.some(communities, scale.sitesBefore + scale.openings);
  return places.map((community, index) => {
    const isNew = index >= scale.sitesBefore;
    const opened = isNew ? openingDay(random) : earlierDay(random);
    const lunchFen = random.pick(PRICES);
    const rural = /村/.test(community.name);
    return {
      id: random.id(),
      name: `${community.name.replace(/(社区)?(居民|村民)?委员会$/, '')}幸福食堂`,
      community,
      supplyMode: rural && random.happens(0.7) ? 'ruralHappinessHome' : random.pick(SUPPLY_MODES),
      seats: random.whole(3, 12) * 8,
      operator: index % OPERATORS,
      events: lifeOf(random, opened, isNew),
      lunchFen,
      dinnerFen: lunchFen - 200,
      servesDinner: random.happens(0.4),
      steadyNetwork: random.happens(rural ? 0.4 : 0.9),
    };
  });
}

/** Whether an invented canteen is open on a day. */
export function isOpenOn(site: DemoSite, day: CivilDate): boolean {
  return site.events.filter((event) => event.on <= day).at(-1)?.event === 'open';
}
