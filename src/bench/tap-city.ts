import { randomUUID } from 'node:crypto';
import { makeTerminalKeys, type TerminalKeys } from '../access/index.js';
import { cardHandle } from '../elder/index.js';
import { addDays, civilDate, fen, type CivilDate, type Clock } from '../kernel/index.js';
import { importMenus } from '../menu/index.js';
import type { FieldCipher, Transactor } from '../platform/index.js';
import { subtreeOf } from '../region/index.js';
import { importSites, type ImportedSite } from '../site/index.js';
import { insertBenchElders, insertBenchTerminals } from './tap-city.store.js';

export const BENCH_CITY = '371500';
const SITES = 300;
/** More than two for each of 256 connections. */
const TERMINALS = 768;
const CHUNK = 5_000;
const OPENED: CivilDate = civilDate('2023-06-01');

/** A till of the bench with its key. */
export interface BenchTill {
  readonly terminalId: string;
  readonly siteId: string;
  readonly keys: TerminalKeys;
}

export interface TapCity {
  readonly tills: readonly BenchTill[];
  /** Card numbers, one for each elder. */
  readonly cards: readonly string[];
}

interface Place {
  readonly siteId: string;
  readonly divisionCode: string;
}

/** Furnishes a city whose rules are published: canteens with prices, elders of 60 to 95 with cards, enrolled tills. */
export async function furnishTapCity(transactor: Transactor, cipher: FieldCipher, clock: Clock, elders: number): Promise<TapCity> {
  const places = await openSites(transactor, cipher, clock);
  const cards: string[] = [];
  for (let from = 0; from < elders; from += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, elders - from) }, (_, index) => `BN${String(from + index).padStart(9, '0')}`);
    cards.push(...numbers);
    await transactor.run((tx) => insertBenchElders(tx, BENCH_CITY, numbers.map((number, index) => ({
      elderId: randomUUID(), cardId: randomUUID(), handle: cardHandle(cipher, number), born: addDays(civilDate('1931-01-01'), ((from + index) * 37) % 12_700),
      residenceCode: (places[(from + index) % places.length] as Place).divisionCode,
    })), clock.now()));
  }
  const tills = Array.from({ length: TERMINALS }, (_, index): BenchTill & Place => ({ ...(places[index % places.length] as Place), terminalId: randomUUID(), keys: makeTerminalKeys() }));
  await transactor.run((tx) => insertBenchTerminals(tx, BENCH_CITY, tills.map((till) => ({ ...till, publicKey: Buffer.from(till.keys.publicKey, 'base64') })), clock.now()));
  return { tills, cards };
}

/** Opens canteens with prices in an empty city. */
export async function openSites(transactor: Transactor, cipher: FieldCipher, clock: Clock): Promise<Place[]> {
  const [operatorId, payeeId] = [randomUUID(), randomUUID()];
  return transactor.run(async (tx) => {
    const townships = (await subtreeOf(tx, BENCH_CITY, BENCH_CITY)).map(({ divisionCode }) => divisionCode).filter((code) => code.length === 9);
    const places = Array.from({ length: SITES }, (_, index): Place => ({ siteId: randomUUID(), divisionCode: townships[index % townships.length] as string }));
    await importSites(tx, clock, cipher, BENCH_CITY, {
      operators: [{ operatorId, name: '测试餐饮', creditCode: null }],
      payees: [{ payeeId, name: '测试账户', bankName: '测试银行', account: '6222020000000000001' }],
      sites: places.map((place, index) => canteen(place, index, operatorId, payeeId)), by: 'bench', confirmedBy: 'second',
    });
    await importMenus(tx, clock, BENCH_CITY, places.map(({ siteId }) => ({
      siteId, weeks: [],
      dishes: [{ itemCode: 'set', name: '套餐', kind: 'set' as const, components: [], marks: [], allergens: [] }],
      priceLists: [{ effectiveFrom: civilDate('2024-01-01'), filingNumber: null, filedOn: null, prices: (['lunch', 'dinner'] as const).map((mealPeriod) => ({ itemCode: 'set', mealPeriod, fen: fen(1500), elderSet: false })) }],
    })), 'bench');
    return places;
  });
}

function canteen({ siteId, divisionCode }: Place, index: number, operatorId: string, payeeId: string): ImportedSite {
  return {
    siteId, divisionCode, name: `测试幸福食堂 ${index + 1}`, kind: 'canteen', supplyMode: 'hungPlate', address: `测试路 ${index + 1} 号`, seats: 40, longitude: null, latitude: null,
    premisesStatus: 'leased', events: (['planned', 'accepted', 'open'] as const).map((kind) => ({ kind, onDate: OPENED })),
    operations: [{ fromDate: OPENED, operatorId }], routes: [{ routeId: randomUUID(), fromDate: OPENED, payeeId }],
    papers: [{ paperId: randomUUID(), kind: 'foodLicence', number: `测许${index + 1}`, validFrom: OPENED, validTo: null }],
    hoursFrom: OPENED, hours: [{ mealPeriod: 'lunch', fromMinute: 660, toMinute: 780 }],
  };
}
