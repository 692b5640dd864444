import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { addDays } from '../kernel/index.js';
import type { StaffCaller } from './callers.js';
import { inventElders, inventSites, isOpenOn, MealStory, type DemoElder, type DemoSite, type Scale } from './domain/index.js';
import { recordBudgets } from './play-budgets.js';
import { Canteens } from './play-days.js';
import { registerElders, Wallets } from './play-elders.js';
import { Incidents } from './play-incidents.js';
import { furnishMenus } from './play-menus.js';
import { recordPhotos } from './play-photos.js';
import { publishRules } from './play-policy.js';
import { hireBureaus, importRegister, SiteLives, type Bureaus } from './play-sites.js';
import { hire, readDivisions, type Stage } from './stage.js';

/** What a month of play leaves behind for the settlement. */
export interface Played {
  readonly bureaus: Bureaus;
  readonly sites: readonly DemoSite[];
  readonly canteens: Canteens;
  /** Sites that had a till. */
  readonly serving: readonly DemoSite[];
}

function servingSites(sites: readonly DemoSite[], scale: Scale): DemoSite[] {
  const all = sites.filter((site) => isOpenOn(site, scale.from) || isOpenOn(site, scale.to));
  return scale.tills < all.length ? all.filter((site) => isOpenOn(site, scale.from)).slice(0, scale.tills) : all;
}

/** Elders live where the serving canteens' townships are. */
function inventPeople(stage: Stage, scale: Scale, serving: readonly DemoSite[], communities: readonly { code: string; townshipCode: string }[]): DemoElder[] {
  const near = new Set(serving.map((site) => site.community.townshipCode));
  return inventElders(stage.random.branch('elders'), scale.elders, communities.filter((one) => near.has(one.townshipCode)).map((one) => one.code));
}

/**
 * Plays the story from an empty city to the evening of its last day: the register of canteens, elders and cards, then
 * day by day every meal, void, refusal and incident through the API.
 */
export async function playMonth(app: NestFastifyApplication, stage: Stage, scale: Scale): Promise<Played> {
  const city: StaffCaller = await hire(stage, 'city.officer', '聊城市民政局经办', ['cityOfficer'], '371500');
  const cityApprover = await publishRules(stage, city);
  stage.clock.setTo(addDays(scale.from, -1), 8 * 60);
  await hire(stage, 'auditor', '聊城市审计局', ['auditor'], '371500');
  const { counties, communities } = await readDivisions(city);
  const sites = inventSites(stage.random.branch('sites'), scale, communities);
  const serving = servingSites(sites, scale);
  const bureaus = await hireBureaus(stage, city, counties, serving.map((site) => site.community));
  await recordBudgets(stage, bureaus, cityApprover, scale);
  const parties = await importRegister(app, stage, sites);
  const elders = inventPeople(stage, scale, serving, communities);
  const wallets = new Wallets(elders);
  const canteens = new Canteens(stage, sites, elders, wallets, (site) => bureaus.counties.get(site.community.countyCode)?.officer as StaffCaller);
  const incidents = new Incidents(stage, scale, bureaus, parties, sites, canteens, wallets);
  const lives = new SiteLives(stage, bureaus, sites);
  const townships = new Map(communities.map((one) => [one.code, one.townshipCode]));
  const story = new MealStory(stage.random.branch('meals'), scale, sites, elders, townships);
  // Three desks at once: none of them waits for what another writes.
  await Promise.all([furnishMenus(stage, bureaus, serving), registerElders(stage, city, elders), canteens.enrolAll(scale.from, scale.tills)]);
  await recordPhotos(stage, elders, (elder) => bureaus.townships.get(townships.get(elder.communityCode) ?? ''));
  for (const day of story.days()) {
    stage.clock.setTo(day.date, 6 * 60);
    await lives.recordDay(day.date);
    await incidents.morning(day.date);
    await canteens.playDay(day);
    await incidents.evening(day.date);
    stage.progress(`${day.date} 就餐`, canteens.tally.taps, scale.meals);
  }
  return { bureaus, sites, canteens, serving };
}
