import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { civilDate, today, type CivilDate } from '../kernel/index.js';
import { FieldCipher, Transactor } from '../platform/index.js';
import { importSites, type ImportedSite } from '../site/index.js';
import type { StaffCaller } from './callers.js';
import { OPERATORS, type DemoCommunity, type DemoSite, type Random } from './domain/index.js';
import { CITY_CODE, hire, inParallel, type County, type Stage } from './stage.js';

/** The officers of a county and of its streets. */
export interface CountyStaff {
  readonly county: County;
  readonly officer: StaffCaller;
  readonly reviewer: StaffCaller;
  readonly approver: StaffCaller;
}

/** Everybody who works for the bureaus. */
export interface Bureaus {
  readonly city: StaffCaller;
  readonly counties: ReadonlyMap<string, CountyStaff>;
  readonly townships: ReadonlyMap<string, StaffCaller>;
}

const AT_ONCE = 8;
/** Where the story's papers and tenures begin: before any of its canteens. */
const BEGINNING = civilDate('2022-01-01');

/** Hires the officers of the city, of every county and of the streets that have canteens. */
export async function hireBureaus(stage: Stage, city: StaffCaller, counties: readonly County[], communities: readonly DemoCommunity[]): Promise<Bureaus> {
  const staff = await inParallel(counties, AT_ONCE, async (county): Promise<[string, CountyStaff]> => {
    const { divisionCode: code, name } = county;
    return [code, {
      county,
      officer: await hire(stage, `county.${code}`, `${name}民政局经办`, ['countyOfficer'], code),
      reviewer: await hire(stage, `review.${code}`, `${name}财政局审核`, ['financeReviewer'], code),
      approver: await hire(stage, `approve.${code}`, `${name}财政局审批`, ['financeApprover'], code),
    }];
  });
  const streets = [...new Set(communities.map((community) => community.townshipCode))];
  const townships = await inParallel(streets, AT_ONCE, async (code): Promise<[string, StaffCaller]> =>
    [code, await hire(stage, `township.${code}`, `镇街经办 ${code}`, ['townshipOfficer'], code)], (done) => stage.progress('镇街经办', done, streets.length));
  return { city, counties: new Map(staff), townships: new Map(townships) };
}

/** Ids of the invented operators and of the accounts that they are paid to, by the operator's number. */
export interface Parties {
  readonly operators: readonly string[];
  readonly payees: readonly string[];
}

/** No exchange begins with a zero: nobody is ever called by it. */
function telephoneOf(index: number): string {
  return `0635-0${String(index + 1).padStart(6, '0')}`;
}

/** Somewhere in the city's plain, to a thousandth of a degree: an invented canteen stands nowhere. */
function positionOf(random: Random): { longitude: number; latitude: number } {
  return { longitude: random.whole(115_600, 116_400) / 1_000, latitude: random.whole(36_200, 36_800) / 1_000 };
}

/** Brings in the register of canteens with operators, accounts, papers, hours and what happened to them up to a day. */
export async function importRegister(app: NestFastifyApplication, stage: Stage, sites: readonly DemoSite[]): Promise<Parties> {
  const random = stage.random.branch('register');
  const day = today(stage.clock);
  const operators = Array.from({ length: OPERATORS }, (_, index) => ({ operatorId: random.id(), name: `示例餐饮服务${index + 1}号`, creditCode: null }));
  const payees = operators.map(({ name }, index) => ({ payeeId: random.id(), name, bankName: '示例银行聊城分行', account: `9900${100_000_000_000 + index}` }));
  const parties = { operators: operators.map((one) => one.operatorId), payees: payees.map((one) => one.payeeId) };
  const places = stage.random.branch('places');
  const register = sites.map((site, index): ImportedSite => ({
    siteId: site.id, name: site.name, kind: 'canteen', supplyMode: site.supplyMode, divisionCode: site.community.code,
    address: `${site.community.name}（演示地址）`, seats: site.seats, phone: telephoneOf(index), ...positionOf(places),
    premisesStatus: site.supplyMode === 'hungPlate' ? 'operatorOwned' : 'collective',
    events: site.events.filter((event) => event.on <= day).map((event) => ({ kind: event.event, onDate: event.on })),
    operations: [{ fromDate: BEGINNING, operatorId: parties.operators[site.operator] as string }],
    routes: [{ routeId: random.id(), fromDate: BEGINNING, payeeId: parties.payees[site.operator] as string }],
    papers: (['foodLicence', 'fireApproval', 'contract'] as const).map((kind) => ({
      paperId: random.id(), kind, number: `示例${site.id.slice(0, 8)}`, validFrom: BEGINNING, validTo: civilDate('2027-12-31'),
    })),
    hoursFrom: BEGINNING,
    hours: [{ mealPeriod: 'lunch', fromMinute: 660, toMinute: 810 }, ...(site.servesDinner ? [{ mealPeriod: 'dinner', fromMinute: 1_020, toMinute: 1_170 } as const] : [])],
  }));
  await app.get(Transactor).run((tx) => importSites(tx, stage.clock, app.get(FieldCipher), CITY_CODE, { operators, payees, sites: register, by: 'demo', confirmedBy: 'demo-register' }));
  return parties;
}

/** Records what happens to canteens while the story runs, each event on its day, through the API. */
export class SiteLives {
  constructor(private readonly stage: Stage, private readonly bureaus: Bureaus, private readonly sites: readonly DemoSite[]) {}

  async recordDay(day: CivilDate): Promise<void> {
    const due = this.sites.flatMap((site) => site.events.filter((event) => event.on === day).map((event) => ({ site, event: event.event })));
    await inParallel(due, 1, async ({ site, event }) => {
      const officer = this.bureaus.counties.get(site.community.countyCode)?.officer as StaffCaller;
      await officer.post(`/v1/sites/${site.id}/events`, { id: this.stage.random.branch(`${site.id} ${event}`).id(), kind: event, onDate: day });
    });
  }
}
