import { randomUUID } from 'node:crypto';
import { CreateStaff, makeTerminalKeys, SitePlaces, signSessionRequest, signTerminalRequest, verifyAuditChain, type NewPerson, type TerminalSessionKey } from '../../src/access/index.js';
import { civilDate, SettableClock } from '../../src/kernel/index.js';
import { loadCity } from '../../src/region/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const CITY = '371500';
const PASSWORD = 'Chun-feng 2024';
const SITE = randomUUID();
const OTHER_SITE = randomUUID();
const MINUTE = 60_000;

const clock = SettableClock.at(civilDate('2024-12-03'), 9 * 60);
let database: TestDatabase;
let service: TestApp;

interface Call {
  readonly token?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly from?: string;
}

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, { token, body, headers = {}, from = '127.0.0.1' }: Call = {}) {
  const response = await service.app.inject({
    method, url, remoteAddress: from,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}

async function logIn(account: string, password = PASSWORD, from = '127.0.0.1') {
  return call('POST', '/v1/sessions', { body: { account, password }, from });
}

async function tokenOf(account: string): Promise<string> {
  const { body, status } = await logIn(account);
  expect(status).toBe(201);
  return body.token;
}

function person(account: string, roles: NewPerson['roles'], divisionCode = CITY, siteId: string | null = null): NewPerson {
  return { id: randomUUID(), account, displayName: account, password: PASSWORD, roles, divisionCode, siteId };
}

let security: string;

async function add(account: string, roles: NewPerson['roles'], divisionCode?: string, siteId?: string | null) {
  const created = await call('POST', '/v1/staff', { token: security, body: person(account, roles, divisionCode, siteId) });
  expect(created).toMatchObject({ status: 201 });
  return created.body.staffId as string;
}

beforeAll(async () => {
  database = await freshDatabase();
  service = await startApp({ databaseUrl: database.ownerUrl, clock });
  await service.parts.transactor.run((tx) => loadCity(tx, CITY, clock));
  const first = await service.app.get(CreateStaff).runFirst(CITY, 'cli', person('security', ['securityAdministrator']));
  expect(first).toMatchObject({ ok: true });
});

beforeEach(async () => {
  service.app.get(SitePlaces).answeredBy(async (_, cityCode, siteId) => (cityCode !== CITY ? null : siteId === SITE ? '371502' : siteId === OTHER_SITE ? '371521' : null));
  // Far enough for the throttle to have forgotten and for old sessions to have ended.
  clock.set(clock.now() + 24 * 60 * MINUTE);
  security = await tokenOf('security');
});

afterAll(async () => {
  await service.close();
  await database.drop();
});

describe('accounts', () => {
  it('gives a city its first account once', async () => {
    expect(await service.app.get(CreateStaff).runFirst(CITY, 'cli', person('another', ['securityAdministrator']))).toEqual({ ok: false, code: 'city-has-staff' });
  });

  it('tells who is logged in and what they may do, and keeps the answer out of caches', async () => {
    const me = await call('GET', '/v1/me', { token: security });
    expect(me).toMatchObject({ status: 200, body: { account: 'security', cityCode: CITY, roles: ['securityAdministrator'], divisionCode: CITY, siteId: null } });
    expect(me.headers['cache-control']).toBe('no-store');
  });

  it('creates an account once, whatever how often it is asked', async () => {
    const body = person('county.twice', ['countyOfficer'], '371502');
    const first = await call('POST', '/v1/staff', { token: security, body });
    const second = await call('POST', '/v1/staff', { token: security, body });
    expect(first.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(await call('POST', '/v1/staff', { token: security, body: { ...body, displayName: 'other' } })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    expect(await call('POST', '/v1/staff', { token: security, body: { ...body, id: randomUUID() } })).toMatchObject({ status: 409, body: { code: 'account-taken' } });
  });

  it.each([
    ['administrators-apart', 409, { roles: ['securityAdministrator', 'auditAdministrator'] }],
    ['administrators-apart', 409, { roles: ['systemAdministrator', 'financeApprover'] }],
    ['site-needed', 400, { roles: ['cashier'] }],
    ['site-not-wanted', 400, { roles: ['auditor'], siteId: SITE }],
    ['not-found', 404, { roles: ['cashier'], siteId: randomUUID() }],
    ['outside-scope', 403, { divisionCode: '370100' }],
    ['password-weak', 400, { password: 'password-123A' }],
    ['fields-wrong', 400, { duty: 'work' }],
    ['fields-wrong', 400, { roles: ['emperor'] }],
  ])('refuses with %s', async (code, status, change) => {
    const body = { ...person(`refused.${randomUUID().slice(0, 8)}`, ['countyOfficer'], '371502'), ...change };
    expect(await call('POST', '/v1/staff', { token: security, body })).toMatchObject({ status, body: { code } });
  });

  it('T47: the database itself keeps an administrator from a second duty', async () => {
    const staffId = await add('apart', ['financeApprover']);
    const plant = service.parts.transactor.run((tx) =>
      tx.query(`INSERT INTO access_staff_role (city_code, staff_id, role) VALUES ($1, $2, 'securityAdministrator')`, [CITY, staffId]));
    await expect(plant).rejects.toMatchObject({ constraint: 'access_duties_apart' });
  });

  it('keeps argon2id hashes of the asked cost and no password, in deeds neither', async () => {
    const [row] = await service.parts.transactor.run((tx) => tx.query<{ hash: string }>('SELECT password_hash AS hash FROM access_staff WHERE city_code = $1', [CITY]));
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('lists staff in pages, of its own division only', async () => {
    await add('page.a', ['countyOfficer'], '371521');
    await add('page.b', ['countyOfficer'], '371521');
    await add('security.county', ['securityAdministrator'], '371502');
    const first = await call('GET', '/v1/staff?limit=2', { token: security });
    const second = await call('GET', `/v1/staff?limit=2&cursor=${first.body.nextCursor}`, { token: security });
    expect(first.body.items).toHaveLength(2);
    expect(second.body.items[0].account > first.body.items[1].account).toBe(true);
    expect(JSON.stringify(first.body)).not.toContain('argon2');
    const county = await call('GET', '/v1/staff?limit=500', { token: await tokenOf('security.county') });
    expect(county.body.items.map((one: { divisionCode: string }) => one.divisionCode).every((code: string) => code.startsWith('371502'))).toBe(true);
  });
});

describe('sessions', () => {
  it('keep no token, only its digest', async () => {
    const rows = await service.parts.transactor.run((tx) => tx.query<{ text: string }>('SELECT s::text AS text FROM access_session s WHERE city_code = $1', [CITY]));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => !row.text.includes(security.slice(7)))).toBe(true);
  });

  it('end after half an hour without use, and not before', async () => {
    for (let used = 0; used < 3; used += 1) {
      clock.set(clock.now() + 29 * MINUTE);
      expect(await call('GET', '/v1/me', { token: security })).toMatchObject({ status: 200 });
    }
    clock.set(clock.now() + 30 * MINUTE);
    expect(await call('GET', '/v1/me', { token: security })).toMatchObject({ status: 401, body: { code: 'session-ended' } });
  });

  it('end after twelve hours, however much they are used', async () => {
    const opened = clock.now();
    while (clock.now() < opened + 12 * 60 * MINUTE - 20 * MINUTE) {
      clock.set(clock.now() + 20 * MINUTE);
      if (clock.now() < opened + 12 * 60 * MINUTE) expect((await call('GET', '/v1/me', { token: security })).status).toBe(200);
    }
    clock.set(opened + 12 * 60 * MINUTE);
    expect((await call('GET', '/v1/me', { token: security })).status).toBe(401);
  });

  it('end at once with the log-out, another log-in gets another token', async () => {
    const again = await tokenOf('security');
    expect(again).not.toBe(security);
    expect((await call('DELETE', '/v1/sessions/current', { token: again })).status).toBe(200);
    expect((await call('GET', '/v1/me', { token: again })).status).toBe(401);
    expect((await call('GET', '/v1/me', { token: security })).status).toBe(200);
  });

  it('end at once when the account is disabled, which nobody does to themselves', async () => {
    const staffId = await add('leaving', ['countyOfficer'], '371502');
    const token = await tokenOf('leaving');
    const body = { id: randomUUID(), reason: '调离' };
    expect((await call('POST', `/v1/staff/${staffId}/disable`, { token: security, body })).status).toBe(201);
    expect((await call('GET', '/v1/me', { token })).status).toBe(401);
    expect(await logIn('leaving')).toMatchObject({ status: 401, body: { code: 'log-in-wrong' } });
    expect(await call('POST', `/v1/staff/${staffId}/disable`, { token: security, body: { ...body, id: randomUUID() } })).toMatchObject({ body: { code: 'staff-disabled' } });
    const me = await call('GET', '/v1/me', { token: security });
    expect(await call('POST', `/v1/staff/${me.body.staffId}/disable`, { token: security, body: { ...body, id: randomUUID() } })).toMatchObject({ body: { code: 'own-account' } });
  });

  it('end at once when the roles change; the new ones hold from the next log-in', async () => {
    const staffId = await add('promoted', ['countyOfficer'], '371502');
    const token = await tokenOf('promoted');
    const body = { id: randomUUID(), roles: ['auditAdministrator'], divisionCode: CITY };
    expect(await call('POST', `/v1/staff/${staffId}/roles`, { token: security, body })).toMatchObject({ status: 201, body: { roles: ['auditAdministrator'] } });
    expect((await call('GET', '/v1/me', { token })).status).toBe(401);
    expect((await call('GET', '/v1/audit', { token: await tokenOf('promoted') })).status).toBe(200);
  });

  it('end with another password, except the one that set it', async () => {
    await add('changing', ['cityOfficer']);
    const [old, token] = [await tokenOf('changing'), await tokenOf('changing')];
    const change = (body: object) => call('POST', '/v1/me/password', { token, body: { id: randomUUID(), oldPassword: PASSWORD, password: 'Qiu-yue 2025!', ...body } });
    expect(await change({ oldPassword: 'Nothing-like-1' })).toMatchObject({ status: 403, body: { code: 'password-wrong' } });
    expect(await change({ password: 'short' })).toMatchObject({ status: 400, body: { code: 'password-weak' } });
    expect((await change({})).status).toBe(201);
    expect((await call('GET', '/v1/me', { token: old })).status).toBe(401);
    expect((await call('GET', '/v1/me', { token })).status).toBe(200);
    expect((await logIn('changing')).status).toBe(401);
    expect((await logIn('changing', 'Qiu-yue 2025!')).status).toBe(201);
  });

  it.each(['', 'Bearer', 'Bearer nonsense', `Bearer ${CITY}.${'A'.repeat(43)}`, 'Basic c2VjdXJpdHk6eA=='])('do not exist for %j', async (authorization) => {
    expect((await call('GET', '/v1/me', { headers: { authorization } })).status).toBe(401);
  });
});

describe('log-in', () => {
  it('T06: stops the sixth wrong try from one address, even with the right password, and says for how long', async () => {
    await add('tried', ['cityOfficer']);
    for (let tries = 0; tries < 5; tries += 1) expect((await logIn('tried', 'Wrong-guess-1', '10.0.0.1')).status).toBe(401);
    const stopped = await logIn('tried', PASSWORD, '10.0.0.1');
    expect(stopped).toMatchObject({ status: 429, body: { code: 'log-in-throttled' } });
    expect(Number(stopped.headers['retry-after'])).toBe(15 * 60);
    clock.set(clock.now() + 15 * MINUTE);
    expect((await logIn('tried', PASSWORD, '10.0.0.1')).status).toBe(201);
  });

  it('T06: strangers slow down strangers, never the owner', async () => {
    await add('victim', ['cityOfficer']);
    expect((await logIn('victim', PASSWORD, '10.1.0.1')).status).toBe(201);
    for (let stranger = 1; stranger <= 20; stranger += 1) expect((await logIn('victim', 'Wrong-guess-1', `10.2.0.${stranger}`)).status).toBe(401);
    expect((await logIn('victim', 'Wrong-guess-1', '10.2.0.99')).status).toBe(429);
    expect((await logIn('victim', PASSWORD, '10.1.0.1')).status).toBe(201);
  });

  it('counts tries that come at the same time', async () => {
    await add('rushed', ['cityOfficer']);
    const answers = await Promise.all(Array.from({ length: 12 }, () => logIn('rushed', 'Wrong-guess-1', '10.3.0.1')));
    expect(answers.filter((one) => one.status === 401)).toHaveLength(5);
    expect(answers.filter((one) => one.status === 429)).toHaveLength(7);
  });

  it('T31: says the same in about the same time of an account that is not there', async () => {
    await add('there', ['cityOfficer']);
    const times = { there: [] as number[], nobody: [] as number[] };
    for (let round = 0; round < 12; round += 1) {
      for (const account of ['there', 'nobody'] as const) {
        const begun = performance.now();
        const { status, body } = await logIn(account, 'Wrong-guess-1', `10.4.${round}.${account.length}`);
        times[account].push(performance.now() - begun);
        expect({ status, code: body.code, title: body.title }).toEqual({ status: 401, code: 'log-in-wrong', title: '账号或密码不正确，请核对后重新登录。' });
      }
    }
    const middle = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] as number;
    expect(middle(times.nobody)).toBeGreaterThan(middle(times.there) / 2);
    expect(middle(times.nobody)).toBeLessThan(middle(times.there) * 2);
  });
});

describe('terminals', () => {
  let manager: string;

  beforeAll(async () => {
    clock.set(clock.now() + 24 * 60 * MINUTE);
    security = await tokenOf('security');
    service.app.get(SitePlaces).answeredBy(async () => '371502');
    await add('manager', ['canteenManager'], '371502', SITE);
  });

  beforeEach(async () => {
    manager = await tokenOf('manager');
  });

  const issue = (token: string, siteId = SITE) => call('POST', '/v1/terminals', { token, body: { id: randomUUID(), siteId, label: '一号收银台' } });
  const enrol = (code: string, publicKey: string, from?: string) => call('POST', '/v1/terminals/enrolment', { body: { code, publicKey }, ...(from === undefined ? {} : { from }) });

  async function newTerminal() {
    const keys = makeTerminalKeys();
    const issued = await issue(manager);
    expect((await enrol(issued.body.code, keys.publicKey)).status).toBe(201);
    return { keys, terminalId: issued.body.terminalId as string };
  }

  async function newSession() {
    const { keys, terminalId } = await newTerminal();
    const opened = await call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, clock.now()) });
    expect(opened.status).toBe(201);
    return { keys, terminalId, session: opened.body as TerminalSessionKey };
  }

  /** A terminal's call of a route that only staff may use: 403 means that the terminal itself was believed. */
  const signed = (session: TerminalSessionKey, change: Record<string, string> = {}, time = clock.now()) =>
    call('GET', '/v1/me', { headers: { ...signTerminalRequest(session, { method: 'GET', path: '/v1/me', time }), ...change } });

  it('enrol once with a code, which is the same for the same deed and is kept nowhere', async () => {
    const body = { id: randomUUID(), siteId: SITE, label: '一号收银台' };
    const first = await call('POST', '/v1/terminals', { token: manager, body });
    expect((await call('POST', '/v1/terminals', { token: manager, body })).body).toEqual(first.body);
    const [deeds] = await service.parts.transactor.run((tx) => tx.query<{ text: string }>('SELECT string_agg(d::text, $2) AS text FROM deed d WHERE city_code = $1', [CITY, '']));
    expect(deeds?.text).not.toContain(first.body.code.slice(7));
    const { publicKey } = makeTerminalKeys();
    expect(await enrol(first.body.code, publicKey)).toMatchObject({ status: 201, body: { terminalId: body.id, cityCode: CITY, siteId: SITE, label: '一号收银台' } });
    expect(await enrol(first.body.code, publicKey)).toMatchObject({ status: 400, body: { code: 'terminal-code-wrong' } });
  });

  it('T04: a code ends after ten minutes', async () => {
    const { code } = (await issue(manager)).body;
    clock.set(clock.now() + 10 * MINUTE);
    expect(await enrol(code, makeTerminalKeys().publicKey)).toMatchObject({ status: 400, body: { code: 'terminal-code-wrong' } });
  });

  it('T04: the sixth wrong code from an address is not looked at', async () => {
    const { publicKey } = makeTerminalKeys();
    const { code } = (await issue(manager)).body;
    for (let tries = 0; tries < 5; tries += 1) expect((await enrol(`${CITY}.${randomUUID()}`.slice(0, 29), publicKey, '10.9.0.1')).status).toBe(400);
    expect(await enrol(code, publicKey, '10.9.0.1')).toMatchObject({ status: 429, body: { code: 'terminal-code-throttled' } });
    expect((await enrol(code, publicKey, '10.9.0.2')).status).toBe(201);
  });

  it('take only keys on P-256', async () => {
    const { code } = (await issue(manager)).body;
    expect(await enrol(code, Buffer.from('no key').toString('base64'))).toMatchObject({ status: 400, body: { code: 'terminal-key-wrong' } });
  });

  it('belong to a site in the scope of who adds them', async () => {
    expect(await issue(manager, OTHER_SITE)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await issue(manager, randomUUID())).toMatchObject({ status: 404, body: { code: 'not-found' } });
    await add('county.other', ['countyOfficer'], '371521');
    const county = await tokenOf('county.other');
    expect((await issue(county)).status).toBe(403);
    expect((await issue(county, OTHER_SITE)).status).toBe(201);
    const { body } = await call('GET', '/v1/terminals', { token: county });
    expect(body.items.map((one: { siteId: string }) => one.siteId)).toEqual([OTHER_SITE]);
  });

  it('open a session with a signature, once', async () => {
    const { keys, terminalId } = await newTerminal();
    const body = signSessionRequest(keys.privateKey, terminalId, clock.now());
    expect((await call('POST', '/v1/terminals/sessions', { body })).status).toBe(201);
    expect(await call('POST', '/v1/terminals/sessions', { body })).toMatchObject({ status: 401, body: { code: 'terminal-replayed' } });
    const late = signSessionRequest(keys.privateKey, terminalId, clock.now() - 6 * MINUTE);
    expect(await call('POST', '/v1/terminals/sessions', { body: late })).toMatchObject({ status: 401, body: { code: 'terminal-clock-wrong' } });
    const forged = signSessionRequest(makeTerminalKeys().privateKey, terminalId, clock.now() + 1);
    expect(await call('POST', '/v1/terminals/sessions', { body: forged })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
    const unknown = signSessionRequest(keys.privateKey, randomUUID(), clock.now() + 2);
    expect(await call('POST', '/v1/terminals/sessions', { body: unknown })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
  });

  it('prove each request, whatever of it is changed', async () => {
    const { session } = await newSession();
    expect(await signed(session)).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await signed(session, { 'x-terminal-time': String(clock.now() + 1) })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
    expect(await signed(session, { 'x-terminal-mac': 'AAAA' })).toMatchObject({ status: 401, body: { code: 'terminal-unknown' } });
    expect(await signed(session, {}, clock.now() - 5 * MINUTE - 1)).toMatchObject({ status: 401, body: { code: 'terminal-clock-wrong' } });
    const { session: other } = await newSession();
    expect(await signed(session, { 'x-terminal-session': other.sessionId })).toMatchObject({ status: 401 });
  });

  it('cover the body with the proof, byte for byte', async () => {
    const { session } = await newSession();
    const send = (body: string, signedBody = body) => service.app.inject({
      method: 'POST', url: '/v1/staff', payload: body,
      headers: { 'content-type': 'application/json', ...signTerminalRequest(session, { method: 'POST', path: '/v1/staff', time: clock.now(), body: signedBody }) },
    });
    expect((await send('{"a": 1}')).statusCode).toBe(403);
    expect((await send('{"a":1}', '{"a": 1}')).statusCode).toBe(401);
  });

  it('end a session with the next one, after twelve hours, and with the revocation at once', async () => {
    const { keys, terminalId, session } = await newSession();
    clock.set(clock.now() + 1);
    const next = (await call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, clock.now()) })).body as TerminalSessionKey;
    expect(await signed(session)).toMatchObject({ status: 401, body: { code: 'terminal-session-ended' } });
    expect((await signed(next)).status).toBe(403);
    const body = { id: randomUUID(), reason: '遗失' };
    expect((await call('POST', `/v1/terminals/${terminalId}/revoke`, { token: manager, body })).status).toBe(201);
    expect(await signed(next)).toMatchObject({ status: 401, body: { code: 'terminal-revoked' } });
    const again = await call('POST', '/v1/terminals/sessions', { body: signSessionRequest(keys.privateKey, terminalId, clock.now() + 1) });
    expect(again).toMatchObject({ status: 401, body: { code: 'terminal-revoked' } });
    const { session: long } = await newSession();
    clock.set(clock.now() + 12 * 60 * MINUTE);
    expect(await signed(long)).toMatchObject({ status: 401, body: { code: 'terminal-session-ended' } });
  });

  it('are looked up together and still each on its own', async () => {
    const sessions = [await newSession(), await newSession()];
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => signed((sessions[index % 2] as { session: TerminalSessionKey }).session)));
    expect(answers.every((one) => one.status === 403)).toBe(true);
    const listed = await call('GET', `/v1/terminals?limit=500`, { token: manager });
    expect(listed.body.items.find((one: { terminalId: string }) => one.terminalId === sessions[0]?.terminalId)).toMatchObject({ state: 'enrolled', seenAt: expect.any(String) });
  });

  it('are revoked by who may see their site', async () => {
    const { terminalId } = await newTerminal();
    const county = await tokenOf('county.other');
    const body = { id: randomUUID(), reason: '遗失' };
    expect(await call('POST', `/v1/terminals/${terminalId}/revoke`, { token: county, body })).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await call('POST', `/v1/terminals/${randomUUID()}/revoke`, { token: county, body })).toMatchObject({ status: 404 });
    expect(await call('POST', `/v1/terminals/not-an-id/revoke`, { token: county, body })).toMatchObject({ status: 400, body: { code: 'fields-wrong' } });
  });
});

describe('audit', () => {
  it('is read in pages by those who watch, for a whole city only', async () => {
    await add('watcher', ['auditor']);
    await add('watcher.county', ['auditor'], '371502');
    const token = await tokenOf('watcher');
    const first = await call('GET', '/v1/audit?limit=3', { token });
    const second = await call('GET', `/v1/audit?limit=3&cursor=${first.body.nextCursor}`, { token });
    expect([...first.body.items, ...second.body.items].map((row: { seq: number }) => row.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(first.body.items[0]).toMatchObject({ actor: 'cli', action: 'staff.create', objectKind: 'staff' });
    expect(await call('GET', '/v1/audit', { token: await tokenOf('watcher.county') })).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await call('GET', '/v1/audit', { token: security })).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });

  it('is one whole chain after all of this', async () => {
    const check = await service.parts.transactor.run((tx) => verifyAuditChain(tx, CITY));
    expect(check).toMatchObject({ brokenAt: null });
    expect(check.checked).toBeGreaterThan(30);
  });
});
