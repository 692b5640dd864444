import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { openDataSource, Transactor } from '../../src/platform/index.js';
import { chainOf, countiesOf, divisionsOf, funderOf, fundersOf, isWithin, loadCity, pathOf, pathsOf } from '../../src/region/index.js';
import { existsOn } from '../../src/region/domain/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const LIAOCHENG = '371500';
const clock = SettableClock.at(civilDate('2024-12-02'), 600);

let database: TestDatabase;
let transactor: Transactor;
let loadMs = 0;

beforeAll(async () => {
  database = await freshDatabase();
  transactor = new Transactor(await openDataSource(database.ownerUrl, 2));
  const start = performance.now();
  const outcome = await transactor.run((tx) => loadCity(tx, LIAOCHENG, clock));
  loadMs = performance.now() - start;
  // The lists of 2023: a province, the city, 8 counties and 茌平县 of old, 136 townships, 2408 communities and villages.
  expect(outcome).toEqual({ ok: true, value: { cityCode: LIAOCHENG, name: '聊城市', divisions: 1 + 1 + 9 + 136 + 2408 } });
});

afterAll(async () => {
  await transactor.dataSource.destroy();
  await database.drop();
});

describe('the divisions of a city', () => {
  it('load quickly, and a second time change nothing', async () => {
    expect(loadMs).toBeLessThan(8000); // some 300 ms on an idle machine
    const again = await transactor.run((tx) => loadCity(tx, LIAOCHENG, clock));
    expect(again).toMatchObject({ ok: true, value: { divisions: 2555 } });
  });

  it('are refused for a city that does not exist', async () => {
    for (const code of ['371900', '371599', '999900']) {
      expect(await transactor.run((tx) => loadCity(tx, code, clock))).toEqual({ ok: false, code: 'city-unknown' });
    }
  });

  it('have paths from the province to the village', async () => {
    const path = await transactor.run((tx) => pathOf(tx, LIAOCHENG, '371502001001'));
    expect(path).toEqual(['370000', '371500', '371502', '371502001', '371502001001']);
    const paths = await transactor.run((tx) => pathsOf(tx, LIAOCHENG, ['371526', '371502001', '999999', '371526']));
    expect([...paths.entries()].sort()).toEqual([['371502001', ['370000', '371500', '371502', '371502001']], ['371526', ['370000', '371500', '371526']]]);
    expect(await transactor.run((tx) => pathOf(tx, LIAOCHENG, '110101'))).toEqual([]);
  });

  it('are all in the closure, each in itself and in what it lies in', async () => {
    const [check] = await transactor.run((tx) => tx.query<{ divisions: number; own: number; strange: number; lost: number }>(
      `SELECT (SELECT count(*) FROM region_division WHERE city_code = $1) AS divisions,
              (SELECT count(*) FROM region_closure WHERE city_code = $1 AND ancestor_code = descendant_code AND depth = 0) AS own,
              (SELECT count(*) FROM region_closure c WHERE city_code = $1 AND NOT EXISTS (
                 SELECT FROM region_division d WHERE d.city_code = $1 AND d.division_code = c.ancestor_code)) AS strange,
              (SELECT count(*) FROM region_division d WHERE city_code = $1 AND successor_code IS NULL AND parent_code IS NOT NULL AND NOT EXISTS (
                 SELECT FROM region_closure c WHERE c.city_code = $1 AND c.descendant_code = d.division_code AND c.ancestor_code = d.parent_code AND c.depth = 1)) AS lost`, [LIAOCHENG]));
    expect(check).toEqual({ divisions: 2555, own: 2555, strange: 0, lost: 0 });
  });

  it('bound a scope', async () => {
    const within = (ancestor: string, code: string) => transactor.run((tx) => isWithin(tx, LIAOCHENG, ancestor, code));
    expect(await within('371502', '371502001001')).toBe(true);
    expect(await within('371502', '371502')).toBe(true);
    expect(await within('371503', '371502001001')).toBe(false);
    expect(await within('371502001', '371502')).toBe(false);
    expect(await within(LIAOCHENG, '000000')).toBe(false);
  });

  it('keep a county that was merged away under the one that took over', async () => {
    const [old, heir] = await transactor.run((tx) => divisionsOf(tx, LIAOCHENG, ['371523', '371503'])).then((rows) => [rows[1], rows[0]]);
    expect(old).toMatchObject({ name: '茌平县', validTo: '2019-08-01', successorCode: '371503' });
    expect(heir).toMatchObject({ name: '茌平区', validFrom: '2019-08-02', successorCode: null });
    expect(existsOn(old!, civilDate('2019-08-01'))).toBe(true);
    expect(existsOn(old!, civilDate('2019-08-02'))).toBe(false);
    expect(existsOn(heir!, civilDate('2019-08-01'))).toBe(false);
    expect(await transactor.run((tx) => pathOf(tx, LIAOCHENG, '371523'))).toEqual(['370000', '371500', '371503', '371523']);
    expect(await transactor.run((tx) => isWithin(tx, LIAOCHENG, '371503', '371523'))).toBe(true);
  });

  it('list the counties of today', async () => {
    const names = (await transactor.run((tx) => countiesOf(tx, LIAOCHENG))).map((row) => row.name);
    expect(names).toEqual(['东昌府区', '茌平区', '阳谷县', '莘县', '东阿县', '冠县', '高唐县', '临清市']);
    expect(await transactor.run((tx) => countiesOf(tx, LIAOCHENG, true))).toHaveLength(9);
  });

  it('have one chain of approval a city', async () => {
    const chain = await transactor.run((tx) => chainOf(tx, LIAOCHENG));
    expect(chain?.map((step) => step.role)).toEqual(['canteenManager', 'townshipOfficer', 'countyOfficer', 'financeReviewer', 'financeApprover']);
    expect(await transactor.run((tx) => chainOf(tx, '371600'))).toBeUndefined();
  });
});

describe('the purses of a place', () => {
  const path = ['370000', '371500', '371503', '371523'];
  const of = (kind: Parameters<typeof funderOf>[2], day: string, where = path) =>
    transactor.run((tx) => funderOf(tx, LIAOCHENG, kind, where, civilDate(day))).then((funder) => funder?.funderCode);

  it('are the narrowest that exist on the day', async () => {
    expect(await of('county', '2018-05-01')).toBe('county@371523');
    expect(await of('county', '2024-05-01')).toBe('county@371503');
    expect(await of('city', '2024-05-01')).toBe('city@371500');
    expect(await of('village', '2024-05-01')).toBeUndefined();
    expect(await of('village', '2024-05-01', ['371500', '371502', '371502001', '371502001001'])).toBe('village@371502001001');
    expect(await of('lotteryWelfareFund', '2024-05-01')).toBe('lotteryWelfareFund@371500');
  });

  it('are found by code', async () => {
    const funders = await transactor.run((tx) => fundersOf(tx, LIAOCHENG, ['county@371502', 'county@000000']));
    expect([...funders.values()].map((funder) => funder.name)).toEqual(['东昌府区财政']);
  });
});

it('loads a municipality and a city without counties', async () => {
  await transactor.run(async (tx) => {
    expect(await loadCity(tx, '120000', clock)).toMatchObject({ ok: true, value: { name: '天津市' } });
    expect(await pathOf(tx, '120000', '120101001')).toEqual(['120000', '120101', '120101001']);
    expect(await loadCity(tx, '441900', clock)).toMatchObject({ ok: true, value: { name: '东莞市' } });
    expect(await pathOf(tx, '441900', '441900003001')).toEqual(['440000', '441900', '441900003', '441900003001']);
  });
});
