import { randomBytes, randomUUID } from 'node:crypto';
import { addDays, civilDate, SettableClock, type CivilDate } from '../../src/kernel/index.js';
import { FieldCipher, openDataSource, sqlState, Transactor } from '../../src/platform/index.js';
import { loadCity } from '../../src/region/index.js';
import { decideMove, SITE_EVENTS, stateOn, type SiteEvent } from '../../src/site/domain/index.js';
import { countSites, hoursOfSites, importSites, openAccount, readSitesOn, siteDivision, siteHistories, siteTenures, type ImportedSite } from '../../src/site/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const MANY = 256;
const clock = SettableClock.at(civilDate('2024-12-31'), 600);
const cipher = new FieldCipher(randomBytes(32));
const day = (text: string): CivilDate => civilDate(text);
const [first, second] = [randomUUID(), randomUUID()].sort() as [string, string];
const [payee, otherPayee] = [randomUUID(), randomUUID()] as [string, string];

let database: TestDatabase;
let transactor: Transactor;
let sites: ImportedSite[];

function imported(more: Partial<ImportedSite> = {}): ImportedSite {
  return {
    siteId: randomUUID(), name: '示例幸福食堂', kind: 'canteen', supplyMode: 'hungPlate', divisionCode: '371502001001', address: '示例路 1 号', seats: 40,
    longitude: 115.98, latitude: 36.45, premisesStatus: 'operatorOwned',
    events: [{ kind: 'planned', onDate: day('2024-01-01') }, { kind: 'accepted', onDate: day('2024-02-01') }, { kind: 'open', onDate: day('2024-03-01') }],
    operations: [{ fromDate: day('2024-02-01'), operatorId: first }, { fromDate: day('2024-12-16'), operatorId: second }],
    routes: [{ routeId: randomUUID(), fromDate: day('2024-02-01'), payeeId: payee }, { routeId: randomUUID(), fromDate: day('2024-12-11'), payeeId: otherPayee }],
    papers: [{ paperId: randomUUID(), kind: 'foodLicence', number: 'JY1', validFrom: day('2024-02-01'), validTo: day('2024-12-24') }],
    hoursFrom: day('2024-02-01'), hours: [{ mealPeriod: 'lunch', fromMinute: 660, toMinute: 810 }],
    ...more,
  };
}

beforeAll(async () => {
  database = await freshDatabase();
  transactor = new Transactor(await openDataSource(database.ownerUrl, 2));
  sites = Array.from({ length: MANY }, () => imported());
  await transactor.run(async (tx) => {
    await loadCity(tx, CITY, clock);
    await importSites(tx, clock, cipher, CITY, {
      operators: [{ operatorId: first, name: '甲', creditCode: '91350100M000100Y43' }, { operatorId: second, name: '乙', creditCode: null }],
      payees: [{ payeeId: payee, name: '财政所', bankName: '某银行', account: '6222 0000 0000 0001' }, { payeeId: otherPayee, name: '村集体', bankName: '某银行', account: '62220000000000019' }],
      sites, by: 'cli', confirmedBy: 'register',
    });
  });
}, 60_000);

afterAll(async () => {
  await transactor.dataSource.destroy();
  await database.drop();
});

const one = () => sites[0] as ImportedSite;
const on = (date: string, siteId = one().siteId) => transactor.run(async (tx) => (await readSitesOn(tx, CITY, [siteId], day(date))).get(siteId));

describe('a site on a day', () => {
  it('has the state, licence, operator and payee of that day', async () => {
    expect(await on('2024-02-15')).toMatchObject({ state: 'accepted', licenceValid: true, operatorId: first, payeeId: payee });
    expect(await on('2024-12-10')).toMatchObject({ state: 'open', licenceValid: true, operatorId: first, payeeId: payee });
    expect(await on('2024-12-11')).toMatchObject({ operatorId: first, payeeId: otherPayee });
    expect(await on('2024-12-16')).toMatchObject({ operatorId: second, licenceValid: true });
    expect(await on('2024-12-24')).toMatchObject({ licenceValid: true });
    expect(await on('2024-12-25')).toMatchObject({ licenceValid: false, state: 'open' });
    expect(await on('2023-12-31')).toMatchObject({ state: 'planned', licenceValid: false, operatorId: null, payeeId: null });
    expect((await on('2024-12-10'))?.path).toEqual(['370000', CITY, '371502', '371502001', '371502001001']);
  });

  it('is read for 256 sites in one statement', async () => {
    await transactor.run(async (tx) => {
      let statements = 0;
      const counted = { query: <Row>(...args: Parameters<typeof tx.query>) => ((statements += 1), tx.query<Row>(...args)) };
      const start = performance.now();
      const found = await readSitesOn(counted, CITY, [...sites.map((site) => site.siteId), randomUUID()], day('2024-12-10'));
      expect(found.size).toBe(MANY);
      expect(statements).toBe(1);
      expect(performance.now() - start).toBeLessThan(500);
    });
  });

  it('has the state that its events make, whatever its life', async () => {
    let seed = 20241203;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const last = day('2024-12-31');
    const lives = Array.from({ length: 60 }, () => {
      const events: SiteEvent[] = [];
      for (let date = day('2024-01-01'); date <= last; date = addDays(date, random(40))) {
        const may = SITE_EVENTS.filter((kind) => decideMove(events.at(-1), { kind, onDate: date }, last, last).ok);
        if (may.length === 0) break;
        events.push({ kind: may[random(may.length)] as SiteEvent['kind'], onDate: date });
      }
      return imported({ events, operations: [], routes: [], papers: [{ paperId: randomUUID(), kind: 'foodLicence', number: 'JY2', validFrom: day('2024-01-01'), validTo: null }] });
    });
    await transactor.run((tx) => importSites(tx, clock, cipher, CITY, { operators: [], payees: [], sites: lives.map((life) => ({ ...life, divisionCode: '371503001' })), by: 'cli', confirmedBy: 'register' }));
    const seen = new Set<string>();
    for (let date = day('2023-12-31'); date <= last; date = addDays(date, 13)) {
      const found = await transactor.run((tx) => readSitesOn(tx, CITY, lives.map((life) => life.siteId), date));
      for (const life of lives) {
        expect([life.events, date, found.get(life.siteId)?.state]).toEqual([life.events, date, stateOn(life.events, date)]);
        seen.add(stateOn(life.events, date));
      }
    }
    expect(seen.size).toBe(6);
  });

  it('is nowhere in another city', async () => {
    expect((await transactor.run((tx) => readSitesOn(tx, '371600', [one().siteId], day('2024-12-10')))).size).toBe(0);
    expect(await transactor.run((tx) => siteDivision(tx, '371600', one().siteId))).toBeNull();
    expect(await transactor.run((tx) => siteDivision(tx, CITY, one().siteId))).toBe('371502001001');
  });

  it('is counted by its state', async () => {
    expect([...(await transactor.run((tx) => countSites(tx, CITY, '371502', day('2024-02-20'))))]).toEqual([['accepted', MANY]]);
    expect((await transactor.run((tx) => countSites(tx, CITY, '371521', day('2024-02-20')))).size).toBe(0);
  });

  it('has the hours in force', async () => {
    expect(await transactor.run((tx) => hoursOfSites(tx, CITY, [one().siteId], day('2024-12-01')))).toEqual(new Map([[one().siteId, one().hours]]));
    expect((await transactor.run((tx) => hoursOfSites(tx, CITY, [one().siteId], day('2024-01-31')))).size).toBe(0);
  });
});

it('tells who ran sites and who was paid, over a month', async () => {
  const ids = sites.map((site) => site.siteId);
  const tenures = await transactor.run((tx) => siteTenures(tx, CITY, ids, day('2024-12-01'), day('2024-12-31')));
  expect(tenures.size).toBe(MANY);
  expect(tenures.get(one().siteId)).toEqual([
    { from: '2024-12-01', to: '2024-12-10', operatorId: first, payeeId: payee },
    { from: '2024-12-11', to: '2024-12-15', operatorId: first, payeeId: otherPayee },
    { from: '2024-12-16', to: '2024-12-31', operatorId: second, payeeId: otherPayee },
  ]);
});

it('gives whole lives for counting', async () => {
  const lives = await transactor.run((tx) => siteHistories(tx, CITY, '371502001'));
  expect(lives).toHaveLength(MANY);
  expect(lives.find((life) => life.siteId === one().siteId)?.events).toEqual(one().events);
});

it('opens a sealed account again, and only in its own row', async () => {
  expect(await transactor.run((tx) => openAccount(tx, cipher, CITY, payee))).toBe('6222000000000001');
  await expect(transactor.run((tx) => openAccount(tx, cipher, CITY, randomUUID()))).rejects.toThrow('registered');
});

it.each([
  ['a life that cannot be', { events: [{ kind: 'open', onDate: day('2024-01-01') }] }],
  ['overlapping hours', { hours: [{ mealPeriod: 'lunch', fromMinute: 660, toMinute: 660 }] }],
] as [string, Partial<ImportedSite>][])('refuses a register with %s, as a whole', async (_, wrong) => {
  const register = { operators: [], payees: [], sites: [imported({ name: '不该出现' }), imported(wrong)], by: 'cli', confirmedBy: 'register' };
  await expect(transactor.run((tx) => importSites(tx, clock, cipher, CITY, register))).rejects.toThrow();
  const left = await transactor.run((tx) => tx.query('SELECT 1 FROM site WHERE city_code = $1 AND name = $2', [CITY, '不该出现']));
  expect(left).toEqual([]);
});

describe('history', () => {
  const refused = async (sql: string): Promise<string | undefined> => transactor.run((tx) => tx.query(sql, [CITY])).then(() => undefined, (error: unknown) => sqlState(error));

  it('cannot be changed by the role that works', async () => {
    expect(await refused("UPDATE site_event SET on_date = '2024-01-01' WHERE city_code = $1")).toBe('42501');
    expect(await refused('DELETE FROM site_event WHERE city_code = $1')).toBe('42501');
    expect(await refused('DELETE FROM site_payment_route WHERE city_code = $1')).toBe('42501');
    expect(await refused('UPDATE site_payment_route SET payee_id = payee_id WHERE city_code = $1')).toBe('42501');
    expect(await refused('UPDATE site_payee SET name = name WHERE city_code = $1')).toBe('42501');
  });

  it('cannot name one person as maker and checker', async () => {
    expect(await refused('UPDATE site_payment_route SET confirmed_by = proposed_by WHERE city_code = $1')).toBe('23514');
  });
});
