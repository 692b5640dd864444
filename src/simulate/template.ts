import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { makeTerminalKeys } from '../access/index.js';
import { hire, inProcess, publishRules, Random, setStage, StaffCaller } from '../demo/index.js';
import { checkDigit } from '../elder/domain/index.js';
import { civilDate, fen, type SettableClock } from '../kernel/index.js';
import { importMenus } from '../menu/index.js';
import { checkoutRoot, FieldCipher, Transactor } from '../platform/index.js';
import { importSites, type ImportedSite } from '../site/index.js';
import { CITY_CODE, ELDERS, MENU, OPERATOR, PAYEE, SITES, STAFF, TILL_SITES, type CastSite, type Item } from './domain/index.js';

/** A till as it was enrolled in the template: with its key it works in every copy. */
export interface EnrolledTill {
  readonly terminalId: string;
  readonly privateKey: KeyObject;
  readonly site: number;
}

/** What a story needs to know of the template besides the cast. */
export interface Template {
  readonly password: string;
  readonly tills: readonly EnrolledTill[];
  /** Texts of the rule that the product ships, to be drafted with other figures. */
  readonly packYaml: string;
  readonly versionYaml: string;
}


const EVE = civilDate('2024-12-28');

/** Fills an empty database with everything that is the same in every simulated month: rules, people, canteens, tills. */
export async function furnishTemplate(app: NestFastifyApplication, clock: SettableClock): Promise<Template> {
  const random = new Random(1);
  const send = inProcess(app);
  const password = `Simulate-${random.branch('password').id()}`;
  const noTill = (): never => {
    throw new Error('tills of a simulation are enrolled here');
  };
  const stage = await setStage(app, { send, enrolTill: noTill, clock, random, password, progress: () => undefined });
  await openCanteens(app, clock);
  const people = new Map<string, StaffCaller>();
  for (const { account, roles, divisionCode, site } of STAFF) {
    people.set(account, await hire(stage, account, `模拟 ${account}`, roles, divisionCode, site === null ? null : (SITES[site] as CastSite).siteId));
  }
  const city = people.get('city') as StaffCaller;
  await publishRules(stage, city);
  clock.setTo(EVE, 9 * 60);
  await register(city, random);
  const tills: EnrolledTill[] = [];
  for (const [index, site] of TILL_SITES.entries()) tills.push(await enrol(people, send, random, index, site));
  const pack = join(checkoutRoot(), 'packs/liaocheng');
  return { password, tills, packYaml: readFileSync(join(pack, 'pack.yaml'), 'utf8'), versionYaml: readFileSync(join(pack, '2023-09-06-sample.yaml'), 'utf8') };
}

async function openCanteens(app: NestFastifyApplication, clock: SettableClock): Promise<void> {
  const transactor = app.get(Transactor);
  await transactor.run(async (tx) => {
    await importSites(tx, clock, app.get(FieldCipher), CITY_CODE, {
      operators: [{ operatorId: OPERATOR, name: '模拟餐饮', creditCode: null }],
      payees: [{ payeeId: PAYEE, name: '模拟账户', bankName: '模拟银行', account: '6222020000000000001' }],
      sites: SITES.map(canteen), by: 'simulation', confirmedBy: 'simulation-2',
    });
    await importMenus(tx, clock, CITY_CODE, SITES.map(({ siteId }) => ({
      siteId, weeks: [],
      dishes: [
        ...(['set-lunch', 'set-dinner'] as const).map((itemCode) => ({ itemCode, name: '套餐', kind: 'set' as const, components: [], marks: [], allergens: [] })),
        { itemCode: 'soup', name: '汤', kind: 'dish' as const, components: [], marks: [], allergens: [] },
      ],
      priceLists: [{ effectiveFrom: civilDate('2024-01-01'), filingNumber: null, filedOn: null, prices: pricesAt(100).map((price) => ({ ...price, fen: fen(price.fen) })) }],
    })), 'simulation');
  });
}

/** A price list: what the menu costs, in hundredths of its first prices. */
export function pricesAt(percent: number): { itemCode: string; mealPeriod: 'lunch' | 'dinner'; fen: number; elderSet: boolean }[] {
  return (Object.entries(MENU) as [Item, number][]).flatMap(([itemCode, first]) =>
    (['lunch', 'dinner'] as const).map((mealPeriod) => ({ itemCode, mealPeriod, fen: Math.floor((first * percent) / 100), elderSet: false })));
}

function canteen({ siteId, townshipCode }: CastSite): ImportedSite {
  const day = civilDate('2023-06-01');
  return {
    siteId, name: '模拟幸福食堂', kind: 'canteen', supplyMode: 'hungPlate', divisionCode: townshipCode, address: '模拟路1号', seats: 40, longitude: null, latitude: null, premisesStatus: 'leased',
    events: [{ kind: 'planned', onDate: day }, { kind: 'accepted', onDate: day }, { kind: 'open', onDate: day }],
    operations: [{ fromDate: day, operatorId: OPERATOR }], routes: [{ routeId: OPERATOR.replace(/^.{8}/, siteId.slice(0, 8)), fromDate: day, payeeId: PAYEE }],
    papers: [{ paperId: PAYEE.replace(/^.{8}/, siteId.slice(0, 8)), kind: 'foodLicence', number: `模许${siteId.slice(0, 6)}`, validFrom: day, validTo: civilDate('2027-12-31') }],
    hoursFrom: day, hours: [{ mealPeriod: 'lunch', fromMinute: 660, toMinute: 780 }, { mealPeriod: 'dinner', fromMinute: 1_020, toMinute: 1_170 }],
  };
}

/** Registers the elders of the cast, each with a card. */
async function register(city: StaffCaller, random: Random): Promise<void> {
  const rows = ELDERS.map(({ elderId, born, card }, index) => {
    const first17 = `371502${born.replaceAll('-', '')}${String(101 + index)}`;
    const home = (SITES[index % 2] as CastSite).townshipCode;
    return { id: elderId, name: `王示例${index}`.replace(/\d+/, (digits) => '甲乙丙丁戊己庚辛壬癸'[Number(digits) % 10] as string), identityNumber: first17 + checkDigit(first17), hukouCode: home, residenceCode: home, cardNumber: card };
  });
  const answer = await city.post<{ refused: number; rows: { code?: string }[] }>('/v1/elders/batch', { id: random.branch('elders').id(), rows });
  if (answer.refused > 0) throw new Error(`the register refused ${answer.refused} elders: ${answer.rows.find((row) => row.code !== undefined)?.code}`);
}

async function enrol(people: ReadonlyMap<string, StaffCaller>, send: ReturnType<typeof inProcess>, random: Random, index: number, site: number): Promise<EnrolledTill> {
  const { siteId, countyCode } = SITES[site] as CastSite;
  const officer = people.get(`county.${countyCode}`) as StaffCaller;
  const { code } = await officer.post<{ code: string }>('/v1/terminals', { id: random.branch(`till ${index}`).id(), siteId, label: `${index + 1} 号机` });
  const { privateKey, publicKey } = makeTerminalKeys();
  const { status, text } = await send({ method: 'POST', path: '/v1/terminals/enrolment', headers: {}, body: JSON.stringify({ code, publicKey, label: `${index + 1} 号机` }) });
  if (status > 201) throw new Error(`enrolment: ${status} ${text}`);
  return { terminalId: (JSON.parse(text) as { terminalId: string }).terminalId, privateKey, site };
}

