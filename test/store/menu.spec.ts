import { randomBytes, randomUUID } from 'node:crypto';
import { civilDate, fen, SettableClock, type CivilDate } from '../../src/kernel/index.js';
import { importMenus, priceListInForce, priceListsInForce, readPrices, type ImportedMenu } from '../../src/menu/index.js';
import { FieldCipher, openDataSource, sqlState, Transactor } from '../../src/platform/index.js';
import { loadCity } from '../../src/region/index.js';
import { importSites } from '../../src/site/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const clock = SettableClock.at(civilDate('2024-12-03'), 600);
const day = (text: string): CivilDate => civilDate(text);
const [site, other] = [randomUUID(), randomUUID()] as [string, string];

let database: TestDatabase;
let transactor: Transactor;

const menu = (siteId: string, more: Partial<ImportedMenu> = {}): ImportedMenu => ({
  siteId,
  dishes: [
    { itemCode: 'egg', name: '鸡蛋羹', kind: 'dish', components: [], marks: ['softDiet', 'lowSalt'], allergens: ['eggs'] },
    { itemCode: 'set-a', name: '老年套餐', kind: 'set', components: ['egg'], marks: [], allergens: [] },
  ],
  priceLists: [
    { effectiveFrom: day('2025-01-01'), filingNumber: '备 2', filedOn: day('2024-12-20'), prices: [{ itemCode: 'set-a', mealPeriod: 'lunch', fen: fen(1300), elderSet: true }] },
    {
      effectiveFrom: day('2024-01-01'), filingNumber: '备 1', filedOn: day('2023-12-20'),
      prices: [{ itemCode: 'set-a', mealPeriod: 'lunch', fen: fen(1200), elderSet: true, guestFen: fen(1800), relativeFen: fen(0), halfFen: fen(700) }, { itemCode: 'egg', mealPeriod: 'dinner', fen: fen(350), elderSet: false }],
    },
  ],
  weeks: [{ monday: day('2024-12-02'), entries: [{ mealDate: day('2024-12-03'), mealPeriod: 'lunch', itemCode: 'set-a', portions: 60 }] }],
  ...more,
});

beforeAll(async () => {
  database = await freshDatabase();
  transactor = new Transactor(await openDataSource(database.ownerUrl, 2));
  await transactor.run(async (tx) => {
    await loadCity(tx, CITY, clock);
    const sites = [site, other].map((siteId) => ({
      siteId, name: '示例', kind: 'canteen' as const, supplyMode: 'hungPlate' as const, divisionCode: '371502001', address: '示例', seats: 20, longitude: null, latitude: null,
      premisesStatus: 'leased' as const, events: [{ kind: 'planned' as const, onDate: day('2024-01-01') }], operations: [], routes: [], papers: [], hoursFrom: day('2024-01-01'), hours: [],
    }));
    await importSites(tx, clock, new FieldCipher(randomBytes(32)), CITY, { operators: [], payees: [], sites, by: 'cli', confirmedBy: 'register' });
    await importMenus(tx, clock, CITY, [menu(site)], 'cli');
  });
}, 60_000);

afterAll(async () => {
  await transactor.dataSource.destroy();
  await database.drop();
});

describe('prices', () => {
  it('are read by site and version, several at once, with the days on which they hold', async () => {
    const wanted = [{ siteId: site, version: 1 }, { siteId: site, version: 2 }, { siteId: site, version: 3 }, { siteId: other, version: 1 }];
    const lists = (await transactor.run((tx) => readPrices(tx, CITY, wanted))).sort((a, b) => a.version - b.version);
    const everybodys = { guestFen: null, relativeFen: null, halfFen: null };
    expect(lists).toEqual([
      {
        siteId: site, version: 1, effectiveFrom: '2024-01-01', effectiveTo: '2024-12-31', filingNumber: '备 1',
        prices: [
          { itemCode: 'egg', mealPeriod: 'dinner', fen: 350, elderSet: false, name: '鸡蛋羹', ...everybodys },
          { itemCode: 'set-a', mealPeriod: 'lunch', fen: 1200, elderSet: true, name: '老年套餐', guestFen: 1800, relativeFen: 0, halfFen: 700 },
        ],
      },
      {
        siteId: site, version: 2, effectiveFrom: '2025-01-01', effectiveTo: null, filingNumber: '备 2',
        prices: [{ itemCode: 'set-a', mealPeriod: 'lunch', fen: 1300, elderSet: true, name: '老年套餐', ...everybodys }],
      },
    ]);
    expect(await transactor.run((tx) => readPrices(tx, '371600', wanted))).toEqual([]);
    expect(await transactor.run((tx) => readPrices(tx, CITY, []))).toEqual([]);
  });

  it.each([['2023-12-31', undefined], ['2024-01-01', 1], ['2024-12-31', 1], ['2025-01-01', 2], ['2030-01-01', 2]])('in force on %s are version %s', async (date, version) => {
    expect((await transactor.run((tx) => priceListInForce(tx, CITY, site, day(date))))?.version).toBe(version);
  });

  it('are found for many sites, leaving out those without', async () => {
    expect([...(await transactor.run((tx) => priceListsInForce(tx, CITY, [site, other], day('2024-12-03')))).keys()]).toEqual([site]);
  });

  it('are never changed, not even by the owner', async () => {
    const refused = (sql: string) => transactor.run((tx) => tx.query(sql, [CITY])).then(() => undefined, (error: unknown) => sqlState(error));
    expect(await refused('UPDATE menu_price SET fen = 1 WHERE city_code = $1')).toBe('42501');
    expect(await refused('DELETE FROM menu_price_list WHERE city_code = $1')).toBe('42501');
    await expect(transactor.run(async (tx) => {
      await tx.query('SET LOCAL ROLE NONE');
      await tx.query('UPDATE menu_price SET fen = 1 WHERE city_code = $1', [CITY]);
    })).rejects.toThrow('append-only');
  });

  it('cannot name an item that is not registered', async () => {
    const ghost = menu(other, { dishes: [], weeks: [] });
    await expect(transactor.run((tx) => importMenus(tx, clock, CITY, [ghost], 'cli'))).rejects.toThrow('null value in column "name"');
  });
});
