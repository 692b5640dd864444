import { randomUUID } from 'node:crypto';
import { addDays, mondayOf, today, type CivilDate } from '../kernel/index.js';
import { PublicCaller, type StaffCaller } from './callers.js';
import type { DemoSite } from './domain/index.js';
import type { Bureaus } from './play-sites.js';
import { CITY_CODE, inParallel, type Stage } from './stage.js';
import type { Transport } from './transport.js';

const AT_ONCE = 8;
const PORTIONS = 120;

/** Dishes that make up a set, two meat and vegetable courses and a staple, with marks as a kitchen would give them. */
const DISHES = [
  { itemCode: 'dish-tofu', name: '家常豆腐', marks: ['softDiet', 'lowSalt'], allergens: ['soya'] },
  { itemCode: 'dish-fish', name: '清蒸鱼块', marks: ['lowOil', 'softDiet'], allergens: ['fish'] },
  { itemCode: 'dish-greens', name: '蒜蓉青菜', marks: ['lowOil', 'lowSalt'], allergens: [] },
  { itemCode: 'dish-egg', name: '番茄炒蛋', marks: ['softDiet'], allergens: ['eggs'] },
  { itemCode: 'dish-congee', name: '小米粥', marks: ['softDiet', 'lowSugar'], allergens: [] },
  { itemCode: 'dish-bun', name: '馒头', marks: ['softDiet'], allergens: ['gluten'] },
] as const;

const SETS = [
  { itemCode: 'set-lunch', name: '长者午餐', components: ['dish-tofu', 'dish-greens', 'dish-bun'], period: 'lunch' },
  { itemCode: 'set-dinner', name: '长者晚餐', components: ['dish-egg', 'dish-congee', 'dish-bun'], period: 'dinner' },
] as const;

/** Single dishes that are sold beside the lunch set, fen. */
const EXTRAS = [{ itemCode: 'dish-bun', fen: 100 }, { itemCode: 'dish-congee', fen: 200 }, { itemCode: 'dish-egg', fen: 600 }] as const;
/** What guests and relatives pay above the elders' price of a lunch set, fen. */
const GUEST_MORE = 300;
const RELATIVE_MORE = 200;

/** Half a lunch set costs three fifths of it, in whole half yuan. */
function halfOf(lunchFen: number): number {
  return Math.round((lunchFen * 0.6) / 50) * 50;
}

/** Gives every serving canteen its dishes and a filed price list that is in force from yesterday. */
export async function furnishMenus(stage: Stage, bureaus: Bureaus, sites: readonly DemoSite[]): Promise<void> {
  const day = addDays(today(stage.clock), -1);
  await inParallel(sites, AT_ONCE, (site) => furnish(stage, officerOf(bureaus, site), site, day), (done) => stage.progress('菜品与价目', done, sites.length));
}

/** Publishes the menus of the week that is running and of the next one where they are missing, so that the demo city is never out of date. */
export async function publishWeeks(send: Transport, officer: StaffCaller, day: CivilDate): Promise<void> {
  const { items } = await officer.get<{ items: { siteId: string }[] }>('/v1/terminals?limit=500');
  const sites = [...new Set(items.map((terminal) => terminal.siteId))];
  for (const monday of [mondayOf(day), addDays(mondayOf(day), 7)]) {
    await inParallel(sites, AT_ONCE, async (siteId) => {
      const published = await new PublicCaller(send).get<{ items: unknown[] }>(`/v1/public/${CITY_CODE}/sites/${siteId}/menu?date=${addDays(monday, 6)}`);
      if (published.items.length > 0) return;
      const dishes = await officer.get<{ items: { itemCode: string }[] }>(`/v1/sites/${siteId}/dishes?limit=500`);
      const sets = SETS.filter((set) => dishes.items.some((dish) => dish.itemCode === set.itemCode));
      const week = Array.from({ length: 7 }, (_, weekday) => addDays(monday, weekday));
      const entries = week.flatMap((mealDate) => sets.map(({ itemCode, period }) => ({ mealDate, mealPeriod: period, itemCode, portions: PORTIONS })));
      await officer.post(`/v1/sites/${siteId}/menus`, { id: randomUUID(), monday, entries });
    });
  }
}

function officerOf(bureaus: Bureaus, site: DemoSite): StaffCaller {
  return bureaus.townships.get(site.community.townshipCode) as StaffCaller;
}

function setsOf(site: DemoSite): (typeof SETS)[number][] {
  return SETS.filter((set) => set.period === 'lunch' || site.servesDinner);
}

async function furnish(stage: Stage, officer: StaffCaller, site: DemoSite, day: CivilDate): Promise<void> {
  const random = stage.random.branch(`menu ${site.id}`);
  const dishes = [
    ...DISHES.map((dish) => ({ ...dish, kind: 'dish', components: [] })),
    ...setsOf(site).map(({ itemCode, name, components }) => ({ itemCode, name, kind: 'set', components, marks: ['lowSalt', 'softDiet'], allergens: [] })),
  ];
  await officer.post(`/v1/sites/${site.id}/dishes`, { id: random.id(), dishes });
  const kinds = { guestFen: site.lunchFen + GUEST_MORE, relativeFen: site.lunchFen + RELATIVE_MORE, halfFen: halfOf(site.lunchFen) };
  const prices = [
    ...setsOf(site).map(({ itemCode, period }) => (period === 'lunch'
      ? { itemCode, mealPeriod: period, fen: site.lunchFen, elderSet: true, ...kinds }
      : { itemCode, mealPeriod: period, fen: site.dinnerFen, elderSet: true })),
    ...EXTRAS.map((extra) => ({ ...extra, mealPeriod: 'lunch', elderSet: false })),
  ];
  await officer.post(`/v1/sites/${site.id}/price-lists`, { id: random.id(), effectiveFrom: day, filingNumber: `示例备${site.id.slice(0, 6)}`, filedOn: day, prices });
}
