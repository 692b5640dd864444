import { randomUUID } from 'node:crypto';
import { CreateStaff, makeTerminalKeys, signSessionRequest, type NewPerson, type TerminalKeys, type TerminalSessionKey } from '../../src/access/index.js';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import type { Settings } from '../../src/platform/index.js';
import { loadCity } from '../../src/region/index.js';
import { startApp, type TestApp } from './app.js';
import { freshDatabase, type TestDatabase, type TestServer } from './database.js';

/** Holds what the house asks of a password. */
export const PASSWORD = 'Chun-feng 2024';
export const MINUTE = 60_000;
export const CITY = '371500';

/** A city's clock as it begins. */
export function cityClock(): SettableClock {
  return SettableClock.at(civilDate('2024-12-03'), 9 * 60);
}

/** What a request of a test carries. */
export interface Call {
  readonly token?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
  /** The caller's network address. */
  readonly from?: string;
}

/** A terminal with a session, as a till holds them. */
export interface OpenTerminal {
  readonly keys: TerminalKeys;
  readonly terminalId: string;
  readonly session: TerminalSessionKey;
}

/**
 * The running service with Liaocheng in it, a clock in the test's hand that begins on 2024-12-03 at 9:00, and the
 * account `security` that may add staff.
 */
export class StaffedCity {
  /** The session of the security administrator; `nextDay` renews it. */
  security = '';

  private constructor(readonly service: TestApp, readonly clock: SettableClock, private readonly database: TestDatabase) {}

  /** @param server another server than the run's own, such as one that a test is going to lose */
  /** @param pages folder of the built pages, for tests that open them */
  /** @param more settings, such as those of a simulated WeChat, and the clock that both go by */
  static async start(server?: TestServer, pages?: string, more: { readonly settings?: Partial<Settings>; readonly clock?: SettableClock } = {}): Promise<StaffedCity> {
    const database = await freshDatabase(server);
    const { clock = cityClock(), settings = {} } = more;
    const service = await startApp({ databaseUrl: database.ownerUrl, clock, settings, ...(pages === undefined ? {} : { pages }) });
    const city = new StaffedCity(service, clock, database);
    await service.parts.transactor.run((tx) => loadCity(tx, CITY, clock));
    const first = await service.app.get(CreateStaff).runFirst(CITY, 'cli', city.person('security', ['securityAdministrator']));
    expect(first).toMatchObject({ ok: true });
    city.security = await city.tokenOf('security');
    return city;
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.database.drop();
  }

  /** A day later at the same hour: the throttle has forgotten, sessions have ended, the administrator is back. */
  async nextDay(): Promise<void> {
    this.clock.set(this.clock.now() + 24 * 60 * MINUTE);
    this.security = await this.tokenOf('security');
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, { token, body, headers = {}, from = '127.0.0.1' }: Call = {}) {
    const response = await this.service.app.inject({
      method, url, remoteAddress: from,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: response.statusCode, body: response.json(), headers: response.headers };
  }

  logIn(account: string, password = PASSWORD, from = '127.0.0.1') {
    return this.call('POST', '/v1/sessions', { body: { account, password }, from });
  }

  async tokenOf(account: string): Promise<string> {
    const { body, status } = await this.logIn(account);
    expect(status).toBe(201);
    return body.token;
  }

  /** Somebody who is no member of staff yet. */
  person(account: string, roles: NewPerson['roles'], divisionCode = CITY, siteId: string | null = null): NewPerson {
    return { id: randomUUID(), account, displayName: account, password: PASSWORD, roles, divisionCode, siteId };
  }

  /** Adds a member of staff. @returns their id */
  async add(account: string, roles: NewPerson['roles'], divisionCode?: string, siteId?: string | null): Promise<string> {
    const created = await this.call('POST', '/v1/staff', { token: this.security, body: this.person(account, roles, divisionCode, siteId) });
    expect(created).toMatchObject({ status: 201 });
    return created.body.staffId;
  }

  /** Brings a terminal in and gives it its key. @param token of who may do so */
  async addTerminal(token: string, siteId: string): Promise<{ keys: TerminalKeys; terminalId: string }> {
    const keys = makeTerminalKeys();
    const issued = await this.call('POST', '/v1/terminals', { token, body: { id: randomUUID(), siteId, label: '一号收银台' } });
    expect(issued).toMatchObject({ status: 201 });
    const enrolled = await this.call('POST', '/v1/terminals/enrolment', { body: { code: issued.body.code, publicKey: keys.publicKey } });
    expect(enrolled).toMatchObject({ status: 201 });
    return { keys, terminalId: issued.body.terminalId };
  }

  /** Brings a terminal in and opens its session. */
  async openTerminal(token: string, siteId: string): Promise<OpenTerminal> {
    const { keys, terminalId } = await this.addTerminal(token, siteId);
    const opened = await this.call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, this.clock.now()) });
    expect(opened).toMatchObject({ status: 201 });
    return { keys, terminalId, session: opened.body };
  }
}
