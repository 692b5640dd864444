import { randomUUID } from 'node:crypto';
import { signJournalEntry, signTerminalRequest } from '../../src/access/index.js';
import { checkDigit } from '../../src/elder/domain/index.js';
import { civilDate, fen } from '../../src/kernel/index.js';
import { importMenus } from '../../src/menu/index.js';
import { importSites, type ImportedSite } from '../../src/site/index.js';
import { entryHash, JOURNAL_START } from '../../src/tap/index.js';
import type { TestServer } from './database.js';
import { publishShipped } from './publish-shipped.js';
import { CITY, StaffedCity, type OpenTerminal } from './staffed-city.js';

export { CITY, cityClock, MINUTE } from './staffed-city.js';

/** A township of Dongchangfu, 371502. */
const TOWNSHIP = '371502001';
export const OPERATOR = randomUUID();
export const PAYEE = randomUUID();

/** What a test changes of a tap's body. */
export interface TapChange {
  readonly id?: string;
  readonly card?: string;
  readonly [field: string]: unknown;
}

/** A till of a test: numbers and chains its sales as a real one does. */
export class TestTill {
  journal = 0;
  previous = JOURNAL_START;

  constructor(private readonly city: TappingCity, readonly siteId: string, readonly terminal: OpenTerminal) {}

  /** The next entry of its journal; without a card it is a guest's. */
  body({ card, ...change }: TapChange = {}): Record<string, unknown> & { id: string } {
    this.journal += 1;
    const deed = {
      id: randomUUID(), credential: card === undefined ? { kind: 'guest' } : { kind: 'card', number: card },
      items: [{ itemCode: 'set', quantity: 1 }], priceListVersion: 1, mealPeriod: 'lunch', deviceTime: new Date(this.city.clock.now()).toISOString(),
      journalNumber: this.journal, tender: 'cash', ...change,
    };
    const body = { ...deed, prevHash: (change['prevHash'] as string | undefined) ?? this.previous };
    this.previous = entryHash(body.prevHash, deed);
    return body;
  }

  /** The next entry of its journal with the signature of its own key. */
  signedBody(change: TapChange = {}): Record<string, unknown> & { id: string; signature: string } {
    const body = this.body(change);
    return { ...body, signature: signJournalEntry(this.terminal.keys.privateKey, this.previous) };
  }

  /**
   * Sends a body as it is. The answer's text is kept, for comparing byte for byte.
   * @param app another instance of the service than the city's own
   */
  async send(path: string, body?: object, app = this.city.service.app) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const method = text === undefined ? 'GET' : 'POST';
    const time = this.city.clock.now();
    const headers = signTerminalRequest(this.terminal.session, { method, path, time, ...(text === undefined ? {} : { body: text }) });
    const response = await app.inject({
      method, url: path, headers: { ...headers, 'content-type': 'application/json' }, ...(text === undefined ? {} : { payload: text }),
    });
    return { status: response.statusCode, body: response.json(), text: response.body, headers: response.headers };
  }

  /** Gets a path with more headers; whatever is answered, bodies that are none too. */
  raw(path: string, more: Record<string, string>) {
    const headers = signTerminalRequest(this.terminal.session, { method: 'GET', path, time: this.now() });
    return this.city.service.app.inject({ method: 'GET', url: path, headers: { ...headers, ...more } });
  }

  now(): number {
    return this.city.clock.now();
  }

  tap(change: TapChange = {}) {
    return this.send('/v1/taps', this.body(change));
  }
}

/** A staffed city at noon of 2024-12-03, with two open canteens, their prices, an officer of the county, and elders as a test needs them. */
export class TappingCity {
  county = '';
  private elders = 0;

  private constructor(readonly staffed: StaffedCity, readonly sites: readonly string[]) {}

  get clock() {
    return this.staffed.clock;
  }

  get service() {
    return this.staffed.service;
  }

  /** @param pages folder of the built pages, for tests that open them */
  /** @param more as of `StaffedCity` */
  static async start(server?: TestServer, pages?: string, more?: Parameters<typeof StaffedCity.start>[2]): Promise<TappingCity> {
    const staffed = await StaffedCity.start(server, pages, more);
    await publishShipped(staffed);
    const city = new TappingCity(staffed, [randomUUID(), randomUUID()]);
    city.clock.setTo(civilDate('2024-12-03'), 720);
    staffed.security = await staffed.tokenOf('security');
    await staffed.add('county', ['countyOfficer'], '371502');
    city.county = await staffed.tokenOf('county');
    await city.service.parts.transactor.run(async (tx) => {
      await importSites(tx, city.clock, city.service.parts.cipher, CITY, {
        operators: [{ operatorId: OPERATOR, name: '测试餐饮', creditCode: null }],
        payees: [{ payeeId: PAYEE, name: '测试账户', bankName: '测试银行', account: '6222020000000000001' }],
        sites: city.sites.map(canteen), by: 'register', confirmedBy: 'second',
      });
      await importMenus(tx, city.clock, CITY, city.sites.map((siteId) => ({
        siteId, weeks: [],
        dishes: [{ itemCode: 'set', name: '套餐', kind: 'set' as const, components: [], marks: [], allergens: [] }],
        priceLists: [{ effectiveFrom: civilDate('2024-01-01'), filingNumber: null, filedOn: null, prices: (['lunch', 'dinner'] as const).map((mealPeriod) => ({ itemCode: 'set', mealPeriod, fen: fen(1500), elderSet: false })) }],
      })), 'register');
    });
    return city;
  }

  close(): Promise<void> {
    return this.staffed.close();
  }

  /** A till with a session at one of the two canteens. */
  async till(site = 0): Promise<TestTill> {
    const siteId = this.sites[site] as string;
    return new TestTill(this, siteId, await this.staffed.openTerminal(this.county, siteId));
  }

  /** Registers an elder of 80 to 89 years, whom Liaocheng's sample gives 3 yuan for one meal a day. */
  async elder(born = '19400601'): Promise<{ elderId: string; cardId: string; card: string }> {
    this.elders += 1;
    const first17 = `371502${born}${String(this.elders).padStart(3, '0')}`;
    const card = `LC${String(this.elders).padStart(8, '0')}`;
    const { status, body } = await this.staffed.call('POST', '/v1/elders', {
      token: this.county, body: { id: randomUUID(), name: '张三丰', identityNumber: first17 + checkDigit(first17), residenceCode: TOWNSHIP, cardNumber: card },
    });
    expect(status).toBe(200);
    return { elderId: body.elderId, cardId: body.cardId, card };
  }

  rows<T>(sql: string, values: readonly (string | number | null)[] = []): Promise<T[]> {
    return this.service.parts.transactor.run((tx) => tx.query<T>(sql, values));
  }

  /** All money that was ever moved, and how many taps are written down. */
  async books(): Promise<{ fen: number; transfers: number; meals: number; claims: number; uses: number }> {
    const [row] = await this.rows<{ fen: number; transfers: number; meals: number; claims: number; uses: number }>(
      `SELECT (SELECT coalesce(sum(fen), 0)::bigint FROM ledger_transfer) AS fen, (SELECT count(*) FROM ledger_transfer) AS transfers,
         (SELECT count(*) FROM meal) AS meals, (SELECT count(*) FROM tap_claim) AS claims, (SELECT coalesce(sum(count), 0)::bigint FROM subsidy_use) AS uses`);
    if (row === undefined) throw new Error('the books have one row');
    return row;
  }
}

function canteen(siteId: string): ImportedSite {
  const day = civilDate('2023-06-01');
  return {
    siteId, name: '测试幸福食堂', kind: 'canteen', supplyMode: 'hungPlate', divisionCode: TOWNSHIP, address: '测试路1号', seats: 40, longitude: null, latitude: null, premisesStatus: 'leased',
    events: [{ kind: 'planned', onDate: day }, { kind: 'accepted', onDate: day }, { kind: 'open', onDate: day }],
    operations: [{ fromDate: day, operatorId: OPERATOR }], routes: [{ routeId: randomUUID(), fromDate: day, payeeId: PAYEE }],
    papers: [{ paperId: randomUUID(), kind: 'foodLicence', number: '测许001', validFrom: day, validTo: civilDate('2024-12-20') }],
    hoursFrom: day, hours: [{ mealPeriod: 'lunch', fromMinute: 660, toMinute: 780 }],
  };
}
